"""Funnels, step by step for each visitor."""

from decimal import Decimal
from typing import Any

from tests.support.reference.asked import Asked
from tests.support.reference.conditions import completes
from tests.support.reference.native import events_of
from tests.support.reference.world import Row

DAY = 86_400


def funnel(asked: Asked, steps: list[str], kind: str) -> dict[str, Any]:
    """Everyone, how many reached each step, and the money of those who did, by step."""
    goals = [asked.world.goals[name] for name in steps]
    everyone = by_visitor(asked)
    levels = {visitor: _levels(events, goals, kind) for visitor, events in everyone.items()}
    reached = [[visitor for visitor, level in levels.items() if level[n]] for n in range(len(goals))]
    return {
        "all_visitors": len(everyone),
        "visitors": [len(visitors) for visitors in reached],
        "revenue": [
            _money([e for visitor in visitors for e in everyone[visitor]], goal) if goal.get("currency") else None
            for goal, visitors in zip(goals, reached, strict=True)
        ],
    }


def by_visitor(asked: Asked) -> dict[int, list[Row]]:
    """The events of the period that match, of each visitor, as they happened."""
    found: dict[int, list[Row]] = {}
    for event, _ in events_of(asked, asked.filters):
        found.setdefault(event["visitor_id"], []).append(event)
    return {visitor: sorted(events, key=_order) for visitor, events in found.items()}


def _order(event: Row) -> tuple[int, int]:
    return event["timestamp"], event["arrival"]


def _levels(events: list[Row], goals: list[Row], kind: str) -> list[bool]:
    """Whether each step was reached."""
    count = _unbroken(events, goals) if kind == "strict" else _within_a_day(events, goals)
    levels = [n < count for n in range(len(goals))]
    if kind == "flexible" and len(goals) > 2:
        levels[-1] = _within_a_day(events, [goals[0], goals[-1]]) == 2
    return levels


def _within_a_day(events: list[Row], goals: list[Row]) -> int:
    """The most steps from any first one, each as early as it can be; what happens in one second is in their order."""
    best = 0
    for first in events:
        if completes(first, goals[0]):
            count, moment = 1, first["timestamp"]
            for goal in goals[1:]:
                later = [e["timestamp"] for e in events if e["timestamp"] >= moment and completes(e, goal)]
                if not later or min(later) > first["timestamp"] + DAY:
                    break
                count, moment = count + 1, min(later)
            best = max(best, count)
    return best


def _unbroken(events: list[Row], goals: list[Row]) -> int:
    """The most steps with nothing between them. Engagement is nothing, unless it is a step."""
    seen = [e for e in events if e["name"] != "engagement" or any(completes(e, goal) for goal in goals)]
    best = 0
    for index, first in enumerate(seen):
        run = 0
        for event, goal in zip(seen[index:], goals, strict=False):
            if not completes(event, goal) or event["timestamp"] > first["timestamp"] + DAY:
                break
            run += 1
        best = max(best, run)
    return best


def _money(events: list[Row], goal: Row) -> float:
    amounts = [e["revenue_reporting_amount"] for e in events if completes(e, goal)]
    return float(sum(Decimal(str(amount)) for amount in amounts if amount is not None))
