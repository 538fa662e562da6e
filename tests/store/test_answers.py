"""What answers hold beside the numbers of plain questions: money, imports, comparisons, extras."""

import json
from datetime import date
from typing import Any

import pytest

from passerby.query.errors import QueryRefused
from passerby.query.site import Goal, Import, QuerySite
from passerby.store.store import Store
from tests.support.asking import ask, ask_dashboard, rows, site
from tests.support.stores import at, event_row, keep, number, visit_row

PURCHASE = Goal(id=1, display_name="Purchase", event_name="Purchase", currency="USD")
DONATION = Goal(id=2, display_name="Donation", event_name="Donation", currency="EUR")
SIGNUP = Goal(id=3, display_name="Signup", event_name="Signup")


def bought(site_id: int, amount: float | None, *, name: str = "Purchase", **fields: Any) -> Any:
    return event_row(site_id, name=name, revenue_reporting_amount=amount, revenue_reporting_currency="USD", **fields)


# --- Money ---


@pytest.fixture
def shop(embedded: Store, site_id: int) -> QuerySite:
    events = [
        bought(site_id, 1000.0),
        bought(site_id, 10.5),
        bought(site_id, None),
        bought(site_id, 20.0, name="Donation"),
        event_row(site_id, name="Signup"),
    ]
    keep(
        embedded,
        events=events,
        visits=[visit_row(site_id, visit_id=e.visit_id, visitor_id=e.visitor_id) for e in events],
    )
    return site(site_id, goals=(PURCHASE, DONATION, SIGNUP))


def test_revenue_is_summed_and_averaged_over_the_events_that_have_some(embedded: Store, shop: QuerySite) -> None:
    answer = ask(
        embedded, shop, metrics=["total_revenue", "average_revenue"], filters=[["is", "event:goal", ["Purchase"]]]
    )

    assert answer["results"][0]["metrics"] == [
        {"short": "$1.0K", "long": "$1,010.50", "value": 1010.5, "currency": "USD"},
        {"short": "$505.2", "long": "$505.25", "value": 505.25, "currency": "USD"},
    ]
    assert "metric_warnings" not in answer["meta"]


def test_each_goal_has_its_currency(embedded: Store, shop: QuerySite) -> None:
    answer = ask(
        embedded, shop, metrics=["total_revenue"], dimensions=["event:goal"], order_by=[["total_revenue", "desc"]]
    )

    found = {row["dimensions"][0]: row["metrics"][0] and row["metrics"][0]["long"] for row in answer["results"]}
    assert found == {"Purchase": "$1,010.50", "Donation": "€20.00", "Signup": None}


@pytest.mark.parametrize(
    ("filters", "code"),
    [
        ([], "no_revenue_goals_matching"),
        ([["is", "event:goal", ["Signup"]]], "no_revenue_goals_matching"),
        ([["is", "event:goal", ["Purchase", "Donation"]]], "no_single_revenue_currency"),
    ],
)
def test_money_without_one_currency_is_null_and_says_why(
    embedded: Store, shop: QuerySite, filters: list[Any], code: str
) -> None:
    answer = ask(embedded, shop, metrics=["total_revenue"], filters=filters)

    assert answer["results"][0]["metrics"] == [None]
    assert answer["meta"]["metric_warnings"]["total_revenue"]["code"] == code


def test_one_currency_among_goals_is_enough(embedded: Store, shop: QuerySite) -> None:
    answer = ask(embedded, shop, metrics=["total_revenue"], filters=[["is", "event:goal", ["Purchase", "Signup"]]])

    assert answer["results"][0]["metrics"][0]["value"] == 1010.5


def test_the_dashboard_can_leave_out_money_it_could_not_show(embedded: Store, shop: QuerySite) -> None:
    answer = ask_dashboard(
        embedded, shop, metrics=["visitors", "total_revenue"], include={"drop_unavailable_revenue_metrics": True}
    )

    assert answer["query"]["metrics"] == ["visitors"]


def test_revenue_can_be_broken_down_by_entry_page(embedded: Store, shop: QuerySite) -> None:
    answer = ask(
        embedded,
        shop,
        metrics=["total_revenue"],
        dimensions=["visit:entry_page"],
        filters=[["is", "event:goal", ["Purchase"]]],
    )

    assert [(row["dimensions"], row["metrics"][0]["value"]) for row in answer["results"]] == [(["/"], 1010.5)]


# --- Imports ---


