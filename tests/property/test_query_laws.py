"""Laws that hold for every answer: a total is the sum of its buckets, a page of rows is a part of the rows."""

import json
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from passerby.query.api import answer_v2
from passerby.store.store import Store
from tests.support.questions import NESTABLE, tree
from tests.support.worlds import PLACES, Kept, keep_world

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
ADDITIVE = ["pageviews", "events"]
seeds = st.integers(0, 2**32)
lawful = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture(scope="session")
def worlds(store: Store) -> list[Kept]:
    return [keep_world(store, zone=zone, day=day, seed=100 + n) for n, (zone, day) in enumerate(PLACES)]


def ask(store: Store, kept: Kept, **members: Any) -> dict[str, Any]:
    body = {"site_id": "example.com", "date_range": [kept.day[:8] + "01", kept.day[:8] + "28"], **members}
    answer: dict[str, Any] = json.loads(answer_v2(json.dumps(body).encode(), kept.site, store, now=NOW))
    return answer


@lawful
@given(
    seed=seeds, bucket=st.sampled_from(["time:hour", "time:day", "time:week", "time:month", "event:page", "event:name"])
)
def test_a_total_of_an_additive_metric_is_the_sum_of_its_parts(
    seed: int, bucket: str, worlds: list[Kept], store: Store
) -> None:
    dice = Random(seed)
    kept, filters = dice.choice(worlds), [tree(dice, NESTABLE)]

    total = ask(store, kept, metrics=ADDITIVE, filters=filters)["results"][0]["metrics"]
    parts = ask(store, kept, metrics=ADDITIVE, filters=filters, dimensions=[bucket])["results"]

    assert total == [sum(row["metrics"][n] for row in parts) for n in range(len(ADDITIVE))]


@lawful
@given(seed=seeds, limit=st.integers(1, 7))
def test_the_pages_of_an_answer_make_the_answer(seed: int, limit: int, worlds: list[Kept], store: Store) -> None:
    dice = Random(seed)
    kept = dice.choice(worlds)
    asked: dict[str, Any] = {
        "metrics": ["visitors"],
        "dimensions": ["event:page", "visit:source"],
        "filters": [tree(dice, NESTABLE)],
        "include": {"total_rows": True},
    }
    whole = ask(store, kept, **asked)

    pages = [
        ask(store, kept, **asked, pagination={"limit": limit, "offset": offset})["results"]
        for offset in range(0, len(whole["results"]) + 1, limit)
    ]

    assert [row for page in pages for row in page] == whole["results"]
    assert whole["meta"]["total_rows"] == len(whole["results"])


@lawful
@given(seed=seeds)
def test_a_filter_and_its_opposite_share_no_event_and_miss_none(seed: int, worlds: list[Kept], store: Store) -> None:
    dice = Random(seed)
    kept, node = dice.choice(worlds), tree(dice, NESTABLE)

    counts = [
        ask(store, kept, metrics=["events"], filters=filters)["results"][0]["metrics"][0]
        for filters in ([node], [["not", node]], [])
    ]

    assert counts[0] + counts[1] == counts[2]


@lawful
@given(seed=seeds)
def test_the_echo_of_a_question_has_the_same_answer(seed: int, worlds: list[Kept], store: Store) -> None:
    dice = Random(seed)
    kept = dice.choice(worlds)
    first = ask(store, kept, metrics=["visitors"], dimensions=["time"], filters=[tree(dice, NESTABLE)])

    again = json.loads(answer_v2(json.dumps(first["query"]).encode(), kept.site, store, now=NOW))

    assert again == first
