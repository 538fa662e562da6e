"""The published schema and the parser are one: what fits is understood, what does not is refused with its place."""

import json
from random import Random
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from passerby.query.errors import QueryRefused
from passerby.query.grammar import INTERNAL, PUBLIC, Grammar
from passerby.query.inspect import inspect
from passerby.query.parse import decode, parse_filters, parse_request
from passerby.query.shape import check_shape
from tests.support.mutations import spoil
from tests.support.questions import question

SECONDS_MAX = 3.0  # For a body of a megabyte on a busy machine; a quiet one needs a tenth.
HUGE: list[dict[str, Any]] = [
    {"metrics": [f"x{n}" for n in range(60_000)]},
    {"dimensions": [[n] for n in range(60_000)]},
    {"order_by": [["x", "y"]] * 50_000},
    {"filters": [["is", "x", ["a"]]] * 40_000},
    {"filters": [["and", [["or", [["is", "x", ["a"]]] * 200]] * 100]]},
    {"date_range": ["x"] * 100_000},
    {f"k{n}": 1 for n in range(60_000)},
    {"include": {f"k{n}": 1 for n in range(60_000)}},
]


def spoiled(dice: Random) -> tuple[bytes, Grammar]:
    asked = question(dice, "2026-03-29", "Europe/Berlin")
    return json.dumps(spoil(asked.body, dice)).encode(), INTERNAL if asked.is_internal else PUBLIC


def refusal(raw: bytes, grammar: Grammar) -> QueryRefused | None:
    try:
        parse_request(raw, grammar)
    except QueryRefused as refused:
        return refused
    return None


@settings(max_examples=1_500, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_whatever_is_sent_is_understood_or_refused_with_its_place(seed: int) -> None:
    raw, grammar = spoiled(Random(seed))
    note(raw.decode()[:2_000])

    refused = refusal(raw, grammar)

    assert refused is None or str(refused.field).startswith("#")


@settings(max_examples=500, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_fault_of_shape_names_a_part_of_the_body(seed: int) -> None:
    raw, grammar = spoiled(Random(seed))
    try:
        body = decode(raw)
        check_shape(body, grammar)
    except QueryRefused as refused:
        for line in refused.message.splitlines():
            pointer, colon, message = line.partition(": ")
            assert pointer.startswith("#"), line
            assert colon, line
            assert message, line


@pytest.mark.parametrize("members", HUGE, ids=lambda members: next(iter(members)))
def test_a_huge_body_of_faults_is_refused_soon_and_in_few_words(members: dict[str, Any]) -> None:
    raw = json.dumps({"site_id": "a", "metrics": ["visitors"], "date_range": "day", **members}).encode()

    began = perf_counter()
    refused = refusal(raw, PUBLIC)

    assert refused is not None
    assert len(refused.message) < 150_000
    assert perf_counter() - began < SECONDS_MAX


@pytest.mark.parametrize("depth", [13, 100, 400])
def test_trees_that_go_deep_are_refused_as_a_whole(depth: int) -> None:
    tree: list[Any] = ["is", "event:name", ["x"]]
    for _ in range(depth):
        tree = ["not", tree]

    with pytest.raises(QueryRefused) as refused:
        parse_filters([tree], PUBLIC)

    assert refused.value.message == f"#/filters/0: Invalid filter {inspect(tree)}"


def test_what_is_nested_where_nothing_may_be_is_refused() -> None:
    deep: list[Any] = []
    for _ in range(400):
        deep = [deep]
    raw = json.dumps({"site_id": "a", "metrics": ["visitors"], "date_range": "day", "include": {"imports": deep}})

    refused = refusal(raw.encode(), PUBLIC)

    assert refused is not None


@pytest.mark.parametrize("number", ["5.0", "5"])
def test_a_whole_number_may_be_written_with_a_point(number: str) -> None:
    raw = f'{{"site_id": "a", "metrics": ["visitors"], "date_range": "day", "pagination": {{"limit": {number}}}}}'

    assert parse_request(raw.encode(), PUBLIC).limit == 5
