"""Filters as SQL conditions on events, on visits, or on an imported table. Values are always bound.

A filter tree is a predicate over an event and its visit. `Scope.where` renders the whole condition of a table,
so that other questions over the same rows (funnels, journeys, suggestions) can be asked:

    scope = Scope(site=site, range=query.range, params=Params())
    sql = f"SELECT ... FROM events WHERE {scope.where(Table.EVENTS, query.filters)}"
    store.query(sql, scope.params.values)

On events, a condition that only visits can answer becomes "the visit is among those that ..."; on visits, conditions
about events become "the visit has one event in the period for which all of them hold".
"""

from calendar import timegm
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from passerby.query.dimensions import (
    DIMENSIONS,
    DIRECT,
    ENTRY_PROPS,
    GOAL,
    NONE,
    NOT_SET,
    PROPS,
    Dimension,
    Kind,
    Level,
    level_of,
)
from passerby.query.filters import And, Done, Filter, Leaf, Not, Operator, Or, leaves
from passerby.query.goals import goals_of, wildcard_pattern
from passerby.query.params import Params
from passerby.query.ranges import Range
from passerby.query.site import Goal, QuerySite

VISIT_DAYS_MAX = 7  # No visit is longer; it lets the engine skip older visits by their start.
SEARCH_NEEDLES_MAX = 255  # multiSearchAny takes no more.
EPOCH_MAX = 2**32 - 1  # DateTime ends in 2106.
NEVER = "0"
ALWAYS = "1"


class Table(StrEnum):
    """The rows a condition is about."""

    EVENTS = "events"
    VISITS = "visits"


