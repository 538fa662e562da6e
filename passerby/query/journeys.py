"""What visitors do next: from a journey so far to its continuations, forwards or backwards.

A visitor's events of the period, in order, are one path: engagement and money left out, the same page twice in a row
counted once, slashes at the end of a path dropped. A journey is a run of neighbouring steps anywhere on the path;
candidates are what follows it, counted by visitors.
Source: docs/funnels.md, "Journeys".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from passerby.query.conditions import Scope, Table
from passerby.query.dimensions import PAGE
from passerby.query.errors import QueryRefused
from passerby.query.filters import Filter, Leaf
from passerby.query.funnels import show_steps
from passerby.query.goals import is_scroll_goal, wildcard_pattern
from passerby.query.language import Query
from passerby.query.site import Goal, QuerySite
from passerby.query.uncounted import check_visitors_known
from passerby.store.store import Store

STEPS_MAX = 20
CANDIDATES_DEFAULT = 10
CANDIDATES_MAX = 50
GROUPS_READ_MAX = 1_000  # Rows the engine hands over; groups that say nothing new are dropped from them.
EVENTS_A_VISITOR_MAX = 10_000  # Of a path that is followed; only robots walk further.
GOALS_MAX = 200
SEARCH_CHARACTERS_MIN = 3
NAME_CHARACTERS_MAX = 2_000
PAGEVIEW = "pageview"
END = "__journey_end__"
END_LABEL = "No further action"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: an event by name, a page by path, a directory with all below it, or a page goal's pattern."""

    name: str
    pathname: str = ""
    includes_subpaths: bool = False
    is_goal: bool = False

    @property
    def is_wide(self) -> bool:
        """Whether more than one path is this step."""
        return self.includes_subpaths or (self.is_goal and "*" in self.pathname)


@dataclass(frozen=True, slots=True)
class Journey:
    """The steps chosen so far, and in which direction the next one is looked for."""

    steps: tuple[Step, ...]
    is_backward: bool = False
    search: str = ""


def parse_journey(value: Any, *, direction: Any = None, search: Any = None) -> Journey:
    """A journey as the dashboard sends it: a list of steps.

    Raises: QueryRefused.
    """
    if not isinstance(value, list):
        raise QueryRefused("There was an error with your request", field="journey")
    if direction not in (None, "forward", "backward"):  # A tuple: what was sent may have no hash.
        raise QueryRefused("There was an error with your request", field="direction")
    if len(value) > STEPS_MAX:
        raise QueryRefused("The journey is too long", field="journey")
    if search is not None and not isinstance(search, str):
        raise QueryRefused("There was an error with your request", field="search_term")
    steps = tuple(_step(entry) for entry in value)
    wanted = (search or "").strip()[:NAME_CHARACTERS_MAX]
    return Journey(
        steps=steps,
        is_backward=direction == "backward",
        search=wanted if len(wanted) >= SEARCH_CHARACTERS_MIN else "",
    )


def _step(entry: Any) -> Step:
    match entry:
        case {"name": str() as name} if name and name != END and len(name) <= NAME_CHARACTERS_MAX:
            path = entry.get("pathname") or ""
            if isinstance(path, str) and len(path) <= NAME_CHARACTERS_MAX:
                wide, goal = entry.get("includes_subpaths") is True, entry.get("is_goal") is True
                return Step(name, _trimmed(path), includes_subpaths=wide, is_goal=goal)
    raise QueryRefused("There was an error with your request", field="journey")


def _trimmed(path: str) -> str:
    """A path as paths are followed: without slashes at its end."""
    return path.rstrip("/") or path[:1]


def next_steps(
    journey: Journey, query: Query, site: QuerySite, store: Store, *, limit: int = CANDIDATES_DEFAULT
) -> list[dict[str, Any]]:
    """What comes after the journey (before it, backwards), most visitors first: `{"step": …, "visitors": n}`.

    Raises: VisitorsNotCounted; QueryTooExpensive, StoreUnavailable.
    """
    check_visitors_known(query, site, store)
    paths = _Paths(journey, query, site)
    rows = store.query(paths.candidates(), paths.values).rows
    found = [_Candidate(*row) for row in rows]
    labels = {goal.event_name: goal.display_name for goal in paths.goals if goal.event_name is not None}
    pages = {_trimmed(goal.page_path): goal.display_name for goal in paths.goals if goal.page_path is not None}
    kept = _without_echoes(found)
    return [one.shown(labels, pages) for one in kept[: min(limit, CANDIDATES_MAX)]]


