"""Random valid questions in the public language, each made by one dice."""

from datetime import date, timedelta
from random import Random
from typing import Any

TEXTS = {
    "event:name": ["pageview", "Signup", "engagement", "x"],
    "event:page": ["/", "/a", "/docs/x", "docs", "/Ünï", ""],
    "event:hostname": ["a.example", "b", "c.example"],
    "event:props:plan": ["pro", "free", "(none)", "", "r"],
    "visit:source": ["Google", "google", "Direct / None", "(not set)", "oo"],
    "visit:browser": ["Chrome", "(not set)", "fire"],
    "visit:utm_medium": ["cpc", "Direct / None", "direct"],
    "visit:country": ["EE", "DE"],
    "visit:city": ["588409", "0", "(not set)"],
    "visit:entry_page": ["/", "/a", "docs"],
    "visit:exit_page": ["/", "/a", "docs"],
    "visit:entry_page_hostname": ["a.example", "b"],
}
PATTERNS = ["^/", "docs/.+/y$", "o{2}", "^$", "[A-Z]"]
GOAL_NAMES = ["Signup", "Paid signup", "Visit /a", "Visit docs", "Scroll /a"]
TIMES = ["time:hour", "time:day", "time:week", "time:month"]
EVENT_DIMENSIONS = ["event:page", "event:name", "event:hostname", "event:goal", "event:props:plan"]
VISIT_DIMENSIONS = [
    "visit:source",
    "visit:browser",
    "visit:country",
    "visit:city",
    "visit:entry_page",
    "visit:exit_page",
]


NESTABLE = [name for name in TEXTS if name != "event:hostname"]
OF_EVENTS = [name for name in NESTABLE if name.startswith("event:")]


def question(dice: Random, day: str) -> dict[str, Any]:
    """A question that breaks no rule of the language."""
    filters = [tree(dice, NESTABLE) for _ in range(dice.choice([0, 0, 1, 1, 2]))]
    if dice.random() < 0.2:
        filters.append(leaf(dice, ["event:hostname"]))
    if dice.random() < 0.2:
        filters.append([dice.choice(["has_done", "has_not_done"]), tree(dice, OF_EVENTS)])
    if dice.random() < 0.3:
        filters.append(goal_filter(dice))
    dimensions = dice.sample([*EVENT_DIMENSIONS, *VISIT_DIMENSIONS], dice.choice([0, 0, 1, 1, 1, 2]))
    if dice.random() < 0.4:
        dimensions = [dice.choice(TIMES), *dimensions[:1]]
    begin = date.fromisoformat(day) + timedelta(days=dice.randint(-3, 1))
    possible = metrics(dimensions, filters)
    return {
        "site_id": "example.com",
        "date_range": [begin.isoformat(), (begin + timedelta(days=dice.randint(0, 3))).isoformat()],
        "metrics": dice.sample(possible, dice.randint(1, min(4, len(possible)))),
        "dimensions": dimensions,
        "filters": filters,
    }


def leaf(dice: Random, names: list[str]) -> list[Any]:
    """One condition."""
    dimension = dice.choice(names)
    operators = ["is", "is", "is_not", "contains", "contains_not", "matches", "matches_not"]
    operator = dice.choice(["is", "is_not"] if dimension == "visit:country" else operators)
    if operator.startswith("matches"):
        return [operator, dimension, dice.sample(PATTERNS, dice.randint(1, 2))]
    known = TEXTS[dimension]
    plain = [operator, dimension, dice.sample(known, min(len(known), dice.choice([0, 1, 1, 2, 3])))]
    is_cased = dimension != "visit:city" and dice.random() < 0.25
    return [*plain, {"case_sensitive": dice.random() < 0.2}] if is_cased else plain


def tree(dice: Random, names: list[str], depth: int = 0) -> list[Any]:
    """A condition, or some joined."""
    if depth == 2 or dice.random() < 0.6:
        return leaf(dice, names)
    if dice.random() < 0.3:
        return ["not", tree(dice, names, depth + 1)]
    return [dice.choice(["and", "or"]), [tree(dice, names, depth + 1) for _ in range(dice.randint(1, 3))]]


def goal_filter(dice: Random) -> list[Any]:
    """A condition on goals."""
    if dice.random() < 0.6:
        return ["is", "event:goal", dice.sample(GOAL_NAMES, dice.randint(1, 2))]
    return ["contains", "event:goal", [dice.choice(["sign", "Visit", "a"])], {"case_sensitive": False}]


def metrics(dimensions: list[str], filters: list[Any]) -> list[str]:
    """The metrics that may be asked beside these."""
    named = [leaf[1] for node in filters for leaf in spelled(node)]
    outside = [leaf[1] for node in filters if node[0] not in {"has_done", "has_not_done"} for leaf in spelled(node)]
    top = [node[1] for node in filters if isinstance(node[1], str)]
    of_events = [name for name in dimensions if name.startswith("event:")]
    of_visits = [name for name in dimensions if name in {"visit:entry_page", "visit:exit_page"}]
    found = ["visitors", "visits", "percentage"]
    if not of_visits:
        found += ["pageviews", "events"]
        found += ["scroll_depth"] if "event:page" in [*dimensions, *top] else []
        found += ["time_on_page"] if "event:page" in [*dimensions, *outside] else []
    if not of_events or of_events == ["event:page"]:
        found += ["bounce_rate", "visit_duration"]
        is_series = len(dimensions) == 1 and dimensions[0].startswith("time:")
        found += ["views_per_visit"] if (not dimensions or is_series) and "event:page" not in outside else []
    if not of_visits and ("event:goal" in dimensions or "event:goal" in top):
        found += ["total_revenue", "average_revenue"]
    nested_props = named.count("event:props:plan") > top.count("event:props:plan")
    if not nested_props and ("event:goal" in dimensions or "event:goal" in top):
        found += ["conversion_rate", "group_conversion_rate"]
    return found


def spelled(node: list[Any]) -> list[list[Any]]:
    """The leaves of a tree."""
    match node[0]:
        case "and" | "or":
            return [leaf for child in node[1] for leaf in spelled(child)]
        case "not" | "has_done" | "has_not_done":
            return spelled(node[1])
        case _:
            return [node]