def imported(store: Store, table: str, site_id: int, *lines: dict[str, Any]) -> None:
    given = [{"site_id": site_id, "import_id": 7, "date": "2026-01-10", **line} for line in lines]
    data = "\n".join(json.dumps(line) for line in given).encode() + b"\n"
    store.insert_raw(f"imported_{table}", data, format="JSONEachRow", token=f"import-{number()}")


def with_import(site_id: int, **fields: Any) -> QuerySite:
    return site(site_id, imports=(Import(7, date(2026, 1, 1), date(2026, 1, 12)),), **fields)


def test_imported_and_counted_numbers_are_added_and_rates_weighed(embedded: Store, site_id: int) -> None:
    keep(
        embedded,
        visits=[visit_row(site_id, is_bounce=False, duration=100, pageviews=4), visit_row(site_id)],
        events=[event_row(site_id), event_row(site_id)],
    )
    imported(
        embedded,
        "visitors",
        site_id,
        {"visitors": 3, "visits": 6, "pageviews": 12, "bounces": 3, "visit_duration": 600},
    )
    metrics = ["visitors", "visits", "pageviews", "bounce_rate", "visit_duration", "views_per_visit"]

    alone = ask(embedded, with_import(site_id), metrics=metrics)
    merged = ask(embedded, with_import(site_id), metrics=metrics, include={"imports": True})

    assert rows(alone) == [([], [2, 2, 2, 50, 50, 2.5])]
    # (1 + 3) bounces of 2 + 6 visits; (100 + 600) seconds; (5 + 12) page views.
    assert rows(merged) == [([], [5, 8, 14, 50, 88, 2.12])]
    assert merged["meta"] == {"imports_included": True}


def test_rows_of_another_import_are_not_read(embedded: Store, site_id: int) -> None:
    imported(embedded, "visitors", site_id, {"visitors": 3}, {"visitors": 100, "import_id": 8})

    assert rows(ask(embedded, with_import(site_id), include={"imports": True})) == [([], [3])]


def test_imported_rows_meet_counted_ones_under_their_label(embedded: Store, site_id: int) -> None:
    keep(embedded, visits=[visit_row(site_id), visit_row(site_id, referrer_source="Google")])
    imported(embedded, "sources", site_id, {"source": "", "visitors": 5}, {"source": "Bing", "visitors": 2})

    answer = ask(embedded, with_import(site_id), dimensions=["visit:source"], include={"imports": True})

    assert rows(answer) == [(["Direct / None"], [6]), (["Bing"], [2]), (["Google"], [1])]


def test_imported_rows_that_name_nothing_meet_counted_ones_under_one_label(embedded: Store, site_id: int) -> None:
    keep(embedded, visits=[visit_row(site_id)])
    imported(embedded, "devices", site_id, {"device": "", "visitors": 2})

    answer = ask(embedded, with_import(site_id), dimensions=["visit:device"], include={"imports": True})

    assert rows(answer) == [(["(not set)"], [3])]


def test_to_ask_about_imports_is_not_to_include_them(embedded: Store, site_id: int) -> None:
    imported(embedded, "visitors", site_id, {"visitors": 5})

    answer = ask_dashboard(
        embedded, with_import(site_id), metrics=["visitors"], include={"imports": False, "imports_meta": True}
    )

    assert rows(answer) == [([], [0])]
    assert answer["meta"]["imports_included"] is False


@pytest.mark.parametrize("filters", [[], [["is", "event:page", ["/"]]]])
def test_by_page_imported_visits_are_those_that_entered_by_it(
    embedded: Store, site_id: int, filters: list[Any]
) -> None:
    keep(embedded, events=[event_row(site_id)], visits=[visit_row(site_id, is_bounce=False, duration=40)])
    imported(embedded, "pages", site_id, {"page": "/", "visitors": 2, "pageviews": 2})
    entered = {"entry_page": "/", "visitors": 2, "entrances": 3, "bounces": 1, "visit_duration": 60}
    imported(embedded, "entry_pages", site_id, entered)

    answer = ask(
        embedded,
        with_import(site_id),
        metrics=["visitors", "pageviews", "bounce_rate", "visit_duration"],
        dimensions=["event:page"],
        filters=filters,
        include={"imports": True},
    )

    assert rows(answer) == [(["/"], [3, 3, 25, 25])]  # One bounce and 100 seconds of four visits.