def journey_funnel(journey: Journey, query: Query, site: QuerySite, store: Store) -> list[dict[str, Any]]:
    """How many visitors took the journey as far as each of its steps.

    Raises: QueryRefused for a journey without steps; VisitorsNotCounted.
    """
    check_visitors_known(query, site, store)
    if not journey.steps:
        raise QueryRefused("We are unable to show funnels when journey is empty", field="journey")
    paths = _Paths(journey, query, site)
    (counts,) = store.query(paths.funnel(), paths.values).rows
    labels = [step.pathname or step.name for step in journey.steps]
    shown = show_steps(labels, [int(count) for count in counts])
    return [
        {"step": _plain(step), **{name: value for name, value in row.items() if name != "label"}}
        for step, row in zip(journey.steps, shown, strict=True)
    ]


def _plain(step: Step) -> dict[str, Any]:
    return {
        "name": step.name,
        "pathname": step.pathname,
        "label": step.pathname or step.name,
        "includes_subpaths": step.includes_subpaths,
        "is_goal": step.is_goal,
    }


# --- Candidates --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Candidate:
    kind: str  # event, page, group, goal or end.
    name: str
    pathname: str
    visitors: int
    subpaths: int

    def shown(self, labels: Mapping[str, str], pages: Mapping[str, str]) -> dict[str, Any]:
        known = {"event": labels.get(self.name), "page": pages.get(self.pathname), "goal": pages.get(self.pathname)}
        goal = known.get(self.kind)
        is_goal = goal is not None
        step = Step(self.name, self.pathname, includes_subpaths=self.kind == "group", is_goal=is_goal)
        label = END_LABEL if self.kind == "end" else goal or _plain(step)["label"]
        subpaths = self.subpaths if self.kind == "group" else 0
        return {"step": {**_plain(step), "label": label, "subpaths_count": subpaths}, "visitors": self.visitors}


def _without_echoes(found: list[_Candidate]) -> list[_Candidate]:
    """Leave out a directory whose only interesting child is a directory with the same counts."""
    groups = [one for one in found if one.kind == "group"]
    counts = {(one.pathname, one.visitors, one.subpaths) for one in groups}
    echoes = {
        one.pathname
        for one in groups
        if any(
            path.startswith(f"{one.pathname}/") and (visitors, subpaths) == (one.visitors, one.subpaths)
            for path, visitors, subpaths in counts
        )
    }
    return [one for one in found if one.kind != "group" or one.pathname not in echoes]


# --- SQL ---------------------------------------------------------------------------------------------------------


_NAME = "CAST(name AS String)"
_PAGE = "if(name = 'pageview', if(trimRight(pathname, '/') = '', '/', trimRight(pathname, '/')), '')"


