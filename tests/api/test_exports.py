import csv
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.support.archives import form
from tests.support.example_site import DAY, DOMAIN, ExampleSite, line
from tests.support.server import Server

Sheets = dict[str, list[list[str]]]
COPY = "copy.example.com"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExampleSite]:
    with Server(tmp_path_factory.mktemp("exports")) as server:
        yield ExampleSite(server)


def sheets(body: bytes) -> Sheets:
    with zipfile.ZipFile(io.BytesIO(body)) as opened:
        assert opened.testzip() is None
        return {
            name: list(csv.reader(io.StringIO(opened.read(name).decode(), newline=""))) for name in opened.namelist()
        }


def export(site: ExampleSite, **query: str) -> Sheets:
    status, headers, body = site.raw("GET", f"/{DOMAIN}/export?{urlencode({'period': 'day', 'date': DAY, **query})}")
    assert (status, headers["content-type"]) == (200, "application/zip"), body
    assert headers["content-disposition"] == f'attachment; filename="Passerby export {DOMAIN} {DAY} to {DAY}.zip"'
    assert headers["set-cookie"].startswith('exporting=""')
    return sheets(body)


def test_the_dashboard_is_exported_as_one_sheet_a_report(site: ExampleSite) -> None:
    found = export(site)

    assert len(found) == 22
    assert found["visitors.csv"][0] == [
        "date",
        "visitors",
        "pageviews",
        "visits",
        "views_per_visit",
        "bounce_rate",
        "visit_duration",
    ]
    assert found["visitors.csv"][13] == ["2025-06-10 12:00:00", "3", "5", "3", "1.67", "33", "140"]
    assert found["visitors.csv"][14] == ["2025-06-10 13:00:00", "0", "0", "0", "0.0", "0", ""]
    assert len(found["visitors.csv"]) == 25
    assert found["sources.csv"] == [
        ["name", "visitors", "bounce_rate", "visit_duration"],
        ["Direct / None", "2", "50", "30"],
        ["Google", "1", "0", "360"],
    ]
    assert found["pages.csv"][1][:3] == ["/", "2", "2"]
    assert found["exit_pages.csv"][:2] == [
        ["name", "unique_exits", "total_exits", "exit_rate"],
        ["/pricing", "2", "2", "100.0"],
    ]
    assert found["countries.csv"] == [["name", "visitors"], ["Germany", "1"], ["Estonia", "1"]]
    assert found["browser_versions.csv"][0] == ["name", "version", "visitors"]
    assert ["Firefox", "140", "1"] in found["browser_versions.csv"]
    assert found["utm_mediums.csv"][1:] == [["email", "1", "0", "60"]]
    assert found["conversions.csv"][1:] == [["Visit /pricing", "2", "2"], ["Signup", "1", "1"]]
    assert found["custom_props.csv"][1:] == [["plan", "(none)", "3", "5", "100.0"], ["plan", "pro", "1", "1", "33.33"]]


def test_under_a_goal_sheets_tell_conversions(site: ExampleSite) -> None:
    found = export(site, filters='[["is", "event:goal", ["Signup"]]]', interval="day")

    assert found["visitors.csv"] == [
        ["date", "unique_conversions", "total_conversions", "conversion_rate"],
        ["2025-06-10", "1", "1", "33.33"],
    ]
    assert found["sources.csv"] == [["name", "conversions", "conversion_rate"], ["Google", "1", "100.0"]]


def test_what_a_visitor_sent_is_no_formula_and_numbers_stay_numbers(site: ExampleSite) -> None:
    domain = site.server.site(site.key, "odd.example.com")
    lines = [line("a", 0, utm_source="=1+1"), line("b", 0, utm_source="-5"), line("c", 0, utm_source='@me, "you"')]
    site.raw("POST", f"/api/v1/sites/{domain}/events", "\n".join(lines))

    _, _, body = site.raw("GET", f"/{domain}/export?period=day&date={DAY}")

    assert sorted(row[0] for row in sheets(body)["utm_sources.csv"][1:]) == ["'=1+1", '\'@me, "you"', "-5"]


@pytest.mark.parametrize("query", ["interval=never", "period=realtime", "period=nonsense", "date=x", "filters=x"])
def test_an_export_that_makes_no_sense_is_refused(site: ExampleSite, query: str) -> None:
    assert site.raw("GET", f"/{DOMAIN}/export?{query}")[0] == 400


def test_a_dashboard_is_exported_to_those_who_may_see_it(site: ExampleSite) -> None:
    assert site.raw("GET", f"/{DOMAIN}/export?period=day", key="")[0] == 404


def chosen(site: ExampleSite, reports: object, **shared: object) -> tuple[int, dict[str, str], bytes]:
    return site.raw("POST", f"/{DOMAIN}/export", json.dumps({"date_range": [DAY, DAY], "reports": reports, **shared}))


def test_a_report_is_exported_with_the_columns_that_were_chosen(site: ExampleSite) -> None:
    reports = {
        "visitors.csv": {"dimensions": ["time:hour"], "metrics": ["visitors", "pageviews"]},
        "pages.csv": {"dimensions": ["event:page"], "metrics": ["pageviews", "visitors"]},
        "countries.csv": {
            "dimensions": ["visit:country_name"],
            "metrics": ["visitors"],
            "always_on_filters": [["is_not", "visit:country", ["(not set)"]]],
        },
        "custom_props.csv": {"dimensions": ["event:props:plan"], "metrics": ["events"]},
    }

    status, headers, body = chosen(site, reports)

    assert (status, headers["content-type"]) == (200, "application/zip")
    assert headers["content-disposition"] == 'attachment; filename="export.zip"'
    found = sheets(body)
    assert list(found) == list(reports)
    assert len(found["visitors.csv"]) == 25
    assert found["visitors.csv"][:1] + found["visitors.csv"][13:15] == [
        ["date", "visitors", "pageviews"],
        ["2025-06-10 12:00:00", "3", "5"],
        ["2025-06-10 13:00:00", "0", "0"],
    ]
    assert found["pages.csv"] == [
        ["page", "pageviews", "visitors"],
        ["/", "2", "2"],
        ["/pricing", "2", "2"],
        ["/docs", "1", "1"],
    ]
    assert found["countries.csv"] == [["country_name", "visitors"], ["Estonia", "1"], ["Germany", "1"]]
    assert found["custom_props.csv"] == [["props:plan", "events"], ["(none)", "5"], ["pro", "1"]]


