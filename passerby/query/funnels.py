"""How many visitors get how far through a row of goals, within a day of the first.

Visitors are followed across visits. A step is completed in time order; seconds that tie count as in the funnel's
order, except in strict funnels, where events keep the order they arrived in.
Source: docs/funnels.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any, assert_never

from passerby.query.conditions import Scope, Table
from passerby.query.dimensions import GOAL, PAGE
from passerby.query.errors import QueryRefused
from passerby.query.filters import leaves
from passerby.query.language import Query
from passerby.query.money import money
from passerby.query.site import Goal, QuerySite
from passerby.query.uncounted import check_visitors_known
from passerby.store.store import Store

WINDOW_SECONDS = 86_400  # From the first step to the last.
STEPS_MIN = 2
STEPS_MAX = 8


class FunnelType(StrEnum):
    """What may lie between two steps."""

    SEQUENTIAL = "sequential"  # Anything.
    FLEXIBLE = "flexible"  # Anything, and the last step counts after the first whatever became of those between.
    STRICT = "strict"  # Nothing.


@dataclass(frozen=True, slots=True)
class Funnel:
    """A row of two to eight goals."""

    name: str
    steps: tuple[Goal, ...]
    type: FunnelType = FunnelType.SEQUENTIAL


class FunnelUnavailable(QueryRefused):
    """The dashboard is filtered by something a funnel makes no sense under."""

    code = "funnel_unavailable"


def answer_funnel(funnel: Funnel, query: Query, site: QuerySite, store: Store) -> dict[str, Any]:
    """The funnel under the question's period and filters, beside the other period when one is compared with.

    Raises: FunnelUnavailable, VisitorsNotCounted; QueryTooExpensive, StoreUnavailable.
    """
    _check(query)
    check_visitors_known(query, site, store)
    other = query.compared
    compared = None if other is None else replace(query, range=other, compared=None)
    return {
        "name": funnel.name,
        "funnel_type": funnel.type.value,
        **_run(funnel, query, site, store),
        "comparison": None if compared is None else _run(funnel, compared, site, store),
        "date_range": _dates(query),
        "comparison_date_range": None if compared is None else _dates(compared),
    }


def percentage(part: int, whole: int) -> str:
    """A share as the dashboard prints it: two decimals, or none."""
    if not part or not whole:
        return "0"
    return f"{100 * part / whole:.2f}".removesuffix(".00")


def show_steps(labels: Sequence[str], visitors: Sequence[int]) -> list[dict[str, Any]]:
    """Each step with how many came so far, and how many were lost since the step before."""
    shown: list[dict[str, Any]] = []
    for index, (label, count) in enumerate(zip(labels, visitors, strict=True)):
        before = visitors[index - 1] if index else count
        shown.append(
            {
                "label": label,
                "visitors": count,
                "dropoff": before - count,
                "dropoff_percentage": percentage(before - count, before),
                "conversion_rate": percentage(count, visitors[0]) if index else "100",
                "conversion_rate_step": percentage(count, before) if index else "0",
            }
        )
    return shown


def _check(query: Query) -> None:
    filtered_by = {place.leaf.dimension for place in leaves(query.filters)}
    reasons = ((GOAL in filtered_by, "goals"), (PAGE in filtered_by, "pages"), (query.period.is_realtime, "realtime"))
    for applies, what in reasons:
        if applies:
            by = "realtime period" if what == "realtime" else what
            raise FunnelUnavailable(f"We are unable to show funnels when the dashboard is filtered by {by}")


def _dates(query: Query) -> list[str]:
    return [query.range.first_day.isoformat(), query.range.last_day.isoformat()]


def _run(funnel: Funnel, query: Query, site: QuerySite, store: Store) -> dict[str, Any]:
    sql, values = compile_funnel(funnel, query, site)
    (row,) = store.query(sql, values).rows
    count = len(funnel.steps)
    everyone, reached, revenues = int(row[0]), [int(value) for value in row[1 : count + 1]], row[count + 1 :]
    steps = show_steps([goal.display_name for goal in funnel.steps], reached)
    for step, goal, revenue in zip(steps, funnel.steps, revenues, strict=True):
        step.update(_revenue(goal, revenue, visitors=step["visitors"]))
    never = everyone - reached[0]
    return {
        "all_visitors": everyone,
        "entering_visitors": reached[0],
        "entering_visitors_percentage": percentage(reached[0], everyone),
        "never_entering_visitors": never,
        "never_entering_visitors_percentage": percentage(never, everyone),
        "steps": steps,
    }


def _revenue(goal: Goal, amount: Decimal | None, *, visitors: int) -> dict[str, Any]:
    if goal.currency is None:
        return {}
    each = round(float(amount or 0) / visitors, 3) if visitors else 0.0
    return {"revenue": money(amount or 0, goal.currency), "revenue_per_visitor": money(each, goal.currency)}


# --- SQL ---------------------------------------------------------------------------------------------------------


def compile_funnel(funnel: Funnel, query: Query, site: QuerySite) -> tuple[str, dict[str, Any]]:
    """One statement, one pass over the events: everyone, visitors of each step, money of each step."""
    scope = Scope(site=site, range=query.range)
    goals = [f"({scope.goal(goal)})" for goal in funnel.steps]
    last = len(goals)
    columns = [
        f"{_level(funnel.type, goals)} AS level",
        *(f"{_money(goal, condition)} AS money{n}" for n, (goal, condition) in enumerate(_pairs(funnel, goals), 1)),
    ]
    reached = [f"level >= {n}" for n in range(1, last + 1)]
    if funnel.type is FunnelType.FLEXIBLE and last > STEPS_MIN:
        columns.append(f"{_window(goals[0], goals[-1])} AS ends")
        reached[-1] = f"ends >= {STEPS_MIN}"
    counted = [f"countIf({condition})" for condition in reached]
    sums = [f"sumIf(money{n}, {condition})" for n, condition in enumerate(reached, 1)]
    sql = (
        f"SELECT count(), {', '.join([*counted, *sums])}\nFROM (\n"
        f"SELECT {', '.join(columns)}\nFROM events WHERE {scope.where(Table.EVENTS, query.filters)}\n"
        f"GROUP BY visitor_id\n)"
    )
    return sql, scope.params.values


def _pairs(funnel: Funnel, goals: list[str]) -> list[tuple[Goal, str]]:
    return list(zip(funnel.steps, goals, strict=True))


def _money(goal: Goal, condition: str) -> str:
    if goal.currency is None:
        return "toDecimal128(0, 3)"
    return f"ifNull(sumIf(revenue_reporting_amount, {condition}), 0)"


def _level(kind: FunnelType, goals: list[str]) -> str:
    """How many steps a visitor completed."""
    match kind:
        case FunnelType.SEQUENTIAL | FunnelType.FLEXIBLE:
            return _window(*goals)
        case FunnelType.STRICT:
            return _unbroken(goals)
        case unreachable:
            assert_never(unreachable)


def _window(*goals: str) -> str:
    return f"windowFunnel({WINDOW_SECONDS})(timestamp, {', '.join(goals)})"


def _unbroken(goals: list[str]) -> str:
    """The longest run of steps with nothing between them, begun at any event.

    windowFunnel's own 'strict_order' gives up at the first run that breaks, and a visitor who begins anew would be
    lost. Engagement is what the script says between any two pages, so it breaks nothing, unless it is itself a step
    (a scroll goal).
    """
    steps = ", ".join(goals)
    seen = f"arraySort(groupArrayIf((timestamp, arrival, [{steps}]), name != 'engagement' OR {' OR '.join(goals)}))"
    run = "1"
    for n in range(len(goals) - 1, 0, -1):
        done = f"seen[i + {n}].3[{n + 1}] AND toUInt32(seen[i + {n}].1) - toUInt32(seen[i].1) <= {WINDOW_SECONDS}"
        run = f"1 + if({done}, {run}, 0)"
    runs = f"arrayMap(i -> if(seen[i].3[1], {run}, 0), arrayEnumerate({seen} AS seen))"
    return f"arrayMax({runs})"
