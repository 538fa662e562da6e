"""Imported aggregates as a source of rows: the same dimensions, filters and parts, read from sums per day."""

from passerby.query.conditions import NEVER, Scope
from passerby.query.dimensions import DIMENSIONS, GOAL, NONE, NOT_SET, PROPS, Dimension, Kind, is_time
from passerby.query.filters import And, Done, Filter, Leaf, Not, Or
from passerby.query.goals import goals_of, is_scroll_goal
from passerby.query.imports import EVENTS_TABLE, PROPERTY_COLUMNS, ImportPlan
from passerby.query.parts import PARTS
from passerby.query.plan import Source
from passerby.query.select import Group, date_bucket, goal_names, named, place_name, select_source
from passerby.query.site import Goal


def compile_imported(source: Source, parts: tuple[str, ...], scope: Scope, *, goals: tuple[Goal, ...]) -> str:
    """One imported table's select."""
    if source.imported is None:
        raise ValueError(source)
    return _Imported(source, source.imported, scope, goals).select(parts)


class _Imported:
    def __init__(self, source: Source, plan: ImportPlan, scope: Scope, goals: tuple[Goal, ...]) -> None:
        self._source = source
        self._scope = scope
        self._plan = plan
        self._table = plan.tables[0]
        self._goals = goals

    def select(self, parts: tuple[str, ...]) -> str:
        groups = [self._group(name) for name in self._source.dimensions]
        counted = {part: PARTS[part].in_import(self._table) for part in self._source.parts}
        conditions = [*self._in_period(), *self._worth_grouping()]
        conditions += [self._condition(node) for node in self._source.filters]
        rows = f"imported_{self._table} WHERE {' AND '.join(conditions)}"
        return select_source(self._source, groups, parts, counted, rows)

    def _in_period(self) -> list[str]:
        span, bind = self._scope.range, self._scope.params
        return [
            f"site_id = {bind.number(self._scope.site.id)}",
            f"import_id IN {bind.numbers([one.id for one in self._plan.imports])}",
            f"date >= toDate({bind.text(span.first_day.isoformat())})",
            f"date <= toDate({bind.text(span.last_day.isoformat())})",
        ]

    def _worth_grouping(self) -> list[str]:
        """Leave out rows that name nobody or nothing."""
        conditions = ["visitors > 0"] if self._source.dimensions else []
        if self._plan.needs_pageviews and self._table != EVENTS_TABLE:
            conditions.append("pageviews > 0")
        for name in self._source.dimensions:
            known = DIMENSIONS.get(name)
            if known is None or known.imported is None:
                continue
            if known.imported_dropped:
                dropped = self._scope.params.texts(sorted(known.imported_dropped))
                conditions.append(f"toString({known.imported[1]}) NOT IN {dropped}")
            elif known.imported_label is None:
                conditions.append(f"{known.imported[1]} != ''")
        if GOAL in self._source.dimensions:
            matched = [f"({condition})" for _, condition in self._goals_here()]
            conditions.append(f"({' OR '.join(matched) or NEVER})")
        return conditions

    # --- dimensions ---

    def _group(self, name: str) -> Group:
        if is_time(name):
            sql = date_bucket(name, "date", self._scope)
            return Group(sql, sql)
        if name == GOAL:
            sql = goal_names(self._goals_here(), self._scope)
            return Group(sql, sql)
        if name.startswith(PROPS):
            column = PROPERTY_COLUMNS[name.removeprefix(PROPS)]
            sql = f"if({column} = '', '{NONE}', {column})"
            return Group(sql, sql)
        return self._stored(DIMENSIONS[name])

    def _stored(self, known: Dimension) -> Group:
        column = _column(known)
        if known.kind.is_name:
            rows = f"imported_{self._table} WHERE {' AND '.join(self._in_period())}"
            return place_name(column, known.kind, rows)
        if known.kind is Kind.NUMBER:
            return Group(f"toUInt32({column})", column)
        sql = named(column, NOT_SET if known.imported_label == NOT_SET else known.label)
        return Group(f"CAST({sql} AS String)", sql)

    # --- filters ---

    def _condition(self, node: Filter) -> str:
        match node:
            case And():
                return " AND ".join(self._condition(child) for child in node.children)
            case Or():
                return f"({' OR '.join(self._condition(child) for child in node.children) or NEVER})"
            case Not():
                return f"NOT ({self._condition(node.child)})"
            case Leaf():
                return self._leaf(node)
            case Done():
                raise ValueError(node)  # The plan never sends behaviour here: imported rows know no visits.

    def _leaf(self, leaf: Leaf) -> str:
        if leaf.dimension == GOAL:
            matched = [self._goal(goal) for goal in goals_of(leaf, self._scope.site)]
            return f"({' OR '.join(f'({condition})' for condition in matched) or NEVER})"
        if leaf.dimension.startswith(PROPS):
            column = PROPERTY_COLUMNS[leaf.dimension.removeprefix(PROPS)]
            return self._scope.compare_property(leaf, f"{column} != ''", column)
        known = DIMENSIONS[leaf.dimension]
        return self._scope.compare(leaf, known, _column(known))

    def _goals_here(self) -> list[tuple[Goal, str]]:
        """The goals this table can tell, each with its condition."""
        return [(goal, self._goal(goal)) for goal in self._goals if self._tells(goal)]

    def _tells(self, goal: Goal) -> bool:
        """Events and pages are in tables of their own; how far somebody scrolled and properties are in none."""
        is_of_table = (goal.event_name is not None) == (self._table == EVENTS_TABLE)
        return is_of_table and not is_scroll_goal(goal) and not goal.custom_props

    def _goal(self, goal: Goal) -> str:
        if not self._tells(goal):
            return NEVER
        if goal.event_name is not None:
            return f"name = {self._scope.params.text(goal.event_name)}"
        return self._scope.path(goal.page_path or "", "page")


def _column(known: Dimension) -> str:
    if known.imported is None:
        raise ValueError(known.name)
    return known.imported[1]
