from datetime import UTC, datetime
from typing import Any

import pytest

from passerby.query import v1
from passerby.query.errors import QueryRefused
from passerby.query.filters import Leaf, Operator
from passerby.query.site import Goal, QuerySite
from passerby.query.v1_filters import parse_filters
from passerby.query.v1_rules import DOCS

NOW = datetime(2026, 2, 18, 12, 30, tzinfo=UTC)
SITE = QuerySite(
    id=1,
    domain="example.com",
    timezone="Etc/UTC",
    goals=(
        Goal(id=1, display_name="Signup", event_name="Signup"),
        Goal(id=2, display_name="Visit /a|b", page_path="/a|b"),
    ),
)


def refusal(answer: Any, **parameters: str) -> str:
    store: Any = None  # A refused question never reaches the store.
    with pytest.raises(QueryRefused) as caught:
        answer(parameters, SITE, store, now=NOW)
    return caught.value.message


PERIODS = f"{DOCS}#time-periods"
CASES = [
    (
        v1.aggregate,
        {"period": "5d"},
        f"Error parsing `period` parameter: invalid period `5d`. Please find accepted values in our docs: {PERIODS}",
    ),
    (
        v1.aggregate,
        {"period": "custom"},
        f"The `date` parameter is required when using a custom period. See {PERIODS}",
    ),
    (
        v1.aggregate,
        {"period": "custom", "date": "2026-01-01"},
        (
            "Invalid format for `date` parameter. When using a custom period, please include two ISO-8601 formatted "
            f"dates joined by a comma. See {PERIODS}"
        ),
    ),
    (
        v1.aggregate,
        {"date": "today"},
        "Error parsing `date` parameter: invalid_format. Please specify a valid date in ISO-8601 format.",
    ),
    (
        v1.aggregate,
        {"date": "2026-02-30"},
        "Error parsing `date` parameter: invalid_date. Please specify a valid date in ISO-8601 format.",
    ),
    (
        v1.timeseries,
        {"interval": "week"},
        "Error parsing `interval` parameter: invalid interval `week`. Valid intervals are `day`, `month`",
    ),
    (
        v1.breakdown,
        {},
        "The `property` parameter is required. Please provide at least one property to show a breakdown by.",
    ),
    (
        v1.breakdown,
        {"property": "visit:screen"},
        (
            "Invalid property 'visit:screen'. Please provide a valid property for the breakdown endpoint: "
            f"{DOCS}#properties"
        ),
    ),
    (
        v1.breakdown,
        {"property": "event:hostname"},
        (
            "Property 'event:hostname' is currently not supported for breakdowns.  "
            f"Please provide a valid property for the breakdown endpoint: {DOCS}#properties"
        ),
    ),
    (
        v1.aggregate,
        {"filters": "visit:colour==red"},
        f"Invalid filter property 'visit:colour'. Please provide a valid filter property: {DOCS}#properties",
    ),
    (
        v1.aggregate,
        {"filters": "event:goal==Visit /x"},
        (
            "The pageview goal for the pathname `/x` is not configured for this site. "
            f"Find out how to configure goals here: {DOCS}#filtering-by-goals"
        ),
    ),
    (
        v1.aggregate,
        {"filters": '[["is", "event:goal", ["Nope"]]]'},
        (
            "The goal `Nope` is not configured for this site. "
            f"Find out how to configure goals here: {DOCS}#filtering-by-goals"
        ),
    ),
    (
        v1.aggregate,
        {"metrics": "visitors,love"},
        f"The metric `love` is not recognized. Find valid metrics from the documentation: {DOCS}#metrics",
    ),
    (v1.aggregate, {"metrics": "visits,visits"}, "Metrics cannot be queried multiple times."),
    (
        v1.breakdown,
        {"metrics": "visits", "property": "event:props:plan"},
        "Session metric `visits` cannot be queried for breakdown by `event:props:plan`.",
    ),
    (
        v1.aggregate,
        {"metrics": "bounce_rate", "filters": "event:name==Signup"},
        "Session metric `bounce_rate` cannot be queried when using a filter on `event:name`.",
    ),
    (
        v1.aggregate,
        {"metrics": "views_per_visit", "filters": "event:page==/a"},
        "Metric `views_per_visit` cannot be queried with a filter on `event:page`.",
    ),
    (
        v1.breakdown,
        {"metrics": "views_per_visit", "property": "event:page"},
        "Metric `views_per_visit` is not supported in breakdown queries.",
    ),
    (
        v1.aggregate,
        {"metrics": "conversion_rate"},
        "Metric `conversion_rate` can only be queried in a goal breakdown or with a goal filter",
    ),
    (
        v1.aggregate,
        {"metrics": "time_on_page"},
        "Metric `time_on_page` can only be queried in a page breakdown or with a page filter.",
    ),
    (
        v1.breakdown,
        {"metrics": "time_on_page", "property": "visit:os"},
        "Metric `time_on_page` is not supported in breakdown queries (except `event:page` breakdown)",
    ),
    (
        v1.breakdown,
        {"metrics": "time_on_page", "property": "event:page", "filters": "event:goal==Signup"},
        "Metric `time_on_page` cannot be queried when filtering by `event:goal`",
    ),
    (
        v1.breakdown,
        {"property": "event:page", "limit": "0"},
        "Please provide limit as a number between 1 and 1000.",
    ),
    (v1.breakdown, {"property": "event:page", "page": "x"}, "Please provide page as a number between 1 and 10000."),
]


