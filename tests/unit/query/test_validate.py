"""The rules of the language that are not about shape, each with the words clients know."""

from typing import Any

import pytest

from passerby.query.errors import QueryRefused
from passerby.query.language import FILTER_VALUES_MAX, FILTERS_MAX, PATTERN_CHARACTERS_MAX, PATTERNS_MAX
from passerby.query.site import Goal, QuerySite
from tests.support.asking import site, valid

SIGNUP = Goal(id=1, display_name="Signup", event_name="Signup")
CONFIGURED = site(
    goals=(SIGNUP,), segments={7: [["is", "visit:browser", ["Chrome"]], ["is", "event:goal", ["Signup"]]]}
)


def refusal(asked: QuerySite = CONFIGURED, *, internal: bool = False, **members: Any) -> str:
    with pytest.raises(QueryRefused) as refused:
        valid(asked, internal=internal, **members)
    return refused.value.message


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"filters": [["is", "visit:os_version", [123]]]}, 'Invalid filter \'["is", "visit:os_version", [123]]\'.'),
        ({"filters": [["is", "visit:city", ["1", 2]]]}, 'Invalid filter \'["is", "visit:city", ["1", 2]]\'.'),
        ({"filters": [["is", "segment", ["7"]]]}, 'Invalid filter \'["is", "segment", ["7"]]\'.'),
        (
            {"filters": [["is", "visit:country", ["USA"]]]},
            "Invalid visit:country filter, visit:country needs to be a valid 2-letter country code.",
        ),
        (
            {"filters": [["not", ["is", "event:goal", ["Signup"]]]]},
            "Invalid filters. Dimension `event:goal` can only be filtered at the top level.",
        ),
        (
            {"filters": [["or", [["is", "event:hostname", ["a"]]]]]},
            "Invalid filters. Dimension `event:hostname` can only be filtered at the top level.",
        ),
        (
            {"filters": [["has_done", ["has_not_done", ["is", "event:name", ["a"]]]]]},
            "Invalid filters. Behavioral filters (has_done, has_not_done) cannot be nested.",
        ),
        (
            {"filters": [["has_done", ["is", "visit:browser", ["a"]]]]},
            (
                "Invalid filters. Behavioral filters (has_done, has_not_done) can only be used with event dimension "
                "filters."
            ),
        ),
        (
            {"filters": [["has_done", ["is", "event:goal", ["Nope"]]]]},
            (
                "Invalid filters. The goal `Nope` is not configured for this site. "
                "Find out how to configure goals here: https://plausible.io/docs/stats-api#filtering-by-goals"
            ),
        ),
        (
            {"filters": [["is", "segment", list(range(11))]]},
            "Invalid filters. You can only use up to 10 segment filters in a query.",
        ),
        (
            {"filters": [["is", "segment", [8]]]},
            "Invalid filters. Some segments don't exist or aren't accessible.",
        ),
        (
            {"order_by": [["events", "desc"]]},
            "Invalid order_by entry '{:events, :desc}'. Entry is not a queried metric or dimension.",
        ),
        (
            {"order_by": [["event:name", "desc"]]},
            "Invalid order_by entry '{\"event:name\", :desc}'. Entry is not a queried metric or dimension.",
        ),
        (
            {"metrics": ["conversion_rate"]},
            "Metric `conversion_rate` can only be queried with event:goal filters or dimensions.",
        ),
        (
            {"metrics": ["conversion_rate"], "filters": [["has_done", ["is", "event:goal", ["Signup"]]]]},
            "Metric `conversion_rate` can only be queried with event:goal filters or dimensions.",
        ),
        (
            {
                "metrics": ["group_conversion_rate"],
                "dimensions": ["event:goal"],
                "filters": [["not", ["is", "event:props:a", ["b"]]]],
            },
            (
                "Invalid filters. When `conversion_rate` or `group_conversion_rate` metrics are used, custom property "
                "filters can only be used on top level."
            ),
        ),
        (
            {"metrics": ["scroll_depth"], "filters": [["not", ["is", "event:page", ["/"]]]]},
            "Metric `scroll_depth` can only be queried with event:page filters or dimensions.",
        ),
        (
            {"metrics": ["time_on_page"]},
            "Metric `time_on_page` can only be queried with event:page filters or dimensions.",
        ),
        (
            {"metrics": ["views_per_visit"], "filters": [["is", "event:page", ["/"]]]},
            "Metric `views_per_visit` cannot be queried with a filter on `event:page`.",
        ),
        (
            {"metrics": ["views_per_visit"], "dimensions": ["visit:browser"]},
            "Metric `views_per_visit` cannot be queried with `dimensions`.",
        ),
        (
            {"metrics": ["bounce_rate", "visit_duration"], "dimensions": ["event:name", "event:page"]},
            (
                "Session metric(s) `bounce_rate`, `visit_duration` cannot be queried along with event dimension(s) "
                "`event:name`, `event:page`"
            ),
        ),
        (
            {"metrics": ["pageviews"], "dimensions": ["visit:entry_page"]},
            "Event metric(s) `pageviews` cannot be queried along with session dimension(s) `visit:entry_page`",
        ),
        ({"include": {"time_labels": True}}, "Invalid include.time_labels: requires a time dimension."),
        ({"date_range": ["0001-01-01", "9999-12-31"]}, "#/date_range: The dates are out of range."),
    ],
)
def test_a_broken_rule_is_named(members: dict[str, Any], message: str) -> None:
    assert refusal(**members) == message


