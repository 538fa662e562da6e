import pytest

from passerby.query.funnels import percentage


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(1, 3, "33.33"), (27, 40, "67.50"), (2, 5, "40"), (0, 5, "0"), (5, 0, "0"), (5, 5, "100"), (1, 100_000, "0")],
)
def test_a_share_is_printed_with_two_decimals_or_none(part: int, whole: int, text: str) -> None:
    assert percentage(part, whole) == text