class _Paths:
    """The statements over visitors' paths; `path` is an array of (name, pathname)."""

    def __init__(self, journey: Journey, query: Query, site: QuerySite) -> None:
        self._journey = journey
        # A journey that has begun leads away from the page it began on.
        self._filters = tuple(node for node in query.filters if not (journey.steps and _is_on_page(node)))
        self._scope = Scope(site=site, range=query.range)
        self.goals = [goal for goal in site.goals if _is_offered(goal)][:GOALS_MAX]
        self._money = sorted({goal.event_name for goal in site.goals if goal.currency and goal.event_name})

    @property
    def values(self) -> dict[str, Any]:
        return self._scope.params.values

    def funnel(self) -> str:
        steps = self._journey.steps
        reached = [f"countIf(arrayExists(i -> {self._run_at(count)}, arrayEnumerate(path)))"
                   for count in range(1, len(steps) + 1)]  # fmt: skip
        return f"SELECT {', '.join(reached)} FROM (\n{self._paths()}\n)"

    def candidates(self) -> str:
        # Visitors are collected once per next element, and what it is offered as is worked out per element too.
        seen = f"SELECT next, uniqExactState(visitor_id) AS seen FROM (\n{self._nexts()}\n) GROUP BY next"
        offered = f"SELECT seen, arrayJoin({self._offers()}) AS offer FROM (\n{seen}\n)"
        return (
            "SELECT offer.1 AS kind, offer.2 AS name, offer.3 AS pathname, "
            "uniqExactMerge(seen) AS visitors, count() AS subpaths\n"
            f"FROM (\n{offered}\n)\nWHERE {self._searched()}\n"
            "GROUP BY kind, name, pathname HAVING kind != 'group' OR subpaths > 1\n"
            f"ORDER BY visitors DESC, pathname, name, kind LIMIT {GROUPS_READ_MAX}"
        )

    def _nexts(self) -> str:
        """Visitors with the elements that follow the journey. Before it has begun, that is everything they did."""
        count = len(self._journey.steps)
        if not count:
            return f"SELECT visitor_id, ({_NAME}, {_PAGE}) AS next FROM {self._events()}"
        # An index behind the end gives ('', ''): the path ended there.
        nexts = f"arrayMap(i -> path[i + {count}], arrayFilter(i -> {self._run_at(count)}, arrayEnumerate(path)))"
        return f"SELECT visitor_id, arrayJoin(arrayDistinct({nexts})) AS next FROM (\n{self._paths()}\n)"

    def _events(self) -> str:
        conditions = [self._scope.where(Table.EVENTS, self._filters), "name != 'engagement'"]
        if self._money:
            conditions.append(f"name NOT IN {self._scope.params.texts(self._money)}")
        return f"events WHERE {' AND '.join(conditions)}"

    def _paths(self) -> str:
        """Every visitor's path: in order, wide steps folded into one, neighbours that are equal counted once."""
        seen = f"groupArray({EVENTS_A_VISITOR_MAX})((timestamp, arrival, {_NAME}, {_PAGE}))"
        ordered = f"arrayMap(e -> {self._folded('e.3', 'e.4')}, arraySort({seen}))"
        path = f"arrayCompact({ordered})"
        if self._journey.is_backward:
            path = f"arrayReverse({path})"
        return f"SELECT visitor_id, {path} AS path FROM {self._events()} GROUP BY visitor_id"

    def _folded(self, name: str, page: str) -> str:
        """An element of the path; one that a chosen wide step covers takes that step's own name and path."""
        sql = f"({name}, {page})"
        for step in reversed([step for step in self._journey.steps if step.is_wide]):
            own = f"('{PAGEVIEW}', {self._scope.params.text(step.pathname)})"
            sql = f"if({name} = '{PAGEVIEW}' AND {self._covers(step, page)}, {own}, {sql})"
        return sql

    def _covers(self, step: Step, page: str) -> str:
        path = self._scope.params.text(step.pathname)
        if step.includes_subpaths:
            return f"({page} = {path} OR startsWith({page}, {self._scope.params.text(step.pathname + '/')}))"
        return f"match({page}, {self._scope.params.text(wildcard_pattern(step.pathname))})"

    def _run_at(self, count: int) -> str:
        """The first `count` steps stand at `i` and the places after it."""
        bind = self._scope.params.text
        steps = self._journey.steps[:count]
        equal = [f"path[i + {place}] = ({bind(step.name)}, {bind(step.pathname)})" for place, step in enumerate(steps)]
        return " AND ".join(equal) or "1"

    def _offers(self) -> str:
        """What one element is offered as: itself, every directory above it, the wide page goals it completes."""
        own = (
            f"multiIf(next = ('', ''), ('end', '{END}', ''), next.1 = '{PAGEVIEW}', ('page', next.1, next.2), "
            "('event', next.1, ''))"
        )
        parts = "arrayFilter(p -> p != '', splitByChar('/', next.2))"
        above = (
            f"arrayMap(n -> ('group', '{PAGEVIEW}', concat('/', arrayStringConcat(arraySlice({parts}, 1, n), '/'))), "
            f"range(1, length({parts}) + 1))"
        )
        goals = [
            f"if(next.1 = '{PAGEVIEW}' AND {self._scope.path(_trimmed(goal.page_path), 'next.2')}, "
            f"[('goal', '{PAGEVIEW}', {self._scope.params.text(_trimmed(goal.page_path))})], [])"
            for goal in self.goals
            if goal.page_path is not None and "*" in goal.page_path  # Of other goals the page itself is offered.
        ]
        return f"arrayConcat([{own}], {above}{''.join(', ' + goal for goal in goals)})"

    def _searched(self) -> str:
        if not self._journey.search:
            return "1"
        wanted = self._scope.params.text(self._journey.search)
        named = f"if(kind = 'end', '{END_LABEL}', if(pathname = '', name, pathname))"
        found = [f"positionCaseInsensitiveUTF8({named}, {wanted}) > 0"]
        labelled = [
            _trimmed(goal.page_path)
            for goal in self.goals
            if goal.page_path is not None and self._journey.search.casefold() in goal.display_name.casefold()
        ]
        events = [
            goal.event_name
            for goal in self.goals
            if goal.event_name is not None and self._journey.search.casefold() in goal.display_name.casefold()
        ]
        if labelled:
            found.append(f"(kind IN ('goal', 'page') AND pathname IN {self._scope.params.texts(labelled)})")
        if events:
            found.append(f"(kind = 'event' AND name IN {self._scope.params.texts(events)})")
        return f"({' OR '.join(found)})"


def _is_on_page(node: Filter) -> bool:
    return isinstance(node, Leaf) and node.dimension == PAGE


def _is_offered(goal: Goal) -> bool:
    """Goals that a single step can be: no money, no scrolling, no properties."""
    return goal.currency is None and not is_scroll_goal(goal) and not goal.custom_props