def test_the_shared_filters_come_before_a_reports_own(site: ExampleSite) -> None:
    pages = {
        "pages.csv": {
            "dimensions": ["event:page"],
            "metrics": ["visitors"],
            "always_on_filters": [["is_not", "event:page", ["/"]]],
        }
    }

    _, _, body = chosen(site, pages, filters=[["is", "visit:source", ["Google"]]])

    assert sheets(body)["pages.csv"][1:] == [["/pricing", "1"]]


@pytest.mark.parametrize(
    ("reports", "error"),
    [
        (None, "The body must be an object of"),
        ({}, "The body must be an object of"),
        ({"../x.csv": {"metrics": ["visitors"]}}, "reports: unknown file name."),
        ({"pages.csv": []}, "pages.csv: must be an object of"),
        ({"pages.csv": {}}, "pages.csv: must be an object of"),
        ({"pages.csv": {"metrics": ["visitors"], "limit": 1}}, "pages.csv: must be an object of"),
        ({"pages.csv": {"metrics": ["visitors"], "always_on_filters": "x"}}, "pages.csv: filters must be lists."),
        ({"pages.csv": {"metrics": ["moons"]}}, 'pages.csv: #/metrics/0: Invalid metric "moons"'),
        ({"pages.csv": {"metrics": ["visitors"], "dimensions": {}}}, "pages.csv: #/dimensions: Type mismatch."),
    ],
)
def test_reports_that_cannot_be_are_refused_by_name(site: ExampleSite, reports: object, error: str) -> None:
    status, _, body = chosen(site, reports)

    assert status == 400
    assert json.loads(body)["error"].startswith(error)


def test_a_chosen_report_lists_no_property_that_the_dashboard_hides(site: ExampleSite) -> None:
    domain = site.server.site(site.key, "hidden.example.com")
    site.server.json("PUT", "/api/v1/sites/custom-props", {"site_id": domain, "property": "shown"}, site.key)
    reports = {"custom_props.csv": {"dimensions": ["event:props:hidden"], "metrics": ["visitors"]}}

    status, answer = site.post(f"/{domain}/export", {"date_range": [DAY, DAY], "reports": reports})

    assert (status, answer["error"].partition(".")[0]) == (400, "custom_props")
    assert "`hidden` is not shown" in answer["error"]


def test_chosen_reports_are_exported_to_those_who_may_see_the_dashboard_and_not_in_realtime(site: ExampleSite) -> None:
    reports = {"pages.csv": {"dimensions": ["event:page"], "metrics": ["visitors"]}}

    assert (
        site.raw("POST", f"/{DOMAIN}/export", json.dumps({"date_range": "day", "reports": reports}), key="")[0] == 404
    )
    assert chosen(site, reports, date_range="realtime")[0] == 400
    assert chosen(site, reports, metrics=["visitors"])[0] == 400


def test_a_site_can_be_exported_and_imported_with_the_same_numbers(site: ExampleSite) -> None:
    status, headers, body = site.raw("GET", f"/api/v1/sites/{DOMAIN}/export")
    assert (status, headers["content-type"]) == (200, "application/zip")
    found = sheets(body)
    assert len(found) == 11
    assert found["imported_visitors_20250610_20250610.csv"] == [
        ["date", "visitors", "pageviews", "bounces", "visits", "visit_duration"],
        ["2025-06-10", "3", "5", "1", "3", "420"],
    ]

    site.server.site(site.key, COPY)
    content, more = form(renamed(body, "20250610_20250610", "20250609_20250611"))
    headers = {"Authorization": f"Bearer {site.key}", **more}
    assert site.server.request("POST", f"/api/v1/sites/{COPY}/imports", content, headers)[0] == 201

    for dimensions in (
        [],
        ["visit:source"],
        ["visit:channel"],
        ["event:page"],
        ["visit:entry_page"],
        ["visit:browser"],
    ):
        assert answer(site, COPY, dimensions, imports=True) == answer(site, DOMAIN, dimensions, imports=False)


def renamed(body: bytes, old: str, new: str) -> bytes:
    """The same archive of more days: an import needs two at least."""
    blob = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as source, zipfile.ZipFile(blob, "w") as target:
        for name in source.namelist():
            target.writestr(name.replace(old, new), source.read(name))
    return blob.getvalue()


def answer(site: ExampleSite, domain: str, dimensions: list[str], *, imports: bool) -> Any:
    asked = {
        "site_id": domain,
        "metrics": ["visitors", "visits"],
        "date_range": [DAY, DAY],
        "dimensions": dimensions,
        "include": {"imports": imports},
    }
    status, document = site.post("/api/v2/query", asked)
    assert status == 200
    return document["results"]


def test_a_site_without_events_has_nothing_to_export(site: ExampleSite) -> None:
    domain = site.server.site(site.key, "empty.example.com")

    status, _, body = site.raw("GET", f"/api/v1/sites/{domain}/export")

    assert (status, json.loads(body)) == (404, {"error": "There is nothing to export yet: the site has no events."})