@dataclass(frozen=True, slots=True)
class Scope:
    """One site and one period; collects the values it binds."""

    site: QuerySite
    range: Range
    params: Params = field(default_factory=Params)

    # --- whole conditions ---

    def where(self, table: Table, filters: Sequence[Filter]) -> str:
        """Every condition of a table: site, period and filters."""
        if table is Table.EVENTS:
            return _all([*self.in_period(table), *self._on_events(filters)])
        return _all([*self.in_period(table), *self._on_visits(filters)])

    def in_period(self, table: Table) -> list[str]:
        """The site's rows of the period; a visit belongs to it when it was active in it."""
        site = f"site_id = {self.params.number(self.site.id)}"
        first, last = self.instant(self.range.first), self.instant(self.range.last)
        if table is Table.EVENTS:
            return [site, f"timestamp >= {first}", f"timestamp <= {last}"]
        begun = self.instant(self.range.first - timedelta(days=VISIT_DAYS_MAX))
        return [site, f"start >= {begun}", f"start <= {last}", f"timestamp >= {first}"]

    def instant(self, moment: datetime) -> str:
        """A bound instant."""
        seconds = min(max(timegm(moment.utctimetuple()), 0), EPOCH_MAX)
        return f"toDateTime({self.params.number(seconds)}, 'UTC')"

    def _on_events(self, filters: Sequence[Filter]) -> list[str]:
        direct = [node for node in filters if not _is_visit_only(node)]
        of_visits = [node for node in filters if _is_visit_only(node)]
        conditions = [self.condition(node, Table.EVENTS) for node in direct]
        if of_visits:
            conditions.append(self._among_visits([self.condition(node, Table.VISITS) for node in of_visits]))
        return conditions

    def _on_visits(self, filters: Sequence[Filter]) -> list[str]:
        direct = [node for node in filters if not _mentions_events(node)]
        of_events = [node for node in filters if _mentions_events(node)]
        conditions = [self.condition(node, Table.VISITS) for node in direct]
        if of_events:
            conditions.append(self._with_event([self.condition(node, Table.EVENTS) for node in of_events]))
        return conditions

    def _among_visits(self, conditions: list[str]) -> str:
        where = _all([*self.in_period(Table.VISITS), *conditions])
        return f"visit_id IN (SELECT visit_id FROM visits FINAL WHERE {where})"

    def _with_event(self, conditions: list[str]) -> str:
        where = _all([*self.in_period(Table.EVENTS), *conditions])
        return f"visit_id IN (SELECT visit_id FROM events WHERE {where})"

    # --- trees ---

    def condition(self, node: Filter, table: Table) -> str:
        """One filter tree as a condition on a table's rows."""
        match node:
            case And():
                return _all([self.condition(child, table) for child in node.children])
            case Or():
                return _any([self.condition(child, table) for child in node.children])
            case Not():
                return f"NOT ({self.condition(node.child, table)})"
            case Done():
                found = self._with_event([self.condition(node.child, Table.EVENTS)])
                return found if node.is_done else f"NOT ({found})"
            case Leaf():
                return self._leaf(node, table)
            case unreachable:
                assert_never(unreachable)

    def _leaf(self, leaf: Leaf, table: Table) -> str:
        level = level_of(leaf.dimension)
        if table is Table.EVENTS and level is Level.VISIT:
            return self._among_visits([self._leaf(leaf, Table.VISITS)])
        if table is Table.VISITS and level is Level.EVENT:
            return self._with_event([self._leaf(leaf, Table.EVENTS)])
        if leaf.dimension == GOAL:
            return _any([self.goal(goal) for goal in goals_of(leaf, self.site)])
        if leaf.dimension.startswith(PROPS):
            return self._property(leaf, "props", leaf.dimension.removeprefix(PROPS))
        if leaf.dimension.startswith(ENTRY_PROPS):
            return self._property(leaf, "entry_props", leaf.dimension.removeprefix(ENTRY_PROPS))
        dimension = DIMENSIONS[leaf.dimension]
        return self.compare(leaf, dimension, dimension.column)

    # --- leaves ---

    def compare(self, leaf: Leaf, dimension: Dimension, column: str) -> str:
        """A leaf on a plain column (of any table that has it)."""
        if dimension.kind.is_name:
            return self._place_name(leaf, dimension, column)
        if dimension.kind is Kind.NUMBER:
            return self._number(leaf, column)
        texts = [str(value) for value in leaf.values]
        if leaf.operator.positive is Operator.IS and not dimension.empty.isdisjoint(texts):
            texts.append("")  # Beside the name itself, which a campaign may well send.
        positive = self._match(leaf.operator.positive, column, texts, case_sensitive=leaf.case_sensitive)
        if leaf.operator.positive is Operator.CONTAINS and DIRECT in dimension.empty and _names_direct(leaf):
            positive = _any([positive, f"{column} = ''"])
        return f"NOT ({positive})" if leaf.operator.is_negative else positive

    def _number(self, leaf: Leaf, column: str) -> str:
        if leaf.operator.positive is not Operator.IS:
            texts = [str(value) for value in leaf.values]
            found = self._match(leaf.operator.positive, f"toString({column})", texts, case_sensitive=True)
            return f"NOT ({found})" if leaf.operator.is_negative else found
        known = ["0" if value == NOT_SET else str(value) for value in leaf.values]
        numbers = [int(text) for text in known if text.isascii() and text.isdigit() and int(text) <= EPOCH_MAX]
        found = f"{column} IN {self.params.numbers(numbers)}" if numbers else NEVER
        return f"NOT ({found})" if leaf.operator.is_negative else found

    def _place_name(self, leaf: Leaf, dimension: Dimension, column: str) -> str:
        """A name is compared in the list of places, and rows by the code that bears it; other codes have no name."""
        operator = leaf.operator.positive
        is_equality = operator is Operator.IS
        values = ["" if is_equality and value in dimension.empty else str(value) for value in leaf.values]
        names = self._match(operator, "name", values, case_sensitive=leaf.case_sensitive)
        code, listed = f"toString({column})", f"SELECT id FROM locations WHERE kind = '{dimension.kind.value}'"
        found = f"{code} IN ({listed} AND {names})"
        if "" in values:
            found = _any([found, f"{code} NOT IN ({listed})"])
        elif values and operator in {Operator.MATCHES, Operator.MATCHES_WILDCARD}:
            without = self._match(operator, "''", values, case_sensitive=True)
            found = _any([found, f"({without} AND {code} NOT IN ({listed}))"])
        return f"NOT ({found})" if leaf.operator.is_negative else found

    def _property(self, leaf: Leaf, column: str, key: str) -> str:
        name = self.params.text(key)
        return self.compare_property(leaf, f"mapContains({column}, {name})", f"{column}[{name}]")

    def compare_property(self, leaf: Leaf, has_key: str, value: str) -> str:
        """A leaf on a property: without the key there is nothing to compare, which is what `(none)` means."""
        texts = [str(item) for item in leaf.values]
        positive = leaf.operator.positive
        if positive is not Operator.IS:
            found = self._match(positive, value, texts, case_sensitive=leaf.case_sensitive)
            return _all([has_key, f"NOT ({found})" if leaf.operator.is_negative else found])
        present = [text for text in texts if text != NONE]
        found = _all([has_key, self._match(positive, value, present, case_sensitive=leaf.case_sensitive)])
        if NONE in texts:
            found = _any([found, f"NOT {has_key}"])
        return f"NOT ({found})" if leaf.operator.is_negative else found

    def _match(self, operator: Operator, sql: str, values: list[str], *, case_sensitive: bool) -> str:
        """A positive comparison of a text with any of the values; with no values, nothing matches."""
        if not values:
            return NEVER
        match operator:
            case Operator.IS:
                if case_sensitive:
                    return f"{sql} IN {self.params.texts(values)}"
                return self._is_in_any_case(sql, values)
            case Operator.CONTAINS:
                return self._contains(sql, values, case_sensitive=case_sensitive)
            case Operator.MATCHES:
                return _any([f"match({sql}, {self.params.text(value)})" for value in values])
            case Operator.MATCHES_WILDCARD:
                return _any([f"match({sql}, {self.params.text(wildcard_pattern(value))})" for value in values])
            case _:
                raise ValueError(operator)

    def _is_in_any_case(self, sql: str, values: list[str]) -> str:
        lowered = f"arrayMap(v -> lowerUTF8(v), {self.params.texts(values)})"
        if len(values) <= SEARCH_NEEDLES_MAX:
            return f"has({lowered}, lowerUTF8({sql}))"
        return f"lowerUTF8({sql}) IN (SELECT arrayJoin({lowered}))"  # A set: has() looks at one value after another.

    def _contains(self, sql: str, values: list[str], *, case_sensitive: bool) -> str:
        if "" in values:
            return ALWAYS  # It is a part of every text.
        search = "multiSearchAny" if case_sensitive else "multiSearchAnyCaseInsensitiveUTF8"
        parts = (values[first : first + SEARCH_NEEDLES_MAX] for first in range(0, len(values), SEARCH_NEEDLES_MAX))
        return _any([f"{search}({sql}, {self.params.texts(part)})" for part in parts])

    # --- goals ---

    def goal(self, goal: Goal) -> str:
        """The events that complete a goal."""
        props = [self._has_property(key, value) for key, value in goal.custom_props.items()]
        if goal.event_name is not None:
            return _all([f"name = {self.params.text(goal.event_name)}", *props])
        page = self.path(goal.page_path or "", "pathname")
        if goal.scroll_threshold < 0:
            return _all(["name = 'pageview'", page, *props])
        depth = f"scroll_depth BETWEEN {self.params.number(goal.scroll_threshold)} AND 100"
        return _all(["name = 'engagement'", depth, page, *props])

    def _has_property(self, key: str, value: str) -> str:
        name = self.params.text(key)
        return f"mapContains(props, {name}) AND props[{name}] = {self.params.text(value)}"

    def path(self, pattern: str, column: str) -> str:
        """A goal's page: a whole path, or a pattern with `*`."""
        if "*" not in pattern:
            return f"{column} = {self.params.text(pattern)}"
        return f"match({column}, {self.params.text(wildcard_pattern(pattern))})"


def _names_direct(leaf: Leaf) -> bool:
    whole: Callable[[str], str] = str if leaf.case_sensitive else str.casefold
    return any(whole(str(value)) in whole(DIRECT) for value in leaf.values)


def _mentions_events(node: Filter) -> bool:
    """True when the tree asks something of a single event; has_done asks it of the visit."""
    return any(level_of(place.leaf.dimension) is Level.EVENT and not place.is_done for place in leaves([node]))


def _is_visit_only(node: Filter) -> bool:
    levels = {level_of(place.leaf.dimension) for place in leaves([node]) if not place.is_done}
    return Level.VISIT in levels and Level.EVENT not in levels


def _all(conditions: Sequence[str]) -> str:
    return " AND ".join(conditions) if conditions else ALWAYS


def _any(conditions: Sequence[str]) -> str:
    """Always in brackets when there is something to choose from, so that it can stand beside AND."""
    if len(conditions) == 1:
        return conditions[0]
    return f"({' OR '.join(conditions)})" if conditions else NEVER
