"""Visitors who do one thing after another, for funnels and journeys: `walk(site_id, "/a", "/b", "Signup")`."""

from typing import Any

from passerby.store.rows import EventRow
from tests.support.stores import at, event_row, number

NOON = at("2026-01-15 12:00")


def walk(site_id: int, *steps: str | tuple[str, int], visitor: int | None = None, **fields: Any) -> list[EventRow]:
    """One visitor's events a minute apart: a path is a page view, anything else an event's name.

    A step may carry its second after noon: `("/b", 90)`.
    """
    one = visitor or number()
    rows, second = [], 0
    for step in steps:
        what, second = step if isinstance(step, tuple) else (step, second)
        own = {"pathname": what} if what.startswith("/") else {"name": what, "pathname": "/"}
        rows.append(event_row(site_id, visitor_id=one, visit_id=one, timestamp=NOON + second, **{**own, **fields}))
        second += 60
    return rows
