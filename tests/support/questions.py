"""Random valid questions, each made by one dice: in the public language, or with what only the dashboard may say."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

PAGES = ["/", "/a", "/docs/x", "docs", "/Ünï", ""]
TEXTS: dict[str, list[Any]] = {
    "event:name": ["pageview", "Signup", "engagement", "Outbound Link: Click", "404", "x"],
    "event:page": PAGES,
    "event:hostname": ["a.example", "b", "c.example"],
    "event:props:plan": ["pro", "free", "(none)", "", "r"],
    "event:props:url": ["https://a.example/", "(none)", "b.example"],
    "event:props:path": ["/", "/a", "(none)"],
    "visit:source": ["Google", "google", "Direct / None", "(not set)", "oo"],
    "visit:channel": ["Direct", "(not set)", "Email", "paid"],
    "visit:referrer": ["google.com/search", "Direct / None", "none", "news"],
    "visit:utm_medium": ["cpc", "Direct / None", "direct"],
    "visit:utm_source": ["Google", "(not set)", "google"],
    "visit:utm_campaign": ["Spring", "Direct / None"],
    "visit:utm_content": ["button", "(not set)"],
    "visit:utm_term": ["shoes", "None"],
    "visit:device": ["Desktop", "(not set)", "mob"],
    "visit:screen": ["Mobile", "(not set)"],
    "visit:browser": ["Chrome", "(not set)", "fire"],
    "visit:browser_version": ["120.0", "(not set)", "."],
    "visit:os": ["Windows", "(not set)", "i"],
    "visit:os_version": ["10", "(not set)", "1"],
    "visit:country": ["EE", "DE", "(not set)"],
    "visit:region": ["EE-37", "(not set)", "DE"],
    "visit:city": ["588409", "0", "(not set)", "29"],
    "visit:country_name": ["Estonia", "germany", "(not set)", "an"],
    "visit:region_name": ["Harjumaa", "(not set)", "Ber"],
    "visit:city_name": ["Berlin", "(not set)", "tall"],
    "visit:entry_page": PAGES,
    "visit:exit_page": PAGES,
    "visit:entry_page_hostname": ["a.example", "b", "(not set)"],
    "visit:exit_page_hostname": ["b.example", "c"],
}
PATTERNS = ["^/", "docs/.+/y$", "o{2}", "^$", "[A-Z]", "^[^/]"]
WILDCARDS = ["/docs/*", "*o*", "**", "/a|/docs/**", "a.b*", ""]
GOAL_NAMES = ["Signup", "Paid signup", "Visit /a", "Visit docs", "Read docs as pro", "Scroll /a", "Outbound", "404"]
TIMES = ["time", "time:hour", "time:day", "time:week", "time:month"]
VISIT_ONLY = ["visit:entry_page", "visit:exit_page", "visit:entry_page_hostname", "visit:exit_page_hostname"]
EVENT_DIMENSIONS = [*(name for name in TEXTS if name.startswith("event:")), "event:goal"]
VISIT_DIMENSIONS = [name for name in TEXTS if name.startswith("visit:")]
NESTABLE = [name for name in TEXTS if name != "event:hostname"]
OF_EVENTS = [name for name in TEXTS if name.startswith("event:")]
# What one imported table has, so that questions often find one.
TABLES: list[list[str]] = [
    [],
    ["visit:source", "visit:channel", "visit:referrer", "visit:utm_medium", "visit:utm_term"],
    ["event:page", "event:hostname"],
    ["event:name"],
    ["visit:entry_page"],
    ["visit:exit_page"],
    ["visit:country", "visit:city", "visit:region_name", "visit:city_name"],
    ["visit:browser", "visit:browser_version"],
    ["visit:device", "visit:screen"],
    ["visit:os", "visit:os_version"],
]


@dataclass(frozen=True)
class Question:
    """A body for one of the two doors, and when it is asked."""

    body: dict[str, Any]
    now: datetime
    is_internal: bool


def question(dice: Random, day: str, zone: str) -> Question:
    """A question that breaks no rule of the language."""
    is_internal = dice.random() < 0.4
    dimensions, filters = (_about_one_table if dice.random() < 0.35 else _about_anything)(dice, is_internal=is_internal)
    if dice.random() < 0.15:
        filters.append(["is", "segment", dice.sample([1, 2, 3, 4], dice.choice([1, 1, 2]))])
    if is_internal and dice.random() < 0.15:
        filters = [node for node in filters if not _is_about_events(node)]
        dimensions = ["visit:exit_page"]
        metrics = ["exit_rate", *dice.sample(["visitors", "visits", "visit_duration"], dice.randint(0, 2))]
    else:
        possible = possible_metrics(dimensions, filters, is_internal=is_internal)
        metrics = dice.sample(possible, dice.randint(1, min(4, len(possible))))
    first = date.fromisoformat(day)
    now = datetime.combine(first + timedelta(days=dice.randint(-3, 4)), _time(dice), UTC)
    body: dict[str, Any] = {"site_id": "example.com", "metrics": metrics, "dimensions": dimensions, "filters": filters}
    body |= _range(dice, first, zone, is_internal=is_internal)
    if "time:minute" in dimensions:
        body["date_range"] = dice.choice(["day", "24h", "realtime_30m", [day, day]])
        body.pop("relative_date", None)
    body["include"] = _include(dice, body, is_internal=is_internal)
    _order_and_page(dice, body)
    return Question(body, now, is_internal)


def _about_one_table(dice: Random, *, is_internal: bool) -> tuple[list[str], list[Any]]:
    """Dimensions and filters that one imported table has, or goals and system properties."""
    time = [dice.choice(["time:day", "time:week", "time:month"])] if dice.random() < 0.3 else []
    if dice.random() < 0.3:
        key, event = dice.choice([("url", "Outbound Link: Click"), ("path", "404")])
        goal = {"url": "Outbound", "path": "404"}[key]
        of_event = dice.choice([["is", "event:name", [event]], ["is", "event:goal", [goal]]])
        of_key = [leaf(dice, [f"event:props:{key}"])] if dice.random() < 0.5 else []
        return dice.choice([time, [f"event:props:{key}"], ["event:goal"], ["event:name"]]), [of_event, *of_key]
    names = dice.choice(TABLES)
    if dice.random() < 0.4 and set(names) <= {"event:page", "event:name"}:
        goals = [goal_filter(dice)] if dice.random() < 0.4 else []
        return [*time, "event:goal"], [*goals, *[leaf(dice, names) for _ in names][:1]]
    nestable = [name for name in names if name != "event:hostname"]
    filters = [tree(dice, nestable, is_internal=is_internal) for _ in range(dice.choice([0, 0, 1, 1, 2])) if nestable]
    if set(names) <= {"event:page", "event:name"} and dice.random() < 0.3:
        filters.append(goal_filter(dice))
    return [*time, *dice.sample(names, dice.randint(0, min(2, len(names))))], filters


def _about_anything(dice: Random, *, is_internal: bool) -> tuple[list[str], list[Any]]:
    filters = [tree(dice, NESTABLE, is_internal=is_internal) for _ in range(dice.choice([0, 0, 1, 1, 2]))]
    if dice.random() < 0.2:
        filters.append(leaf(dice, ["event:hostname"]))
    if dice.random() < 0.2:
        inside = tree(dice, OF_EVENTS, is_internal=is_internal) if dice.random() < 0.7 else goal_filter(dice)
        done = [dice.choice(["has_done", "has_not_done"]), inside]
        filters.append(
            dice.choice([done, ["not", done], ["or", [done, tree(dice, NESTABLE, is_internal=is_internal)]]])
        )
    if dice.random() < 0.3:
        filters.append(goal_filter(dice))
    dimensions = dice.sample([*EVENT_DIMENSIONS, *VISIT_DIMENSIONS], dice.choice([0, 0, 1, 1, 1, 2]))
    if dice.random() < 0.4:
        dimensions = [dice.choice([*TIMES, *["time:minute"] * is_internal]), *dimensions[:1]]
    return dimensions, filters


def _time(dice: Random) -> Any:
    return (datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=dice.randrange(86_400))).time()


# --- When --------------------------------------------------------------------------------------------------------


def _range(dice: Random, day: date, zone: str, *, is_internal: bool) -> dict[str, Any]:
    begin = day + timedelta(days=dice.randint(-3, 1))
    if dice.random() < 0.5:
        return {"date_range": [begin.isoformat(), (begin + timedelta(days=dice.randint(0, 3))).isoformat()]}
    if dice.random() < 0.3:
        first = datetime.combine(begin, _time(dice), ZoneInfo(zone))
        last = first + timedelta(seconds=dice.randrange(1, 3 * 86_400))
        return {"date_range": [first.isoformat(), last.astimezone(UTC).isoformat()]}
    words = ["day", "24h", "month", "year", "all", "1d", "7d", "28d", "91d", "1mo", "12mo"]
    asked: dict[str, Any] = {"date_range": dice.choice(words)}
    if is_internal and dice.random() < 0.3:
        asked["relative_date"] = (begin + timedelta(days=2)).isoformat()
    elif is_internal and dice.random() < 0.2:
        asked["date_range"] = dice.choice(["realtime", "realtime_30m"])
    return asked


def _include(dice: Random, body: dict[str, Any], *, is_internal: bool) -> dict[str, Any]:
    include: dict[str, Any] = {}
    if dice.random() < 0.6:
        include["imports"] = dice.random() < 0.9
    if dice.random() < 0.3:
        include["total_rows"] = True
    if dice.random() < 0.2:
        include["trim_relative_date_range"] = True
    time = [name for name in body["dimensions"] if name.startswith("time")]
    if time and dice.random() < 0.5:
        include["time_labels"] = True
    if is_internal and dice.random() < 0.2:
        include["imports_meta"] = True
    if is_internal and dice.random() < 0.5 and (not time or len(body["dimensions"]) == 1):
        include["compare"] = dice.choice(["previous_period", "previous_period", "year_over_year", _dates(dice, body)])
        include["compare_match_day_of_week"] = dice.random() < 0.5
    if time and "compare" in include:
        include.pop("total_rows", None)  # Of a filled series there are as many rows as labels.
    return include


def _dates(dice: Random, body: dict[str, Any]) -> list[str]:
    asked = body["date_range"]
    first = date.fromisoformat(asked[0][:10]) if isinstance(asked, list) else date(2026, 3, 28)
    begin = first - timedelta(days=dice.randint(0, 3))
    return [begin.isoformat(), (begin + timedelta(days=dice.randint(0, 4))).isoformat()]


def _order_and_page(dice: Random, body: dict[str, Any]) -> None:
    is_series = any(name.startswith("time") for name in body["dimensions"]) and "compare" in body["include"]
    names = [name for name in [*body["metrics"], *body["dimensions"]] if name != "event:goal"]
    if dice.random() < 0.3 and not is_series:
        chosen = dice.sample(names, dice.randint(1, min(2, len(names))))
        body["order_by"] = [[name, dice.choice(["asc", "desc"])] for name in chosen]
    elif dice.random() < 0.3 and is_series:
        body["order_by"] = [[body["dimensions"][0], "desc"]]
    if dice.random() < 0.3:
        body["pagination"] = {"limit": dice.randint(1, 6), "offset": dice.choice([0, 0, 1, 4, 50])}


# --- What --------------------------------------------------------------------------------------------------------


def leaf(dice: Random, names: list[str], *, is_internal: bool = False) -> list[Any]:
    """One condition."""
    dimension = dice.choice(names)
    operators = ["is", "is", "is_not", "contains", "contains_not", "matches", "matches_not"]
    operators += ["matches_wildcard", "matches_wildcard_not"] if is_internal else []
    operator = dice.choice(["is", "is_not"] if dimension == "visit:country" else operators)
    if operator.startswith("matches"):
        patterns = WILDCARDS if "wildcard" in operator else PATTERNS
        return [operator, dimension, dice.sample(patterns, dice.randint(1, 2))]
    known = TEXTS[dimension]
    plain = [operator, dimension, dice.sample(known, min(len(known), dice.choice([0, 1, 1, 2, 3])))]
    is_cased = dimension != "visit:city" and dice.random() < 0.25
    return [*plain, {"case_sensitive": dice.random() < 0.2}] if is_cased else plain


def tree(dice: Random, names: list[str], depth: int = 0, *, is_internal: bool = False) -> list[Any]:
    """A condition, or some joined."""
    if depth == 2 or dice.random() < 0.6:
        return leaf(dice, names, is_internal=is_internal)
    children = [tree(dice, names, depth + 1, is_internal=is_internal) for _ in range(dice.randint(1, 3))]
    return ["not", children[0]] if dice.random() < 0.3 else [dice.choice(["and", "or"]), children]


def goal_filter(dice: Random) -> list[Any]:
    """A condition on goals."""
    if dice.random() < 0.6:
        return ["is", "event:goal", dice.sample(GOAL_NAMES, dice.randint(1, 2))]
    return ["contains", "event:goal", [dice.choice(["sign", "Visit", "a"])], {"case_sensitive": False}]


def possible_metrics(dimensions: list[str], filters: list[Any], *, is_internal: bool) -> list[str]:
    """The metrics that may be asked beside these."""
    segments = {value for node in filters if node[1] == "segment" for value in node[2]}
    has_segment_pages = bool(segments & {1, 2})
    named = [leaf[1] for node in filters for leaf in spelled(node)]
    outside = [leaf[1] for node in filters for leaf in spelled(node, into_done=False)]
    top = [node[1] for node in filters if isinstance(node[1], str)]
    of_events = [name for name in dimensions if name.startswith("event:")]
    of_visits = [name for name in dimensions if name in VISIT_ONLY]
    found = ["visitors", "visits", "percentage"]
    if not of_visits:
        found += ["pageviews", "events"]
        found += ["scroll_depth"] if "event:page" in [*dimensions, *top] else []
        found += ["time_on_page"] if "event:page" in [*dimensions, *outside] else []
    if not of_events or of_events == ["event:page"]:
        found += ["bounce_rate", "visit_duration"]
        found += ["visit_pageviews", "visit_events"] if is_internal else []
        is_series = len(dimensions) == 1 and dimensions[0].startswith("time")
        is_free = "event:page" not in outside and not has_segment_pages
        found += ["views_per_visit"] if (not dimensions or is_series) and is_free else []
    knows_goals = "event:goal" in dimensions or "event:goal" in top
    found += ["total_revenue", "average_revenue"] if knows_goals else []
    found += ["sample_percent"] if is_internal else []
    has_nested = sum(n.startswith("event:props:") for n in named) > sum(n.startswith("event:props:") for n in top)
    if not has_nested and not (len(segments) > 1 and 3 in segments) and knows_goals:
        found += ["conversion_rate", "group_conversion_rate"]
        found += ["total_visitors", "group_visitors"] if is_internal else []
    return found


def spelled(node: list[Any], *, into_done: bool = True) -> list[list[Any]]:
    """The leaves of a tree."""
    match node[0]:
        case "and" | "or":
            return [leaf for child in node[1] for leaf in spelled(child, into_done=into_done)]
        case "not":
            return spelled(node[1], into_done=into_done)
        case "has_done" | "has_not_done":
            return spelled(node[1]) if into_done else []
        case _:
            return [node]


def _is_about_events(node: list[Any]) -> bool:
    return any(leaf[1] == "segment" or leaf[1].startswith("event:") for leaf in spelled(node))