@pytest.mark.parametrize(
    ("metrics", "filters", "message"),
    [
        (
            ["exit_rate"],
            [],
            'Metric `exit_rate` requires a `"visit:exit_page"` dimension. No other dimensions are allowed.',
        ),
    ],
)
def test_exit_rate_wants_exit_pages(metrics: list[str], filters: list[Any], message: str) -> None:
    assert refusal(internal=True, metrics=metrics, filters=filters) == message


def test_exit_rate_knows_no_events() -> None:
    message = refusal(
        internal=True, metrics=["exit_rate"], dimensions=["visit:exit_page"], filters=[["is", "event:name", ["a"]]]
    )

    assert message == "Metric `exit_rate` cannot be queried when filtering on event dimensions."


@pytest.mark.parametrize(
    "filters",
    [
        [["is", "event:name", ["x"]]] * (FILTERS_MAX + 1),
        [["is", "event:name", ["x"] * (FILTER_VALUES_MAX + 1)]],
        [["matches", "event:page", ["x"] * (PATTERNS_MAX + 1)]],
        [["matches", "event:page", ["x" * (PATTERN_CHARACTERS_MAX + 1)]]],
        [["is", "event:page", ["x" * 3000]]],
    ],
)
def test_a_question_over_a_bound_is_refused_with_a_pointer(filters: list[Any]) -> None:
    assert refusal(filters=filters).startswith("#/filters: Invalid filters. A query may have ")


def test_time_becomes_the_finest_readable_bucket() -> None:
    assert valid(date_range="day", dimensions=["time"]).dimensions == ("time:hour",)
    assert valid(date_range="28d", dimensions=["time"]).dimensions == ("time:day",)
    assert valid(date_range="12mo", dimensions=["time"]).dimensions == ("time:week",)
    assert valid(date_range="24mo", dimensions=["time"]).dimensions == ("time:month",)


def test_the_order_is_by_time_and_then_by_the_first_metric() -> None:
    assert valid(dimensions=["visit:source"]).order_by == (("visitors", "desc"),)
    assert valid(dimensions=["visit:source", "time"]).order_by == (("time:day", "asc"), ("visitors", "desc"))
    assert valid(dimensions=["time"], order_by=[["time", "desc"]]).order_by == (("time:day", "desc"),)


def test_a_segment_becomes_its_filters_at_the_top_level() -> None:
    query = valid(CONFIGURED, filters=[["is", "segment", [7]]], metrics=["conversion_rate"])

    assert query.echo()["filters"] == [["is", "visit:browser", ["Chrome"]], ["is", "event:goal", ["Signup"]]]


def test_several_segments_are_alternatives() -> None:
    both = site(segments={1: [["is", "visit:os", ["a"]]], 2: [["is", "visit:os", ["b"]]]})

    filters = valid(both, filters=[["is", "segment", [1, 2]]]).echo()["filters"]

    assert filters == [["or", [["and", [["is", "visit:os", ["a"]]]], ["and", [["is", "visit:os", ["b"]]]]]]]


def test_a_segment_may_use_wildcards_although_the_public_language_may_not() -> None:
    kept = site(segments={1: [["matches_wildcard", "event:page", ["/blog/**"]]]})

    assert valid(kept, filters=[["is", "segment", [1]]]).echo()["filters"][0][0] == "matches_wildcard"


@pytest.mark.parametrize("stored", [[], ["x"], [["is", "segment", [1]]], [["is", "nonsense", ["a"]]]])
def test_a_segment_that_cannot_be_read_is_refused(stored: list[Any]) -> None:
    assert refusal(site(segments={1: stored}), filters=[["is", "segment", [1]]]) == (
        "Invalid filters. Some segments don't exist or aren't accessible."
    )


def test_a_goal_is_not_looked_up_when_case_does_not_matter() -> None:
    query = valid(CONFIGURED, filters=[["is", "event:goal", ["nope"], {"case_sensitive": False}]])

    assert query.echo()["filters"] == [["is", "event:goal", ["nope"], {"case_sensitive": False}]]


def test_the_echo_is_a_question_with_the_same_meaning() -> None:
    echo = valid(date_range="7d", dimensions=["time"], include={"total_rows": True, "imports": False}).echo()

    assert echo["date_range"] == ["2026-01-13T00:00:00Z", "2026-01-19T23:59:59Z"]
    assert echo["include"] == {"total_rows": True}
    assert valid(**{name: value for name, value in echo.items() if name != "site_id"}).echo() == echo


def test_a_running_day_is_cut_unless_it_is_compared() -> None:
    alone = valid(internal=True, date_range="day", include={"trim_relative_date_range": True})
    beside = valid(
        internal=True, date_range="day", include={"trim_relative_date_range": True, "compare": "previous_period"}
    )

    assert alone.range.iso()[1] == "2026-01-20T12:59:59Z"
    assert beside.range.iso()[1] == "2026-01-20T23:59:59Z"
