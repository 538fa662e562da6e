"""The shapes of a filter, and the walks over them. Meaning in SQL is conditions.py's; validity is validate.py's."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, assert_never


class Operator(StrEnum):
    """How a leaf compares its dimension with its values."""

    IS = "is"
    IS_NOT = "is_not"
    CONTAINS = "contains"
    CONTAINS_NOT = "contains_not"
    MATCHES = "matches"
    MATCHES_NOT = "matches_not"
    MATCHES_WILDCARD = "matches_wildcard"
    MATCHES_WILDCARD_NOT = "matches_wildcard_not"

    @property
    def is_negative(self) -> bool:
        """True for the `_not` form."""
        return self.value.endswith("_not")

    @property
    def positive(self) -> "Operator":
        """The form without `_not`."""
        return Operator(self.value.removesuffix("_not"))


INTERNAL_OPERATORS = frozenset({Operator.MATCHES_WILDCARD, Operator.MATCHES_WILDCARD_NOT})
CASE_OPERATORS = frozenset({Operator.IS, Operator.IS_NOT, Operator.CONTAINS, Operator.CONTAINS_NOT})


@dataclass(frozen=True, slots=True)
class Leaf:
    """One condition on one dimension. `modifier` is what the caller wrote, to be echoed; None when absent."""

    operator: Operator
    dimension: str
    values: tuple[str | int, ...]
    modifier: bool | None = None

    @property
    def case_sensitive(self) -> bool:
        """Case matters unless the caller said otherwise."""
        return self.modifier is not False


@dataclass(frozen=True, slots=True)
class And:
    """Every child holds."""

    children: "tuple[Filter, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """At least one child holds."""

    children: "tuple[Filter, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """The child does not hold."""

    child: "Filter"


@dataclass(frozen=True, slots=True)
class Done:
    """The visit has (or has not) an event in the period for which the child holds."""

    child: "Filter"
    is_done: bool


Filter = Leaf | And | Or | Not | Done


def render_filter(node: Filter) -> list[Any]:
    """The filter as JSON, as it was asked."""
    match node:
        case Leaf():
            base = [node.operator.value, node.dimension, list(node.values)]
            return base if node.modifier is None else [*base, {"case_sensitive": node.modifier}]
        case And():
            return ["and", [render_filter(child) for child in node.children]]
        case Or():
            return ["or", [render_filter(child) for child in node.children]]
        case Not():
            return ["not", render_filter(node.child)]
        case Done():
            return ["has_done" if node.is_done else "has_not_done", render_filter(node.child)]
        case unreachable:
            assert_never(unreachable)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a leaf stands in the tree."""

    leaf: Leaf
    is_top: bool
    done_depth: int  # How many has_done or has_not_done it stands in.

    @property
    def is_done(self) -> bool:
        """True inside has_done or has_not_done."""
        return self.done_depth > 0


def leaves(filters: Iterable[Filter]) -> Iterator[Place]:
    """Every leaf with its place, in reading order."""
    for node in filters:
        if isinstance(node, Leaf):
            yield Place(node, is_top=True, done_depth=0)
        else:
            yield from _below(node, done_depth=0)


def _below(node: Filter, *, done_depth: int) -> Iterator[Place]:
    match node:
        case Leaf():
            yield Place(node, is_top=False, done_depth=done_depth)
        case And() | Or():
            for child in node.children:
                yield from _below(child, done_depth=done_depth)
        case Not():
            yield from _below(node.child, done_depth=done_depth)
        case Done():
            yield from _below(node.child, done_depth=done_depth + 1)
        case unreachable:
            assert_never(unreachable)


def top(filters: Iterable[Filter], dimension: str) -> list[Leaf]:
    """The top-level leaves on a dimension."""
    return [node for node in filters if isinstance(node, Leaf) and node.dimension == dimension]


def rename(node: Filter, names: dict[str, str]) -> Filter:
    """The same filter on other dimensions; behaviour keeps its own."""
    return each_leaf(
        node, lambda leaf: replace(leaf, dimension=names.get(leaf.dimension, leaf.dimension)), into_done=False
    )


def each_leaf(node: Filter, change: Callable[[Leaf], Filter], *, into_done: bool = True) -> Filter:
    """The same tree with every leaf replaced by what `change` makes of it."""
    match node:
        case Leaf():
            return change(node)
        case And():
            return And(tuple(each_leaf(child, change, into_done=into_done) for child in node.children))
        case Or():
            return Or(tuple(each_leaf(child, change, into_done=into_done) for child in node.children))
        case Not():
            return Not(each_leaf(node.child, change, into_done=into_done))
        case Done():
            child = each_leaf(node.child, change, into_done=into_done) if into_done else node.child
            return Done(child, is_done=node.is_done)
        case unreachable:
            assert_never(unreachable)
