"""Filter trees as predicates of an event beside its visit. What a visit has done is asked of all its events."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.support.reference.periods import Span
from tests.support.reference.words import COLUMNS, DIRECT, HAS_DIRECT, NOT_SET, PLACE_NAMES, VISIT_ONLY_COLUMNS
from tests.support.reference.world import Row, World

PROPS = "event:props:"
Node = list[Any]


def expanded(filters: list[Node], world: World) -> list[Node]:
    """The filters with segments spelled out, and conditions joined by "and" at the top level taken apart."""
    if not any(leaf[1] == "segment" for node in filters for leaf in leaves(node)):
        return filters
    return [part for node in filters for part in _flat(_spelled(node, world))]


def _spelled(node: Node, world: World) -> Node:
    match node:
        case ["and" | "or" as word, children]:
            return [word, [_spelled(child, world) for child in children]]
        case ["not" | "has_done" | "has_not_done" as word, child]:
            return [word, _spelled(child, world)]
        case [_, "segment", [one]]:
            return ["and", world.segments[one]]
        case [_, "segment", several]:
            return ["or", [["and", world.segments[one]] for one in several]]
    return node


def _flat(node: Node) -> list[Node]:
    return [part for child in node[1] for part in _flat(child)] if node[0] == "and" else [node]


def leaves(node: Node) -> Iterator[Node]:
    match node:
        case ["and" | "or", children]:
            for child in children:
                yield from leaves(child)
        case ["not" | "has_done" | "has_not_done", child]:
            yield from leaves(child)
        case _:
            yield node


def top(filters: list[Node], dimension: str) -> list[Node]:
    return [node for node in filters if node[1] == dimension]


def is_about_events(node: Node) -> bool:
    match node:
        case ["and" | "or", children]:
            return any(is_about_events(child) for child in children)
        case ["not", child]:
            return is_about_events(child)
        case ["has_done" | "has_not_done", _]:
            return False
    return str(node[1]).startswith("event:")


def renamed(node: Node, old: str, new: str) -> Node:
    """The same condition on another dimension; what a visit has done stays what it has done."""
    match node:
        case ["and" | "or" as word, children]:
            return [word, [renamed(child, old, new) for child in children]]
        case ["not", child]:
            return ["not", renamed(child, old, new)]
        case ["has_done" | "has_not_done", _]:
            return node
    return [node[0], new, *node[2:]] if node[1] == old else node


def holds(node: Node, event: Row, visit: Row, world: World, span: Span) -> bool:
    match node:
        case ["and", children]:
            return all(holds(child, event, visit, world, span) for child in children)
        case ["or", children]:
            return any(holds(child, event, visit, world, span) for child in children)
        case ["not", child]:
            return not holds(child, event, visit, world, span)
        case ["has_done" | "has_not_done" as word, child]:
            found = any(span.holds(e["timestamp"]) and holds(child, e, visit, world, span) for e in visit["rows"])
            return bool(found == (word == "has_done"))
    return _leaf(node, event, visit, world)


def _leaf(node: Node, event: Row, visit: Row, world: World) -> bool:
    dimension = node[1]
    if dimension == "event:goal":
        return any(completes(event, goal) for name, goal in world.goals.items() if names(node, name))
    if dimension.startswith(PROPS):
        return compare_property(node, event["props"].get(dimension.removeprefix(PROPS)))
    row = visit if dimension in VISIT_ONLY_COLUMNS or not event else event
    return compare(node, row[COLUMNS[dimension]])


# --- Goals -------------------------------------------------------------------------------------------------------


def names(node: Node, goal: str) -> bool:
    """True when a filter on goals means the goal of that name."""
    fold = _fold(node)
    return any(fold(goal) == fold(c) if node[0] == "is" else fold(c) in fold(goal) for c in node[2])


def completes(event: Row, goal: Row) -> bool:
    if any(event["props"].get(key) != value for key, value in goal.get("props", {}).items()):
        return False
    if "event" in goal:
        return bool(event["name"] == goal["event"])
    if not visits_page(event["pathname"], goal):
        return False
    if "scroll" in goal:
        return bool(event["name"] == "engagement" and goal["scroll"] <= event["scroll_depth"] <= 100)
    return bool(event["name"] == "pageview")


def visits_page(path: str, goal: Row) -> bool:
    return path == goal["page"] if "*" not in goal["page"] else is_like(path, goal["page"])


def is_like(text: str, pattern: str) -> bool:
    """Wildcards: the whole text; `*` is anything, `|` separates alternatives, the rest is itself."""
    one = "".join(".*" if c == "*" else "|" if c == "|" else re.escape(c) for c in pattern)
    return re.fullmatch(one, text, re.DOTALL) is not None


# --- Comparing a value -------------------------------------------------------------------------------------------


def compare(node: Node, stored: Any) -> bool:
    """A leaf on a plain column, native or imported. Of places the column has codes and the question may have names."""
    operator, dimension, clauses = node[0].removesuffix("_not"), node[1], [str(clause) for clause in node[2]]
    value = "" if stored in {0, "0"} else str(stored)
    if dimension.endswith("_name") and dimension != "event:name":
        value = PLACE_NAMES[COLUMNS[dimension]].get(value, "")
    if dimension == "visit:city" and operator == "is":
        clauses = ["" if clause == "0" else clause for clause in clauses]
    elif dimension == "visit:city":
        value = value or "0"
    empty = {NOT_SET} if dimension.startswith("visit:") else set()
    empty |= {DIRECT} if dimension in HAS_DIRECT else set()
    if operator == "is" and empty & set(clauses):
        clauses = [*clauses, ""]  # Beside what is called so itself.
    found = _matches(operator, value, clauses, _fold(node))
    if operator == "contains" and dimension in HAS_DIRECT and value == "":
        found = found or _matches(operator, DIRECT, clauses, _fold(node))
    return bool(found != node[0].endswith("_not"))


def compare_property(node: Node, value: str | None) -> bool:
    operator, clauses = node[0].removesuffix("_not"), node[2]
    is_negative = node[0].endswith("_not")
    if operator != "is":
        return value is not None and _matches(operator, value, clauses, _fold(node)) != is_negative
    wanted = [clause for clause in clauses if clause != "(none)"]
    found = "(none)" in clauses if value is None else _matches("is", value, wanted, _fold(node))
    return bool(found != is_negative)


def _fold(node: Node) -> Callable[[str], str]:
    return str.lower if len(node) > 3 and not node[3]["case_sensitive"] else str


def _matches(operator: str, value: str, clauses: list[str], fold: Callable[[str], str]) -> bool:
    match operator:
        case "is":
            return fold(value) in [fold(clause) for clause in clauses]
        case "contains":
            return any(fold(clause) in fold(value) for clause in clauses)
        case "matches":
            return any(re.search(clause, value) for clause in clauses)
        case "matches_wildcard":
            return any(is_like(value, clause) for clause in clauses)
        case _:
            raise ValueError(operator)
