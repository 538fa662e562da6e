"""The engine against plain Python: for any question, about any world, the numbers are equal."""

import json
import os
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from passerby.query.api import answer_v2
from passerby.store.store import Store
from tests.support.questions import question
from tests.support.reference import answer
from tests.support.worlds import PLACES, Kept, keep_world

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
QUESTIONS = int(os.environ.get("PASSERBY_TEST_QUESTIONS", "200"))


@pytest.fixture(scope="session")
def worlds(store: Store) -> list[Kept]:
    return [keep_world(store, zone=zone, day=day, seed=seed) for seed, (zone, day) in enumerate(PLACES)]


@settings(
    max_examples=QUESTIONS,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
@pytest.mark.timeout(1800)
def test_every_answer_equals_the_one_computed_from_raw_events(seed: int, worlds: list[Kept], store: Store) -> None:
    # A dice of its own: drawn part by part, Hypothesis asks mostly about nothing at all.
    dice = Random(seed)
    kept = dice.choice(worlds)
    asked = question(dice, kept.day)
    note(f"{kept.world.zone} {json.dumps(asked)}")

    results = json.loads(answer_v2(json.dumps(asked).encode(), kept.site, store, now=NOW))["results"]

    answered = {tuple(row["dimensions"]): tuple(map(plain, row["metrics"])) for row in results}
    assert len(answered) == len(results)
    assert answered == answer(kept.world, asked)


def plain(metric: Any) -> Any:
    """Money as its number."""
    return metric["value"] if isinstance(metric, dict) else metric
