from typing import Any

import pytest

from passerby.query.inspect import CHARACTERS_MAX, inspect


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nil"),
        (True, "true"),
        (False, "false"),
        (1, "1"),
        (1.5, "1.5"),
        ("a", '"a"'),
        ('say "hi"\n', '"say \\"hi\\"\\n"'),
        ("#{x}", '"\\#{x}"'),
        ([], "[]"),
        ([1, "a", [True]], '[1, "a", [true]]'),
        ({"a": {"b": None}}, '%{"a" => %{"b" => nil}}'),
        ({}, "[]"),
    ],
)
def test_values_print_in_elixirs_notation(value: Any, text: str) -> None:
    assert inspect(value) == text


def test_a_long_list_is_cut() -> None:
    assert inspect(list(range(60))).endswith("48, 49, ...]")


def test_a_long_text_is_cut() -> None:
    assert len(inspect(["x" * 10_000] * 40)) <= CHARACTERS_MAX + 3
