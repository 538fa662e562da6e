"""Funnels and journeys against plain Python, over the same random sites as all other questions."""

import os
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from passerby.query.api import parse_query
from passerby.query.funnels import Funnel, FunnelType, answer_funnel
from passerby.query.grammar import INTERNAL
from passerby.query.journeys import journey_funnel, next_steps, parse_journey
from passerby.query.language import Query
from passerby.store.store import Store
from tests.support.asking import body
from tests.support.questions import NESTABLE, tree
from tests.support.reference.asked import Asked, understand
from tests.support.reference.funnels import funnel
from tests.support.reference.journeys import candidates, reached
from tests.support.worlds import GOALS, PLACES, Kept, keep_world

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
QUESTIONS = int(os.environ.get("PASSERBY_TEST_QUESTIONS", "200")) // 2
OF_VISITS = [name for name in NESTABLE if name.startswith("visit:")]
SINGLE: list[dict[str, Any]] = [
    {"name": "pageview", "pathname": "/"},
    {"name": "pageview", "pathname": "/a"},
    {"name": "pageview", "pathname": "/docs/x"},
    {"name": "Outbound Link: Click", "pathname": ""},
    {"name": "404"},
]
WIDE: list[dict[str, Any]] = [
    {"name": "pageview", "pathname": "/docs", "includes_subpaths": True},
    {"name": "pageview", "pathname": "/docs/**", "is_goal": True},
]
random_questions = settings(
    max_examples=QUESTIONS,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="session")
def worlds(store: Store) -> list[Kept]:
    return [keep_world(store, zone=zone, day=day, seed=300 + n) for n, (zone, day) in enumerate(PLACES)]


def asked_of(dice: Random, kept: Kept, store: Store) -> tuple[Query, Asked]:
    """One period and some filters, for the product and for the reference."""
    members: dict[str, Any] = {
        "date_range": [f"{kept.day[:8]}01", f"{kept.day[:8]}28"],
        "filters": [tree(dice, OF_VISITS) for _ in range(dice.choice([0, 0, 1, 2]))],
        "metrics": ["visitors"],
    }
    if dice.random() < 0.5:
        members["date_range"] = [kept.day, kept.day]
    note(f"{kept.world.zone} {members}")
    query = parse_query(body(**members), kept.site, store, now=NOW, grammar=INTERNAL)
    return query, understand(kept.world, members, now=NOW, is_internal=True)


@random_questions
@given(seed=st.integers(0, 2**32), kind=st.sampled_from(FunnelType))
def test_a_funnel_counts_whom_plain_python_counts(
    seed: int, kind: FunnelType, worlds: list[Kept], store: Store
) -> None:
    dice = Random(seed)
    kept = dice.choice(worlds)
    query, asked = asked_of(dice, kept, store)
    steps = dice.sample(list(GOALS), dice.randint(2, 5))
    note(f"{kind} {steps}")
    goals = {goal.display_name: goal for goal in kept.site.goals}

    answer = answer_funnel(Funnel("Way", tuple(goals[name] for name in steps), kind), query, kept.site, store)

    expected = funnel(asked, steps, kind.value)
    assert answer["all_visitors"] == expected["all_visitors"]
    assert [step["visitors"] for step in answer["steps"]] == expected["visitors"]
    assert [step["revenue"]["value"] if "revenue" in step else None for step in answer["steps"]] == expected["revenue"]


@random_questions
@given(seed=st.integers(0, 2**32), direction=st.sampled_from(["forward", "backward"]))
def test_a_journey_goes_where_plain_python_goes(seed: int, direction: str, worlds: list[Kept], store: Store) -> None:
    dice = Random(seed)
    kept = dice.choice(worlds)
    query, asked = asked_of(dice, kept, store)
    steps = [dice.choice(SINGLE) for _ in range(dice.choice([0, 1, 1, 2]))]
    if steps and dice.random() < 0.4:
        steps[dice.randrange(len(steps))] = dice.choice(WIDE)
    search = dice.choice(["", "", "", "do", "DOCS", "404", "outb", "ünï", "further"])
    note(f"{steps} {search!r} {direction}")
    journey = parse_journey(steps, direction=direction, search=search)

    is_backward = direction == "backward"
    offered = next_steps(journey, query, kept.site, store, limit=50)

    assert offered == candidates(asked, steps, is_backward=is_backward, search=search, limit=50)
    if steps:
        rows = journey_funnel(journey, query, kept.site, store)
        assert [row["visitors"] for row in rows] == reached(asked, steps, is_backward=is_backward)