@pytest.mark.parametrize(
    ("dimension", "table", "empty", "label"),
    [
        ("visit:device", "devices", {"device": ""}, "(not set)"),
        ("visit:channel", "sources", {"channel": ""}, "(not set)"),
        ("visit:utm_medium", "sources", {"utm_medium": ""}, None),
        ("visit:country", "locations", {"country": "ZZ"}, None),
        ("visit:region", "locations", {"region": ""}, None),
        ("visit:city", "locations", {"city": 0}, None),
        ("visit:city_name", "locations", {"city": 0}, None),
    ],
)
def test_imported_rows_that_name_nothing_are_labelled_or_left_out(  # noqa: PLR0917 - Fixtures and parameters.
    embedded: Store, site_id: int, dimension: str, table: str, empty: dict[str, Any], label: str | None
) -> None:
    imported(embedded, table, site_id, {**empty, "visitors": 5})

    answer = ask(embedded, with_import(site_id), dimensions=[dimension], include={"imports": True})

    assert rows(answer) == ([([label], [5])] if label else [])


def test_goals_come_from_the_imported_pages_and_events_of_their_kind(embedded: Store, site_id: int) -> None:
    goals = (SIGNUP, Goal(id=9, display_name="Visit docs", page_path="/docs/**"))
    imported(embedded, "custom_events", site_id, {"name": "Signup", "visitors": 2, "events": 5})
    imported(embedded, "pages", site_id, {"page": "/docs/a", "visitors": 3, "pageviews": 4, "visits": 3})
    imported(embedded, "visitors", site_id, {"visitors": 10})

    answer = ask(
        embedded,
        with_import(site_id, goals=goals),
        metrics=["visitors", "events", "conversion_rate"],
        dimensions=["event:goal"],
        include={"imports": True},
    )

    assert rows(answer) == [(["Visit docs"], [3, 4, 30.0]), (["Signup"], [2, 5, 20.0])]


def test_a_question_imports_cannot_serve_says_so(embedded: Store, site_id: int) -> None:
    answer = ask(
        embedded,
        with_import(site_id),
        dimensions=["visit:source"],
        filters=[["is", "visit:os", ["Mac"]]],
        include={"imports": True},
    )

    assert answer["meta"]["imports_included"] is False
    assert answer["meta"]["imports_skip_reason"] == "unsupported_query"
    assert answer["meta"]["imports_warning"].startswith("Imported stats are not included in the results because")


def test_what_imports_lack_is_warned_about(embedded: Store, site_id: int) -> None:
    imported(embedded, "pages", site_id, {"page": "/", "visitors": 1, "pageviews": 1})

    answer = ask(
        embedded,
        with_import(site_id),
        metrics=["visitors", "bounce_rate", "scroll_depth"],
        dimensions=["event:page"],
        include={"imports": True},
    )

    assert answer["meta"]["metric_warnings"] == {
        "scroll_depth": {"code": "no_imported_scroll_depth", "warning": "No imports with scroll depth data were found"},
        "bounce_rate": {
            "code": "no_imported_bounce_rate",
            "warning": "imported bounce_rate is not available when using a page filter",
        },
    }


def test_imported_time_on_page_and_scroll_depth_are_weighed_by_visits(embedded: Store, site_id: int) -> None:
    measured = {"name": "engagement", "scroll_depth": 40, "engagement_time_ms": 30_000}
    keep(embedded, events=[event_row(site_id), event_row(site_id, **measured)])
    imported(
        embedded,
        "pages",
        site_id,
        {
            "page": "/",
            "visitors": 3,
            "pageviews": 3,
            "total_scroll_depth": 160,
            "total_scroll_depth_visits": 2,
            "total_time_on_page": 90,
            "total_time_on_page_visits": 3,
        },
    )

    answer = ask(
        embedded,
        with_import(site_id),
        metrics=["time_on_page", "scroll_depth"],
        dimensions=["event:page"],
        include={"imports": True},
    )

    assert rows(answer) == [(["/"], [30, 67])]


# --- Comparisons ---


@pytest.fixture
def two_months(embedded: Store, site_id: int) -> QuerySite:
    days = ["2026-01-01", "2026-01-01", "2026-01-02", "2026-01-07", "2025-12-31"]
    sources = ["Google", "", "Google", "Google", "Bing"]
    keep(
        embedded,
        visits=[
            visit_row(site_id, start=at(f"{day} 10:00"), referrer_source=source)
            for day, source in zip(days, sources, strict=True)
        ],
    )
    return site(site_id)


