"""Whether imported aggregates can join an answer, and which table they come from.

Imported rows are sums per day and one set of dimensions; a question joins them only when one table can serve all its
filters and dimensions. Otherwise the answer says why it has none.
Source: docs/stats-api.md, "Imported data".
"""

from dataclasses import dataclass
from enum import StrEnum

from passerby.query.dimensions import DIMENSIONS, GOAL, PROPS, is_time, props_key
from passerby.query.filters import Done, Filter, Leaf, Operator, leaves, top
from passerby.query.goals import goals_of, is_scroll_goal, selected_goals
from passerby.query.language import Query
from passerby.query.ranges import Range
from passerby.query.site import Goal, Import, QuerySite

IMPORTS_MAX = 5  # The newest of a site; older ones stay stored and unread.
EVENTS_TABLE = "custom_events"
PAGES_TABLE = "pages"
VISITORS_TABLE = "visitors"
_GOAL_TABLES = (PAGES_TABLE, EVENTS_TABLE)

# Events that carry one well-known property; imports keep it in a column of its own.
PROPERTY_COLUMNS = {"url": "link_url", "path": "path"}
PROPERTY_EVENTS = {
    "url": frozenset({"Outbound Link: Click", "Cloaked Link: Click", "File Download"}),
    "path": frozenset({"404", "WP Form Completions", "Form: Submission"}),
}


class Skip(StrEnum):
    """Why imported data is not in an answer."""

    NO_IMPORTED_DATA = "no_imported_data"
    OUT_OF_RANGE = "out_of_range"
    UNSUPPORTED_INTERVAL = "unsupported_interval"
    UNSUPPORTED_QUERY = "unsupported_query"


SKIP_WARNINGS = {
    Skip.UNSUPPORTED_QUERY: (
        "Imported stats are not included in the results because query parameters are not supported. "
        "For more information, see: https://plausible.io/docs/stats-api#filtering-imported-stats"
    ),
    Skip.UNSUPPORTED_INTERVAL: (
        "Imported stats are not included because the time dimension (i.e. the interval) is too short."
    ),
}


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """The tables to read and the imports to read of them, or the reason to read none."""

    tables: tuple[str, ...] = ()
    imports: tuple[Import, ...] = ()
    skip: Skip | None = None
    needs_pageviews: bool = False  # Rows without page views are left out.

    @property
    def is_included(self) -> bool:
        """True when imported data joins the answer."""
        return self.skip is None


def plan_imports(query: Query, site: QuerySite) -> ImportPlan:
    """Which imported rows belong to the question."""
    newest = site.imports[:IMPORTS_MAX]
    if not newest:
        return ImportPlan(skip=Skip.NO_IMPORTED_DATA)
    ranges = [query.range] if query.compared is None else [query.range, query.compared]
    if query.period.is_realtime or not any(_overlaps(one, span) for one in newest for span in ranges):
        return ImportPlan(skip=Skip.OUT_OF_RANGE)
    if {"time:hour", "time:minute"} & set(query.dimensions):
        return ImportPlan(skip=Skip.UNSUPPORTED_INTERVAL)
    tables = tables_of(query, site)
    if not tables:
        return ImportPlan(skip=Skip.UNSUPPORTED_QUERY)
    needs_pageviews = bool({"pageviews", "visit_pageviews", "views_per_visit"} & set(query.metrics))
    return ImportPlan(tables=tables, imports=newest, needs_pageviews=needs_pageviews)


def _overlaps(one: Import, span: Range) -> bool:
    return one.start_on <= span.last_day and one.end_on >= span.first_day


def tables_of(query: Query, site: QuerySite) -> tuple[str, ...]:
    """The imported tables that serve the question; none when no single table can."""
    named = [place.leaf.dimension for place in leaves(query.filters)]
    dimensions = [name for name in query.dimensions if not is_time(name)]
    if any(isinstance(node, Done) for node in query.filters) or any(p.is_done for p in leaves(query.filters)):
        return ()
    if any(name.startswith(PROPS) for name in [*named, *dimensions]):
        return _property_table(query, site)
    if GOAL in dimensions:
        return _goal_tables(query, site, dimensions)
    wanted = {_table_of(name) for name in [*dimensions, *named] if name != GOAL}
    wanted |= {_goal_kind(goal) for leaf in top(query.filters, GOAL) for goal in goals_of(leaf, site)}
    if not wanted:
        return () if GOAL in named else (VISITORS_TABLE,)
    return tuple(table for table in wanted if table) if len(wanted) == 1 else ()


def _table_of(name: str) -> str | None:
    known = DIMENSIONS.get(name)
    return known.imported[0] if known is not None and known.imported is not None else None


def _goal_kind(goal: Goal) -> str | None:
    if is_scroll_goal(goal) or goal.custom_props:
        return None
    return EVENTS_TABLE if goal.event_name is not None else PAGES_TABLE


def _goal_tables(query: Query, site: QuerySite, dimensions: list[str]) -> tuple[str, ...]:
    """A breakdown by goal reads pages for page goals and custom events for event goals."""
    others = {leaf.dimension for leaf in _leaves(query.filters)} - {GOAL}
    if len(dimensions) > 1 or not others <= {"event:page", "event:name"}:
        return ()
    goals = selected_goals(query.filters, site)
    kinds = {_goal_kind(goal) for goal in goals} if goals else set(_GOAL_TABLES)
    allowed = {_table_of(name) for name in others} if others else set(_GOAL_TABLES)
    if len(allowed) > 1 and others:
        return ()
    return tuple(table for table in _GOAL_TABLES if table in kinds & allowed)


def _property_table(query: Query, site: QuerySite) -> tuple[str, ...]:
    """Properties survive an import only where a column of its own keeps them, beside the event they belong to."""
    others = [leaf for leaf in _leaves(query.filters) if not leaf.dimension.startswith(PROPS)]
    keys = {
        key
        for name in [*query.dimensions, *(leaf.dimension for leaf in _leaves(query.filters))]
        if (key := props_key(name)) is not None
    }
    if len(keys) != 1 or not keys <= set(PROPERTY_EVENTS):
        return ()
    key = keys.pop()
    groups = [name for name in query.dimensions if not is_time(name)]
    if len(query.dimensions) > 1 or not set(groups) <= {f"{PROPS}{key}", GOAL, "event:name"}:
        return ()
    if not others or not all(_names_event_of(leaf, key, site) for leaf in others):
        return ()
    return (EVENTS_TABLE,)


def _names_event_of(leaf: Leaf, key: str, site: QuerySite) -> bool:
    if leaf.operator is not Operator.IS:
        return False
    if leaf.dimension == "event:name":
        return all(value in PROPERTY_EVENTS[key] for value in leaf.values)
    if leaf.dimension == GOAL:
        goals = goals_of(leaf, site)
        return bool(goals) and all(goal.event_name in PROPERTY_EVENTS[key] for goal in goals)
    return False


def _leaves(filters: tuple[Filter, ...]) -> list[Leaf]:
    return [place.leaf for place in leaves(filters)]
