"""Stats API v1: query-string parameters become a `Query` of the same engine, and its rows become v1's shapes.

Nothing is counted here. The order of the checks is part of the interface: period, date, interval or property,
filters, metrics, limit, page.
Source: docs/stats-api-v1.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from passerby.query import v1_filters, v1_rules
from passerby.query.comparison import compare, filled
from passerby.query.dimensions import GOAL, NOT_SET, PROPS
from passerby.query.errors import QueryRefused
from passerby.query.filters import Filter, Leaf, Operator
from passerby.query.imports import SKIP_WARNINGS, Skip
from passerby.query.language import Include, Query, Request
from passerby.query.ranges import Compare, Period
from passerby.query.run import Rows, run_query
from passerby.query.site import QuerySite
from passerby.query.uncounted import warnings_of
from passerby.query.validate import validate
from passerby.store.store import Store

PERIOD_DEFAULT = "30d"
LIMIT_DEFAULT = 100
LIMIT_MAX = 1000
PAGE_MAX = 10_000
PERIODS = {
    "day": Period("day"),
    "7d": Period("days", count=7),
    "30d": Period("days", count=30),
    "month": Period("month"),
    "6mo": Period("months", count=6),
    "12mo": Period("months", count=12),
}
INTERVALS = {"day": "time:day", "month": "time:month", "date": "time:day"}  # `date`: what `day` was called once.
INTERVAL_OF_PERIOD = {"6mo": "time:month", "12mo": "time:month", "day": "time:hour"}
PARENTS = {"visit:browser_version": "visit:browser", "visit:os_version": "visit:os"}  # A version says of what.
# Rows of a breakdown that name nothing are left out.
UNNAMED = {
    **{f"visit:utm_{name}": (NOT_SET,) for name in ("medium", "source", "campaign", "content", "term")},
    **{f"visit:{name}": (NOT_SET,) for name in ("region", "city", "entry_page", "exit_page")},
    "visit:country": (NOT_SET, "ZZ"),
}
# Pages a visit entered or left by belong to the visit, so views and events are the visit's own totals.
TOTALS_OF_VISITS = {"pageviews": "visit_pageviews", "events": "visit_events"}
BY_VISIT_ONLY = frozenset({"visit:entry_page", "visit:exit_page"})
_HELP = "https://plausible.io/docs/stats-api#time-periods"

Parameters = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """What v1 was asked: the period as one word, the dimension to group by, and the metrics by their v1 names."""

    period: Period
    word: str
    on: date | None
    filters: tuple[Filter, ...]
    metrics: tuple[str, ...]
    imports: bool
    compare: Compare | None


def aggregate(parameters: Parameters, site: QuerySite, store: Store, *, now: datetime) -> dict[str, Any]:
    """GET /api/v1/stats/aggregate: `{"results": {metric: {"value": …}}}`.

    Raises: QueryRefused.
    """
    word, period, on = _period(parameters)
    question = _question(parameters, site, word=word, period=period, on=on, grouped_by=None)
    names = {name: name for name in question.metrics}
    query = _query(question, site, names=names, dimensions=(), now=now)
    main = run_query(query, site, store)
    rows, _ = compare(query, main, site, store)
    return _noted({"results": _totals(question.metrics, rows[0])}, main, names, of_series=False)


def timeseries(parameters: Parameters, site: QuerySite, store: Store, *, now: datetime) -> dict[str, Any]:
    """GET /api/v1/stats/timeseries: one row per bucket, silence included.

    Raises: QueryRefused.
    """
    word, period, on = _period(parameters)
    bucket = _interval(parameters, word)
    question = _question(parameters, site, word=word, period=period, on=on, grouped_by=None)
    names = {name: "group_conversion_rate" if name == "conversion_rate" else name for name in question.metrics}
    query = _query(question, site, names=names, dimensions=(bucket,), now=now)
    main = run_query(query, site, store)
    rows = [
        {"date": row["dimensions"][0], **dict(zip(question.metrics, row["metrics"], strict=True))}
        for row in filled(query, main)
    ]
    return _noted({"results": rows}, main, names, of_series=True)


def breakdown(parameters: Parameters, site: QuerySite, store: Store, *, now: datetime) -> dict[str, Any]:
    """GET /api/v1/stats/breakdown: one row per value of a property.

    Raises: QueryRefused.
    """
    word, period, on = _period(parameters)
    grouped_by = v1_rules.check_property(parameters.get("property"))
    question = _question(parameters, site, word=word, period=period, on=on, grouped_by=grouped_by)
    limit, page = _limit(parameters), _page(parameters)
    names = {name: _counted_as(name, grouped_by) for name in question.metrics}
    if question.metrics == ("time_on_page",):
        names["visitors"] = "visitors"  # Ordered by, and not shown.
    dimensions = (PARENTS[grouped_by], grouped_by) if grouped_by in PARENTS else (grouped_by,)
    query = _query(
        question,
        site,
        names=names,
        dimensions=dimensions,
        now=now,
        order_by=_order(names, grouped_by),
        limit=limit,
        offset=(page - 1) * limit,
    )
    main = run_query(query, site, store)
    rows, _ = compare(query, main, site, store)
    shown = {name: names[name] for name in question.metrics}
    return _noted({"results": [_row(row, dimensions, question.metrics) for row in rows]}, main, shown, of_series=False)


# --- Parameters --------------------------------------------------------------------------------------------------


def _question(
    parameters: Parameters,
    site: QuerySite,
    *,
    word: str,
    period: Period,
    on: date | None,
    grouped_by: str | None,
) -> Question:
    filters = v1_filters.parse_filters(parameters.get("filters", ""), site)
    metrics = v1_rules.check_metrics(parameters.get("metrics", "visitors"), filters, grouped_by=grouped_by)
    is_compared = parameters.get("compare") == "previous_period"
    return Question(
        period=period,
        word=word,
        on=on,
        filters=filters,
        metrics=metrics,
        imports=parameters.get("with_imported") == "true",
        compare=Compare("previous_period") if is_compared else None,
    )


def _period(parameters: Parameters) -> tuple[str, Period, date | None]:
    word = parameters.get("period", PERIOD_DEFAULT)
    if word == "custom":
        return word, _custom(parameters), None
    if word not in PERIODS:
        raise QueryRefused(
            f"Error parsing `period` parameter: invalid period `{word}`. "
            f"Please find accepted values in our docs: {_HELP}",
            field="period",
        )
    return word, PERIODS[word], _date(parameters["date"]) if "date" in parameters else None


def _custom(parameters: Parameters) -> Period:
    text = parameters.get("date")
    if not text:
        raise QueryRefused(
            f"The `date` parameter is required when using a custom period. See {_HELP}",
            field="date",
        )
    try:
        first, last = (_iso_date(part.strip()) for part in text.split(","))
    except ValueError as problem:
        raise QueryRefused(
            "Invalid format for `date` parameter. When using a custom period, please include two ISO-8601 formatted "
            f"dates joined by a comma. See {_HELP}",
            field="date",
        ) from problem
    return Period("dates", first=first, last=last)


def _iso_date(text: str) -> date:
    if not v1_rules.DATE.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def _date(text: str) -> date:
    is_shaped = v1_rules.DATE.fullmatch(text)
    try:
        return _iso_date(text)
    except ValueError as problem:
        reason = "invalid_date" if is_shaped else "invalid_format"
        raise QueryRefused(
            f"Error parsing `date` parameter: {reason}. Please specify a valid date in ISO-8601 format.", field="date"
        ) from problem


def _interval(parameters: Parameters, word: str) -> str:
    asked = parameters.get("interval")
    if asked is None:
        return INTERVAL_OF_PERIOD.get(word, "time:day")
    if asked not in INTERVALS:
        raise QueryRefused(
            f"Error parsing `interval` parameter: invalid interval `{asked}`. Valid intervals are `day`, `month`",
            field="interval",
        )
    return INTERVALS[asked]


def _limit(parameters: Parameters) -> int:
    limit = _whole(parameters.get("limit", str(LIMIT_DEFAULT)), high=LIMIT_MAX)
    if limit is None:
        raise QueryRefused(f"Please provide limit as a number between 1 and {LIMIT_MAX}.", field="limit")
    return limit


def _page(parameters: Parameters) -> int:
    page = _whole(parameters.get("page", "1"), high=PAGE_MAX)
    if page is None:
        raise QueryRefused(f"Please provide page as a number between 1 and {PAGE_MAX}.", field="page")
    return page


def _whole(text: str, *, high: int) -> int | None:
    """A whole number from 1 to `high`, else None. The length is looked at first: int() is slow on long texts."""
    if not text.isascii() or not text.isdigit() or len(text) > len(str(high)):
        return None
    return int(text) if 1 <= int(text) <= high else None


# --- The question to the engine ----------------------------------------------------------------------------------


def _query(
    question: Question,
    site: QuerySite,
    *,
    names: Mapping[str, str],
    dimensions: tuple[str, ...],
    now: datetime,
    order_by: tuple[tuple[str, str], ...] | None = None,
    limit: int = LIMIT_MAX,
    offset: int = 0,
) -> Query:
    named = tuple(Leaf(Operator.IS_NOT, name, UNNAMED[name]) for name in dimensions if name in UNNAMED)
    request = Request(
        site_id=site.domain,
        metrics=tuple(names.values()),
        period=question.period,
        dimensions=dimensions,
        filters=(*question.filters, *named),
        order_by=order_by,
        include=Include(imports=question.imports, compare=question.compare),
        limit=limit,
        offset=offset,
        is_internal=True,
        relative_on=question.on,
    )
    return validate(request, site, now=now, first_stats_on=lambda: now.astimezone(ZoneInfo(site.timezone)).date())


def _counted_as(metric: str, grouped_by: str) -> str:
    """The engine's name of a metric in a breakdown."""
    if metric == "conversion_rate":
        is_of_whole = grouped_by == GOAL or grouped_by.startswith(PROPS)
        return "conversion_rate" if is_of_whole else "group_conversion_rate"
    return TOTALS_OF_VISITS.get(metric, metric) if grouped_by in BY_VISIT_ONLY else metric


