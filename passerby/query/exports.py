"""The dashboard as files: every report under one period and set of filters, as rows of text and numbers.

A file is one entry in `REPORTS`; its rows come by the same door as the panel it belongs to.
Source: docs/exports.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from passerby.query.comparison import filled, render
from passerby.query.dimensions import GOAL, NOT_SET, PAGE, PROPS, Level, is_time, level_of
from passerby.query.errors import QueryRefused
from passerby.query.filters import Leaf, Operator, leaves, top
from passerby.query.language import LIMIT_MAX, Query
from passerby.query.run import run_query
from passerby.query.site import QuerySite
from passerby.query.suggestions import PROP_KEY, suggest
from passerby.query.uncounted import CODE, TEXT, knows_visitors, unknown_metrics
from passerby.store.store import Store

ROWS_MAX = 300
PAGES_MAX = 100
INTERVALS = ("minute", "hour", "day", "week", "month")
DAYS_BY_DAY_MAX = 31  # "All time" is told by the month once it is longer.

_QUALITY = {"visitors": "visitors", "bounce_rate": "bounce_rate", "visit_duration": "visit_duration"}
_SERIES = {
    name: name for name in ("visitors", "pageviews", "visits", "views_per_visit", "bounce_rate", "visit_duration")
}
_SERIES_OF_GOAL = {
    "unique_conversions": "visitors",
    "total_conversions": "events",
    "conversion_rate": "group_conversion_rate",
}
_OF_GOAL = {"conversions": "visitors", "conversion_rate": "group_conversion_rate"}


@dataclass(frozen=True, slots=True)
class Report:
    """One file: what it is grouped by, its columns and the metric in each."""

    dimensions: tuple[str, ...]
    columns: Mapping[str, str]
    shown: Mapping[str, int]  # Columns in front, and which dimension stands in each.
    rows_max: int = ROWS_MAX
    unset: tuple[str, ...] = ()  # The values of the first dimension that name nothing.


@dataclass(frozen=True, slots=True)
class File:
    """A file's name, its header and its rows."""

    name: str
    header: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def _named(dimension: str, columns: Mapping[str, str], **more: Any) -> Report:
    return Report((dimension,), columns, {"name": 0}, **more)


def _place(name: str) -> Report:
    # By code first: two cities may share a name.
    unset = (NOT_SET, "ZZ") if name == "country" else (NOT_SET,)
    return Report((f"visit:{name}", f"visit:{name}_name"), {"visitors": "visitors"}, {"name": 1}, unset=unset)


def _versions(parent: str, version: str) -> Report:
    return Report((parent, version), {"visitors": "visitors"}, {"name": 0, "version": 1})


REPORTS: Mapping[str, Report] = {
    "sources.csv": _named("visit:source", _QUALITY),
    "channels.csv": _named("visit:channel", _QUALITY),
    **{
        f"utm_{name}s.csv": _named(f"visit:utm_{name}", _QUALITY, unset=(NOT_SET,))
        for name in ("medium", "source", "campaign", "content", "term")
    },
    "referrers.csv": _named("visit:referrer", _QUALITY),
    "pages.csv": _named(
        PAGE,
        {
            "visitors": "visitors",
            "pageviews": "pageviews",
            "bounce_rate": "bounce_rate",
            "time_on_page": "time_on_page",
            "scroll_depth": "scroll_depth",
        },
        rows_max=PAGES_MAX,
    ),
    "entry_pages.csv": _named(
        "visit:entry_page",
        {
            "unique_entrances": "visitors",
            "total_entrances": "visits",
            "bounce_rate": "bounce_rate",
            "visit_duration": "visit_duration",
        },
        unset=(NOT_SET,),
    ),
    "exit_pages.csv": _named(
        "visit:exit_page",
        {"unique_exits": "visitors", "total_exits": "visits", "exit_rate": "exit_rate"},
        rows_max=PAGES_MAX,
        unset=(NOT_SET,),
    ),
    "countries.csv": _place("country"),
    "regions.csv": _place("region"),
    "cities.csv": _place("city"),
    "browsers.csv": _named("visit:browser", {"visitors": "visitors"}),
    "browser_versions.csv": _versions("visit:browser", "visit:browser_version"),
    "operating_systems.csv": _named("visit:os", {"visitors": "visitors"}),
    "operating_system_versions.csv": _versions("visit:os", "visit:os_version"),
    "devices.csv": _named("visit:device", {"visitors": "visitors"}),
}
NOTE = File("visitors_not_counted.csv", ("code", "warning"), [(CODE, TEXT)])  # Why cells are empty.
FILES = ("visitors.csv", *REPORTS, "conversions.csv", "custom_props.csv")
CONVERSIONS = _named(GOAL, {"unique_conversions": "visitors", "total_conversions": "events"})


def export_reports(query: Query, site: QuerySite, store: Store, *, interval: str | None = None) -> Iterator[File]:
    """Every report of the dashboard, one after another.

    Raises: QueryRefused for a realtime period or an unknown interval; QueryTooExpensive, StoreUnavailable.
    """
    if query.period.is_realtime:
        raise QueryRefused("A realtime period cannot be exported.", field="period")
    bucket = bucket_of(query, interval)
    return _files(query, site, store, bucket)


def export_questions(queries: Mapping[str, Query], site: QuerySite, store: Store) -> Iterator[File]:
    """A file for every question, which chose its own columns; the names are some of `FILES`.

    Raises: QueryRefused for a realtime period; QueryTooExpensive, StoreUnavailable.
    """
    if any(query.period.is_realtime for query in queries.values()):
        raise QueryRefused("A realtime period cannot be exported.", field="#/date_range")
    return _answers(queries, site, store)


