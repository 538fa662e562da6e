"""A `Request` against its site and the clock: every rule of the language that is not about shape.

The order of the checks is part of the interface: a question that breaks two rules is told about the same one
everywhere.
"""

import json
from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from passerby.query import ranges
from passerby.query.dimensions import GOAL, PAGE, PROPS, SEGMENT, Level, is_time, level_of
from passerby.query.errors import QueryRefused
from passerby.query.filters import Filter, Leaf, Operator, Place, leaves, render_filter, top
from passerby.query.goals import goals_of, has_goal_filter
from passerby.query.inspect import inspect
from passerby.query.language import (
    FILTER_VALUES_MAX,
    FILTERS_MAX,
    PATTERN_CHARACTERS_MAX,
    PATTERNS_MAX,
    VALUE_CHARACTERS_MAX,
    YEAR_MAX,
    YEAR_MIN,
    Query,
    Request,
)
from passerby.query.metrics import METRICS
from passerby.query.segments import expand_segments
from passerby.query.site import QuerySite

GOALS_HELP = "https://plausible.io/docs/stats-api#filtering-by-goals"
_PATTERN_OPERATORS = frozenset(
    {Operator.MATCHES, Operator.MATCHES_NOT, Operator.MATCHES_WILDCARD, Operator.MATCHES_WILDCARD_NOT}
)
_TOP_LEVEL_ONLY = (GOAL, "event:hostname")
_COUNTRY_CODE_LENGTH = 2


def validate(request: Request, site: QuerySite, *, now: datetime, first_stats_on: Callable[[], date | None]) -> Query:
    """The valid question, resolved: dates, `time`, segments, default order.

    `first_stats_on` is asked only for the period `all`.
    Raises: QueryRefused with the first rule broken.
    """
    whole = _range(request, site, now=now, first_stats_on=first_stats_on)
    _check_bounds(request.filters)
    _check_values(request.filters)
    filters = expand_segments(request.filters, site)
    _check_bounds(filters)
    _check_values(filters)
    query = _resolved(request, filters, whole, site, now=now)
    _check_order(query)
    _check_places(query.filters)
    _check_nested_properties(query)
    _check_behaviour(query.filters)
    _check_goals(query.filters, site)
    for name in query.metrics:
        _check_metric(name, query)
    _check_levels(query)
    if query.include.time_labels and query.time_dimension is None:
        raise QueryRefused("Invalid include.time_labels: requires a time dimension.", field="#/include/time_labels")
    return query


def _range(
    request: Request, site: QuerySite, *, now: datetime, first_stats_on: Callable[[], date | None]
) -> ranges.Range:
    zone = ZoneInfo(site.timezone)
    today = request.relative_on or now.astimezone(zone).date()
    try:
        whole = ranges.resolve(
            request.period,
            today=today,
            now=now,
            zone=zone,
            first_stats_on=first_stats_on() if request.period.kind == "all" else None,
        )
        if _is_trimmed(request):
            whole = ranges.trim(request.period, whole, now=now)
    except (OverflowError, ValueError) as problem:
        raise QueryRefused("#/date_range: The dates are out of range.", field="#/date_range") from problem
    return _within_years(whole, "#/date_range")


def _is_trimmed(request: Request) -> bool:
    """A day that is compared stays whole, as the day beside it is."""
    is_compared_day = request.period.kind == "day" and request.include.compare is not None
    return request.include.trim_relative_date_range and not is_compared_day


def _within_years(whole: ranges.Range, pointer: str) -> ranges.Range:
    """The range again, when a label for each of its days would still be of use to somebody."""
    if whole.first.year < YEAR_MIN or whole.last.year > YEAR_MAX:
        raise QueryRefused(f"{pointer}: The dates are out of range.", field=pointer)
    return whole


