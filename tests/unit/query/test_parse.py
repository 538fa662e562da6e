"""Faults of shape are found all at once, each with a pointer and the validator's words."""

import json
from typing import Any

import pytest

from passerby.query.errors import QueryRefused
from passerby.query.grammar import INTERNAL, PUBLIC
from passerby.query.language import BODY_BYTES_MAX, FILTER_DEPTH_MAX
from passerby.query.parse import parse_request
from passerby.query.ranges import Compare, Period
from passerby.query.shape import FAULTS_MAX
from tests.support.asking import body


def refusal(raw: bytes, *, internal: bool = False) -> str:
    with pytest.raises(QueryRefused) as refused:
        parse_request(raw, INTERNAL if internal else PUBLIC)
    return refused.value.message


@pytest.mark.parametrize("raw", [b"", b"{", b"[1", b"\xff\xfe", b'{"site_id": "\xff"}', b"[" * 100_000])
def test_a_body_that_is_not_json_is_refused(raw: bytes) -> None:
    assert refusal(raw) == "#: The body is not valid JSON."


@pytest.mark.parametrize(("raw", "kind"), [(b"[]", "Array"), (b"3", "Integer"), (b"null", "Null"), (b'"a"', "String")])
def test_a_body_that_is_no_object_is_refused(raw: bytes, kind: str) -> None:
    assert refusal(raw) == f"#: Type mismatch. Expected Object but got {kind}."


def test_a_body_over_a_megabyte_is_refused_unread() -> None:
    assert refusal(b" " * (BODY_BYTES_MAX + 1)) == f"#: The body is longer than {BODY_BYTES_MAX} bytes."


def test_missing_members_are_named_together() -> None:
    assert refusal(b"{}") == "#: Required properties site_id, metrics, date_range were not present."
    assert refusal(b'{"site_id": "a", "metrics": ["visitors"]}') == "#: Required property date_range was not present."


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"metrics": []}, "#/metrics: Expected a minimum of 1 items but got 0."),
        ({"metrics": "visitors"}, "#/metrics: Type mismatch. Expected Array but got String."),
        ({"metrics": ["visitors", "visitors"]}, "#/metrics: Expected items to be unique but they were not."),
        ({"metrics": ["baa"]}, '#/metrics/0: Invalid metric "baa"'),
        ({"metrics": ["exit_rate"]}, '#/metrics/0: Invalid metric "exit_rate"'),
        ({"metrics": [None]}, "#/metrics/0: Invalid metric nil"),
        ({"dimensions": ["visitors"]}, '#/dimensions/0: Invalid dimension "visitors"'),
        ({"dimensions": ["time:minute"]}, '#/dimensions/0: Invalid dimension "time:minute"'),
        ({"dimensions": ["event:props:"]}, '#/dimensions/0: Invalid dimension "event:props:"'),
        ({"dimensions": None}, "#/dimensions: Type mismatch. Expected Array but got Null."),
        ({"filters": "x"}, "#/filters: Type mismatch. Expected Array but got String."),
        ({"filters": [["is", "event:name"]]}, '#/filters/0: Invalid filter ["is", "event:name"]'),
        ({"filters": [["is", "event:name", "x"]]}, '#/filters/0: Invalid filter ["is", "event:name", "x"]'),
        ({"filters": [["is", "time:day", ["x"]]]}, '#/filters/0: Invalid filter ["is", "time:day", ["x"]]'),
        ({"filters": [["is_not", "event:goal", ["x"]]]}, '#/filters/0: Invalid filter ["is_not", "event:goal", ["x"]]'),
        ({"filters": [["is", "event:name", [True]]]}, '#/filters/0: Invalid filter ["is", "event:name", [true]]'),
        ({"filters": [["and", []]]}, '#/filters/0: Invalid filter ["and", []]'),
        (
            {"filters": [["matches", "event:page", ["x"], {"case_sensitive": False}]]},
            '#/filters/0: Invalid filter ["matches", "event:page", ["x"], %{"case_sensitive" => false}]',
        ),
        (
            {"filters": [["matches_wildcard", "event:page", ["/**"]]]},
            '#/filters/0: Invalid filter ["matches_wildcard", "event:page", ["/**"]]',
        ),
        ({"date_range": "30m"}, '#/date_range: Invalid date range "30m"'),
        ({"date_range": "realtime"}, '#/date_range: Invalid date range "realtime"'),
        ({"date_range": None}, "#/date_range: Invalid date range nil"),
        ({"date_range": ["2026-01-01"]}, '#/date_range: Invalid date range ["2026-01-01"]'),
        ({"date_range": "0d"}, 'Invalid date_range "0d"'),
        ({"date_range": "5001d"}, 'Invalid date_range "5001d"'),
        ({"date_range": "101mo"}, 'Invalid date_range "101mo"'),
        ({"date_range": "999999999999999999999d"}, 'Invalid date_range "999999999999999999999d"'),
        ({"date_range": ["2026-02-30", "2026-03-01"]}, 'Invalid date_range \'["2026-02-30", "2026-03-01"]\'.'),
        (
            {"date_range": ["2026-02-03T00:00:00", "2026-02-03T23:59:59"]},
            'Invalid date_range \'["2026-02-03T00:00:00", "2026-02-03T23:59:59"]\'.',
        ),
        ({"order_by": [["foo", "desc"]]}, '#/order_by/0/0: Invalid value in order_by "foo"'),
        ({"order_by": [["visitors", "down"]]}, '#/order_by/0/1: Invalid value in order_by "down"'),
        ({"order_by": [["event:goal", "desc"]]}, '#/order_by/0/0: Invalid value in order_by "event:goal"'),
        ({"order_by": [3]}, "#/order_by/0: Invalid value in order_by 3"),
        ({"order_by": None}, "#/order_by: Type mismatch. Expected Array but got Null."),
        ({"include": "x"}, "#/include: Type mismatch. Expected Object but got String."),
        ({"include": {"imports": 1}}, "#/include/imports: Type mismatch. Expected Boolean but got Integer."),
        (
            {"include": {"compare": "previous_period"}},
            "#/include/compare: Schema does not allow additional properties.",
        ),
        ({"pagination": []}, "#/pagination: Type mismatch. Expected Object but got Array."),
        ({"pagination": {"limit": 100_000}}, "#/pagination/limit: Expected the value to be <= 10000"),
        ({"pagination": {"limit": 0}}, "#/pagination/limit: Expected the value to be >= 1"),
        ({"pagination": {"offset": -1}}, "#/pagination/offset: Expected the value to be >= 0"),
        ({"pagination": {"limit": "3"}}, "#/pagination/limit: Type mismatch. Expected Integer but got String."),
        ({"pagination": {"page": 1}}, "#/pagination/page: Schema does not allow additional properties."),
        ({"foo": 1}, "#/foo: Schema does not allow additional properties."),
        ({"site_id": 3}, "#/site_id: Type mismatch. Expected String but got Integer."),
    ],
)
def test_a_fault_of_shape_is_named_with_its_place(members: dict[str, Any], message: str) -> None:
    assert refusal(body(**members)) == message


