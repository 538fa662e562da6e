"""Answers that were once wrong, found by comparing random questions with plain Python."""

from datetime import date
from typing import Any

from passerby.query.site import Goal, Import, QuerySite
from passerby.store.imports import insert_imported
from passerby.store.store import Store
from tests.support.asking import ask, ask_dashboard, rows, site
from tests.support.stores import at, event_row, keep, number, visit_row

OUTBOUND = Goal(id=1, display_name="Outbound", event_name="Outbound Link: Click")
SIGNUP = Goal(id=2, display_name="Signup", event_name="Signup", currency="EUR")


def with_events(store: Store, site_id: int, *imported: dict[str, Any]) -> QuerySite:
    one = number()
    whole = {"date": "2026-01-15", "link_url": "", "path": ""}
    insert_imported(
        store, "custom_events", [{**whole, **row} for row in imported], site_id=site_id, import_id=one, part=1
    )
    span = (date(2026, 1, 1), date(2026, 1, 31))
    return site(site_id, goals=(OUTBOUND, SIGNUP), imports=(Import(one, *span),))


def test_a_page_behind_the_last_still_says_how_many_rows_there_are(embedded: Store, site_id: int) -> None:
    keep(embedded, visits=[visit_row(site_id, browser="Chrome"), visit_row(site_id, browser="Firefox")])

    answer = ask(
        embedded,
        site(site_id),
        dimensions=["visit:browser"],
        include={"total_rows": True},
        pagination={"limit": 5, "offset": 5},
    )

    assert (answer["results"], answer["meta"]) == ([], {"total_rows": 2})


def test_a_compared_series_has_pages_of_what_was_counted(embedded: Store, site_id: int) -> None:
    keep(embedded, visits=[visit_row(site_id, start=at(f"2026-01-0{day} 12:00")) for day in (5, 6, 6)])

    answer = ask_dashboard(
        embedded,
        site(site_id),
        dimensions=["time:day"],
        date_range=["2026-01-05", "2026-01-07"],
        include={"compare": "previous_period"},
        pagination={"limit": 2, "offset": 1},
    )

    assert rows(answer) == [(["2026-01-06"], [2]), (["2026-01-07"], [0])]


def test_nobody_converts_more_than_once_by_an_imported_property(embedded: Store, site_id: int) -> None:
    clicked = {"name": OUTBOUND.event_name, "link_url": "https://a.example", "visitors": 40, "events": 50}
    here = with_events(embedded, site_id, clicked)

    answer = ask(
        embedded,
        here,
        metrics=["visitors", "group_conversion_rate"],
        dimensions=["event:props:url"],
        filters=[["is", "event:goal", ["Outbound"]]],
        include={"imports": True},
    )

    assert rows(answer) == [(["https://a.example"], [40, 100])]


def test_imported_events_without_a_property_match_nothing_but_its_absence(embedded: Store, site_id: int) -> None:
    here = with_events(embedded, site_id, {"name": OUTBOUND.event_name, "visitors": 3, "events": 3})
    of_event = ["is", "event:name", [OUTBOUND.event_name]]

    for operator, values, expected in (("contains_not", ["x"], 0), ("is_not", ["x"], 3), ("is", ["(none)"], 3)):
        filters = [of_event, [operator, "event:props:url", values]]
        assert rows(ask(embedded, here, filters=filters, include={"imports": True})) == [([], [expected])], operator


def test_a_revenue_goal_without_sales_made_nothing_in_its_currency(embedded: Store, site_id: int) -> None:
    keep(embedded, events=[event_row(site_id, name="Signup", revenue_reporting_amount=5.0)])

    answer = ask_dashboard(
        embedded,
        site(site_id, goals=(SIGNUP,)),
        metrics=["total_revenue"],
        dimensions=["event:goal"],
        include={"compare": "previous_period"},
    )

    (row,) = answer["results"]
    assert (row["comparison"]["metrics"][0]["value"], row["comparison"]["change"]) == (0, [100])


def test_the_sample_is_one_row_whatever_was_counted(embedded: Store, site_id: int) -> None:
    keep(embedded, visits=[visit_row(site_id), visit_row(site_id)])

    assert rows(ask_dashboard(embedded, site(site_id), metrics=["sample_percent"])) == [([], [100])]


