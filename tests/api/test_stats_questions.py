"""Stats API v1, funnels, journeys, suggestions and exports over HTTP, on rows that were sent over HTTP."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.support.example_site import DAY, DOMAIN
from tests.support.example_site import ExampleSite as Site
from tests.support.server import Server


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with Server(tmp_path_factory.mktemp("questions")) as server:
        yield Site(server)


# --- v1 ----------------------------------------------------------------------------------------------------------


def test_an_aggregate_names_each_metric_with_its_change(site: Site) -> None:
    answer = site.v1("aggregate", metrics="visitors,pageviews,visits,bounce_rate", compare="previous_period")

    assert answer == {
        "results": {
            "visitors": {"value": 3, "comparison_value": 0, "change": 100},
            "pageviews": {"value": 5, "comparison_value": 0, "change": 100},
            "visits": {"value": 3, "comparison_value": 0, "change": 100},
            "bounce_rate": {"value": 33, "comparison_value": 0, "change": None},
        }
    }


def test_a_time_series_has_a_row_for_every_bucket(site: Site) -> None:
    hours = site.v1("timeseries", metrics="visitors,pageviews")["results"]
    days = site.get("/api/v1/stats/timeseries", site_id=DOMAIN, period="custom", date="2025-06-09,2025-06-10")

    assert len(hours) == 24
    assert hours[12] == {"date": "2025-06-10 12:00:00", "visitors": 3, "pageviews": 5}
    assert hours[13] == {"date": "2025-06-10 13:00:00", "visitors": 0, "pageviews": 0}
    assert days == {"results": [{"date": "2025-06-09", "visitors": 0}, {"date": "2025-06-10", "visitors": 3}]}


def test_a_breakdown_has_a_row_for_every_value_and_names_what_is_empty(site: Site) -> None:
    assert site.v1("breakdown", property="visit:source") == {
        "results": [{"source": "Direct / None", "visitors": 2}, {"source": "Google", "visitors": 1}]
    }
    assert site.v1("breakdown", property="visit:country")["results"] == [
        {"country": "DE", "visitors": 1},
        {"country": "EE", "visitors": 1},
    ]
    assert site.v1("breakdown", property="visit:utm_medium")["results"] == [{"utm_medium": "email", "visitors": 1}]
    assert site.v1("breakdown", property="visit:browser_version", filters="visit:browser==Firefox")["results"] == [
        {"browser": "Firefox", "browser_version": "140", "visitors": 1}
    ]
    assert site.v1("breakdown", property="event:goal", metrics="visitors,events,conversion_rate")["results"] == [
        {"goal": "Visit /pricing", "visitors": 2, "events": 2, "conversion_rate": 66.67},
        {"goal": "Signup", "visitors": 1, "events": 1, "conversion_rate": 33.33},
    ]


def test_pages_of_a_breakdown_follow_each_other(site: Site) -> None:
    pages = [site.v1("breakdown", property="event:page", limit="1", page=str(n))["results"] for n in (1, 2, 3, 4)]

    assert pages == [
        [{"page": "/", "visitors": 2}],
        [{"page": "/pricing", "visitors": 2}],
        [{"page": "/docs", "visitors": 1}],
        [],
    ]


def test_pages_a_visit_left_by_have_the_views_of_the_whole_visit(site: Site) -> None:
    rows = site.v1("breakdown", property="visit:exit_page", metrics="visitors,pageviews,events")["results"]

    assert rows == [
        {"exit_page": "/pricing", "visitors": 2, "pageviews": 4, "events": 5},
        {"exit_page": "/docs", "visitors": 1, "pageviews": 1, "events": 1},
    ]


def test_both_languages_answer_the_same(site: Site) -> None:
    asked = {
        "site_id": DOMAIN,
        "metrics": ["visitors", "pageviews", "bounce_rate"],
        "date_range": [DAY, DAY],
        "dimensions": ["event:page"],
    }
    _, newer = site.post("/api/v2/query", asked)
    older = site.v1("breakdown", property="event:page", metrics="visitors,pageviews,bounce_rate")

    assert [[row["page"], row["visitors"], row["pageviews"], row["bounce_rate"]] for row in older["results"]] == [
        [*row["dimensions"], *row["metrics"]] for row in newer["results"]
    ]


@pytest.mark.parametrize("what", ["aggregate", "timeseries", "breakdown", "realtime/visitors"])
def test_without_a_key_or_a_site_nothing_is_told(site: Site, what: str) -> None:
    path = f"/api/v1/stats/{what}"

    assert site.raw("GET", f"{path}?site_id={DOMAIN}", key="")[0] == 401
    assert site.raw("GET", f"{path}?site_id={DOMAIN}", key="nonsense")[0] == 401
    assert site.raw("GET", f"{path}?site_id=other.example.com")[0] == 401
    assert site.raw("GET", path)[0] == 400


@pytest.mark.parametrize("value", ["'", "\\", "\x00", "{s0:String}", "') OR 1=1 --", "a" * 3000, "[" * 3000, "é|*|;"])
@pytest.mark.parametrize("name", ["period", "date", "metrics", "filters", "property", "limit", "page", "interval"])
def test_whatever_a_parameter_says_the_answer_is_an_answer_or_a_refusal(site: Site, name: str, value: str) -> None:
    query = {"site_id": DOMAIN, "property": "event:page", name: value}
    for text in (query, {**query, name: f"event:page=={value}"}):
        for what in ("aggregate", "timeseries", "breakdown"):
            status, _, body = site.raw("GET", f"/api/v1/stats/{what}?{urlencode(text)}")
            assert status in {200, 400}, body


# --- Funnels -----------------------------------------------------------------------------------------------------


def test_a_funnel_answers_an_address_and_a_body_alike(site: Site) -> None:
    path = f"/api/stats/{DOMAIN}/funnels/{site.funnel_id}"

    by_address = site.get(path, period="day", date=DAY)

    assert by_address["name"] == "Way in"
    assert [(step["label"], step["visitors"]) for step in by_address["steps"]] == [("Visit /pricing", 2), ("Signup", 1)]
    assert by_address["date_range"] == [DAY, DAY]
    assert site.get(f"{path}/", period="day", date=DAY) == by_address
    assert site.post(path, {"date_range": [DAY, DAY]}) == (200, by_address)
    assert site.post(path, {"date_range": [DAY, DAY], "funnel_type": "strict"})[1]["funnel_type"] == "strict"


def test_a_funnel_that_cannot_be_shown_says_so(site: Site) -> None:
    path = f"/api/stats/{DOMAIN}/funnels/{site.funnel_id}"
    by_goal = {"date_range": "7d", "filters": [["is", "event:goal", ["Signup"]]]}

    assert site.post(path, by_goal) == (
        400,
        {"error": "We are unable to show funnels when the dashboard is filtered by goals", "level": "normal"},
    )
    assert site.post(path, {"date_range": "7d", "funnel_type": "loose"})[0] == 400
    for unknown in ("0", "x", "9" * 40):
        status, _, body = site.raw("GET", f"/api/stats/{DOMAIN}/funnels/{unknown}?period=day")
        assert (status, json.loads(body)) == (404, {"error": "Funnel not found"})
    assert site.raw("GET", f"{path}?period=day", key="")[0] == 404


def unsaved(site: Site, funnel: object, **question: object) -> tuple[int, Any]:
    return site.post(f"/api/stats/{DOMAIN}/funnels", {"date_range": [DAY, DAY], "funnel": funnel, **question})


def test_a_funnel_keeps_its_type_and_may_be_asked_for_as_another(site: Site) -> None:
    steps = [
        {"goal_type": "Goal.CustomEvent", "goal": {"event_name": "Signup"}},
        {"goal_type": "Goal.Pageview", "goal": {"path": "/pricing"}},
    ]
    plugin = f"/api/plugins/v1/funnels?site_id={DOMAIN}"

    def put(**kind: str) -> Any:
        return site.server.json("PUT", plugin, {"funnel": {"name": "Typed", "steps": steps, **kind}}, site.key)[
            "funnel"
        ]

    made, kept, changed = put(funnel_type="flexible"), put(), put(funnel_type="strict")
    path = f"/api/stats/{DOMAIN}/funnels/{made['id']}"

    assert [made["funnel_type"], kept["funnel_type"], changed["funnel_type"]] == ["flexible", "flexible", "strict"]
    assert site.get(path, period="day", date=DAY)["funnel_type"] == "strict"
    asked = {"date_range": [DAY, DAY], "funnel_type": "sequential"}
    assert site.post(path, asked)[1]["funnel_type"] == "sequential"
    status, _, body = site.raw(
        "PUT", plugin, json.dumps({"funnel": {"name": "Loose", "steps": steps, "funnel_type": "loose"}})
    )
    assert (status, json.loads(body)) == (422, {"errors": [{"detail": "Invalid value for enum"}]})


def test_a_funnel_that_is_not_saved_answers_as_the_saved_one(site: Site) -> None:
    saved = site.get(f"/api/stats/{DOMAIN}/funnels/{site.funnel_id}", period="day", date=DAY)
    goals = site.get("/api/v1/sites/goals", site_id=DOMAIN)["goals"]
    signup = next(goal["id"] for goal in goals if goal["event_name"] == "Signup")

    status, answer = unsaved(site, {"name": "Way in", "steps": [{"page_path": "/pricing"}, {"goal_id": signup}]})

    assert (status, answer) == (200, saved)
    strict = {"funnel_type": "strict", "steps": [{"page_path": "/"}, {"event_name": "Signup", "display_name": "In"}]}
    assert [(step["label"], step["visitors"]) for step in unsaved(site, strict)[1]["steps"]] == [
        ("Visit /", 2),
        ("In", 0),
    ]


@pytest.mark.parametrize(
    "funnel",
    [
        None,
        [],
        {},
        {"steps": [{"page_path": "/"}]},
        {"steps": [{"page_path": "/"}] * 9},
        {"steps": [{"page_path": "/"}, {}]},
        {"steps": [{"page_path": "/"}, None]},
        {"steps": [{"page_path": "/"}, {"goal_id": 10**15}]},
        {"steps": [{"page_path": "/"}, {"goal_id": ["x"]}]},
        {"steps": [{"page_path": "/"}, {"event_name": "Buy", "currency": "EUR"}]},
        {"steps": [{"page_path": "/"}, {"event_name": "Buy", "custom_props": ["plan"]}]},
        {"steps": [{"page_path": "/"}] * 2, "funnel_type": []},
        {"steps": [{"page_path": "/"}] * 2, "name": 7},
        {"steps": [{"page_path": "/"}] * 2, "more": 1},
    ],
)
def test_a_definition_that_is_no_funnel_is_refused(site: Site, funnel: object) -> None:
    assert unsaved(site, funnel)[0] == 400


@pytest.mark.parametrize("text", ["'", "\\", "\x00", "{s0:String}", "') OR 1=1 --", "*" * 100, "é"])
def test_whatever_a_definition_says_is_data(site: Site, text: str) -> None:
    step = {"page_path": f"/{text}", "display_name": text, "custom_props": {text: text}}

    status, answer = unsaved(site, {"steps": [step, {"event_name": f"x{text}"}]})

    assert status == 200
    assert answer["entering_visitors"] == 0


def test_an_unsaved_funnel_is_for_those_who_could_save_it(site: Site) -> None:
    path = f"/api/stats/{DOMAIN}/funnels"

    assert site.raw("POST", path, "{}", key="")[0] == 404
    assert site.raw("POST", path, "{}", key="nonsense")[0] == 401
    assert site.raw("GET", path)[0] == 405


# --- Suggestions -------------------------------------------------------------------------------------------------


def test_suggestions_are_what_visitors_brought_with_them(site: Site) -> None:
    assert site.suggest("page") == ["/pricing", "/", "/docs"]
    assert site.suggest("page", "PRI*") == ["/pricing"]
    assert site.suggest("entry_page") == ["/", "/docs"]
    assert site.suggest("source") == ["Direct / None", "Google"]
    assert site.suggest("source", "goo") == ["Google"]
    assert site.suggest("country", "ger") == ["Germany"]
    assert site.suggest("browser") == ["Firefox"]
    assert site.suggest("hostname") == [DOMAIN]
    assert site.suggest("goal", "SIGN") == ["Signup"]
    assert site.suggest("prop_key") == ["plan"]
    assert site.suggest("prop_key", "colour") == []
    assert site.suggest("page", filters='[["is", "visit:country", ["DE"]]]') == ["/docs"]


def test_values_of_a_property_begin_with_its_absence(site: Site) -> None:
    assert site.suggest("custom-prop-values/plan") == ["(none)", "pro"]
    assert site.suggest("custom-prop-values/plan", "PR") == ["pro"]
    assert site.suggest("custom-prop-values/plan", "none") == ["(none)"]


def test_suggestions_need_a_search_text_and_a_filter_there_is(site: Site) -> None:
    path = f"/api/stats/{DOMAIN}/suggestions"

    status, _, body = site.raw("GET", f"{path}/page?period=day")
    assert (status, json.loads(body)) == (400, {"error": "Search parameter 'q' is required"})
    assert site.raw("GET", f"{path}/colour?q=")[0] == 404
    assert site.raw("GET", f"{path}/page?q=", key="")[0] == 404
    for odd in ("'", "\\", "%", "\x00", "{p0:String}", "x" * 5000):
        expected = 400 if odd == "\x00" else 200
        assert site.raw("GET", f"{path}/page?q={quote(odd)}")[0] == expected
        assert site.raw("GET", f"{path}/city?q={quote(odd)}")[0] == expected
        assert site.raw("GET", f"{path}/custom-prop-values/{quote(odd)}?q={quote(odd)}")[0] in {200, 400, 404}


# --- Journeys ----------------------------------------------------------------------------------------------------


def test_a_journey_answers_with_what_comes_next_and_how_many_came_so_far(site: Site) -> None:
    steps = [{"name": "pageview", "pathname": "/"}]
    asked = {"date_range": [DAY, DAY], "journey": json.dumps(steps), "direction": "forward"}
    path = f"/api/stats/{DOMAIN}/exploration"

    status, answer = site.post(f"{path}/next-with-funnel", asked)

    assert status == 200
    assert answer["next"][0]["visitors"] == 2
    assert answer["next"][0]["step"]["pathname"] == "/pricing"
    assert [step["visitors"] for step in answer["funnel"]] == [2]
    assert site.post(f"{path}/next", {**asked, "journey": steps})[1][0]["visitors"] == 2
    assert site.post(f"{path}/funnel", {**asked, "journey": []}) == (
        400,
        {"error": "We are unable to show funnels when journey is empty"},
    )
    assert site.post(f"{path}/next", {**asked, "journey": "[["})[0] == 400
    assert site.post(f"{path}/next", {**asked, "limit": 51})[0] == 400
