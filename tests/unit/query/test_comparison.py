from typing import Any

import pytest

from passerby.query.comparison import change


@pytest.mark.parametrize(
    ("metric", "new", "old", "expected"),
    [
        ("visitors", 3, 2, 50),
        ("visitors", 1, 3, -67),
        ("visitors", 1, 0, 100),
        ("visitors", 0, 0, 0),
        ("visitors", 0, 5, -100),
        ("visit_duration", None, 5, None),
        ("visit_duration", 5, None, None),
        ("bounce_rate", 40, 50, -10),
        ("bounce_rate", 40, 0, None),
        ("conversion_rate", 5.25, 3.0, 2.2),
        ("exit_rate", None, 3.0, None),
        ("exit_rate", 10.0, 3.3, 6.7),
        ("total_revenue", {"value": 30.0}, {"value": 20.0}, 50),
        ("total_revenue", None, {"value": 20.0}, None),
        ("pageviews", 201, 200, 1),
        ("pageviews", 199, 200, -1),
    ],
)
def test_a_change_is_in_percent_or_in_points(metric: str, new: Any, old: Any, expected: float | None) -> None:
    assert change(metric, new, old) == expected