def _order(names: Mapping[str, str], grouped_by: str) -> tuple[tuple[str, str], ...]:
    """By the first metric that is not `time_on_page`, then by the property."""
    first = next(counted for name, counted in names.items() if name != "time_on_page")
    return ((first, "desc"), (grouped_by, "asc"))


# --- Shapes ------------------------------------------------------------------------------------------------------


def _totals(metrics: tuple[str, ...], row: Mapping[str, Any]) -> dict[str, Any]:
    results: dict[str, Any] = {}
    for index, name in enumerate(metrics):
        results[name] = {"value": row["metrics"][index]}
        if "comparison" in row:
            results[name]["comparison_value"] = row["comparison"]["metrics"][index]
            results[name]["change"] = row["comparison"]["change"][index]
    return results


def _row(row: Mapping[str, Any], dimensions: tuple[str, ...], metrics: tuple[str, ...]) -> dict[str, Any]:
    keys = [name.removeprefix(PROPS).removeprefix("event:").removeprefix("visit:") for name in dimensions]
    shown = dict(zip(keys, row["dimensions"], strict=True)) | _named(metrics, row["metrics"])
    if "comparison" in row:
        then = row["comparison"]
        shown["comparison"] = {**_named(metrics, then["metrics"]), "change": _named(metrics, then["change"])}
    return shown


def _named(metrics: tuple[str, ...], values: list[Any]) -> dict[str, Any]:
    return dict(zip(metrics, values, strict=False))  # A metric that was only ordered by comes last and is not shown.


def _noted(body: dict[str, Any], main: Rows, names: Mapping[str, str], *, of_series: bool) -> dict[str, Any]:
    """Say when imported data was asked for and could not be had, and which metrics are not known."""
    if warnings := warnings_of(names, main.unavailable):
        body = {**body, "meta": {"metric_warnings": warnings}}
    skip = main.plan.imports.skip if main.plan.imports is not None else None
    shown = {Skip.UNSUPPORTED_QUERY, Skip.UNSUPPORTED_INTERVAL} if of_series else {Skip.UNSUPPORTED_QUERY}
    return {**body, "warning": SKIP_WARNINGS[skip]} if skip in shown and skip is not None else body