@pytest.mark.parametrize(("answer", "parameters", "text"), CASES, ids=[case[2][:60] for case in CASES])
def test_a_refusal_says_the_same_as_it_always_did(answer: Any, parameters: dict[str, str], text: str) -> None:
    assert refusal(answer, **parameters) == text


def test_of_several_faults_the_first_in_order_is_told() -> None:
    wrong = {"date": "x", "interval": "x", "property": "x", "filters": "x==y", "metrics": "x", "limit": "x"}

    assert "`period`" in refusal(v1.breakdown, period="x", **wrong)
    assert "`date`" in refusal(v1.breakdown, **wrong)
    del wrong["date"]
    assert "`interval`" in refusal(v1.timeseries, **wrong)
    assert "Invalid property" in refusal(v1.breakdown, **wrong)
    wrong["property"] = "event:page"
    assert "Invalid filter property" in refusal(v1.breakdown, **wrong)
    del wrong["filters"]
    assert "metric `x`" in refusal(v1.breakdown, **wrong)
    del wrong["metrics"]
    assert "limit" in refusal(v1.breakdown, **wrong)


@pytest.mark.parametrize(
    ("text", "leaf"),
    [
        ("event:page==/a", Leaf(Operator.IS, "event:page", ("/a",))),
        (" event:page != /a ", Leaf(Operator.IS_NOT, "event:page", ("/a",))),
        ("visit:source==A|B", Leaf(Operator.IS, "visit:source", ("A", "B"))),
        ("visit:source!=A|B", Leaf(Operator.IS, "visit:source", ("A", "B"))),
        (r"visit:source==A\|B", Leaf(Operator.IS, "visit:source", ("A|B",))),
        ("event:page==/a*", Leaf(Operator.MATCHES, "event:page", ("^(?:/a.*)$",))),
        ("event:page!=/a**b", Leaf(Operator.MATCHES_NOT, "event:page", ("^(?:/a.*b)$",))),
        (r"event:page==*x\|1|/y.z", Leaf(Operator.MATCHES, "event:page", (r"^(?:.*x\|1|/y\.z)$",))),
        ("event:goal!=Signup", Leaf(Operator.IS, "event:goal", ("Signup",))),
        (r"event:goal==Signup|Visit /a\|b", Leaf(Operator.IS, "event:goal", ("Signup", "Visit /a|b"))),
        ("event:props:plan==pro", Leaf(Operator.IS, "event:props:plan", ("pro",))),
    ],
)
def test_a_clause_becomes_a_condition(text: str, leaf: Leaf) -> None:
    assert parse_filters(text, SITE) == (leaf,)


@pytest.mark.parametrize("text", ["", ";", "event:page", "event:page==", "==x", "a==b==c", "visit:country==DEU"])
def test_what_is_no_clause_is_passed_over(text: str) -> None:
    assert parse_filters(text, SITE) == ()


def test_clauses_are_joined_by_semicolons() -> None:
    assert [place.dimension for place in parse_filters("event:page==/a;visit:os==Linux", SITE)] == [  # type: ignore[union-attr] # Leaves.
        "event:page",
        "visit:os",
    ]


def test_filters_may_be_those_of_the_newer_language() -> None:
    assert parse_filters('[["contains", "event:page", ["/a"]]]', SITE) == (
        Leaf(Operator.CONTAINS, "event:page", ("/a",)),
    )
    with pytest.raises(QueryRefused, match="not valid JSON"):
        parse_filters("[[", SITE)
