from datetime import UTC, date, datetime
from typing import Any

import pytest

from passerby.query.dashboard_params import parse_parameters
from passerby.query.errors import QueryRefused
from passerby.query.journeys import journey_funnel, next_steps, parse_journey
from passerby.query.language import Query
from passerby.query.site import Goal, QuerySite
from passerby.query.validate import validate
from passerby.store.store import Store
from tests.support.sequences import walk
from tests.support.stores import keep

NOW = datetime(2026, 1, 20, 12, tzinfo=UTC)
GOALS = (
    Goal(id=1, display_name="Signed up", event_name="Signup"),
    Goal(id=2, display_name="Reads the blog", page_path="/blog/**"),
    Goal(id=3, display_name="Purchase", event_name="Purchase", currency="EUR"),
    Goal(id=4, display_name="Scrolled", page_path="/a", scroll_threshold=50),
    Goal(id=5, display_name="Pro signup", event_name="Signup", custom_props={"plan": "pro"}),
)


def question(site: QuerySite, **parameters: str) -> Query:
    given = {"period": "custom", "from": "2026-01-14", "to": "2026-01-17", **parameters}
    return validate(parse_parameters(given), site, now=NOW, first_stats_on=lambda: date(2026, 1, 1))


def site(site_id: int, *goals: Goal) -> QuerySite:
    return QuerySite(id=site_id, domain="example.com", timezone="Etc/UTC", goals=goals)


def page(path: str, **more: Any) -> dict[str, Any]:
    return {"name": "pageview", "pathname": path, **more}


def offered(
    store: Store, here: QuerySite, *steps: dict[str, Any], direction: str = "forward", search: str = "", **more: str
) -> dict[str, int]:
    """Candidates by label; directories end in `/…`."""
    journey = parse_journey(list(steps), direction=direction, search=search)
    found = next_steps(journey, question(here, **more), here, store, limit=50)
    return {one["step"]["label"] + ("/…" if one["step"]["includes_subpaths"] else ""): one["visitors"] for one in found}


def test_a_journey_may_begin_anywhere_on_a_path(store: Store, site_id: int) -> None:
    keep(store, events=[*walk(site_id, "/a", "/b"), *walk(site_id, "/b", "Signup")])

    assert offered(store, site(site_id)) == {"/b": 2, "Signup": 1, "/a": 1}


def test_the_next_step_follows_the_journey_at_once(store: Store, site_id: int) -> None:
    keep(store, events=[*walk(site_id, "/a", "/b", "/c"), *walk(site_id, "/a", "/c"), *walk(site_id, "/x", "/a")])

    here = site(site_id)

    assert offered(store, here, page("/a")) == {"/b": 1, "/c": 1, "No further action": 1}
    assert offered(store, here, page("/a"), page("/b")) == {"/c": 1}
    assert offered(store, here, page("/b"), page("/a")) == {}


def test_backwards_the_step_before_is_looked_for(store: Store, site_id: int) -> None:
    keep(store, events=[*walk(site_id, "/a", "/b", "/c"), *walk(site_id, "/x", "/c"), *walk(site_id, "/c")])

    assert offered(store, site(site_id), page("/c"), direction="backward") == {
        "No further action": 1,
        "/b": 1,
        "/x": 1,
    }


def test_what_says_nothing_new_is_no_step(store: Store, site_id: int) -> None:
    keep(store, events=walk(site_id, "/a", "engagement", "/a/", "/a", "Purchase", "/b/"))

    assert offered(store, site(site_id, *GOALS), page("/a")) == {"/b": 1}


def test_a_visitor_who_does_it_twice_counts_once(store: Store, site_id: int) -> None:
    keep(store, events=walk(site_id, "/a", "/b", "/a", "/b", "/a", "/c"))

    assert offered(store, site(site_id), page("/a")) == {"/b": 1, "/c": 1}


def test_a_directory_with_several_pages_is_offered_as_one_step(store: Store, site_id: int) -> None:
    keep(
        store,
        events=[
            *walk(site_id, "/docs/x"),
            *walk(site_id, "/docs/y/z"),
            *walk(site_id, "/docs"),
            *walk(site_id, "/one/only"),
        ],
    )

    assert offered(store, site(site_id)) == {"/docs/…": 3, "/docs": 1, "/docs/x": 1, "/docs/y/z": 1, "/one/only": 1}


