"""Every metric in plain Python, from raw rows and the definitions alone: slow, obvious, sharing no code of ours.

A question is the JSON a caller would send; an answer maps dimension values to metric values.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

SESSION_METRICS = {"bounce_rate", "visit_duration", "views_per_visit"}
EVENT_METRICS = {"pageviews", "events", "scroll_depth", "time_on_page", "total_revenue", "average_revenue"}
EITHER_METRICS = {"visitors", "visits", "percentage", "conversion_rate", "group_conversion_rate"}
VISIT_ONLY = {"visit:entry_page", "visit:exit_page", "visit:entry_page_hostname", "visit:exit_page_hostname"}
EMPTY_LABELS = {"visit:source": "Direct / None", "visit:browser": "(not set)", "visit:utm_medium": "(not set)"}
COLUMNS = {
    "event:name": "name",
    "event:page": "pathname",
    "event:hostname": "hostname",
    "visit:source": "referrer_source",
    "visit:browser": "browser",
    "visit:utm_medium": "utm_medium",
    "visit:country": "country_code",
    "visit:city": "city_geoname_id",
    "visit:entry_page": "entry_page",
    "visit:exit_page": "exit_page",
    "visit:entry_page_hostname": "hostname",
    "visit:exit_page_hostname": "exit_page_hostname",
}
HOST_OF = {
    "visit:source": "visit:entry_page_hostname",
    "visit:utm_medium": "visit:entry_page_hostname",
    "visit:entry_page": "visit:entry_page_hostname",
    "visit:exit_page": "visit:exit_page_hostname",
}


@dataclass
class World:
    """What happened at one site: visits with their events, and its goals (name → test of an event)."""

    zone: str
    visits: list[dict[str, Any]]
    goals: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def events(self) -> Iterator[dict[str, Any]]:
        for visit in self.visits:
            yield from visit["rows"]


def answer(world: World, question: dict[str, Any]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """The metrics of every group."""
    return _Question(world, question).answer()


def rounded(value: float, digits: int = 0) -> float:
    """Half to even on the binary value, as the engine does."""
    return float(round(value * 10**digits) / 10**digits)


class _Question:
    def __init__(self, world: World, question: dict[str, Any]) -> None:
        self.world = world
        self.zone = ZoneInfo(world.zone)
        self.metrics: list[str] = question["metrics"]
        self.dimensions: list[str] = question.get("dimensions", [])
        self.filters: list[Any] = list(question.get("filters", []))
        first, last = (date.fromisoformat(day) for day in question["date_range"])
        self.first_day = first
        self.first = _instant(datetime.combine(first, time.min), self.zone, is_end=False)
        self.last = _instant(datetime.combine(last, time(23, 59, 59)), self.zone, is_end=True)
        self.asked = list(self.filters)
        for dimension in self.dimensions:
            if dimension in HOST_OF:
                hosts = [f for f in self.asked if f[1] == "event:hostname"]
                added = [[f[0], HOST_OF[dimension], *f[2:]] for f in hosts]
                self.filters += [f for f in added if f not in self.filters]

    # --- which rows ---

    def in_range(self, event: dict[str, Any]) -> bool:
        return bool(self.first <= event["timestamp"] <= self.last)

    def is_active(self, visit: dict[str, Any]) -> bool:
        return bool(visit["timestamp"] >= self.first and visit["start"] <= self.last)

    def events(self, filters: list[Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        return [
            (event, visit)
            for visit in self.world.visits
            for event in visit["rows"]
            if self.in_range(event) and all(self.holds(f, event, visit) for f in filters)
        ]

    def visits(self, filters: list[Any]) -> list[dict[str, Any]]:
        plain = [f for f in filters if not _is_about_events(f)]
        of_event = [f for f in filters if _is_about_events(f)]
        return [
            visit
            for visit in self.world.visits
            if self.is_active(visit)
            and all(self.holds(f, {}, visit) for f in plain)
            and (
                not of_event
                or any(
                    self.in_range(event) and all(self.holds(f, event, visit) for f in of_event)
                    for event in visit["rows"]
                )
            )
        ]

    def holds(self, node: list[Any], event: dict[str, Any], visit: dict[str, Any]) -> bool:
        match node[0]:
            case "and":
                return all(self.holds(child, event, visit) for child in node[1])
            case "or":
                return any(self.holds(child, event, visit) for child in node[1])
            case "not":
                return not self.holds(node[1], event, visit)
            case "has_done" | "has_not_done":
                found = any(self.in_range(e) and self.holds(node[1], e, visit) for e in visit["rows"])
                return bool(found == (node[0] == "has_done"))
            case _:
                return self.leaf(node, event, visit)

    def leaf(self, node: list[Any], event: dict[str, Any], visit: dict[str, Any]) -> bool:
        operator, dimension, clauses = node[:3]
        sensitive = node[3]["case_sensitive"] if len(node) > 3 else True
        if dimension == "event:goal":
            fold = str if sensitive else str.casefold
            names = [
                name
                for name in self.world.goals
                for clause in clauses
                if (fold(name) == fold(clause) if operator == "is" else fold(clause) in fold(name))
            ]
            return any(completes(event, self.world.goals[name]) for name in names)
        if dimension.startswith("event:props:"):
            return _property(operator, event["props"].get(dimension.removeprefix("event:props:")), clauses, sensitive)
        row = visit if dimension in VISIT_ONLY or not event else event
        value = str(row[COLUMNS[dimension]])
        has_source = dimension in {"visit:source", "visit:utm_medium"}
        empty = {"(not set)"} if dimension.startswith("visit:") else set()
        if has_source:
            empty |= {"Direct / None"}
        stored = "0" if dimension == "visit:city" else ""
        is_equality = operator in {"is", "is_not"}
        wanted = [stored if is_equality and clause in empty else clause for clause in clauses]
        found = _matches(operator.removesuffix("_not"), value, wanted, sensitive)
        if operator.startswith("contains") and has_source and value == "":
            fold = str if sensitive else str.casefold
            found = found or any(fold(clause) in fold("Direct / None") for clause in clauses)
        return bool(found != operator.endswith("_not"))

    # --- groups ---

    def event_keys(self, event: dict[str, Any], visit: dict[str, Any]) -> list[tuple[Any, ...]]:
        keys: list[tuple[Any, ...]] = [()]
        for dimension in self.dimensions:
            keys = [(*key, value) for key in keys for value in self.event_values(dimension, event, visit)]
        return keys

    def event_values(self, dimension: str, event: dict[str, Any], visit: dict[str, Any]) -> list[Any]:
        if dimension.startswith("time:"):
            return [self.bucket(dimension, event["timestamp"])]
        if dimension == "event:goal":
            chosen = [f for f in self.asked if f[1] == "event:goal"]
            return [
                name
                for name, goal in self.world.goals.items()
                if completes(event, goal) and all(self._names(f, name) for f in chosen)
            ]
        if dimension.startswith("event:props:"):
            return [event["props"].get(dimension.removeprefix("event:props:"), "(none)")]
        row = visit if dimension in VISIT_ONLY else event
        return [_label(dimension, row[COLUMNS[dimension]])]

    @staticmethod
    def _names(node: list[Any], name: str) -> bool:
        sensitive = node[3]["case_sensitive"] if len(node) > 3 else True
        fold = str if sensitive else str.casefold
        return any(fold(name) == fold(c) if node[0] == "is" else fold(c) in fold(name) for c in node[2])

    def visit_keys(self, visit: dict[str, Any], *, smeared: bool) -> list[tuple[Any, ...]]:
        keys: list[tuple[Any, ...]] = [()]
        for dimension in self.dimensions:
            if dimension.startswith("time:"):
                values: list[Any] = self.visit_buckets(dimension, visit, smeared=smeared)
            elif dimension == "event:page":
                values = [visit["entry_page"]]
            else:
                values = [_label(dimension, visit[COLUMNS[dimension]])]
            keys = [(*key, value) for key in keys for value in values]
        return keys

    def visit_buckets(self, dimension: str, visit: dict[str, Any], *, smeared: bool) -> list[str]:
        if not smeared:
            return [self.bucket(dimension, visit["timestamp"])] if visit["timestamp"] <= self.last else []
        first, last = max(visit["start"], self.first), min(visit["timestamp"], self.last)
        slots = range(first // 900, last // 900 + 1)
        return list(dict.fromkeys(self.bucket(dimension, slot * 900) for slot in slots))

    def bucket(self, dimension: str, seconds: int) -> str:
        local = datetime.fromtimestamp(seconds, UTC).astimezone(self.zone)
        day = local.date()
        match dimension:
            case "time:hour":
                return local.strftime("%Y-%m-%d %H:00:00")
            case "time:day":
                return day.isoformat()
            case "time:week":
                return max(day - timedelta(days=day.weekday()), self.first_day).isoformat()
            case _:
                return day.replace(day=1).isoformat()

    # --- the answer ---

    def either_from_events(self) -> bool:
        named = [*self.dimensions, *(leaf[1] for f in self.filters for leaf in _leaves(f))]
        events_only = bool(EVENT_METRICS & set(self.metrics)) or any(n.startswith("event:") for n in named)
        visits_only = bool(SESSION_METRICS & set(self.metrics)) or bool(VISIT_ONLY & set(named))
        if not events_only:
            return False
        if not visits_only:
            return True
        return bool(EVENT_METRICS & set(self.metrics)) or any(d.startswith("event:") for d in self.dimensions)

    def answer(self) -> dict[tuple[Any, ...], tuple[Any, ...]]:  # noqa: C901 - One rule after the other.
        from_events = self.either_from_events()
        smears = "time:hour" in self.dimensions
        events: dict[Any, list[Any]] = {}
        visits: dict[Any, list[Any]] = {}
        smeared: dict[Any, list[Any]] = {}
        uses_events = from_events or bool(EVENT_METRICS & set(self.metrics))
        uses_visits = not from_events or bool(SESSION_METRICS & set(self.metrics))
        if uses_events:
            for event, visit in self.events(self.filters):
                for key in self.event_keys(event, visit):
                    events.setdefault(key, []).append(event)
        if uses_visits:
            by_page = "event:page" in self.dimensions
            filters = [_by_entry(f) for f in self.filters] if by_page else self.filters
            for visit in self.visits(filters):
                for key in self.visit_keys(visit, smeared=False):
                    visits.setdefault(key, []).append(visit)
                if smears and not from_events and EITHER_METRICS & set(self.metrics):
                    for key in self.visit_keys(visit, smeared=True):
                        smeared.setdefault(key, []).append(visit)
        if not self.dimensions:
            keys: set[Any] = {()}
        elif uses_events:
            keys = set(events) | (set(visits) if smears else set())
        else:
            keys = set(visits) | set(smeared)
        either = events if from_events else (smeared if smears else visits)
        return {
            key: tuple(
                self.metric(name, key, events.get(key, []), visits.get(key, []), either.get(key, []))
                for name in self.metrics
            )
            for key in keys
        }

    def metric(  # noqa: C901, PLR0911, PLR0912 - One case a metric.
        self, name: str, key: tuple[Any, ...], events: list[Any], visits: list[Any], either: list[Any]
    ) -> float | None:
        match name:
            case "visitors":
                return len({row["visitor_id"] for row in either})
            case "visits":
                return len({row["visit_id"] for row in either})
            case "percentage":
                total = self.total(self.filters)
                return rounded(100 * len({r["visitor_id"] for r in either}) / total, 2) if total else None
            case "conversion_rate":
                total = self.total(_unconverted(self.filters))
                return rounded(100 * len({r["visitor_id"] for r in either}) / total, 2) if total else 0
            case "group_conversion_rate":
                group = self.group_total(key)
                return rounded(100 * len({r["visitor_id"] for r in either}) / group, 2) if group else 0
            case "pageviews":
                return len([e for e in events if e["name"] == "pageview"])
            case "events":
                return self.event_count(key, events)
            case "bounce_rate":
                entered = visits if "event:page" in self.dimensions else self.entered(visits)
                return rounded(100 * sum(v["is_bounce"] for v in entered) / len(entered)) if entered else 0
            case "visit_duration":
                return rounded(sum(v["duration"] for v in visits) / len(visits)) if visits else 0
            case "views_per_visit":
                return rounded(sum(v["pageviews"] for v in visits) / len(visits), 2) if visits else 0
            case "scroll_depth":
                return _scroll_depth(events)
            case "time_on_page":
                looked = {e["visit_id"] for e in events if e["name"] == "engagement"}
                spent = sum(e["engagement_time_ms"] for e in events)
                return rounded(spent / 1000 / len(looked)) if looked else None
            case "total_revenue" | "average_revenue":
                return self.revenue(name, key, events)
            case _:
                raise ValueError(name)

    def event_count(self, key: tuple[Any, ...], events: list[Any]) -> int | None:
        scrolled = {name for name, goal in self.world.goals.items() if "scroll" in goal}
        chosen = [f for f in self.asked if f[1] == "event:goal"]
        if "event:goal" in self.dimensions:
            if key[self.dimensions.index("event:goal")] in scrolled:
                return None
        elif chosen and any(all(self._names(f, name) for f in chosen) for name in scrolled):
            return None
        return len([e for e in events if e["name"] != "engagement"])

    def revenue(self, name: str, key: tuple[Any, ...], events: list[Any]) -> float | None:
        """Nothing without exactly one currency; of nothing, zero."""
        chosen = [f for f in self.asked if f[1] == "event:goal"]
        named = {goal for goal in self.world.goals if all(self._names(f, goal) for f in chosen)}
        if "event:goal" in self.dimensions:
            named = {key[self.dimensions.index("event:goal")]}
        currencies = {self.world.goals[goal].get("currency") for goal in named} - {None}
        if len(currencies) != 1:
            return None
        amounts = [e["revenue_reporting_amount"] for e in events if e["revenue_reporting_amount"] is not None]
        if name == "total_revenue" or not amounts:
            return float(sum(amounts))
        return rounded(sum(amounts) / len(amounts), 3)

    def entered(self, visits: list[Any]) -> list[Any]:
        """With a filter on the page, bounces are about visits that entered by it."""
        pages = [_by_entry(f) for f in self.asked if f[1] == "event:page"]
        return [visit for visit in visits if all(self.holds(f, {}, visit) for f in pages)]

    def total(self, filters: list[Any]) -> int:
        question = {"metrics": ["visitors"], "filters": filters, "date_range": self.days()}
        return int(answer(self.world, question)[()][0] or 0)

    def group_total(self, key: tuple[Any, ...]) -> int:
        question = {
            "metrics": ["visitors"],
            "filters": _unconverted(self.filters),
            "dimensions": self.dimensions,
            "date_range": self.days(),
        }
        return int(answer(self.world, question).get(key, (0,))[0] or 0)

    def days(self) -> list[str]:
        last = datetime.fromtimestamp(self.last, UTC).astimezone(self.zone).date()
        return [self.first_day.isoformat(), last.isoformat()]


def completes(event: dict[str, Any], goal: dict[str, Any]) -> bool:
    """True when the event completes the goal."""
    if any(event["props"].get(key) != value for key, value in goal.get("props", {}).items()):
        return False
    if "event" in goal:
        return bool(event["name"] == goal["event"])
    pattern = re.escape(goal["page"]).replace(r"\*\*", ".*").replace(r"\*", ".*")
    if not re.fullmatch(pattern, event["pathname"]):
        return False
    if "scroll" in goal:
        return bool(event["name"] == "engagement" and goal["scroll"] <= event["scroll_depth"] <= 100)
    return bool(event["name"] == "pageview")


def _scroll_depth(events: list[Any]) -> float | None:
    deepest: dict[Any, int] = {}
    for e in events:
        if e["name"] == "engagement" and e["scroll_depth"] <= 100:
            deepest[e["visit_id"]] = max(deepest.get(e["visit_id"], 0), e["scroll_depth"])
    return rounded(sum(deepest.values()) / len(deepest)) if deepest else None


def _property(operator: str, value: str | None, clauses: list[str], sensitive: bool) -> bool:  # noqa: FBT001 - Short.
    positive = operator.removesuffix("_not")
    if positive != "is":
        return value is not None and _matches(positive, value, clauses, sensitive) != operator.endswith("_not")
    found = (
        "(none)" in clauses
        if value is None
        else _matches("is", value, [c for c in clauses if c != "(none)"], sensitive)
    )
    return found != operator.endswith("_not")


def _matches(operator: str, value: str, clauses: list[str], sensitive: bool) -> bool:  # noqa: FBT001 - Short.
    fold = str if sensitive else str.lower
    match operator:
        case "is":
            return fold(value) in [fold(clause) for clause in clauses]
        case "contains":
            return any(fold(clause) in fold(value) for clause in clauses)
        case _:
            return any(re.search(clause, value) for clause in clauses)


def _label(dimension: str, value: Any) -> Any:
    return EMPTY_LABELS.get(dimension, value) if value == "" else value


def _leaves(node: list[Any]) -> Iterator[list[Any]]:
    match node[0]:
        case "and" | "or":
            for child in node[1]:
                yield from _leaves(child)
        case "not" | "has_done" | "has_not_done":
            yield from _leaves(node[1])
        case _:
            yield node


def _is_about_events(node: list[Any]) -> bool:
    match node[0]:
        case "and" | "or":
            return any(_is_about_events(child) for child in node[1])
        case "not":
            return _is_about_events(node[1])
        case "has_done" | "has_not_done":
            return False
        case _:
            return bool(node[1].startswith("event:"))


def _by_entry(node: list[Any]) -> list[Any]:
    match node[0]:
        case "and" | "or":
            return [node[0], [_by_entry(child) for child in node[1]]]
        case "not":
            return ["not", _by_entry(node[1])]
        case "has_done" | "has_not_done":
            return node
        case _:
            return [node[0], "visit:entry_page", *node[2:]] if node[1] == "event:page" else node


def _unconverted(filters: list[Any]) -> list[Any]:
    return [f for f in filters if not (isinstance(f[1], str) and f[1].startswith(("event:goal", "event:props:")))]


def _instant(local: datetime, zone: ZoneInfo, *, is_end: bool) -> int:
    """Tries every offset the zone has around that day; in a gap, walks to its edge."""
    guess = int(local.replace(tzinfo=UTC).timestamp())
    offsets = {zone.utcoffset(local + timedelta(days=d)) for d in (-2, -1, 0, 1, 2)}
    moments = [int((local - offset).replace(tzinfo=UTC).timestamp()) for offset in offsets if offset is not None]
    exact = [m for m in moments if datetime.fromtimestamp(m, UTC).astimezone(zone).replace(tzinfo=None) == local]
    if exact:
        return min(exact) if is_end else max(exact)
    # In a gap: walk to its edge.
    moment = guess - 86_400
    while datetime.fromtimestamp(moment + 60, UTC).astimezone(zone).replace(tzinfo=None) <= local:
        moment += 60
    while datetime.fromtimestamp(moment + 1, UTC).astimezone(zone).replace(tzinfo=None) <= local:
        moment += 1
    return moment if is_end else moment + 1
