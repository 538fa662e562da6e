"""The engine against plain Python: for any question, about any world, the numbers are equal."""

import json
import os
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from passerby.query.api import answer_v2
from passerby.store.store import Store
from tests.support.questions import questions
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
@given(data=st.data())
@pytest.mark.timeout(1800)
def test_every_answer_equals_the_one_computed_from_raw_events(
    data: st.DataObject, worlds: list[Kept], store: Store
) -> None:
    kept = worlds[data.draw(st.integers(0, len(worlds) - 1), label="world")]
    question = data.draw(questions(kept.day), label="question")

    results = json.loads(answer_v2(json.dumps(question).encode(), kept.site, store, now=NOW))["results"]

    answered = {tuple(row["dimensions"]): tuple(row["metrics"]) for row in results}
    assert len(answered) == len(results)
    assert answered == answer(kept.world, question)