def test_of_directories_that_say_the_same_the_innermost_is_offered(store: Store, site_id: int) -> None:
    keep(store, events=[*walk(site_id, "/a/b/x"), *walk(site_id, "/a/b/y")])

    assert offered(store, site(site_id)) == {"/a/b/…": 2, "/a/b/x": 1, "/a/b/y": 1}


def test_a_chosen_directory_is_one_step_however_long_somebody_stays_in_it(store: Store, site_id: int) -> None:
    keep(store, events=[*walk(site_id, "/docs/x", "/docs/y", "/end"), *walk(site_id, "/docs", "/docsy")])

    assert offered(store, site(site_id), page("/docs", includes_subpaths=True)) == {"/docsy": 1, "/end": 1}


def test_goals_are_offered_by_their_names(store: Store, site_id: int) -> None:
    keep(store, events=[*walk(site_id, "/", "/blog/1"), *walk(site_id, "/", "/blog/2"), *walk(site_id, "/", "Signup")])
    here = site(site_id, *GOALS)

    first = offered(store, here, page("/"))

    assert first["Reads the blog"] == 2
    assert first["Signed up"] == 1
    assert not {"Purchase", "Scrolled", "Pro signup"} & set(first)
    assert offered(store, here, page("/"), page("/blog/**", is_goal=True)) == {"No further action": 2}


def test_a_page_that_is_a_goal_is_offered_once(store: Store, site_id: int) -> None:
    keep(store, events=walk(site_id, "/", "/pricing/"))
    here = site(site_id, Goal(id=1, display_name="Sees prices", page_path="/pricing/"))

    assert offered(store, here, page("/")) == {"Sees prices": 1}
    assert offered(store, here, page("/pricing/", is_goal=True)) == {"No further action": 1}


def test_a_search_looks_into_paths_and_names(store: Store, site_id: int) -> None:
    keep(store, events=[*walk(site_id, "/Pricing"), *walk(site_id, "/docs"), *walk(site_id, "Signup")])
    here = site(site_id, *GOALS)

    assert offered(store, here, search="pric") == {"/Pricing": 1}
    assert offered(store, here, search="signed") == {"Signed up": 1}
    assert set(offered(store, here, search="pr")) == {"/Pricing", "/docs", "Signed up"}, "Two letters search nothing."


def test_filters_choose_visitors_and_a_page_filter_ends_where_the_journey_begins(store: Store, site_id: int) -> None:
    keep(store, events=[*walk(site_id, "/a", "/b", browser="Firefox"), *walk(site_id, "/a", "/c", browser="Chrome")])
    here = site(site_id)

    assert offered(store, here, page("/a"), filters='[["is", "visit:browser", ["Firefox"]]]') == {"/b": 1}
    assert offered(store, here, page("/a"), filters='[["is", "event:page", ["/a"]]]') == {"/b": 1, "/c": 1}
    assert offered(store, here, filters='[["is", "event:page", ["/a"]]]') == {"/a": 2}


def test_the_funnel_of_a_journey_counts_every_step(store: Store, site_id: int) -> None:
    keep(store, events=[*walk(site_id, "/a", "/b", "/c"), *walk(site_id, "/a", "/b"), *walk(site_id, "/a", "/x", "/b")])
    here = site(site_id)
    journey = parse_journey([page("/a"), page("/b"), page("/c")])

    steps = journey_funnel(journey, question(here), here, store)

    assert [step["visitors"] for step in steps] == [3, 2, 1]
    assert steps[1] == {
        "step": {"name": "pageview", "pathname": "/b", "label": "/b", "includes_subpaths": False, "is_goal": False},
        "visitors": 2,
        "dropoff": 1,
        "dropoff_percentage": "33.33",
        "conversion_rate": "66.67",
        "conversion_rate_step": "66.67",
    }


def test_an_empty_journey_has_no_funnel(store: Store, site_id: int) -> None:
    here = site(site_id)

    with pytest.raises(QueryRefused, match=r"^We are unable to show funnels when journey is empty$"):
        journey_funnel(parse_journey([]), question(here), here, store)


def test_quotes_and_backslashes_are_plain_text(store: Store, site_id: int) -> None:
    odd = "/it's \\ (odd) `{p0:String}"
    keep(store, events=walk(site_id, odd, "/b"))

    assert offered(store, site(site_id), page(odd)) == {"/b": 1}
    assert offered(store, site(site_id), page(odd, includes_subpaths=True)) == {"/b": 1}