def test_a_total_is_compared_with_the_period_before(embedded: Store, two_months: QuerySite) -> None:
    answer = ask_dashboard(
        embedded,
        two_months,
        date_range=["2026-01-07", "2026-01-13"],
        include={"compare": "previous_period"},
    )

    assert answer["results"] == [
        {"metrics": [1], "dimensions": [], "comparison": {"metrics": [4], "dimensions": [], "change": [-75]}}
    ]
    assert answer["meta"]["comparison_date_range"] == ["2025-12-31T00:00:00Z", "2026-01-06T23:59:59Z"]


def test_rows_are_compared_with_the_same_rows_only(embedded: Store, two_months: QuerySite) -> None:
    answer = ask_dashboard(
        embedded,
        two_months,
        metrics=["visitors", "percentage"],
        dimensions=["visit:source"],
        date_range=["2026-01-01", "2026-01-02"],
        include={"compare": ["2025-12-31", "2026-01-07"], "total_rows": True},
        pagination={"limit": 1},
    )

    assert answer["results"] == [
        {
            "metrics": [2, 66.67],
            "dimensions": ["Google"],
            "comparison": {"metrics": [3, 60.0], "dimensions": ["Google"], "change": [-33, 11]},
        }
    ]
    assert answer["meta"]["total_rows"] == 2


def test_a_row_that_was_not_there_before_is_compared_with_nothing(embedded: Store, two_months: QuerySite) -> None:
    answer = ask_dashboard(
        embedded,
        two_months,
        metrics=["visitors", "visit_duration"],
        dimensions=["visit:source"],
        date_range=["2026-01-07", "2026-01-07"],
        include={"compare": ["2025-12-31", "2025-12-31"]},
    )

    assert answer["results"][0]["comparison"] == {"metrics": [0, None], "dimensions": ["Google"], "change": [100, None]}


def test_a_series_is_compared_bucket_by_bucket_with_silence_filled_in(embedded: Store, two_months: QuerySite) -> None:
    answer = ask_dashboard(
        embedded,
        two_months,
        dimensions=["time:day"],
        date_range=["2026-01-05", "2026-01-08"],
        include={"compare": ["2026-01-01", "2026-01-02"], "time_labels": True},
    )

    compared = [(row["dimensions"][0], row["metrics"], row.get("comparison")) for row in answer["results"]]
    assert compared == [
        ("2026-01-05", [0], {"metrics": [2], "dimensions": ["2026-01-01"], "change": [-100]}),
        ("2026-01-06", [0], {"metrics": [1], "dimensions": ["2026-01-02"], "change": [-100]}),
        ("2026-01-07", [1], None),
        ("2026-01-08", [0], None),
    ]
    assert [row["metrics"] for row in answer["comparison_results"]] == [[2], [1]]
    assert answer["meta"]["comparison_time_labels"] == ["2026-01-01", "2026-01-02"]


# --- Extras ---


def test_time_extras_tell_where_rows_stand(embedded: Store, site_id: int) -> None:
    keep(embedded, visits=[visit_row(site_id, start=at("2026-01-19 10:00"))])

    meta = ask_dashboard(
        embedded,
        site(site_id),
        dimensions=["time:week"],
        date_range=["2026-01-08", "2026-01-25"],
        include={
            "time_labels": True,
            "time_label_result_indices": True,
            "present_index": True,
            "partial_time_labels": True,
            "empty_metrics": True,
            "dashboard_metric_labels": True,
            "imports": False,
        },
    )["meta"]

    assert meta == {
        "empty_metrics": [0],
        "metric_labels": ["Visitors"],
        "partial_time_labels": ["2026-01-08"],
        "present_index": 2,
        "time_label_result_indices": [None, None, 0],
        "time_labels": ["2026-01-08", "2026-01-12", "2026-01-19"],
    }


@pytest.mark.parametrize(
    ("members", "label"),
    [
        ({}, "Visitors"),
        ({"date_range": "realtime"}, "Current visitors"),
        ({"dimensions": ["visit:entry_page"]}, "Unique entrances"),
        ({"dimensions": ["visit:exit_page"]}, "Unique exits"),
        ({"filters": [["is", "event:goal", ["Signup"]]]}, "Conversions"),
    ],
)
def test_visitors_are_called_by_what_they_did(
    embedded: Store, site_id: int, members: dict[str, Any], label: str
) -> None:
    known = site(site_id, goals=(SIGNUP,))

    answer = ask_dashboard(embedded, known, **{"include": {"dashboard_metric_labels": True}, **members})

    assert answer["meta"]["metric_labels"] == [label]