def _answers(queries: Mapping[str, Query], site: QuerySite, store: Store) -> Iterator[File]:
    for name, query in queries.items():
        yield _answered(name, query, site, store)
    if any(unknown_metrics(query, site, store) for query in queries.values()):
        yield NOTE


def _answered(name: str, query: Query, site: QuerySite, store: Store) -> File:
    header = (*(_column(dimension) for dimension in query.dimensions), *query.metrics)
    by_name = tuple((dimension, "asc") for dimension in query.dimensions)
    if query.time_dimension is not None:
        asked = replace(query, order_by=by_name, limit=LIMIT_MAX, offset=0, compared=None)
        found = run_query(asked, site, store)
        is_series = query.dimensions == (query.time_dimension,)
        rows = filled(asked, found) if is_series else [render(row) for row in found.rows]
    else:
        first = (("visitors" if "visitors" in query.metrics else query.metrics[0], "desc"),)
        most = REPORTS[name].rows_max if name in REPORTS else ROWS_MAX
        asked = replace(query, order_by=(*first, *by_name), limit=most, offset=0, compared=None)
        rows = [render(row) for row in run_query(asked, site, store).rows]
    return File(name, header, [(*row["dimensions"], *map(_plain, row["metrics"])) for row in rows])


def _column(dimension: str) -> str:
    return "date" if is_time(dimension) else dimension.partition(":")[2]


def _plain(value: Any) -> Any:
    """Money as its number: a cell has no room for the rest."""
    return value["value"] if isinstance(value, dict) else value


def bucket_of(query: Query, interval: str | None) -> str:
    """The time dimension of the series: the one asked for, else what the graph shows first.

    Raises: QueryRefused.
    """
    if interval is not None:
        if interval not in INTERVALS:
            accepted = ", ".join(INTERVALS)
            raise QueryRefused(f"Invalid value for interval. Accepted values are: {accepted}", field="interval")
        return f"time:{interval}"
    match query.period.kind:
        case "day" | "24h":
            return "time:hour"
        case "months" | "year":
            return "time:month"
        case "all":
            return _bucket_of_all(query)
        case _:
            return "time:day"


def _bucket_of_all(query: Query) -> str:
    span = query.range.last - query.range.first
    if span > timedelta(days=DAYS_BY_DAY_MAX):
        return "time:month"
    return "time:day" if span > timedelta(days=1) else "time:hour"


def _files(query: Query, site: QuerySite, store: Store, bucket: str) -> Iterator[File]:
    has_goal = bool(top(query.filters, GOAL))
    yield _series(query, site, store, bucket)
    for name, report in REPORTS.items():
        columns = _OF_GOAL if has_goal else report.columns
        yield _file(name, replace(report, columns=columns), query, site, store)
    yield _file("conversions.csv", CONVERSIONS, query, site, store)
    if not knows_visitors(query.range, site, store, now=query.now):
        yield NOTE
    properties = _properties(query, site, store)
    if properties.rows:
        yield properties


def _series(query: Query, site: QuerySite, store: Store, bucket: str) -> File:
    columns = dict(_SERIES_OF_GOAL if top(query.filters, GOAL) else _SERIES)
    if top(query.filters, PAGE) and not query.include.imports and not top(query.filters, GOAL):
        columns["scroll_depth"] = "scroll_depth"
    asked = replace(
        query, metrics=tuple(columns.values()), dimensions=(bucket,), order_by=((bucket, "asc"),), compared=None
    )
    rows = [(row["dimensions"][0], *row["metrics"]) for row in filled(asked, run_query(asked, site, store))]
    return File("visitors.csv", ("date", *columns), rows)


def _file(name: str, report: Report, query: Query, site: QuerySite, store: Store) -> File:
    rows = [
        (*(row.dimensions[place] for place in report.shown.values()), *_metrics(report, row.metrics, query))
        for row in run_query(_asked(report, query), site, store).rows
    ]
    return File(name, (*report.shown, *report.columns), rows)


def _asked(report: Report, query: Query) -> Query:
    first = report.dimensions[0]
    named = (Leaf(Operator.IS_NOT, first, report.unset),) if report.unset else ()
    return replace(
        query,
        metrics=tuple(name for name in report.columns.values() if _is_known(name, query)),
        dimensions=report.dimensions,
        filters=(*query.filters, *named),
        order_by=(("visitors", "desc"), *((name, "asc") for name in report.dimensions)),
        limit=report.rows_max,
        offset=0,
        compared=None,
    )


def _is_known(metric: str, query: Query) -> bool:
    """How often a page was the last of all its views cannot be told of some events only."""
    return metric != "exit_rate" or not any(
        level_of(place.leaf.dimension) is Level.EVENT for place in leaves(query.filters)
    )


def _metrics(report: Report, values: tuple[Any, ...], query: Query) -> list[Any]:
    known = iter(values)
    return [next(known) if _is_known(name, query) else None for name in report.columns.values()]


def _properties(query: Query, site: QuerySite, store: Store) -> File:
    share = "conversion_rate" if top(query.filters, GOAL) else "percentage"
    columns = {name: name for name in ("visitors", "events", share)}
    rows: list[tuple[Any, ...]] = []
    native = replace(query, include=replace(query.include, imports=False))
    for key in (str(one["value"]) for one in suggest(PROP_KEY, "", native, site, store)):
        report = Report((f"{PROPS}{key}",), columns, {"value": 0})
        rows += [(key, *row) for row in _file("", report, query, site, store).rows]
    return File("custom_props.csv", ("property", "value", *columns), rows)
