"""A site that stopped counting visitors: what can be asked of before, of since, and of now."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.example_site import DAY, DOMAIN, ExampleSite
from tests.support.example_site import line as counted_line
from tests.support.server import Server

UNCOUNTED_DAY = "2025-06-11"
BOTH = [DAY, UNCOUNTED_DAY]
CODE = "visitors_not_counted"
NOT_KNOWN = {
    "code": CODE,
    "warning": "Visitors were not counted in all of this period, so nothing that rests on them is known",
}
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def line(minute: int, **fields: Any) -> str:
    return counted_line("anyone", minute + 24 * 60, **fields)


UNCOUNTED = (
    line(0, pathname="/", referrer_source="Google"),
    line(1, pathname="/"),
    line(2, pathname="/pricing"),
    line(3, pathname="/pricing", name="Signup", props={"plan": "pro"}),
    line(4, pathname="/pricing", name="engagement", engagement_time=1000, scroll_depth=50),
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExampleSite]:
    with Server(tmp_path_factory.mktemp("nobody")) as server:
        site = ExampleSite(server)
        server.json("PUT", f"/api/v1/sites/{DOMAIN}", {"counts_visitors": False}, site.key)
        assert site.raw("POST", f"/api/v1/sites/{DOMAIN}/events", "\n".join(UNCOUNTED))[0] == 200
        yield site


def ask(site: ExampleSite, days: list[str], **members: Any) -> Any:
    status, answer = site.post("/api/v2/query", {"site_id": DOMAIN, "date_range": days, **members})
    assert status == 200, answer
    return answer


def totals(site: ExampleSite, days: list[str], *metrics: str, **members: Any) -> Any:
    return ask(site, days, metrics=metrics, **members)["results"][0]["metrics"]


def test_periods_from_before_the_switch_keep_their_answers(site: ExampleSite) -> None:
    assert totals(site, [DAY, DAY], "visitors", "visits", "pageviews") == [3, 3, 5]


@pytest.mark.parametrize("days", [[UNCOUNTED_DAY, UNCOUNTED_DAY], BOTH])
def test_a_period_with_one_uncounted_event_knows_no_visitors(site: ExampleSite, days: list[str]) -> None:
    answer = ask(site, days, metrics=["visitors", "pageviews", "events", "bounce_rate"])
    events = {1: [3, 4], 2: [8, 10]}[len(set(days))]

    assert answer["results"][0]["metrics"] == [None, *events, None]
    assert answer["meta"]["metric_warnings"] == dict.fromkeys(["visitors", "bounce_rate"], NOT_KNOWN)


def test_a_breakdown_lists_what_events_know_most_events_first(site: ExampleSite) -> None:
    answer = ask(site, BOTH, metrics=["visitors"], dimensions=["event:page"])

    assert [(row["dimensions"], row["metrics"]) for row in answer["results"]] == [
        (["/pricing"], [None]),
        (["/"], [None]),
        (["/docs"], [None]),
    ]
    sources = ask(site, [UNCOUNTED_DAY] * 2, metrics=["visitors", "pageviews"], dimensions=["visit:source"])["results"]
    assert [(row["dimensions"], row["metrics"]) for row in sources] == [
        (["Direct / None"], [None, 2]),
        (["Google"], [None, 1]),
    ]


@pytest.mark.parametrize(
    "members",
    [
        {"filters": [["is", "visit:entry_page", ["/"]]]},
        {"filters": [["has_done", ["is", "event:goal", ["Signup"]]]]},
        {"filters": [["has_not_done", ["is", "event:goal", ["Signup"]]]]},
        {"filters": [["not", ["is", "visit:exit_page", ["/"]]]]},
    ],
)
def test_a_filter_about_visits_leaves_nothing_known(site: ExampleSite, members: Any) -> None:
    assert totals(site, BOTH, "pageviews", "events", **members) == [None, None]
    assert totals(site, [DAY, DAY], "pageviews", **members) != [None]


def test_a_breakdown_by_what_only_visits_have_is_empty_and_says_why(site: ExampleSite) -> None:
    answer = ask(site, [UNCOUNTED_DAY] * 2, metrics=["visitors", "visits"], dimensions=["visit:entry_page"])

    assert answer["results"] == []
    assert answer["meta"]["metric_warnings"] == {"visitors": NOT_KNOWN, "visits": NOT_KNOWN}


def test_a_comparison_keeps_the_side_that_is_known(site: ExampleSite) -> None:
    asked = {"site_id": DOMAIN, "metrics": ["visitors", "pageviews"], "date_range": [UNCOUNTED_DAY] * 2}
    status, answer = site.post(
        f"/api/stats/{DOMAIN}/query", {**asked, "include": {"compare": [DAY, DAY]}, "dimensions": []}
    )

    assert status == 200, answer
    (row,) = answer["results"]
    assert row["metrics"] == [None, 3]
    assert row["comparison"]["metrics"] == [3, 5]
    assert row["comparison"]["change"] == [None, -40]


def test_v1_says_null_and_why(site: ExampleSite) -> None:
    period = {"site_id": DOMAIN, "period": "custom", "date": f"{DAY},{UNCOUNTED_DAY}"}
    aggregate = site.get("/api/v1/stats/aggregate", metrics="visitors,pageviews", **period)
    series = site.get("/api/v1/stats/timeseries", metrics="visitors,pageviews", **period)
    pages = site.get("/api/v1/stats/breakdown", property="event:page", metrics="visitors,pageviews", **period)

    assert aggregate == {
        "results": {"visitors": {"value": None}, "pageviews": {"value": 8}},
        "meta": {"metric_warnings": {"visitors": NOT_KNOWN}},
    }
    assert series["results"][1] == {"date": UNCOUNTED_DAY, "visitors": None, "pageviews": 3}
    assert pages["results"][0] == {"page": "/pricing", "visitors": None, "pageviews": 3}
    assert series["meta"] == pages["meta"] == aggregate["meta"]


@pytest.mark.parametrize("path", ["/api/v1/stats/realtime/visitors", f"/api/stats/{DOMAIN}/current-visitors"])
def test_nobody_can_tell_how_many_are_there_now(site: ExampleSite, path: str) -> None:
    assert site.get(path, site_id=DOMAIN) is None


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("funnels/{funnel}", {}),
        ("funnels", {"funnel": {"name": "x", "steps": [{"event_name": "Signup"}, {"page_path": "/"}]}}),
        ("exploration/next", {"journey": []}),
        ("exploration/funnel", {"journey": [{"name": "pageview", "pathname": "/"}]}),
        ("exploration/next-with-funnel", {"journey": []}),
    ],
)
def test_questions_about_nothing_but_visitors_are_refused_with_a_code(site: ExampleSite, path: str, body: Any) -> None:
    path = f"/api/stats/{DOMAIN}/{path.format(funnel=site.funnel_id)}"
    asked = {"metrics": ["visitors"], "date_range": BOTH, "dimensions": [], **body}

    status, headers, answer = site.raw("POST", path, json.dumps(asked))

    assert (status, headers["error-code"]) == (400, CODE), answer
    assert json.loads(answer)["error"].startswith("Visitors were not counted")
    assert site.raw("POST", path, json.dumps({**asked, "date_range": [DAY, DAY]}))[0] == 200


def test_suggestions_are_those_of_events(site: ExampleSite) -> None:
    def suggested(name: str) -> list[str]:
        path = f"/api/stats/{DOMAIN}/suggestions/{name}"
        return [one["label"] for one in site.get(path, q="", period="day", date=UNCOUNTED_DAY)]

    assert suggested("page") == ["/", "/pricing"]
    assert suggested("source") == ["Direct / None", "Google"]
    assert suggested("prop_key") == ["plan"]
    assert suggested("entry_page") == []


def sheets(site: ExampleSite, path: str) -> dict[str, list[list[str]]]:
    status, _, body = site.raw("GET", path)
    assert status == 200, body
    with zipfile.ZipFile(io.BytesIO(body)) as opened:
        return {name: list(csv.reader(io.StringIO(opened.read(name).decode()))) for name in opened.namelist()}


def test_sheets_leave_cells_empty_and_say_why(site: ExampleSite) -> None:
    found = sheets(site, f"/{DOMAIN}/export?period=day&date={UNCOUNTED_DAY}&interval=day")

    assert found["visitors.csv"][1] == [UNCOUNTED_DAY, "", "3", "", "", "", ""]
    assert found["pages.csv"][1:] == [["/", "", "2", "", "", ""], ["/pricing", "", "1", "", "", ""]]
    assert found["entry_pages.csv"][1:] == []
    assert found["visitors_not_counted.csv"] == [["code", "warning"], list(NOT_KNOWN.values())]
    assert "visitors_not_counted.csv" not in sheets(site, f"/{DOMAIN}/export?period=day&date={DAY}")


def test_an_archive_keeps_the_page_views_and_claims_no_visitors(site: ExampleSite) -> None:
    found = sheets(site, f"/api/v1/sites/{DOMAIN}/export")
    tables = {name.rpartition("_")[0].rpartition("_")[0]: rows for name, rows in found.items()}

    def of_day(table: str) -> list[dict[str, str]]:
        header, *rows = tables[table]
        return [dict(zip(header, row, strict=True)) for row in rows if row[0] == UNCOUNTED_DAY]

    nobody = {"date": UNCOUNTED_DAY, "visitors": "0", "visits": "0", "bounces": "0", "visit_duration": "0"}
    assert of_day("imported_visitors") == [{**nobody, "pageviews": "3"}]
    assert [(row["source"], row["pageviews"], row["visitors"]) for row in of_day("imported_sources")] == [
        ("", "2", "0"),
        ("Google", "1", "0"),
    ]
    assert [(row["page"], row["pageviews"], row["visitors"], row["visits"]) for row in of_day("imported_pages")] == [
        ("/", "2", "0", "0"),
        ("/pricing", "1", "0", "0"),
    ]
    assert [(row["name"], row["events"], row["visitors"]) for row in of_day("imported_custom_events")] == [
        ("Signup", "1", "0")
    ]
    assert of_day("imported_entry_pages") == []


def test_raw_events_have_no_visitor(site: ExampleSite) -> None:
    _, _, body = site.raw("GET", f"/api/v1/sites/{DOMAIN}/events?from={UNCOUNTED_DAY}&to={UNCOUNTED_DAY}")
    rows = [json.loads(row) for row in body.splitlines()]

    assert len(rows) == len(UNCOUNTED)
    assert {(row["visitor"], row["visit"]) for row in rows} == {(None, None)}


def test_visitors_are_known_again_once_they_are_counted_again(site: ExampleSite) -> None:
    today = datetime.now(UTC).date()
    domain = site.server.site(site.key, "again.example.com")
    page = {"n": "pageview", "u": f"https://{domain}/", "d": domain}
    asked = {
        "site_id": domain,
        "metrics": ["visitors", "pageviews"],
        "date_range": [str(today - timedelta(1)), str(today)],
    }

    def known() -> Any:
        site.server.request("GET", f"/api/v1/sites/{domain}/events", headers={"Authorization": f"Bearer {site.key}"})
        return site.post("/api/v2/query", asked)[1]["results"][0]["metrics"]

    assert known() == [0, 0]
    site.server.json("PUT", f"/api/v1/sites/{domain}", {"counts_visitors": False}, site.key)
    assert known() == [None, 0]  # The day goes on without them.
    site.server.json("PUT", f"/api/v1/sites/{domain}", {"counts_visitors": True}, site.key)
    assert site.server.request("POST", "/api/event", json.dumps(page), {"User-Agent": FIREFOX})[0] == 202
    assert known() == [1, 1]  # Nothing was counted without them.
    site.server.json("PUT", f"/api/v1/sites/{domain}", {"counts_visitors": False}, site.key)
    assert site.server.request("POST", "/api/event", json.dumps(page), {"User-Agent": FIREFOX})[0] == 202
    site.server.json("PUT", f"/api/v1/sites/{domain}", {"counts_visitors": True}, site.key)
    assert known() == [None, 2]
