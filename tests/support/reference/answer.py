"""Every answer in plain Python, from raw rows and the definitions alone: slow, obvious, sharing no code of ours.

`answer` takes the JSON a caller would send and gives the rows of the answer in order, with what is worth comparing of
`meta`: `total_rows`, `time_labels`, what became of imports, and the codes of warnings.

What it cannot tell (tests of their own do):
- times before a site's legacy cut-off (we have one method), sampling and consolidated views (we have none);
- events of nobody: sites, and periods of a site, that did not count visitors;
- two dimensions of time, and a dimension of time beside others in a comparison;
- a compared series that is ordered by a metric, and how many rows a filled series has;
- texts whose case has more than one form (ẞ, dotless i), and regular expressions outside what RE2 and Python share;
- the words of money and warnings, the echo of the question, and what else the dashboard's own flags put into meta.
"""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from tests.support.reference import periods
from tests.support.reference.asked import Asked, understand
from tests.support.reference.counted import Counted, Metrics
from tests.support.reference.world import Key, World


def answer(world: World, body: dict[str, Any], *, now: datetime, is_internal: bool = False) -> dict[str, Any]:
    """The answer to a body, as far as it is compared."""
    asked = understand(world, body, now=now, is_internal=is_internal)
    counted = Counted(asked)
    rows = _ordered(asked, counted.rows())
    meta: dict[str, Any] = counted.meta()
    if asked.include.get("total_rows"):
        meta["total_rows"] = len(rows)
    shown = {"results": [_shown(row) for row in _page(asked, rows)]} if asked.other is None else _compared(asked, rows)
    if asked.time and asked.include.get("time_labels"):
        column = asked.dimensions.index(asked.time)
        meta["time_labels"] = _labels(asked, {row["dimensions"][column] for row in shown["results"]})
    return {**shown, "meta": meta}


def _page(asked: Asked, rows: list[Any]) -> list[Any]:
    return rows[asked.offset : asked.offset + asked.limit]


def _shown(row: tuple[Key, Metrics]) -> dict[str, Any]:
    return {"dimensions": list(row[0]), "metrics": row[1]}


# --- Order -------------------------------------------------------------------------------------------------------


def _ordered(asked: Asked, rows: list[tuple[Key, Metrics]]) -> list[tuple[Key, Metrics]]:
    """By the entries of `order_by`, then by every dimension; what is not known comes last."""
    ties = [[name, "asc"] for name in asked.dimensions]
    for name, direction in reversed([*asked.order_by, *ties]):
        known = [row for row in rows if _value_of(asked, name, row) is not None]
        unknown = [row for row in rows if _value_of(asked, name, row) is None]
        rows = sorted(known, key=partial(_value_of, asked, name), reverse=direction == "desc") + unknown
    return rows


def _value_of(asked: Asked, name: str, row: tuple[Key, Metrics]) -> Any:
    if name in asked.dimensions:
        return row[0][asked.dimensions.index(name)]
    return row[1][asked.metrics.index(name)]


# --- Two periods -------------------------------------------------------------------------------------------------


def _compared(asked: Asked, rows: list[tuple[Key, Metrics]]) -> dict[str, Any]:
    if asked.other is None:
        raise ValueError(asked)
    then = replace(asked, span=asked.other, other=asked.span)
    counted = Counted(then)
    known = dict(counted.rows())
    if asked.dimensions and asked.dimensions == [asked.time]:
        return _compared_series(asked, then, dict(rows), known)
    pairs = [(row, (row[0], known.get(row[0]) or counted.empty(row[0]))) for row in _page(asked, rows)]
    return {"results": [_beside(asked, row, other) for row, other in pairs]}


def _compared_series(asked: Asked, then: Asked, now: dict[Key, Metrics], before: dict[Key, Metrics]) -> dict[str, Any]:
    rows, others = _filled(asked, now), _filled(then, before)
    shown = [
        _beside(asked, row, others[index]) if index < len(others) else _shown(row) for index, row in enumerate(rows)
    ]
    is_falling = [asked.time, "desc"] in asked.order_by
    return {
        "results": _page(asked, shown[::-1] if is_falling else shown),
        "comparison_results": [_shown(row) for row in others],
    }


def _filled(asked: Asked, known: dict[Key, Metrics]) -> list[tuple[Key, Metrics]]:
    counted = Counted(asked)
    every = [(label,) for label in _labels(asked, {key[0] for key in known})]
    return [(key, known.get(key) or counted.empty(key)) for key in every]


def _labels(asked: Asked, counted: set[str]) -> list[str]:
    """Every bucket, and beyond them those that counted something and are shown (docs/compatibility.md)."""
    found = periods.labels(asked.time or "", asked.span, now=asked.now)
    if asked.time == "time:minute":
        running = periods.bucket("time:minute", int(asked.now.timestamp()), asked.span)
        counted = {label for label in counted if label < running}
    return found if counted <= set(found) else sorted({*found, *counted})


def _beside(asked: Asked, row: tuple[Key, Metrics], other: tuple[Key, Metrics]) -> dict[str, Any]:
    changes = [_change(name, new, old) for name, new, old in zip(asked.metrics, row[1], other[1], strict=True)]
    return {**_shown(row), "comparison": {**_shown(other), "change": changes}}


def _change(name: str, new: Any, old: Any) -> float | None:
    if new is None or old is None:
        return None
    if name in {"conversion_rate", "exit_rate"}:
        return round(float(new - old), 1)
    if name == "bounce_rate":
        return float(new - old) if old > 0 else None
    if old == 0:
        return 100 if new > 0 else 0
    percent = float(new - old) / old * 100
    away = int(abs(percent) + 0.5)
    return away if percent > 0 else -away
