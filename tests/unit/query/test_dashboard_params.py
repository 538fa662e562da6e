from datetime import date

import pytest

from passerby.query.dashboard_params import parse_body, parse_parameters
from passerby.query.errors import QueryRefused
from passerby.query.filters import Leaf, Operator
from passerby.query.ranges import Compare, Period


@pytest.mark.parametrize(
    ("parameters", "period"),
    [
        ({}, Period("days", count=28)),
        ({"period": "day"}, Period("day")),
        ({"period": "30m"}, Period("realtime_30m")),
        ({"period": "91d"}, Period("days", count=91)),
        ({"period": "12mo"}, Period("months", count=12)),
        (
            {"period": "custom", "from": "2026-01-01", "to": "2026-01-31"},
            Period("dates", first=date(2026, 1, 1), last=date(2026, 1, 31)),
        ),
        (
            {"period": "custom", "date": "2026-01-01,2026-01-31"},
            Period("dates", first=date(2026, 1, 1), last=date(2026, 1, 31)),
        ),
    ],
)
def test_a_period_is_a_word(parameters: dict[str, str], period: Period) -> None:
    assert parse_parameters(parameters).period == period


def test_a_date_moves_the_period() -> None:
    assert parse_parameters({"period": "month", "date": "2026-01-15"}).relative_on == date(2026, 1, 15)


def test_filters_imports_and_comparison_are_read() -> None:
    request = parse_parameters(
        {
            "filters": '[["is_not", "visit:os", ["Mac"]]]',
            "with_imported": "true",
            "comparison": "custom",
            "compare_from": "2025-01-01",
            "compare_to": "2025-01-31",
        }
    )

    assert request.filters == (Leaf(Operator.IS_NOT, "visit:os", ("Mac",)),)
    assert request.include.imports is True
    assert request.include.compare == Compare("custom", date(2025, 1, 1), date(2025, 1, 31))
    assert parse_parameters({"comparison": "off"}).include.compare is None


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        (
            {"period": "all", "date": "soon"},
            "Failed to parse 'date' argument. Only ISO 8601 dates are allowed, e.g. `2019-09-07`, `2020-01-01`",
        ),
        (
            {"period": "custom", "from": "2026-02-30", "to": "2026-03-01"},
            "Failed to parse 'from' argument. Only ISO 8601 dates are allowed, e.g. `2019-09-07`, `2020-01-01`",
        ),
        ({"period": "custom"}, "A custom period needs two dates, `from` and `to`."),
        ({"filters": "{"}, "The `filters` parameter is not valid JSON."),
        ({"comparison": "last_life"}, "Invalid comparison."),
    ],
)
def test_what_cannot_be_read_is_refused(parameters: dict[str, str], text: str) -> None:
    with pytest.raises(QueryRefused) as caught:
        parse_parameters(parameters)
    assert caught.value.message == text


def test_an_unknown_period_is_refused_with_those_there_are() -> None:
    with pytest.raises(QueryRefused, match=r"Invalid period\. Use one of: realtime, 30m"):
        parse_parameters({"period": "fortnight"})


def test_a_body_may_leave_out_its_metrics() -> None:
    assert parse_body({"date_range": "7d"}).metrics == ("visitors",)
    with pytest.raises(QueryRefused, match="Schema does not allow additional properties"):
        parse_body({"date_range": "7d", "colour": "red"})
