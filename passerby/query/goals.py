"""Which of a site's goals a filter or a breakdown means. A goal is matched by what it is called."""

import re

from passerby.query.dimensions import GOAL
from passerby.query.filters import Filter, Leaf, Operator, leaves, top
from passerby.query.site import Goal, QuerySite


def goals_of(leaf: Leaf, site: QuerySite) -> tuple[Goal, ...]:
    """The goals a leaf on `event:goal` names, in the site's order."""
    wanted = [str(value) if leaf.case_sensitive else str(value).casefold() for value in leaf.values]
    found = []
    for goal in site.goals:
        name = goal.display_name if leaf.case_sensitive else goal.display_name.casefold()
        is_match = name in wanted if leaf.operator is Operator.IS else any(part in name for part in wanted)
        if is_match:
            found.append(goal)
    return tuple(found)


def selected_goals(filters: tuple[Filter, ...], site: QuerySite) -> tuple[Goal, ...]:
    """The goals that every top-level goal filter lets through; all of them when there is none."""
    chosen = site.goals
    for leaf in top(filters, GOAL):
        named = goals_of(leaf, site)
        chosen = tuple(goal for goal in chosen if goal in named)
    return chosen


def has_goal_filter(filters: tuple[Filter, ...]) -> bool:
    """True when a filter outside has_done asks for a goal."""
    return any(place.leaf.dimension == GOAL and not place.is_done for place in leaves(filters))


def is_scroll_goal(goal: Goal) -> bool:
    """A goal reached by scrolling far enough: counted from engagement, so it has no "total conversions"."""
    return goal.page_path is not None and goal.scroll_threshold >= 0


def wildcard_pattern(text: str) -> str:
    """A whole-string RE2 pattern: `*` and `**` are any characters, `|` separates alternatives, the rest is literal."""
    alternatives = (".*".join(re.escape(literal) for literal in re.split(r"\*+", part)) for part in text.split("|"))
    return f"^(?:{'|'.join(alternatives)})$"
