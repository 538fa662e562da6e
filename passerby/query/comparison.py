"""Rows beside the rows of another period, and how much each metric changed."""

from collections.abc import Iterable
from dataclasses import replace
from math import floor
from typing import Any

from passerby.query import ranges
from passerby.query.dimensions import GOAL
from passerby.query.language import LIMIT_MAX, Query
from passerby.query.run import Row, Rows, empty_metrics, run_query
from passerby.query.site import QuerySite
from passerby.store.store import Store


def compare(query: Query, main: Rows, site: QuerySite, store: Store) -> tuple[list[dict[str, Any]], Rows | None]:
    """The rows as JSON, each with its comparison when one was asked for.

    A sole time dimension is compared bucket by bucket: the n-th with the n-th; silence is filled in.
    """
    if query.compared is None:
        return [render(row) for row in main.rows], None
    other_query = replace(query, range=query.compared, compared=query.range)
    if is_series(query):
        other = run_query(_all_rows(other_query), site, store)
        return _series(query, main, other), other
    only = {
        name: [row.dimensions[index] for row in main.rows]
        for index, name in enumerate(query.dimensions)
        if not name.startswith("time:")
    }
    other = run_query(_all_rows(other_query), site, store, only=only)
    known = {row.dimensions: row for row in other.rows}
    pairs = ((row, known.get(row.dimensions) or _absent(other_query, other, row)) for row in main.rows)
    return [_beside(query, row, then) for row, then in pairs], other


def is_series(query: Query) -> bool:
    """True when the answer is one row for each bucket of time."""
    return bool(query.dimensions) and query.dimensions == (query.time_dimension,)


def to_run(query: Query) -> Query:
    """The question as the store is asked it. A series that is compared needs all its buckets before it has pages."""
    return _unpaged(query) if query.compared is not None and is_series(query) else query


def _unpaged(query: Query) -> Query:
    return replace(query, limit=LIMIT_MAX, offset=0)


def _all_rows(query: Query) -> Query:
    return replace(_unpaged(query), include=replace(query.include, total_rows=False))


def _absent(query: Query, found: Rows, row: Row) -> Row:
    """A row of the other period that nothing was counted for."""
    goal = row.dimensions[query.dimensions.index(GOAL)] if GOAL in query.dimensions else None
    return Row(row.dimensions, empty_metrics(query, found, goal=goal))


def _series(query: Query, main: Rows, other: Rows) -> list[dict[str, Any]]:
    name = query.time_dimension or ""
    now = _filled(query, main)
    then = _filled(replace(query, range=query.compared or query.range), other)
    rows = [_beside(query, row, then[index]) if index < len(then) else render(row) for index, row in enumerate(now)]
    ordered = rows if dict(query.order_by).get(name) != "desc" else rows[::-1]
    return ordered[query.offset : query.offset + query.limit]


def _filled(query: Query, found: Rows) -> list[Row]:
    """A row for every bucket of the range, in order."""
    known = {row.dimensions[0]: row for row in found.rows}
    empty = empty_metrics(query, found)
    return [known.get(label, Row((label,), empty)) for label in time_labels(query, known)]


def filled(query: Query, found: Rows) -> list[dict[str, Any]]:
    """The buckets of a series as JSON, oldest first, silence included."""
    return [render(row) for row in _filled(query, found)]


def time_labels(query: Query, counted: Iterable[str]) -> list[str]:
    """The label of every bucket of the range, and those that `counted` names beyond them, oldest first.

    Labels are counted off without regard to the clock change, as Plausible's are: when it jumps ahead, the day's last
    hour has no label of its own. What was measured in it is shown all the same; a minute that still runs is not.
    """
    name = query.time_dimension or ""
    labels = ranges.labels(query.range, name, now=query.now)
    beyond = set(counted) - set(labels)
    if name == "time:minute":
        running = ranges.label_of(query.now, query.range, name)
        beyond = {label for label in beyond if label < running}
    return sorted([*labels, *beyond]) if beyond else labels


def render(row: Row) -> dict[str, Any]:
    """A row as JSON."""
    return {"metrics": list(row.metrics), "dimensions": list(row.dimensions)}


def _beside(query: Query, row: Row, then: Row) -> dict[str, Any]:
    changes = [change(name, new, old) for name, new, old in zip(query.metrics, row.metrics, then.metrics, strict=True)]
    return {**render(row), "comparison": {**render(then), "change": changes}}


def change(metric: str, new: Any, old: Any) -> float | None:
    """How much a metric changed: points for rates, percent for everything else."""
    if isinstance(new, dict) and isinstance(old, dict):
        new, old = new["value"], old["value"]
    if new is None or old is None:
        return None
    before, after = float(old), float(new)
    match metric:
        case "conversion_rate" | "exit_rate":
            return round(after - before, 1)
        case "bounce_rate":
            return after - before if before > 0 else None
        case _:
            return _percent(after, before)


def _percent(new: float, old: float) -> int:
    if old == 0:
        return 100 if new > 0 else 0
    percent = (new - old) / old * 100
    return floor(percent + 0.5) if percent >= 0 else -floor(-percent + 0.5)
