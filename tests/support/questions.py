"""Random valid questions in the public language, smallest first."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

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


@st.composite
def leaves(draw: st.DrawFn, names: list[str]) -> list[Any]:
    dimension = draw(st.sampled_from(names))
    cased = dimension != "visit:city"
    operator = draw(st.sampled_from(["is", "is_not", "contains", "contains_not", "matches", "matches_not"]))
    if dimension == "visit:country":
        operator = draw(st.sampled_from(["is", "is_not"]))
    if operator.startswith("matches"):
        return [operator, dimension, draw(st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=2))]
    clauses = draw(st.lists(st.sampled_from(TEXTS[dimension]), max_size=3, unique=True))
    leaf = [operator, dimension, clauses]
    return [*leaf, {"case_sensitive": False}] if cased and draw(st.integers(0, 4)) == 4 else leaf


def trees(names: list[str]) -> st.SearchStrategy[list[Any]]:
    return st.recursive(
        leaves(names),
        lambda node: st.one_of(
            st.tuples(st.sampled_from(["and", "or"]), st.lists(node, min_size=1, max_size=3)).map(list),
            st.tuples(st.just("not"), node).map(list),
        ),
        max_leaves=4,
    )


NESTABLE = [name for name in TEXTS if name != "event:hostname"]
OF_EVENTS = [name for name in NESTABLE if name.startswith("event:")]


@st.composite
def goal_filters(draw: st.DrawFn) -> list[Any]:
    if draw(st.booleans()):
        return ["is", "event:goal", draw(st.lists(st.sampled_from(GOAL_NAMES), min_size=1, max_size=2, unique=True))]
    return ["contains", "event:goal", [draw(st.sampled_from(["sign", "Visit", "a"]))], {"case_sensitive": False}]


@st.composite
def questions(draw: st.DrawFn, day: str) -> dict[str, Any]:
    """A question that breaks no rule of the language."""
    filters: list[Any] = draw(st.lists(trees(NESTABLE), max_size=2))
    if draw(st.integers(0, 3)) == 3:
        filters.append(draw(leaves(["event:hostname"])))
    if draw(st.integers(0, 3)) == 3:
        filters.append([draw(st.sampled_from(["has_done", "has_not_done"])), draw(trees(OF_EVENTS))])
    has_goal = draw(st.integers(0, 2)) == 2
    if has_goal:
        filters.append(draw(goal_filters()))
    dimensions = draw(st.lists(st.sampled_from([*EVENT_DIMENSIONS, *VISIT_DIMENSIONS]), max_size=2, unique=True))
    if draw(st.booleans()):
        dimensions = [draw(st.sampled_from(TIMES)), *dimensions[:1]]
    begin = date.fromisoformat(day) + timedelta(days=draw(st.integers(-3, 1)))
    return {
        "site_id": "example.com",
        "date_range": [begin.isoformat(), (begin + timedelta(days=draw(st.integers(0, 3)))).isoformat()],
        "metrics": draw(st.lists(st.sampled_from(metrics(dimensions, filters)), min_size=1, max_size=4, unique=True)),
        "dimensions": dimensions,
        "filters": filters,
    }


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
