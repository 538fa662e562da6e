"""From a `Query` to its rows: plan, compile, ask the store, and read the answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from passerby.query.compile import compile_plan, compile_total
from passerby.query.dimensions import DIMENSIONS, GOAL, Kind
from passerby.query.language import Query
from passerby.query.metrics import METRICS, Total, Unit
from passerby.query.money import money
from passerby.query.plan import Plan, plan_query
from passerby.query.ranges import stamp
from passerby.query.revenue import Revenue, revenue_of
from passerby.query.site import QuerySite
from passerby.query.uncounted import counted_instead, rests_on_visits, unknown_metrics
from passerby.store.errors import PatternRefused
from passerby.store.store import Store


@dataclass(frozen=True, slots=True)
class Row:
    """One group: dimension values and metric values in the order asked."""

    dimensions: tuple[Any, ...]
    metrics: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one question, how many there were before pagination, and how they came about."""

    rows: list[Row]
    total: int
    plan: Plan
    revenue: Revenue
    unavailable: frozenset[str]  # Metrics that are not known where visitors were not counted: null in every row.


def run_query(query: Query, site: QuerySite, store: Store, *, only: dict[str, list[Any]] | None = None) -> Rows:
    """Ask the store. `only` keeps the rows with these dimension values, without pagination.

    Raises: QueryTooExpensive, PatternRefused, StoreUnavailable.
    """
    unavailable = unknown_metrics(query, site, store)
    asked = counted_instead(query, unavailable) if unavailable else query
    plan = plan_query(asked, site)
    revenue = revenue_of(query, site)
    if unavailable and rests_on_visits(query):
        rows = [] if query.dimensions else [Row((), (None,) * len(query.metrics))]
        return Rows(rows=rows, total=len(rows), plan=plan, revenue=revenue, unavailable=unavailable)
    totals = {total: _total(plan, total, site, store) for total in plan.totals}
    statement = compile_plan(plan, site, totals=totals, only=only)
    try:
        table = store.query_shared(statement.sql, statement.values)
    except PatternRefused as problem:
        raise PatternRefused(f"#/filters: {problem.message}", field="#/filters") from problem
    rows = [_row(values, query, asked.metrics, revenue) for values in table.rows]
    total = int(table.rows[0][-1]) if query.include.total_rows and table.rows else 0
    if query.include.total_rows and query.offset and not rows:  # A page behind the last has no row to say it.
        total = run_query(replace(query, limit=1, offset=0), site, store).total
    return Rows(rows=rows, total=total, plan=plan, revenue=revenue, unavailable=unavailable)


def _total(plan: Plan, total: Total, site: QuerySite, store: Store) -> int:
    """What a metric is measured against: one number, the same for every panel of a dashboard."""
    statement = compile_total(plan, total, site)
    return int(store.query_shared(statement.sql, statement.values).rows[0][0])


def _row(values: Sequence[Any], query: Query, counted: tuple[str, ...], revenue: Revenue) -> Row:
    width = len(query.dimensions)
    dimensions = tuple(_dimension(name, value) for name, value in zip(query.dimensions, values[:width], strict=True))
    goal = dimensions[query.dimensions.index(GOAL)] if GOAL in query.dimensions else None
    known = dict(zip(counted, values[width : width + len(counted)], strict=True))
    currency = revenue.of(goal)
    return Row(
        dimensions, tuple(_metric(name, known[name], currency) if name in known else None for name in query.metrics)
    )


def _dimension(name: str, value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if name.startswith("time:"):
        return stamp(datetime.fromtimestamp(value, UTC))
    known = DIMENSIONS.get(name)
    return int(value) if known is not None and known.kind is Kind.NUMBER else value


def _metric(name: str, value: Any, currency: str | None) -> Any:
    metric = METRICS[name]
    if metric.unit is Unit.MONEY:
        return money(value, currency)
    if value is None:
        return None
    if metric.is_fraction:
        return float(value)
    return int(value) if isinstance(value, (int, float, Decimal)) else value


def empty_metrics(query: Query, found: Rows, *, goal: str | None = None) -> tuple[Any, ...]:
    """What the metrics are where nothing was counted: a bucket of silence, a row that is not there."""
    currency = found.revenue.of(goal)
    return tuple(None if name in found.unavailable else _empty(name, currency) for name in query.metrics)


def _empty(name: str, currency: str | None) -> Any:
    metric = METRICS[name]
    if metric.unit is Unit.MONEY:
        return money(0, currency)
    if metric.is_null_when_empty:
        return None
    return 0.0 if metric.is_fraction else 0
