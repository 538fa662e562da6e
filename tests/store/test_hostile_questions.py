"""Nothing a caller can write breaks out of its place, breaks the engine, or is answered by a 5xx."""

import json
from contextlib import suppress
from typing import Any

import pytest

from passerby.errors import Refusal
from passerby.query.api import answer_dashboard
from passerby.query.site import Goal
from passerby.store.errors import PatternRefused
from passerby.store.store import Store
from tests.support.asking import NOW, ask, rows, site
from tests.support.stores import event_row, keep, visit_row

NASTY = [
    "' OR 1=1 --",
    "x') UNION ALL SELECT 1 --",
    "{n0:UInt64}",
    "\\",
    "\\'",
    "a\u0000b",
    "\n\t\r\x1b",
    "🎉" * 100,
    "%",
    "*",
    "",
    " ",
    "null",
    "\\N",
]


@pytest.mark.parametrize("value", NASTY)
def test_a_value_matches_itself_and_nothing_else(store: Store, site_id: int, value: str) -> None:
    keep(
        store,
        events=[
            event_row(site_id, pathname=value, name="N", props={"k": value}, browser=value),
            event_row(site_id, pathname="/other"),
        ],
    )
    known = site(
        site_id, goals=(Goal(id=1, display_name="G", page_path=value), Goal(id=2, display_name=value, event_name="N"))
    )
    leaves: list[Any] = [
        ["is", "event:page", [value]],
        ["is", "event:props:k", [value]],
        ["is", "visit:browser", [value, "(not set)"]] if value == "" else ["is", "visit:browser", [value]],
    ]

    for leaf in leaves[:2]:
        assert rows(ask(store, known, metrics=["events"], filters=[leaf])) == [([], [1])], leaf
    assert rows(ask(store, known, metrics=["events"], dimensions=["event:props:k"], filters=[leaves[0]])) == [
        ([value], [1])
    ]
    assert rows(ask(store, known, metrics=["events"], filters=[["is", "event:goal", [value]]])) == [([], [1])]


@pytest.mark.parametrize("value", NASTY)
@pytest.mark.parametrize(
    "operator", ["is", "is_not", "contains", "contains_not", "matches", "matches_not", "matches_wildcard"]
)
def test_every_operator_takes_every_text(embedded: Store, site_id: int, operator: str, value: str) -> None:
    keep(embedded, events=[event_row(site_id)], visits=[visit_row(site_id)])
    names = [
        "event:page",
        f"event:props:{value or 'k'}",
        "visit:source",
        "visit:city",
        "visit:city_name",
        "visit:entry_page",
    ]

    for name in names:
        body = {"metrics": ["visitors"], "date_range": "month", "filters": [[operator, name, [value]]]}
        expected = [PatternRefused] if operator.startswith("matches") else []
        with suppress(*expected):
            assert "results" in json.loads(
                answer_dashboard(json.dumps(body).encode(), site(site_id), embedded, now=NOW)
            )


def test_every_text_contains_the_empty_one(embedded: Store, site_id: int) -> None:
    keep(embedded, events=[event_row(site_id), event_row(site_id, props={"k": "v"})])

    assert rows(ask(embedded, site(site_id), filters=[["contains", "event:page", ["", "x"]]])) == [([], [2])]
    assert rows(ask(embedded, site(site_id), filters=[["contains", "event:props:k", [""]]])) == [([], [1])]
    assert rows(ask(embedded, site(site_id), filters=[["contains_not", "event:page", [""]]])) == [([], [0])]


@pytest.mark.parametrize("pattern", ["((", "(?<=a)b", "a{1001}", "[[:nope:]]", "\\"])
def test_a_pattern_re2_cannot_read_is_refused_with_a_pointer(store: Store, site_id: int, pattern: str) -> None:
    keep(store, events=[event_row(site_id)])

    with pytest.raises(PatternRefused, match="#/filters: A pattern is not a valid RE2 regular expression"):
        ask(store, site(site_id), filters=[["matches", "event:page", [pattern]]])


def test_a_pattern_that_would_explode_elsewhere_is_answered(store: Store, site_id: int) -> None:
    keep(store, events=[event_row(site_id, pathname="/" + "a" * 1000 + "!")])

    assert rows(ask(store, site(site_id), filters=[["matches", "event:page", ["(a+)+$"]]])) == [([], [0])]


def test_ten_thousand_values_are_answered(store: Store, site_id: int) -> None:
    keep(store, events=[event_row(site_id, pathname="/9999")])
    values = [f"/{n}" for n in range(10_000)]

    for operator in ("is", "contains"):
        for modifier in ([], [{"case_sensitive": False}]):
            found = ask(store, site(site_id), filters=[[operator, "event:page", values, *modifier]])
            assert rows(found) == [([], [1])]


def test_ten_thousand_values_are_answered_for_many_rows_within_the_memory_of_a_question(
    embedded: Store, site_id: int
) -> None:
    keep(embedded, events=[event_row(site_id, visitor_id=1, visit_id=1, pathname=f"/p{n}") for n in range(20_000)])
    values = [f"/nowhere/{n}" for n in range(10_000)]

    for operator in ("is_not", "contains_not"):
        found = ask(embedded, site(site_id), filters=[[operator, "event:page", values, {"case_sensitive": False}]])
        assert rows(found) == [([], [1])]


@pytest.mark.parametrize(
    "raw",
    [
        b'{"metrics": ["visitors"], "date_range": "day", "filters": [["is", "event:page", ["\\ud800"]]]}',
        b'{"metrics": ["visitors"], "date_range": "day", "filters": [["is", "visit:city", [99999999999999999999999]]]}',
        b'{"metrics": ["visitors"], "date_range": "day", "filters": [["is", "visit:city", [-1]]]}',
        b'{"metrics": ["visitors"], "date_range": "day", "filters": [["is", "segment", [99999999999999999999999]]]}',
        b'{"metrics": ["visitors"], "date_range": ["1900-01-01", "2200-12-31"], "dimensions": ["time:day"]}',
        b'{"metrics": ["events"], "date_range": ["1900-01-01","1900-01-02"],"include": {"compare": "previous_period"}}',
        b'{"metrics": ["visitors"], "date_range": ["2026-01-01T00:00:00+23:59", "2026-01-01T00:00:00-23:59"]}',
        b'{"metrics": ["visitors"], "date_range": "day", "relative_date": "0001-01-01"}',
        b'{"metrics": ["visitors"], "date_range": "24h", "relative_date": "9999-12-31"}',
        b'{"metrics": ["visitors"], "date_range": "day", "dimensions": ["time:minute", "time:hour"]}',
        b'{"metrics": ["visitors"], "date_range": "day", "metrics": [{}]}',
    ],
)
def test_odd_questions_are_answered_or_refused(embedded: Store, site_id: int, raw: bytes) -> None:
    with suppress(Refusal):
        assert "results" in json.loads(answer_dashboard(raw, site(site_id), embedded, now=NOW))
