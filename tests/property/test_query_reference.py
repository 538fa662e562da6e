"""The engine against plain Python: for any question, about any world, the answers are equal.

What the reference cannot tell is listed at the top of tests/support/reference/answer.py.
"""

import json
import os
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from passerby.query.api import answer_dashboard, answer_v2
from passerby.store.store import Store
from tests.support.questions import Question, question
from tests.support.reference.answer import answer
from tests.support.worlds import PLACES, Kept, keep_world

QUESTIONS = int(os.environ.get("PASSERBY_TEST_QUESTIONS", "200"))
IMPORTS = (6, 2, 0, 1, 6, 3)  # Of each world; of six the oldest is not read.
COMPARED = ("total_rows", "time_labels", "imports_included", "imports_skip_reason")


@pytest.fixture(scope="session")
def worlds(store: Store) -> list[Kept]:
    return [
        keep_world(store, zone=zone, day=day, seed=seed, imports=IMPORTS[seed])
        for seed, (zone, day) in enumerate(PLACES)
    ]


@settings(
    max_examples=QUESTIONS,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
@pytest.mark.timeout(3600)
def test_every_answer_equals_the_one_computed_from_raw_events(seed: int, worlds: list[Kept], store: Store) -> None:
    # A dice of its own: drawn part by part, Hypothesis asks mostly about nothing at all.
    dice = Random(seed)
    kept = dice.choice(worlds)
    asked = question(dice, kept.day, kept.world.zone)
    note(f"{kept.world.zone} {asked.now} internal={asked.is_internal} {json.dumps(asked.body)}")

    given_back = ask(asked, kept, store)

    assert given_back == answer(kept.world, asked.body, now=asked.now, is_internal=asked.is_internal)


def ask(asked: Question, kept: Kept, store: Store) -> dict[str, Any]:
    door = answer_dashboard if asked.is_internal else answer_v2
    answered = json.loads(door(json.dumps(asked.body).encode(), kept.site, store, now=asked.now))
    meta = {name: answered["meta"][name] for name in COMPARED if name in answered["meta"]}
    warnings = answered["meta"].get("metric_warnings", {})
    meta["warnings"] = {name: warning["code"] for name, warning in warnings.items()}
    parts = {
        name: [_plain(row) for row in answered[name]] for name in ("results", "comparison_results") if name in answered
    }
    return {**parts, "meta": meta}


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """The row with money as its number."""
    plain = {**row, "metrics": [m["value"] if isinstance(m, dict) else m for m in row["metrics"]]}
    return {**plain, "comparison": _plain(row["comparison"])} if "comparison" in row else plain
