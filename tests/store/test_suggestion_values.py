from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from passerby.query.dashboard_params import parse_parameters
from passerby.query.site import Goal, Import, QuerySite
from passerby.query.suggestions import UnknownSuggestion, suggest, suggest_property_values
from passerby.query.validate import validate
from passerby.store.imports import insert_imported
from passerby.store.store import Store
from tests.support.stores import event_row, keep, number, visit_row

NOW = datetime(2026, 1, 20, 12, tzinfo=UTC)


def site(site_id: int, **more: Any) -> QuerySite:
    return QuerySite(id=site_id, domain="example.com", timezone="Etc/UTC", **more)


def found(store: Store, here: QuerySite, name: str, search: str = "", **parameters: str) -> list[Any]:
    given = {"period": "month", "date": "2026-01-20", **parameters}
    query = validate(parse_parameters(given), here, now=NOW, first_stats_on=lambda: date(2026, 1, 1))
    if name.startswith("props:"):
        answer = suggest_property_values(name.removeprefix("props:"), search, query, here, store)
    else:
        answer = suggest(name, search, query, here, store)
    return [one["label"] for one in answer]


def test_what_occurs_most_comes_first_and_ties_come_by_name(store: Store, site_id: int) -> None:
    keep(store, events=[event_row(site_id, browser=name) for name in ("B", "C", "C", "A", "")])

    assert found(store, site(site_id), "browser") == ["C", "A", "B"]


def test_at_most_25_values_are_suggested(store: Store, site_id: int) -> None:
    keep(store, events=[event_row(site_id, pathname=f"/{n:02}") for n in range(30)])

    assert found(store, site(site_id), "page") == [f"/{n:02}" for n in range(25)]


def test_a_search_ignores_case_and_the_stars_of_paths(store: Store, site_id: int) -> None:
    keep(store, events=[event_row(site_id, pathname=path) for path in ("/Blog/1", "/docs", "/a*b")])

    assert found(store, site(site_id), "page", "*BLOG*") == ["/Blog/1"]
    assert found(store, site(site_id), "page", "'") == []


def test_places_are_searched_by_name_and_answered_with_their_code(store: Store, site_id: int) -> None:
    keep(store, events=[event_row(site_id, country_code="EE", city_geoname_id=588409), event_row(site_id)])
    here = site(site_id)
    asked = parse_parameters({"period": "month", "date": "2026-01-20"})
    query = validate(asked, here, now=NOW, first_stats_on=lambda: None)

    assert suggest("country", "eSt", query, here, store) == [{"value": "EE", "label": "Estonia"}]
    assert suggest("city", "tall", query, here, store) == [{"value": 588409, "label": "Tallinn"}]


def test_imported_values_join_when_they_are_asked_for(store: Store, site_id: int) -> None:
    keep(store, events=[event_row(site_id, browser="Chrome")])
    row = {"date": "2026-01-15", "browser": "Lynx", "visitors": 3, "visits": 3, "pageviews": 9}
    import_id = number()
    insert_imported(store, "browsers", [row], site_id=site_id, import_id=import_id, part=0)
    here = site(site_id, imports=(Import(id=import_id, start_on=date(2026, 1, 1), end_on=date(2026, 1, 19)),))

    assert found(store, here, "browser") == ["Chrome"]
    assert found(store, here, "browser", with_imported="true") == ["Lynx", "Chrome"]


def test_only_properties_the_site_lists_are_shown(store: Store, site_id: int) -> None:
    keep(store, events=[event_row(site_id, props={"plan": "pro", "secret": "x"})])
    here = site(site_id, allowed_props=("plan",))

    assert found(store, here, "prop_key") == ["plan"]
    assert found(store, here, "props:plan") == ["pro"]
    assert found(store, here, "props:secret") == []
    assert found(store, replace(here, allowed_props=None), "props:secret") == ["x"]


def test_hosts_are_those_the_site_allows(store: Store, site_id: int) -> None:
    keep(store, events=[event_row(site_id, hostname=host) for host in ("a.example", "www.b.example", "evil.test")])

    assert found(store, site(site_id, allowed_hostnames=("a.example", "*.b.example")), "hostname") == [
        "a.example",
        "www.b.example",
    ]


def test_goals_are_suggested_by_name_whether_reached_or_not(store: Store, site_id: int) -> None:
    goals = (Goal(id=1, display_name="Signed up", event_name="Signup"), Goal(id=2, display_name="Rest", page_path="/"))

    assert found(store, site(site_id, goals=goals), "goal", "SIGN") == ["Signed up"]


def test_entry_pages_are_counted_by_visits(store: Store, site_id: int) -> None:
    for page, count in (("/a", 1), ("/b", 2)):
        for _ in range(count):
            keep(store, visits=[visit_row(site_id, entry_page=page)])

    assert found(store, site(site_id), "entry_page") == ["/b", "/a"]


@pytest.mark.parametrize("name", ["", "colour", "props", "visit:browser"])
def test_a_filter_that_is_none_is_refused(store: Store, site_id: int, name: str) -> None:
    with pytest.raises(UnknownSuggestion):
        found(store, site(site_id), name)