def _resolved(
    request: Request, filters: tuple[Filter, ...], whole: ranges.Range, site: QuerySite, *, now: datetime
) -> Query:
    bucket = ranges.bucket_of(whole)
    dimensions = tuple(bucket if name == "time" else name for name in request.dimensions)
    time = next((name for name in dimensions if is_time(name)), None)
    default = ((time, "asc"), (request.metrics[0], "desc")) if time else ((request.metrics[0], "desc"),)
    asked = request.order_by or default
    compare = request.include.compare
    compared = None
    if compare is not None and not request.period.is_realtime:
        try:
            compared = ranges.comparison(compare, whole, request.period, now=now)
        except (OverflowError, ValueError) as problem:
            pointer = "#/include/compare"
            raise QueryRefused(f"{pointer}: The dates are out of range.", field=pointer) from problem
        compared = _within_years(compared, "#/include/compare")
    return Query(
        site_id=request.site_id or site.domain,
        metrics=request.metrics,
        dimensions=dimensions,
        filters=filters,
        range=whole,
        period=request.period,
        order_by=tuple((bucket if name == "time" else name, direction) for name, direction in asked),
        include=request.include,
        limit=request.limit,
        offset=request.offset,
        now=now,
        compared=compared,
    )


def _check_bounds(filters: tuple[Filter, ...]) -> None:
    """Refuse what would make the engine sweat before it is asked."""
    places = list(leaves(filters))
    values = [value for place in places for value in place.leaf.values]
    patterns = [str(v) for p in places if p.leaf.operator in _PATTERN_OPERATORS for v in p.leaf.values]
    bounds = (
        (len(places) > FILTERS_MAX, f"at most {FILTERS_MAX} conditions"),
        (len(values) > FILTER_VALUES_MAX, f"at most {FILTER_VALUES_MAX} values"),
        (len(patterns) > PATTERNS_MAX, f"at most {PATTERNS_MAX} patterns"),
        (
            any(len(p) > PATTERN_CHARACTERS_MAX for p in patterns),
            f"patterns of at most {PATTERN_CHARACTERS_MAX} characters",
        ),
        (
            any(len(str(v)) > VALUE_CHARACTERS_MAX for v in values),
            f"values of at most {VALUE_CHARACTERS_MAX} characters",
        ),
    )
    for is_over, most in bounds:
        if is_over:
            raise QueryRefused(f"#/filters: Invalid filters. A query may have {most}.", field="#/filters")


def _check_values(filters: tuple[Filter, ...]) -> None:
    for place in leaves(filters):
        leaf = place.leaf
        are_texts = all(isinstance(value, str) for value in leaf.values)
        are_numbers = all(isinstance(value, int) for value in leaf.values)
        if leaf.dimension == SEGMENT:
            is_valid = are_numbers
        else:
            is_valid = are_texts or (leaf.dimension == "visit:city" and are_numbers)
        if not is_valid:
            raise QueryRefused(f"Invalid filter '{inspect(render_filter(leaf))}'.", field="#/filters")
        _check_country(leaf)


def _check_country(leaf: Leaf) -> None:
    if leaf.dimension != "visit:country" or leaf.operator not in {Operator.IS, Operator.IS_NOT}:
        return
    if any(len(str(value)) != _COUNTRY_CODE_LENGTH and value != "(not set)" for value in leaf.values):
        raise QueryRefused(
            "Invalid visit:country filter, visit:country needs to be a valid 2-letter country code.",
            field="#/filters",
        )


def _check_order(query: Query) -> None:
    for name, direction in query.order_by:
        if name not in query.metrics and name not in query.dimensions:
            shown = f":{name}" if name in METRICS else json.dumps(name)
            raise QueryRefused(
                f"Invalid order_by entry '{{{shown}, :{direction}}}'. Entry is not a queried metric or dimension.",
                field="#/order_by",
            )


def check_filters(filters: tuple[Filter, ...]) -> None:
    """The rules of filters that hold whatever is asked of whichever site: what is saved to be asked later keeps them.

    Raises: QueryRefused with the first rule broken.
    """
    _check_bounds(filters)
    _check_values(filters)
    _check_places(filters)
    _check_behaviour(filters)


def _check_places(filters: tuple[Filter, ...]) -> None:
    """Some dimensions mean something at the top level only."""
    for dimension in _TOP_LEVEL_ONLY:
        for place in leaves(filters):
            if place.leaf.dimension == dimension and not place.is_top and not place.is_done:
                raise QueryRefused(
                    f"Invalid filters. Dimension `{dimension}` can only be filtered at the top level.",
                    field="#/filters",
                )


def _check_nested_properties(query: Query) -> None:
    if {"conversion_rate", "group_conversion_rate"} & set(query.metrics) and any(
        place.leaf.dimension.startswith(PROPS) and not place.is_top for place in leaves(query.filters)
    ):
        raise QueryRefused(
            "Invalid filters. When `conversion_rate` or `group_conversion_rate` metrics are used, "
            "custom property filters can only be used on top level.",
            field="#/filters",
        )


