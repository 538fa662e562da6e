"""The filter language of Stats API v1: `property==value;property!=value`, or a JSON list of v2's filters.

A clause that is not one property, one operator and one value is ignored, as it always was; a property nobody knows is
refused.
"""

import re

import msgspec

from passerby.query.dimensions import GOAL
from passerby.query.errors import QueryRefused
from passerby.query.filters import Filter, Leaf, Operator, leaves
from passerby.query.goals import goals_of
from passerby.query.grammar import INTERNAL
from passerby.query.language import BODY_BYTES_MAX
from passerby.query.parse import parse_filters as parse_trees
from passerby.query.site import QuerySite
from passerby.query.v1_rules import DOCS, check_filter_property
from passerby.query.validate import GOALS_HELP

_OPERATOR = re.compile(r"(==|!=)")
_PIPE = re.compile(r"(?<!\\)\|")  # `\|` is a pipe of the value itself.
_COUNTRY_BYTES = 2
PAGE_GOAL = "Visit "


def parse_filters(text: str, site: QuerySite) -> tuple[Filter, ...]:
    """The filters of a `filters` parameter.

    Raises: QueryRefused for an unknown property or goal.
    """
    if len(text) > BODY_BYTES_MAX:
        raise QueryRefused("The `filters` parameter is too long.", field="filters")
    filters = _trees(text) if text.lstrip().startswith("[") else _clauses(text)
    for place in leaves(filters):
        if place.leaf.dimension == GOAL and place.leaf.operator is Operator.IS:
            _check_goals(place.leaf, site)
    return filters


def _trees(text: str) -> tuple[Filter, ...]:
    try:
        stored = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as problem:
        raise QueryRefused(f"The `filters` parameter is not valid JSON. See {DOCS}#filtering", field="filters") from (
            problem
        )
    return parse_trees(stored, INTERNAL)


def _clauses(text: str) -> tuple[Filter, ...]:
    parsed = [_clause(part) for part in text.split(";")]
    return tuple(leaf for leaf in parsed if leaf is not None)


def _clause(text: str) -> Leaf | None:
    match [part.strip() for part in _OPERATOR.split(text)]:
        case [name, "==" | "!=" as operator, value] if name and value:
            check_filter_property(name)
            return _leaf(name, value, is_negative=operator == "!=")
        case _:
            return None


def _leaf(name: str, value: str, *, is_negative: bool) -> Leaf | None:
    members = [_unescaped(part) for part in _PIPE.split(value)]
    if name == GOAL:
        return Leaf(Operator.IS, name, tuple(members))  # Goals know no `!=`.
    if name == "visit:country" and any(len(member.encode()) != _COUNTRY_BYTES for member in members):
        return None
    if "*" in value:
        return Leaf(Operator.MATCHES_NOT if is_negative else Operator.MATCHES, name, (_pattern(members),))
    if len(members) > 1:
        return Leaf(Operator.IS, name, tuple(members))  # Lists know no `!=` either.
    return Leaf(Operator.IS_NOT if is_negative else Operator.IS, name, tuple(members))


def _unescaped(text: str) -> str:
    return text.replace("\\|", "|")


def _pattern(members: list[str]) -> str:
    """The whole value, `*` and `**` standing for any characters, slashes too."""
    alternatives = (".*".join(re.escape(literal) for literal in re.split(r"\*+", member)) for member in members)
    return f"^(?:{'|'.join(alternatives)})$"


def _check_goals(leaf: Leaf, site: QuerySite) -> None:
    whole = str if leaf.case_sensitive else str.casefold
    configured = {whole(goal.display_name) for goal in goals_of(leaf, site)}
    for value in leaf.values:
        if whole(str(value)) not in configured:
            raise QueryRefused(_unknown_goal(str(value)), field="filters")


def _unknown_goal(name: str) -> str:
    what = f"The pageview goal for the pathname `{name.removeprefix(PAGE_GOAL)}`"
    subject = what if name.startswith(PAGE_GOAL) else f"The goal `{name}`"
    return f"{subject} is not configured for this site. Find out how to configure goals here: {GOALS_HELP}"
