"""A `Plan` as one SQL statement with bound values. Identifiers come from registries only.

Shape: every source selects dimension columns `d0…`, its parts as `p_<part>` (zero where it cannot count one) and
whether it leads; sources are stacked, summed per group, and the outermost select combines parts into metrics `m0…`.
One source needs no stacking: its parts are renamed only, which spares the engine a select to plan.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from passerby.query.conditions import Scope
from passerby.query.dimensions import GOAL
from passerby.query.filters import top
from passerby.query.goals import is_scroll_goal, selected_goals
from passerby.query.imported_sql import compile_imported
from passerby.query.language import Query
from passerby.query.metrics import METRICS, Metric, Total
from passerby.query.native_sql import compile_native
from passerby.query.params import Params
from passerby.query.plan import Plan, Rows, Source
from passerby.query.revenue import revenue_of
from passerby.query.site import QuerySite


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL and the values bound in it. Columns: dimensions, metrics, then `total_rows` when it was asked for."""

    sql: str
    values: dict[str, Any]


def compile_plan(
    plan: Plan, site: QuerySite, *, totals: Mapping[Total, int], only: dict[str, list[Any]] | None = None
) -> Statement:
    """Print the plan, given its totals. `only` keeps the rows with these values of dimensions, without pagination."""
    return _Compiler(plan, site).statement(totals, only or {})


def compile_total(plan: Plan, total: Total, site: QuerySite) -> Statement:
    """The statement of one total: a single number."""
    return _Compiler(plan, site).total(plan.totals[total])


class _Compiler:
    def __init__(self, plan: Plan, site: QuerySite) -> None:
        self._plan = plan
        self._query: Query = plan.query
        self._site = site
        self._scope = Scope(site=site, range=plan.query.range, params=Params())
        self._goals = selected_goals(plan.query.filters, site)

    def statement(self, totals: Mapping[Total, int], only: dict[str, list[Any]]) -> Statement:
        query = self._query
        metrics = [f"{self._metric(METRICS[name])} AS m{index}" for index, name in enumerate(query.metrics)]
        columns = [f"d{index} AS dim{index}" for index in range(len(query.dimensions))] + metrics
        if query.include.total_rows:
            columns.append("count() OVER () AS total_rows")
        sql = "\n".join(
            filter(
                None,
                [
                    self._with(totals),
                    f"SELECT {', '.join(columns)}",
                    f"FROM (\n{self._summed()}\n)",
                    self._only(only),
                    self._order(),
                    "" if only else f"LIMIT {int(query.limit)} OFFSET {int(query.offset)}",
                ],
            )
        )
        return Statement(sql, self._scope.params.values)

    # --- the outermost select ---

    def _metric(self, metric: Metric) -> str:
        match metric.name:
            case "events":
                return self._events(metric)
            case "total_revenue" | "average_revenue":
                return self._money(metric)
            case _:
                return metric.sql

    def _money(self, metric: Metric) -> str:
        """Nothing where money has no currency, zero where there was none: rows are in the order of what they show."""
        revenue = revenue_of(self._query, self._site)
        if revenue.warning is not None:
            return "NULL"
        amount = f"coalesce({metric.sql}, 0)"
        if revenue.by_goal is None:
            return amount
        names = self._scope.params.texts(sorted(revenue.by_goal))
        return f"if(has({names}, d{self._query.dimensions.index(GOAL)}), {amount}, NULL)"

    def _events(self, metric: Metric) -> str:
        scrolled = [goal.display_name for goal in self._goals if is_scroll_goal(goal)]
        if scrolled and GOAL in self._query.dimensions:
            names = self._scope.params.texts(scrolled)
            return f"if(has({names}, d{self._query.dimensions.index(GOAL)}), NULL, events)"
        if scrolled and top(self._query.filters, GOAL):
            return "NULL"  # Scrolling far enough is reached once; it has no "total conversions".
        return metric.sql

    def _with(self, totals: Mapping[Total, int]) -> str:
        named = [f"{self._scope.params.number(count)} AS {total.value}" for total, count in totals.items()]
        if len(self._plan.sources) == 1:
            named += [f"p_{part} AS {part}" for part in self._parts()]
        return f"WITH {', '.join(named)}" if named else ""

    def total(self, sources: tuple[Source, ...]) -> Statement:
        sql = f"SELECT sum(p_visitors) FROM (\n{self._stacked(sources, ('visitors',))}\n)"
        return Statement(sql, self._scope.params.values)

    def _only(self, only: dict[str, list[Any]]) -> str:
        conditions = []
        for index, name in enumerate(self._query.dimensions):
            if name in only:
                conditions.append(f"toString(dim{index}) IN {self._scope.params.texts([str(v) for v in only[name]])}")
        return f"WHERE {' AND '.join(conditions)}" if conditions else ""

    def _order(self) -> str:
        """The order asked for, then every dimension, so that pages of an answer never overlap."""
        if not self._query.dimensions:
            return ""
        entries = [f"{self._column(name)} {direction.upper()}" for name, direction in self._query.order_by]
        named = {name for name, _ in self._query.order_by}
        ties = [f"dim{i} ASC" for i, name in enumerate(self._query.dimensions) if name not in named]
        return f"ORDER BY {', '.join(entries + ties)}"

    def _column(self, name: str) -> str:
        if name in self._query.dimensions:
            return f"dim{self._query.dimensions.index(name)}"
        return f"m{self._query.metrics.index(name)}"

    # --- stacking ---

    def _parts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(part for name in self._query.metrics for part in METRICS[name].parts))

    def _summed(self) -> str:
        dims = [f"d{index}" for index in range(len(self._query.dimensions))]
        sources, parts = self._plan.sources, self._parts()
        stacked = self._stacked(sources, parts)
        if len(sources) == 1:
            return stacked
        columns = [*dims, *(f"sum(p_{part}) AS {part}" for part in parts)] or ["count() AS nothing"]
        sql = f"SELECT {', '.join(columns)} FROM (\n{stacked}\n)"
        if not dims:
            return sql
        return f"{sql}\nGROUP BY {', '.join(dims)} HAVING max(is_leading) = 1"

    def _stacked(self, sources: tuple[Source, ...], parts: tuple[str, ...]) -> str:
        return "\nUNION ALL\n".join(self._source(source, parts) for source in sources)

    def _source(self, source: Source, parts: tuple[str, ...]) -> str:
        compile_source = compile_imported if source.rows is Rows.IMPORTED else compile_native
        return compile_source(source, parts, self._scope, goals=self._goals)