def test_all_faults_are_told_at_once() -> None:
    message = refusal(body(metrics=["a"], dimensions=["b"], pagination={"limit": 0}))

    assert [line.partition(":")[0] for line in message.splitlines()] == [
        "#/metrics/0",
        "#/dimensions/0",
        "#/pagination/limit",
    ]


def test_a_tree_is_refused_when_it_is_deeper_than_it_may_be() -> None:
    tree: list[Any] = ["is", "event:name", ["x"]]
    for _ in range(FILTER_DEPTH_MAX):
        tree = ["not", tree]
    parse_request(body(filters=[tree]), PUBLIC)

    assert refusal(body(filters=[["not", tree]])).startswith("#/filters/0: Invalid filter")


@pytest.mark.parametrize(
    ("asked", "period"),
    [
        ("day", Period("day")),
        ("24h", Period("24h")),
        ("7d", Period("days", count=7)),
        ("6mo", Period("months", count=6)),
        ("all", Period("all")),
    ],
)
def test_periods_are_read(asked: str, period: Period) -> None:
    assert parse_request(body(date_range=asked), PUBLIC).period == period


def test_only_the_dashboard_may_compare_and_look_at_this_moment() -> None:
    raw = body(
        date_range="realtime",
        dimensions=["time:minute"],
        metrics=["exit_rate"],
        include={"compare": "previous_period", "present_index": True},
    )

    request = parse_request(raw, INTERNAL)

    assert request.period.is_realtime
    assert request.include.compare == Compare("previous_period", match_day_of_week=True)
    assert request.include.imports


def test_the_dashboard_need_not_repeat_the_site() -> None:
    assert parse_request(json.dumps({"metrics": ["visits"], "date_range": "day"}).encode(), INTERNAL).site_id == ""


def test_a_comparison_that_is_none_is_refused() -> None:
    assert refusal(body(include={"compare": "next_period"}), internal=True) == (
        '#/include/compare: Invalid include.compare "next_period"'
    )


def test_a_relative_date_that_is_none_is_refused() -> None:
    assert refusal(body(relative_date="2026-13-01"), internal=True) == (
        '#/relative_date: Failed to convert "2026-13-01" to date'
    )


def test_of_very_many_faults_the_first_are_told() -> None:
    told = refusal(body(**{f"unknown{n}": n for n in range(1_000)})).splitlines()

    assert len(told) == FAULTS_MAX
    assert told[0] == "#/unknown0: Schema does not allow additional properties."
