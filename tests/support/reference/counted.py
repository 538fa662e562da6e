"""Every metric of every group of one question about one period."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.support.reference.asked import Asked
from tests.support.reference.conditions import PROPS, holds, leaves, renamed, top
from tests.support.reference.imported import Joined, Sums, count_imported, decide, knows_scroll_depth, serving
from tests.support.reference.native import ENTRY_PAGE, PAGE, Group, chosen_goals, count_native, events_of
from tests.support.reference.world import Key, Row

GOAL = "event:goal"
REVENUE = ("total_revenue", "average_revenue")
NULL_WHEN_EMPTY = {"visit_duration", "exit_rate", "scroll_depth", "time_on_page"}
Metrics = list[Any]


class Counted:
    """The groups of one question about one period, and what rests on more than a group."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.joined: Joined | None = decide(asked) if _wants_imports(asked) else None
        self.groups = count_native(asked)
        self.sums: Sums = {}
        self.hidden: Sums = {}
        if self.includes_imports:
            self.sums, self.hidden = count_imported(asked, self.joined.tables if self.joined else frozenset())
        self.totals: dict[str, Any] = {}

    @property
    def includes_imports(self) -> bool:
        return bool(self.asked.include.get("imports")) and self.joined is not None and self.joined.skip is None

    def rows(self) -> list[tuple[Key, Metrics]]:
        return [(key, self.metrics(key)) for key in {**self.groups, **self.sums}]

    def metrics(self, key: Key) -> Metrics:
        group = self.groups.get(key, Group())
        added: dict[str, int] = {**self.sums.get(key, {}), **self.hidden.get(key, {})}
        return [self._metric(name, key, group, added) for name in self.asked.metrics]

    def visitors(self, key: Key) -> int:
        group = self.groups.get(key, Group())
        return len({row["visitor_id"] for row in group.either}) + self.sums.get(key, Counter())["visitors"]

    def empty(self, key: Key) -> Metrics:
        """What is known of a group that has no rows."""
        return [
            self._revenue(name, key, []) if name in REVENUE else None if name in NULL_WHEN_EMPTY else 0
            for name in self.asked.metrics
        ]

    def meta(self) -> dict[str, Any]:
        meta: dict[str, Any] = {"warnings": self._warnings()}
        if self.joined is not None:
            meta["imports_included"] = self.includes_imports
            meta |= {"imports_skip_reason": self.joined.skip} if self.joined.skip else {}
        return meta

    def _warnings(self) -> dict[str, str]:
        asked, found = self.asked, {}
        currencies = {name: self._currencies(name) for name in self._revenue_goals()}
        several = set().union(*currencies.values())
        for name in set(REVENUE) & set(asked.metrics):
            if not several:
                found[name] = "no_revenue_goals_matching"
            elif GOAL not in asked.dimensions and len(several) > 1:
                found[name] = "no_single_revenue_currency"
        if self.includes_imports and "scroll_depth" in asked.metrics and not knows_scroll_depth(asked):
            found["scroll_depth"] = "no_imported_scroll_depth"
        is_by_page = PAGE in [*asked.dimensions, *(leaf[1] for node in asked.filters for leaf in leaves(node))]
        if self.includes_imports and "bounce_rate" in asked.metrics and is_by_page:
            found["bounce_rate"] = "no_imported_bounce_rate"
        return found

    # --- metrics ---

    def _metric(  # noqa: C901, PLR0911, PLR0912 - One case a metric.
        self, name: str, key: Key, group: Group, added: dict[str, int]
    ) -> Any:
        def plus(part: str) -> int:
            return added.get(part, 0)

        visits, count = group.visits, len(group.visits)
        match name:
            case "visitors":
                return self.visitors(key)
            case "visits":
                return len({row["visit_id"] for row in group.either}) + plus("visits")
            case "pageviews":
                return len([e for e in group.events if e["name"] == "pageview"]) + plus("pageviews")
            case "events":
                return self._events(key, group, plus("events"))
            case "percentage":
                return _ratio(100 * self.visitors(key), self._total("all"), 2, empty=None)
            case "conversion_rate":
                return _ratio(100 * self.visitors(key), self._total("unconverted"), 2)
            case "group_conversion_rate":
                return _ratio(100 * self.visitors(key), self._group_total(key), 2)
            case "total_visitors":
                return self._total("unconverted")
            case "group_visitors":
                return self._group_total(key)
            case "bounce_rate":
                entered = [visit for visit in visits if self._entered(visit)]
                bounces = sum(visit["is_bounce"] for visit in entered) + plus("bounces")
                return _ratio(100 * bounces, len(entered) + plus("session_visits"))
            case "visit_duration":
                total = sum(visit["duration"] for visit in visits) + plus("duration")
                return _ratio(total, count + plus("session_visits"))
            case "views_per_visit":
                views = sum(visit["pageviews"] for visit in visits) + plus("session_pageviews")
                return _ratio(views, count + plus("session_visits"), 2)
            case "visit_pageviews":
                return sum(visit["pageviews"] for visit in visits) + plus("session_pageviews")
            case "visit_events":
                return sum(visit["events"] for visit in visits) + plus("session_pageviews")
            case "exit_rate":
                seen = self._views_of_exit(key) + plus("exit_pageviews")
                return _ratio(100 * (count + plus("exits")), seen, 1, empty=None)
            case "scroll_depth":
                deepest = _deepest(group.events)
                total = sum(deepest) + plus("scroll_depth")
                return _ratio(total, len(deepest) + plus("scroll_depth_visits"), empty=None)
            case "time_on_page":
                looked = {e["visit_id"] for e in group.events if e["name"] == "engagement"}
                spent = sum(e["engagement_time_ms"] for e in group.events) / 1000 + plus("time_on_page")
                return _ratio(spent, len(looked) + plus("time_on_page_visits"), empty=None)
            case "total_revenue" | "average_revenue":
                return self._revenue(name, key, group.events)
            case "sample_percent":
                return 100
            case _:
                raise ValueError(name)

    def _events(self, key: Key, group: Group, imported: int) -> int | None:
        asked = self.asked
        scrolled = {name for name, goal in asked.world.goals.items() if "scroll" in goal}
        if GOAL in asked.dimensions:
            if key[asked.dimensions.index(GOAL)] in scrolled:
                return None
        elif top(asked.filters, GOAL) and scrolled & set(chosen_goals(asked)):
            return None
        return len([e for e in group.events if e["name"] != "engagement"]) + imported

    def _entered(self, visit: Row) -> bool:
        """With a filter on the page, bounces are about visits that entered by it."""
        if PAGE in self.asked.dimensions:
            return True
        pages = [renamed(node, PAGE, ENTRY_PAGE) for node in top(self.asked.filters, PAGE)]
        return all(holds(node, {}, visit, self.asked.world, self.asked.span) for node in pages)

    def _views_of_exit(self, key: Key) -> int:
        kept = [node for node in self.asked.filters if node[1] != "visit:exit_page"]
        found = events_of(self.asked, kept)
        return len([1 for event, _ in found if event["name"] == "pageview" and (event["pathname"],) == key])

    # --- revenue ---

    def _revenue_goals(self) -> list[str]:
        asked = self.asked
        is_about_goals = GOAL in asked.dimensions or top(asked.filters, GOAL)
        return chosen_goals(asked) if is_about_goals else []

    def _currencies(self, goal: str) -> set[str]:
        currency = self.asked.world.goals[goal].get("currency")
        return {currency} if currency else set()

    def _revenue(self, name: str, key: Key, events: list[Row]) -> float | None:
        """Nothing without exactly one currency; of nothing, zero."""
        by_goal = GOAL in self.asked.dimensions
        goals = [key[self.asked.dimensions.index(GOAL)]] if by_goal else self._revenue_goals()
        if len(set().union(*(self._currencies(goal) for goal in goals))) != 1:
            return None
        known = [Decimal(str(amount)) for e in events if (amount := e["revenue_reporting_amount"]) is not None]
        if name == "total_revenue" or not known:
            return float(sum(known))
        return rounded(float(sum(known)) / len(known), 3)

    # --- totals ---

    def _unconverted(self) -> list[Any]:
        return [n for n in self.asked.attributed if not str(n[1]).startswith((GOAL, PROPS))]

    def _total(self, which: str) -> int:
        if which not in self.totals:
            filters = self.asked.attributed if which == "all" else self._unconverted()
            self.totals[which] = self._beside(self.asked.only_visitors(filters, [])).visitors(())
        return int(self.totals[which])

    def _group_total(self, key: Key) -> int:
        if "groups" not in self.totals:
            self.totals["groups"] = self._beside(self.asked.only_visitors(self._unconverted(), self.asked.dimensions))
        return int(self.totals["groups"].visitors(key))

    def _beside(self, asked: Asked) -> "Counted":
        """Another question, with imports if and only if this one has them."""
        other = Counted(replace(asked, include={}))
        if self.includes_imports and self.joined is not None:
            other.sums, _ = count_imported(asked, serving(asked) or self.joined.tables)
        return other


def _wants_imports(asked: Asked) -> bool:
    return bool(asked.include.get("imports") or asked.include.get("imports_meta"))


def _deepest(events: list[Row]) -> list[int]:
    deepest: dict[Any, int] = {}
    for e in events:
        if e["name"] == "engagement" and e["scroll_depth"] <= 100:
            deepest[e["visit_id"]] = max(deepest.get(e["visit_id"], 0), e["scroll_depth"])
    return list(deepest.values())


def rounded(value: float, digits: int = 0) -> float:
    """Half to even on the binary value, as the engine does."""
    return float(round(value * 10**digits) / 10**digits)


def _ratio(part: float, whole: float, digits: int = 0, *, empty: float | None = 0) -> float | None:
    return rounded(part / whole, digits) if whole else empty