def test_names_of_places_group_their_codes(embedded: Store, site_id: int) -> None:
    cities = [2643743, 6058560, 588409]  # London, London in Ontario, Tallinn.
    keep(embedded, visits=[visit_row(site_id, city_geoname_id=city) for city in cities])

    answer = ask(embedded, site(site_id), dimensions=["visit:city_name"])
    filtered = ask(embedded, site(site_id), filters=[["contains", "visit:city_name", ["alli"]]])

    assert rows(answer) == [(["London"], [2]), (["Tallinn"], [1])]
    assert rows(filtered) == [([], [1])]


def test_exit_rate_is_the_share_of_a_pages_views_that_were_the_last(embedded: Store, site_id: int) -> None:
    keep(
        embedded,
        events=[event_row(site_id, pathname=path) for path in ("/a", "/a", "/a", "/b")],
        visits=[
            visit_row(site_id, exit_page="/a"),
            visit_row(site_id, exit_page="/b"),
            visit_row(site_id, exit_page="/c"),
        ],
    )

    answer = ask_dashboard(
        embedded,
        site(site_id),
        metrics=["exit_rate"],
        dimensions=["visit:exit_page"],
        order_by=[["visit:exit_page", "asc"]],
    )

    assert rows(answer) == [(["/a"], [33.3]), (["/b"], [100.0]), (["/c"], [None])]


def test_nothing_is_sampled(embedded: Store, site_id: int) -> None:
    assert rows(ask_dashboard(embedded, site(site_id), metrics=["visitors", "sample_percent"])) == [([], [0, 100])]


def test_all_time_begins_with_the_first_event(embedded: Store, site_id: int) -> None:
    keep(embedded, events=[event_row(site_id, timestamp=at("2025-11-03 23:30"))])

    berlin = ask(embedded, site(site_id, timezone="Europe/Berlin"), date_range="all")

    assert berlin["query"]["date_range"][0] == "2025-11-04T00:00:00+01:00"


def test_events_of_nobody_count_as_events_and_as_no_visitor(embedded: Store, site_id: int) -> None:
    keep(embedded, events=[event_row(site_id, visitor_id=0, visit_id=0) for _ in range(3)])

    answer = ask(embedded, site(site_id), metrics=["visitors", "visits", "pageviews"])

    assert rows(answer) == [([], [0, 0, 3])]


def test_the_dashboard_lists_only_properties_that_are_shown_there(embedded: Store, site_id: int) -> None:
    keep(embedded, events=[event_row(site_id, props={"plan": "pro", "email": "x"})])
    shown = site(site_id, allowed_props=("plan",))

    assert rows(ask_dashboard(embedded, shown, dimensions=["event:props:plan"])) == [(["pro"], [1])]
    assert rows(ask(embedded, shown, dimensions=["event:props:email"])) == [(["x"], [1])]
    with pytest.raises(QueryRefused, match=r"#/dimensions/0: The property `email` is not shown on this dashboard\."):
        ask_dashboard(embedded, shown, dimensions=["event:props:email"])


# --- Sites that count no visitors ---


def test_a_site_without_visitors_counts_events_and_says_that_the_rest_is_not_known(
    embedded: Store, site_id: int
) -> None:
    keep(embedded, events=[event_row(site_id, visitor_id=0, visit_id=0) for _ in range(3)], visits=[])
    metrics = ["visitors", "visits", "pageviews", "events", "bounce_rate"]

    answer = ask(embedded, site(site_id, counts_visitors=False), metrics=metrics)

    assert answer["results"][0]["metrics"] == [None, None, 3, 3, None]
    warnings = answer["meta"]["metric_warnings"]
    assert set(warnings) == {"visitors", "visits", "bounce_rate"}
    assert warnings["visitors"]["code"] == "visitors_not_counted"


def test_silent_days_of_a_site_without_visitors_are_not_known_either(embedded: Store, site_id: int) -> None:
    answer = ask_dashboard(
        embedded,
        site(site_id, counts_visitors=False),
        metrics=["visitors", "pageviews"],
        dimensions=["time:day"],
        include={"compare": "previous_period", "empty_metrics": True},
    )

    assert answer["meta"]["empty_metrics"] == [None, 0]
    assert {tuple(row["metrics"]) for row in answer["results"]} == {(None, 0)}
