"""Filter trees out of JSON: `["and", [...]]`, `["not", ...]`, `[operator, dimension, [values], modifier]`."""

from typing import Any

from passerby.query.dimensions import GOAL, SEGMENT, is_filterable
from passerby.query.filters import CASE_OPERATORS, INTERNAL_OPERATORS, And, Done, Filter, Leaf, Not, Operator, Or
from passerby.query.language import FILTER_DEPTH_MAX

_OPERATORS = {operator.value: operator for operator in Operator}


def parse_tree(tree: Any, *, is_internal: bool, depth: int = 0) -> Filter | None:
    """One filter tree, or None for anything that is none. Only internal questions may use wildcards."""
    if depth > FILTER_DEPTH_MAX or not isinstance(tree, list) or not tree:
        return None
    match tree:
        case ["and" | "or" as word, [_, *_] as children]:
            return _joined(word, [parse_tree(child, is_internal=is_internal, depth=depth + 1) for child in children])
        case ["not" | "has_done" | "has_not_done" as word, child]:
            return _wrapped(word, parse_tree(child, is_internal=is_internal, depth=depth + 1))
        case [str() as word, str() as dimension, list() as values, *rest]:
            return _leaf(word, dimension, values, rest, is_internal=is_internal)
        case _:
            return None


def _joined(word: str, parsed: list[Filter | None]) -> Filter | None:
    nodes = tuple(node for node in parsed if node is not None)
    if len(nodes) != len(parsed):
        return None
    return And(nodes) if word == "and" else Or(nodes)


def _wrapped(word: str, node: Filter | None) -> Filter | None:
    if node is None or word == "not":
        return None if node is None else Not(node)
    return Done(node, is_done=word == "has_done")


def _leaf(word: str, dimension: str, values: list[Any], rest: list[Any], *, is_internal: bool) -> Leaf | None:
    operator = _OPERATORS.get(word)
    if operator is None or not _allows(operator, dimension, is_internal=is_internal):
        return None
    if not all(isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)) for value in values):
        return None
    match rest:
        case []:
            return Leaf(operator, dimension, tuple(values))
        case [{"case_sensitive": bool() as modifier, **others}] if not others and operator in CASE_OPERATORS:
            return Leaf(operator, dimension, tuple(values), modifier)
        case _:
            return None


def _allows(operator: Operator, dimension: str, *, is_internal: bool) -> bool:
    if dimension == SEGMENT:
        return operator is Operator.IS
    if dimension == GOAL:
        return operator in {Operator.IS, Operator.CONTAINS}
    if operator in INTERNAL_OPERATORS and not is_internal:
        return False
    return is_filterable(dimension)
