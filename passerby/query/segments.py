"""Saved segments: `["is", "segment", [id, …]]` becomes the filters it stands for before anything else is decided."""

from passerby.query.dimensions import SEGMENT
from passerby.query.errors import QueryRefused
from passerby.query.filters import And, Filter, Leaf, Or, each_leaf, leaves
from passerby.query.grammar import INTERNAL
from passerby.query.language import SEGMENTS_MAX
from passerby.query.parse import parse_filters
from passerby.query.site import QuerySite


def expand_segments(filters: tuple[Filter, ...], site: QuerySite) -> tuple[Filter, ...]:
    """The filters with every segment spelled out. A segment's own conditions join the top level where it stood there.

    Raises: QueryRefused for too many segments, or one that is not the site's.
    """
    named = [place.leaf for place in leaves(filters) if place.leaf.dimension == SEGMENT]
    if not named:
        return filters
    asked = [value for leaf in named for value in leaf.values]
    if len(asked) > SEGMENTS_MAX:
        raise QueryRefused(
            f"Invalid filters. You can only use up to {SEGMENTS_MAX} segment filters in a query.", field="#/filters"
        )
    known = {value: _filters_of(value, site) for value in set(asked)}

    def spelled(leaf: Leaf) -> Filter:
        if leaf.dimension != SEGMENT:
            return leaf
        each = [And(known[value]) for value in leaf.values]
        return each[0] if len(each) == 1 else Or(tuple(each))

    return tuple(part for node in filters for part in _flat(each_leaf(node, spelled)))


def _filters_of(value: str | int, site: QuerySite) -> tuple[Filter, ...]:
    try:
        stored = site.segments[int(value)]
        parsed = parse_filters(list(stored), INTERNAL)
    except (KeyError, QueryRefused) as problem:
        raise _unknown() from problem
    if not parsed or any(place.leaf.dimension == SEGMENT for place in leaves(parsed)):
        raise _unknown()
    return parsed


def _unknown() -> QueryRefused:
    return QueryRefused("Invalid filters. Some segments don't exist or aren't accessible.", field="#/filters")


def _flat(node: Filter) -> list[Filter]:
    """Conditions joined by "and" at the top level are separate conditions: rules about the top level see them."""
    if isinstance(node, And):
        return [part for child in node.children for part in _flat(child)]
    return [node]
