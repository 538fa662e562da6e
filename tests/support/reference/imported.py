"""Imported rows: whether they may join an answer, which table they come from, and what they add to each group."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import Any

from tests.support.reference.asked import Asked
from tests.support.reference.conditions import (
    PROPS,
    Node,
    compare,
    compare_property,
    leaves,
    names,
    renamed,
    visits_page,
)
from tests.support.reference.native import ENTRY_PAGE, PAGE, chosen_goals, label
from tests.support.reference.periods import day_bucket
from tests.support.reference.words import IMPORTED, NOT_SET, SESSION_METRICS, SYSTEM_EVENTS, UNNAMED_PLACES
from tests.support.reference.world import Imported, Key, Row

GOAL = "event:goal"
IMPORTS_MAX = 5
Sums = dict[Key, Counter[str]]


@dataclass(frozen=True)
class Joined:
    """What imports did: the tables they were read from, or why they were not."""

    tables: frozenset[str] = frozenset()
    skip: str | None = None


def decide(asked: Asked) -> Joined:
    """The first reason not to join, or the tables that serve the question."""
    spans = [asked.span] if asked.other is None else [asked.span, asked.other]
    if not asked.world.imports:
        return Joined(skip="no_imported_data")
    if asked.is_realtime or not any(_overlaps(one, span) for one in _newest(asked) for span in spans):
        return Joined(skip="out_of_range")
    if {"time:hour", "time:minute"} & set(asked.dimensions):
        return Joined(skip="unsupported_interval")
    tables = serving(asked)
    return Joined(tables) if tables else Joined(skip="unsupported_query")


def knows_scroll_depth(asked: Asked) -> bool:
    return any(one.has_scroll_depth and _overlaps(one, asked.span) for one in _newest(asked))


def _newest(asked: Asked) -> tuple[Imported, ...]:
    return asked.world.imports[:IMPORTS_MAX]


def _overlaps(one: Imported, span: Any) -> bool:
    return bool(one.start <= span.last_day.isoformat() and one.end >= span.first_day.isoformat())


# --- Which table -------------------------------------------------------------------------------------------------


def serving(asked: Asked) -> frozenset[str]:
    """The one table that has all filters and dimensions; by goal, a table for each kind of goal."""
    conditions = [leaf for node in asked.filters for leaf in leaves(node)]
    groups = [name for name in asked.dimensions if not name.startswith("time:")]
    if any(word in str(asked.filters) for word in ("has_done", "has_not_done")):
        return frozenset()
    if any(name.startswith(PROPS) for name in [*groups, *(leaf[1] for leaf in conditions)]):
        return _serving_property(asked, groups, conditions)
    if GOAL in groups:
        return _serving_goals(asked, groups, conditions)
    wanted = {_table(name) for name in [*groups, *(leaf[1] for leaf in conditions)] if name != GOAL}
    for leaf in conditions:
        if leaf[1] == GOAL:
            named = [goal for name, goal in asked.world.goals.items() if names(leaf, name)]
            wanted |= {_kind(goal) for goal in named} or {None}
    if not wanted:
        return frozenset({"visitors"})
    return frozenset(table for table in wanted if table) if len(wanted) == 1 else frozenset()


def _table(name: str) -> str | None:
    return IMPORTED[name][0] if name in IMPORTED else None


def _kind(goal: Row) -> str | None:
    """Imported rows know neither how far somebody scrolled nor the properties of an event."""
    if "scroll" in goal or goal.get("props"):
        return None
    return "custom_events" if "event" in goal else "pages"


def _serving_goals(asked: Asked, groups: list[str], conditions: list[Node]) -> frozenset[str]:
    others = {_table(leaf[1]) for leaf in conditions if leaf[1] != GOAL}
    if len(groups) > 1 or len(others) > 1 or not {leaf[1] for leaf in conditions} <= {GOAL, PAGE, "event:name"}:
        return frozenset()
    kinds = {_kind(asked.world.goals[name]) for name in chosen_goals(asked)} or {"pages", "custom_events"}
    return frozenset(kind for kind in (kinds & others if others else kinds) if kind)


def _serving_property(asked: Asked, groups: list[str], conditions: list[Node]) -> frozenset[str]:
    keys = {name.removeprefix(PROPS) for name in [*groups, *(c[1] for c in conditions)] if name.startswith(PROPS)}
    key = keys.pop()
    if keys or key not in SYSTEM_EVENTS or len(asked.dimensions) > 1:
        return frozenset()
    if not set(groups) <= {PROPS + key, GOAL, "event:name"}:
        return frozenset()
    others = [leaf for leaf in conditions if leaf[1] != PROPS + key]
    is_of_system = bool(others) and all(_names_system_event(asked, leaf, SYSTEM_EVENTS[key][1]) for leaf in others)
    return frozenset({"custom_events"}) if is_of_system else frozenset()


def _names_system_event(asked: Asked, leaf: Node, events: set[str]) -> bool:
    if leaf[0] != "is" or leaf[1] not in {GOAL, "event:name"}:
        return False
    if leaf[1] == "event:name":
        return set(leaf[2]) <= events
    goals = [goal for name, goal in asked.world.goals.items() if names(leaf, name)]
    return bool(goals) and all(goal.get("event") in events for goal in goals)


# --- What is added -----------------------------------------------------------------------------------------------


def count_imported(asked: Asked, tables: frozenset[str]) -> tuple[Sums, Sums]:
    """What imported rows add to each group; and to groups that are there anyway, without showing them."""
    needs_views = bool({"pageviews", "views_per_visit", "visit_pageviews"} & set(asked.metrics))
    sums: Sums = {}
    for table in tables:
        for key, row in _rows(asked, table, needs_views=needs_views and table != "custom_events"):
            sums.setdefault(key, Counter()).update(_added(table, row))
    return sums, {**_exits(asked), **_entries(asked)}


def _rows(asked: Asked, table: str, *, needs_views: bool) -> list[tuple[Key, Row]]:
    first, last = asked.span.first_day.isoformat(), asked.span.last_day.isoformat()
    return [
        (key, row)
        for one in _newest(asked)
        for row in one.tables.get(table, [])
        if first <= row["date"] <= last
        and not (asked.dimensions and not row["visitors"])
        and not (needs_views and not row.get("pageviews"))
        and all(_holds(node, row, asked, table) for node in asked.filters)
        for key in _keys(asked, table, row)
    ]


def _keys(asked: Asked, table: str, row: Row) -> list[Key]:
    return list(product(*(_values(asked, name, table, row) for name in asked.dimensions)))


def _values(asked: Asked, name: str, table: str, row: Row) -> list[Any]:
    if name.startswith("time:"):
        return [day_bucket(name, date.fromisoformat(row["date"]), asked.span)]
    if name == GOAL:
        here = [goal for goal in chosen_goals(asked) if _kind(asked.world.goals[goal]) == table]
        return [goal for goal in here if _completes(asked.world.goals[goal], row)]
    if name.startswith(PROPS):
        return [row[SYSTEM_EVENTS[name.removeprefix(PROPS)][0]] or "(none)"]
    column = IMPORTED[name][1]
    value = row[column]
    if value in UNNAMED_PLACES.get(column, set()) or (column.startswith("utm_") and value == ""):
        return []
    return [NOT_SET if name == "visit:channel" and value == "" else label(name, value)]


def _holds(node: Node, row: Row, asked: Asked, table: str) -> bool:
    match node:
        case ["and", children]:
            return all(_holds(child, row, asked, table) for child in children)
        case ["or", children]:
            return any(_holds(child, row, asked, table) for child in children)
        case ["not", child]:
            return not _holds(child, row, asked, table)
    if node[1] == GOAL:
        named = [goal for name, goal in asked.world.goals.items() if names(node, name) and _kind(goal) == table]
        return any(_completes(goal, row) for goal in named)
    if node[1].startswith(PROPS):
        return compare_property(node, row[SYSTEM_EVENTS[node[1].removeprefix(PROPS)][0]] or None)
    return compare(node, row[IMPORTED[node[1]][1]])


def _completes(goal: Row, row: Row) -> bool:
    return row["name"] == goal["event"] if "event" in goal else visits_page(row["page"], goal)


def _added(table: str, row: Row) -> dict[str, int]:
    """A row's part in every metric."""
    views = row.get("pageviews", 0)
    if table == "custom_events":
        return {"visitors": row["visitors"], "events": row["events"]}
    if table == "pages":
        parts = {name: row[name] for name in ("visitors", "visits", "pageviews")}
        depths = {name: row[f"total_{name}"] for name in ("scroll_depth", "scroll_depth_visits")}
        times = {name: row[f"total_{name}"] for name in ("time_on_page", "time_on_page_visits")}
        return {**parts, **depths, **times, "events": views}
    visits = row[{"entry_pages": "entrances", "exit_pages": "exits"}.get(table, "visits")]
    return {
        "visitors": row["visitors"],
        "visits": visits,
        "pageviews": views,
        "events": views,
        "bounces": row["bounces"],
        "duration": row["visit_duration"],
        "session_visits": visits,
        "session_pageviews": views,
        "exits": row.get("exits", 0),
    }


def _exits(asked: Asked) -> Sums:
    """How often the pages were seen that somebody left from."""
    found: Sums = {}
    if "exit_rate" in asked.metrics:
        for key, row in _rows(replace(asked, dimensions=[PAGE], filters=[]), "pages", needs_views=False):
            found.setdefault(key, Counter())["exit_pageviews"] += row["pageviews"]
    return found


def _entries(asked: Asked) -> Sums:
    """By page, metrics of visits are about the visits that entered by it."""
    found: Sums = {}
    if PAGE not in asked.dimensions or not SESSION_METRICS & set(asked.metrics):
        return found
    dimensions = [ENTRY_PAGE if name == PAGE else name for name in asked.dimensions]
    entered = replace(asked, dimensions=dimensions, filters=[renamed(f, PAGE, ENTRY_PAGE) for f in asked.filters])
    if serving(entered) == {"entry_pages"}:
        for key, row in _rows(entered, "entry_pages", needs_views=False):
            own = _added("entry_pages", row)
            kept = {name: own[name] for name in ("bounces", "duration", "session_visits", "session_pageviews")}
            found.setdefault(key, Counter()).update(kept)
    return found
