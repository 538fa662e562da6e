"""Which imported table serves a question, and why none does."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from passerby.query.imports import Skip, plan_imports, tables_of
from passerby.query.site import Goal, Import, QuerySite
from tests.support.asking import site, valid

GOALS = (
    Goal(id=1, display_name="Signup", event_name="Signup"),
    Goal(id=2, display_name="Visit /a", page_path="/a"),
    Goal(id=3, display_name="Scroll /a", page_path="/a", scroll_threshold=50),
    Goal(id=4, display_name="Outbound Link: Click", event_name="Outbound Link: Click"),
)
SITE = site(goals=GOALS, imports=(Import(1, date(2025, 1, 1), date(2026, 1, 10)),))


@pytest.mark.parametrize(
    ("dimensions", "filters", "tables"),
    [
        ([], [], ("visitors",)),
        (["time:day"], [], ("visitors",)),
        (["visit:source"], [["is", "visit:utm_medium", ["a"]]], ("sources",)),
        (["visit:source"], [["is", "visit:browser", ["a"]]], ()),
        (["visit:country", "visit:city_name"], [], ("locations",)),
        (["visit:os_version"], [["is", "visit:os", ["a"]]], ("operating_systems",)),
        (["visit:entry_page"], [], ("entry_pages",)),
        (["visit:exit_page"], [], ("exit_pages",)),
        (["visit:entry_page_hostname"], [], ()),
        (["event:page"], [["is", "event:hostname", ["a"]]], ("pages",)),
        (["event:page"], [["or", [["is", "event:page", ["a"]], ["not", ["is", "event:page", ["b"]]]]]], ("pages",)),
        (["event:name"], [], ("custom_events",)),
        ([], [["has_done", ["is", "event:page", ["a"]]]], ()),
        ([], [["not", ["has_done", ["is", "event:page", ["a"]]]]], ()),
        (["event:goal"], [], ("pages", "custom_events")),
        (["event:goal"], [["is", "event:page", ["/a"]]], ("pages",)),
        (["event:goal"], [["is", "event:name", ["Signup"]]], ("custom_events",)),
        (["event:goal"], [["is", "visit:source", ["a"]]], ()),
        (["event:goal", "event:page"], [], ()),
        ([], [["is", "event:goal", ["Signup"]]], ("custom_events",)),
        ([], [["is", "event:goal", ["Visit /a"]]], ("pages",)),
        ([], [["is", "event:goal", ["Visit /a", "Signup"]]], ()),
        ([], [["is", "event:goal", ["Scroll /a"]]], ()),
        ([], [["is", "event:goal", ["Scroll /a", "Visit /a"]]], ()),
        ([], [["contains", "event:goal", ["zzz"]]], ()),
        (["event:props:url"], [["is", "event:goal", ["Outbound Link: Click"]]], ("custom_events",)),
        (["event:props:url"], [["is", "event:name", ["File Download"]]], ("custom_events",)),
        (["event:props:url"], [["is", "event:goal", ["Signup"]]], ()),
        (["event:props:url"], [["contains", "event:name", ["File Download"]]], ()),
        (["event:props:url"], [], ()),
        (["event:props:path"], [["is", "event:name", ["File Download"]]], ()),
        (["event:props:plan"], [["is", "event:name", ["404"]]], ()),
        (["event:goal"], [["is", "event:props:path", ["/x"]], ["is", "event:name", ["404"]]], ("custom_events",)),
        (["visit:source"], [["is", "event:props:path", ["/x"]], ["is", "event:name", ["404"]]], ()),
        ([], [["is", "event:props:path", ["/x"]], ["is", "visit:source", ["a"]]], ()),
    ],
)
def test_one_table_serves_all_filters_and_dimensions_or_none_does(
    dimensions: list[str], filters: list[Any], tables: tuple[str, ...]
) -> None:
    assert tables_of(valid(SITE, dimensions=dimensions, filters=filters), SITE) == tables


def skip(asked: QuerySite, **members: Any) -> Skip | None:
    return plan_imports(valid(asked, **members), asked).skip


def test_the_first_reason_to_leave_imports_out_is_told() -> None:
    assert skip(site()) is Skip.NO_IMPORTED_DATA
    assert skip(SITE, date_range=["2026-01-11", "2026-01-12"]) is Skip.OUT_OF_RANGE
    assert skip(SITE, dimensions=["time:hour"]) is Skip.UNSUPPORTED_INTERVAL
    assert skip(SITE, dimensions=["visit:entry_page_hostname"]) is Skip.UNSUPPORTED_QUERY
    assert skip(SITE) is None
    assert skip(SITE, internal=True, date_range="realtime") is Skip.OUT_OF_RANGE


def test_an_import_that_only_the_comparison_touches_counts() -> None:
    members = {"date_range": ["2026-01-11", "2026-01-12"], "include": {"compare": "previous_period"}}

    assert skip(SITE, internal=True, **members) is None


def test_only_the_newest_five_imports_are_read() -> None:
    many = replace(SITE, imports=tuple(Import(n, date(2025, 1, 1), date(2026, 1, 10)) for n in range(9, 0, -1)))

    assert [one.id for one in plan_imports(valid(many), many).imports] == [9, 8, 7, 6, 5]
