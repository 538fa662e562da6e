"""Filter trees out of JSON of the right shape: `["and", [...]]`, `["not", ...]`, `[operator, dimension, [values]]`."""

from typing import Any

from passerby.query.filters import And, Done, Filter, Leaf, Not, Operator, Or
from passerby.query.language import FILTER_DEPTH_MAX

_OPERATORS = {operator.value: operator for operator in Operator}


def parse_tree(tree: Any, *, depth: int = 0) -> Filter | None:
    """One filter tree, or None for one that goes too deep. Its shape was checked before."""
    if depth > FILTER_DEPTH_MAX:
        return None
    match tree:
        case ["and" | "or" as word, children]:
            return _joined(word, [parse_tree(child, depth=depth + 1) for child in children])
        case ["not" | "has_done" | "has_not_done" as word, child]:
            return _wrapped(word, parse_tree(child, depth=depth + 1))
        case [word, dimension, values, *rest]:
            modifier = rest[0]["case_sensitive"] if rest else None
            return Leaf(_OPERATORS[word], dimension, tuple(map(_value, values)), modifier)
        case _:
            raise ValueError(tree)


def _value(value: str | float) -> str | int:
    """To JSON schema 5.0 is an integer."""
    return value if isinstance(value, str) else int(value)


def _joined(word: str, parsed: list[Filter | None]) -> Filter | None:
    nodes = tuple(node for node in parsed if node is not None)
    if len(nodes) != len(parsed):
        return None
    return And(nodes) if word == "and" else Or(nodes)


def _wrapped(word: str, node: Filter | None) -> Filter | None:
    if node is None or word == "not":
        return None if node is None else Not(node)
    return Done(node, is_done=word == "has_done")
