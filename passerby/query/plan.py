"""What we do about a question: which tables are read, which parts each counts, which rows lead.

Nothing here is SQL; compile.py prints what is decided here. Every source yields rows of (dimension values, parts);
they are stacked and summed per group, and a group is shown when a leading source knows it.
Source: the rules of table choice are in docs/stats-api.md, "Events or visits".
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from passerby.query.dimensions import ENTRY_PAGE, GOAL, PAGE, PROPS, Level, level_of
from passerby.query.filters import Filter, Leaf, leaves, rename, top
from passerby.query.imports import ImportPlan, plan_imports, tables_of
from passerby.query.language import Query
from passerby.query.metrics import METRICS, Total
from passerby.query.parts import PARTS
from passerby.query.site import QuerySite

EITHER_PARTS = frozenset({"visitors", "visits"})
_SEPARATE = frozenset({"exit_pageviews", "group_visitors"})  # Counted by a source of their own.
SMEARED_DIMENSIONS = frozenset({"time:hour", "time:minute"})
# With a filter on the host, a breakdown of visits is about visits that entered (or left) by that host.
_ENTRY_HOST = frozenset(
    f"visit:{name}"
    for name in (
        "source", "entry_page", "utm_medium", "utm_source", "utm_campaign", "utm_content", "utm_term", "referrer",
    )
)  # fmt: skip
_EXIT_HOST = frozenset({"visit:exit_page"})


class Rows(StrEnum):
    """What a source reads."""

    EVENTS = "events"
    VISITS = "visits"
    SMEARED = "smeared"  # Visits, once in every bucket they touch.
    SCROLLED = "scrolled"  # The deepest point of each visit, from engagement events.
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class Source:
    """One table, read once. `parts` maps the part a row fills to the part it is counted as."""

    rows: Rows
    dimensions: tuple[str, ...]
    filters: tuple[Filter, ...]
    parts: tuple[str, ...]
    is_leading: bool = True
    entered_by: tuple[Filter, ...] = ()  # Only visits that entered so take part in bounces.
    imported: ImportPlan | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The sources of the rows, and of each total the metrics are measured against."""

    query: Query
    sources: tuple[Source, ...]
    totals: dict[Total, tuple[Source, ...]]
    imports: ImportPlan | None  # None when the question did not want them.


def plan_query(query: Query, site: QuerySite) -> Plan:
    """Decide which tables answer the question."""
    filters = _with_host_of_visits(query)
    imports = plan_imports(query, site) if query.include.imports or query.include.imports_meta else None
    sources = list(_native(query, filters))
    joined = imports if imports is not None and imports.is_included and query.include.imports else None
    if joined is not None:
        sources += [*_imported(query, joined, _parts_of(query.metrics)), *_imported_entries(query, site, joined)]
    if "group_visitors" in _parts_of(query.metrics):
        sources += _group_totals(query, filters, site, joined)
    totals = {
        total: _total(query, filters, site, total, joined)
        for total in Total
        if any(METRICS[name].total is total for name in query.metrics)
    }
    return Plan(query=query, sources=tuple(sources), totals=totals, imports=imports)


def _parts_of(metrics: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for name in metrics for part in METRICS[name].parts))


def _with_host_of_visits(query: Query) -> tuple[Filter, ...]:
    hosts = top(query.filters, "event:hostname")
    added: list[Leaf] = []
    for names, host in ((_ENTRY_HOST, "visit:entry_page_hostname"), (_EXIT_HOST, "visit:exit_page_hostname")):
        if names & set(query.dimensions):
            added += [replace(leaf, dimension=host) for leaf in hosts]
    return (*query.filters, *added)


# --- Native tables -----------------------------------------------------------------------------------------------


def _native(query: Query, filters: tuple[Filter, ...]) -> list[Source]:
    parts = _parts_of(query.metrics)
    either = _rows_of_either(query, filters)
    smears = bool(SMEARED_DIMENSIONS & set(query.dimensions))
    by_event = any(level_of(name) is Level.EVENT for name in query.dimensions)
    if "time:minute" in query.dimensions and EITHER_PARTS & set(parts) and not by_event:
        either = Rows.VISITS  # A minute is too short to see a visitor's events in.
    needs_events = either is Rows.EVENTS or _uses(query, filters, Level.EVENT, metrics_only=True)
    needs_visits = either is Rows.VISITS or _uses(query, filters, Level.VISIT, metrics_only=True)
    shared = tuple(part for part in parts if part in EITHER_PARTS)
    sources: list[Source] = []
    if needs_events:
        sources += _event_sources(query, filters, parts, shared if either is Rows.EVENTS else ())
    if needs_visits:
        is_leading = not needs_events or smears
        sources += _visit_sources(query, filters, parts, shared if either is Rows.VISITS else (), is_leading=is_leading)
    return sources


def _rows_of_either(query: Query, filters: tuple[Filter, ...]) -> Rows:
    """Which table counts visitors and visits: the first rule that fits."""
    if not _uses(query, filters, Level.EVENT):
        return Rows.VISITS
    if not _uses(query, filters, Level.VISIT):
        return Rows.EVENTS
    if not _uses(query, (), Level.EVENT):
        return Rows.VISITS
    return Rows.EVENTS


def _uses(query: Query, filters: tuple[Filter, ...], level: Level, *, metrics_only: bool = False) -> bool:
    """True when a metric, a dimension or a filter is known to one table only."""
    if any(METRICS[name].level is level for name in query.metrics):
        return True
    if metrics_only:
        return False
    named = [*query.dimensions, *(place.leaf.dimension for place in leaves(filters))]
    return any(level_of(name) is level for name in named)