def test_a_place_without_a_name_is_not_set(embedded: Store, site_id: int) -> None:
    codes = ("EE-37", "XX-99", "")
    keep(embedded, visits=[visit_row(site_id, subdivision1_code=code) for code in codes])

    for operator, value, expected in (
        ("is", "(not set)", 2),
        ("is_not", "(not set)", 1),
        ("matches", "^$", 2),
        ("matches_not", "^H", 2),
        ("contains", "(not set)", 0),
    ):
        answer = ask(embedded, site(site_id), filters=[[operator, "visit:region_name", [value]]])
        assert rows(answer) == [([], [expected])], (operator, value)


def test_goals_of_both_kinds_join_imports_each_from_its_table(embedded: Store, site_id: int) -> None:
    visit = Goal(id=3, display_name="Visit /", page_path="/")
    clicked = {"name": OUTBOUND.event_name, "visitors": 4, "events": 5}
    here = with_events(embedded, site_id, clicked)
    page = {"date": "2026-01-15", "hostname": "", "page": "/", "visitors": 2, "pageviews": 3}
    insert_imported(embedded, "pages", [page], site_id=site_id, import_id=here.imports[0].id, part=1)
    both: dict[str, Any] = {"goals": (OUTBOUND, visit), "imports": here.imports}

    def by_goal(*filters: list[Any]) -> list[tuple[list[Any], list[Any]]]:
        asked: dict[str, Any] = {"dimensions": ["event:goal"], "filters": list(filters), "include": {"imports": True}}
        return rows(ask(embedded, site(site_id, **both), **asked))

    named = ["is", "event:goal", ["Outbound", "Visit /"]]
    assert by_goal(named) == [(["Outbound"], [4]), (["Visit /"], [2])]
    assert by_goal(named, ["is", "event:page", ["/"]]) == [(["Visit /"], [2])]
    assert by_goal(["is", "event:goal", ["Outbound"]], ["is", "event:page", ["/"]]) == []


def test_by_the_minute_and_something_of_events_visitors_are_those_of_the_events(embedded: Store, site_id: int) -> None:
    keep(embedded, events=[event_row(site_id, props={"plan": "pro"})], visits=[visit_row(site_id)])

    answer = ask_dashboard(embedded, site(site_id), dimensions=["time:minute", "event:props:plan"])

    assert rows(answer) == [(["2026-01-15 12:00:00", "pro"], [1])]


def test_rows_without_money_are_in_the_order_of_zero(embedded: Store, site_id: int) -> None:
    keep(
        embedded,
        events=[
            event_row(site_id, name="Signup", browser="A", revenue_reporting_amount=5.0),
            event_row(site_id, name="Signup", browser="B"),
        ],
    )

    answer = ask(
        embedded,
        site(site_id, goals=(SIGNUP,)),
        metrics=["total_revenue"],
        dimensions=["visit:browser"],
        filters=[["is", "event:goal", ["Signup"]]],
        order_by=[["total_revenue", "asc"]],
    )

    assert [(row["dimensions"], row["metrics"][0]["value"]) for row in answer["results"]] == [(["B"], 0), (["A"], 5)]


def test_imported_pages_are_not_asked_for_events_by_name(embedded: Store, site_id: int) -> None:
    visit = Goal(id=3, display_name="Visit /", page_path="/")
    here = with_events(embedded, site_id)
    asked: dict[str, Any] = {
        "dimensions": ["event:goal"],
        "filters": [["is", "event:goal", ["Visit /"]], ["is", "event:name", ["Signup"]]],
        "include": {"imports": True},
    }

    answer = ask(embedded, site(site_id, goals=(OUTBOUND, visit), imports=here.imports), **asked)

    assert (answer["results"], answer["meta"]["imports_skip_reason"]) == ([], "unsupported_query")


def test_a_campaign_that_is_called_not_set_shares_the_row_of_those_without_one(embedded: Store, site_id: int) -> None:
    keep(embedded, visits=[visit_row(site_id, utm_campaign=name) for name in ("", "(not set)", "Spring")])

    by_campaign = ask(embedded, site(site_id), dimensions=["visit:utm_campaign"])
    chosen = ask(embedded, site(site_id), filters=[["is", "visit:utm_campaign", ["(not set)"]]])

    assert rows(by_campaign) == [(["(not set)"], [2]), (["Spring"], [1])]
    assert rows(chosen) == [([], [2])]