def _check_behaviour(filters: tuple[Filter, ...]) -> None:
    for place in leaves(filters):
        if place.done_depth > 1:
            raise QueryRefused(
                "Invalid filters. Behavioral filters (has_done, has_not_done) cannot be nested.", field="#/filters"
            )
        if place.is_done and level_of(place.leaf.dimension) is not Level.EVENT:
            raise QueryRefused(
                "Invalid filters. Behavioral filters (has_done, has_not_done) can only be used with event "
                "dimension filters.",
                field="#/filters",
            )


def _check_goals(filters: tuple[Filter, ...], site: QuerySite) -> None:
    for place in leaves(filters):
        leaf = place.leaf
        if leaf.dimension != GOAL or leaf.operator is not Operator.IS or leaf.modifier is not None:
            continue
        configured = {goal.display_name for goal in goals_of(leaf, site)}
        for value in leaf.values:
            if value not in configured:
                raise QueryRefused(
                    f"Invalid filters. The goal `{value}` is not configured for this site. "
                    f"Find out how to configure goals here: {GOALS_HELP}",
                    field="#/filters",
                )


def _check_metric(name: str, query: Query) -> None:
    checks: dict[str, Callable[[Query], bool]] = {
        "conversion_rate": _knows_goals,
        "group_conversion_rate": _knows_goals,
        "scroll_depth": lambda q: PAGE in q.dimensions or bool(top(q.filters, PAGE)),
        "time_on_page": lambda q: PAGE in q.dimensions or bool(_on_page(q)),
    }
    kinds = {"conversion_rate": "event:goal", "group_conversion_rate": "event:goal"}
    if name in checks and not checks[name](query):
        kind = kinds.get(name, "event:page")
        raise QueryRefused(f"Metric `{name}` can only be queried with {kind} filters or dimensions.", field="#/metrics")
    if name == "views_per_visit":
        _check_views_per_visit(query)
    if name == "exit_rate":
        _check_exit_rate(query)


def _knows_goals(query: Query) -> bool:
    return GOAL in query.dimensions or has_goal_filter(query.filters)


def _on_page(query: Query) -> list[Place]:
    return [place for place in leaves(query.filters) if place.leaf.dimension == PAGE and not place.is_done]


def _check_views_per_visit(query: Query) -> None:
    if _on_page(query):
        raise QueryRefused(
            "Metric `views_per_visit` cannot be queried with a filter on `event:page`.", field="#/metrics"
        )
    if query.dimensions and not (len(query.dimensions) == 1 and is_time(query.dimensions[0])):
        raise QueryRefused("Metric `views_per_visit` cannot be queried with `dimensions`.", field="#/metrics")


def _check_exit_rate(query: Query) -> None:
    if query.dimensions != ("visit:exit_page",):
        raise QueryRefused(
            'Metric `exit_rate` requires a `"visit:exit_page"` dimension. No other dimensions are allowed.',
            field="#/metrics",
        )
    if any(level_of(place.leaf.dimension) is Level.EVENT for place in leaves(query.filters)):
        raise QueryRefused(
            "Metric `exit_rate` cannot be queried when filtering on event dimensions.", field="#/metrics"
        )


def _check_levels(query: Query) -> None:
    """Refuse session metrics by event dimensions (pages excepted: they have entries) and the other way round."""
    event_dimensions = [name for name in query.dimensions if level_of(name) is Level.EVENT]
    visit_dimensions = [name for name in query.dimensions if level_of(name) is Level.VISIT]
    visit_metrics = [name for name in query.metrics if METRICS[name].level is Level.VISIT]
    event_metrics = [
        name for name in query.metrics if METRICS[name].level is Level.EVENT and not name.endswith("_revenue")
    ]
    if visit_metrics and event_dimensions and event_dimensions != [PAGE]:
        raise QueryRefused(
            f"Session metric(s) {_listed(visit_metrics)} cannot be queried along with event dimension(s) "
            f"{_listed(event_dimensions)}",
            field="#/metrics",
        )
    if event_metrics and visit_dimensions:
        raise QueryRefused(
            f"Event metric(s) {_listed(event_metrics)} cannot be queried along with session dimension(s) "
            f"{_listed(visit_dimensions)}",
            field="#/metrics",
        )


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