def _event_sources(
    query: Query, filters: tuple[Filter, ...], parts: tuple[str, ...], shared: tuple[str, ...]
) -> list[Source]:
    counted = tuple(part for part in parts if PARTS[part].events and part not in EITHER_PARTS | _SEPARATE)
    sources = [Source(Rows.EVENTS, query.dimensions, filters, (*shared, *counted))]
    scrolled = tuple(part for part in parts if PARTS[part].scrolled)
    if scrolled:
        sources.append(Source(Rows.SCROLLED, query.dimensions, filters, scrolled, is_leading=False))
    return sources


def _visit_sources(
    query: Query, filters: tuple[Filter, ...], parts: tuple[str, ...], shared: tuple[str, ...], *, is_leading: bool
) -> list[Source]:
    by_page = PAGE in query.dimensions
    names = {PAGE: ENTRY_PAGE} if by_page else {}
    dimensions = tuple(names.get(name, name) for name in query.dimensions)
    renamed = tuple(rename(node, names) for node in filters) if by_page else filters
    entered_by = () if by_page else tuple(rename(leaf, {PAGE: ENTRY_PAGE}) for leaf in top(filters, PAGE))
    counted = tuple(part for part in parts if PARTS[part].visits and part not in EITHER_PARTS | _SEPARATE)
    sources: list[Source] = []
    if shared and SMEARED_DIMENSIONS & set(dimensions):
        sources.append(Source(Rows.SMEARED, dimensions, renamed, shared, is_leading=is_leading))
        shared = ()
    if shared or counted or not sources:
        sources.append(
            Source(Rows.VISITS, dimensions, renamed, (*shared, *counted), is_leading=is_leading, entered_by=entered_by)
        )
    if "exit_pageviews" in parts:
        kept = tuple(node for node in filters if not (isinstance(node, Leaf) and node.dimension == "visit:exit_page"))
        sources.append(Source(Rows.EVENTS, (PAGE,), kept, ("exit_pageviews",), is_leading=False))
    return sources


# --- Totals ------------------------------------------------------------------------------------------------------


def unconverted(filters: tuple[Filter, ...]) -> tuple[Filter, ...]:
    """The filters without those on goals and properties at the top level: everyone who could have converted."""
    return tuple(
        node
        for node in filters
        if not (isinstance(node, Leaf) and (node.dimension == GOAL or node.dimension.startswith(PROPS)))
    )


def _only_visitors(query: Query, filters: tuple[Filter, ...], dimensions: tuple[str, ...]) -> Query:
    return replace(query, metrics=("visitors",), dimensions=dimensions, filters=filters)


def _total(
    query: Query, filters: tuple[Filter, ...], site: QuerySite, total: Total, joined: ImportPlan | None
) -> tuple[Source, ...]:
    kept = unconverted(filters) if total is Total.UNCONVERTED else filters
    return _visitors_of(_only_visitors(query, kept, ()), site, joined)


def _visitors_of(query: Query, site: QuerySite, joined: ImportPlan | None) -> tuple[Source, ...]:
    """Imports join a total if and only if they joined the rows, if need be from the rows' own table."""
    sources = _native(query, query.filters)
    if joined is not None:
        tables = tables_of(query, site) or joined.tables
        sources += _imported(query, replace(joined, tables=tables, needs_pageviews=False), ("visitors",))
    return tuple(sources)


def _group_totals(
    query: Query, filters: tuple[Filter, ...], site: QuerySite, joined: ImportPlan | None
) -> list[Source]:
    asked = _only_visitors(query, unconverted(filters), query.dimensions)
    return [
        replace(source, parts=("group_visitors",), is_leading=False)
        for source in _visitors_of(asked, site, joined)
        if "visitors" in source.parts
    ]


# --- Imported tables ---------------------------------------------------------------------------------------------


def _imported(query: Query, imports: ImportPlan, parts: tuple[str, ...]) -> list[Source]:
    sources = []
    for table in imports.tables:
        counted = tuple(
            part for part in parts if PARTS[part].in_import(table) not in {None, "0"} and part not in _SEPARATE
        )
        one = replace(imports, tables=(table,))
        sources.append(Source(Rows.IMPORTED, query.dimensions, query.filters, counted, imported=one))
    if "exit_pageviews" in parts:
        pages = replace(imports, tables=("pages",))
        sources.append(Source(Rows.IMPORTED, (PAGE,), (), ("exit_pageviews",), is_leading=False, imported=pages))
    return sources


def _imported_entries(query: Query, site: QuerySite, imports: ImportPlan) -> list[Source]:
    """By page, metrics of visits are about the visits that entered by it: imported entry pages know those."""
    parts = tuple(part for part in _parts_of(query.metrics) if PARTS[part].visits and part not in EITHER_PARTS)
    if PAGE not in query.dimensions or not parts:
        return []
    names = {PAGE: ENTRY_PAGE}
    asked = replace(
        query,
        dimensions=tuple(names.get(name, name) for name in query.dimensions),
        filters=tuple(rename(node, names) for node in query.filters),
    )
    if tables_of(asked, site) != ("entry_pages",):
        return []
    entries = replace(imports, tables=("entry_pages",), needs_pageviews=False)
    return [Source(Rows.IMPORTED, asked.dimensions, asked.filters, parts, is_leading=False, imported=entries)]
