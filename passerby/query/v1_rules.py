"""Which properties and metrics Stats API v1 knows, and which of them go together."""

import re
from collections.abc import Callable

from passerby.query.dimensions import GOAL, PAGE, PROPS
from passerby.query.errors import QueryRefused
from passerby.query.filters import Filter, leaves
from passerby.query.goals import has_goal_filter

DOCS = "https://plausible.io/docs/stats-api"
DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
NAME_CHARACTERS_SHOWN_MAX = 300

VISIT_PROPERTIES = frozenset(
    f"visit:{name}"
    for name in (
        "source", "channel", "country", "region", "city", "entry_page", "exit_page", "referrer", "utm_medium",
        "utm_source", "utm_campaign", "utm_content", "utm_term", "device", "os", "os_version", "browser",
        "browser_version",
    )
)  # fmt: skip
HOSTNAME = "event:hostname"
NAME = "event:name"
PROPERTIES = VISIT_PROPERTIES | {PAGE, NAME, GOAL, HOSTNAME}
SESSION_METRICS = frozenset({"visits", "bounce_rate", "visit_duration", "views_per_visit"})
METRICS = SESSION_METRICS | {"visitors", "pageviews", "events", "conversion_rate", "time_on_page"}


def check_property(name: str | None) -> str:
    """The property to break down by.

    Raises: QueryRefused.
    """
    if not name:
        raise QueryRefused(
            "The `property` parameter is required. Please provide at least one property to show a breakdown by.",
            field="property",
        )
    if name == HOSTNAME:
        raise QueryRefused(
            "Property 'event:hostname' is currently not supported for breakdowns. "
            f" Please provide a valid property for the breakdown endpoint: {DOCS}#properties",
            field="property",
        )
    if not _is_property(name):
        raise QueryRefused(
            f"Invalid property '{_short(name)}'. "
            f"Please provide a valid property for the breakdown endpoint: {DOCS}#properties",
            field="property",
        )
    return name


def check_filter_property(name: str) -> None:
    """Refuse to filter by what v1 does not know.

    Raises: QueryRefused.
    """
    if not _is_property(name):
        raise QueryRefused(
            f"Invalid filter property '{_short(name)}'. Please provide a valid filter property: {DOCS}#properties",
            field="filters",
        )


def check_metrics(text: str, filters: tuple[Filter, ...], *, grouped_by: str | None) -> tuple[str, ...]:
    """The metrics of a comma-separated list, each allowed with these filters and this property.

    Raises: QueryRefused.
    """
    names = text.split(",")
    for name in names:
        if name not in METRICS:
            raise QueryRefused(
                f"The metric `{_short(name)}` is not recognized. "
                f"Find valid metrics from the documentation: {DOCS}#metrics",
                field="metrics",
            )
    if len(set(names)) < len(names):
        raise QueryRefused("Metrics cannot be queried multiple times.", field="metrics")
    for name in names:
        problem = _problem(name, filters, grouped_by)
        if problem is not None:
            raise QueryRefused(problem, field="metrics")
    return tuple(names)


def _is_property(name: str) -> bool:
    return name in PROPERTIES or (name.startswith(PROPS) and len(name) > len(PROPS))


def _short(name: str) -> str:
    return name[:NAME_CHARACTERS_SHOWN_MAX]


def _problem(metric: str, filters: tuple[Filter, ...], grouped_by: str | None) -> str | None:
    """Why a metric cannot be had here, or None."""
    if metric in SESSION_METRICS:
        found = _session_problem(metric, filters, grouped_by)
        if found is not None:
            return found
    check = _PROBLEMS.get(metric)
    return None if check is None else check(_filtered_by(filters), filters, grouped_by)


def _session_problem(metric: str, filters: tuple[Filter, ...], grouped_by: str | None) -> str | None:
    if grouped_by is not None and _is_of_events(grouped_by):
        return f"Session metric `{metric}` cannot be queried for breakdown by `{grouped_by}`."
    dimension = next((name for name in _filtered_by(filters) if _is_of_events(name)), None)
    if dimension is None:
        return None
    return f"Session metric `{metric}` cannot be queried when using a filter on `{dimension}`."


def _is_of_events(name: str) -> bool:
    """A page has entries, so visits can be told of it; of other properties of an event they cannot."""
    return name in {NAME, GOAL} or name.startswith(PROPS)


def _filtered_by(filters: tuple[Filter, ...]) -> list[str]:
    return [place.leaf.dimension for place in leaves(filters) if not place.is_done]


def _views_per_visit(filtered: list[str], _: tuple[Filter, ...], grouped_by: str | None) -> str | None:
    if PAGE in filtered:
        return "Metric `views_per_visit` cannot be queried with a filter on `event:page`."
    return "Metric `views_per_visit` is not supported in breakdown queries." if grouped_by is not None else None


def _conversion_rate(_: list[str], filters: tuple[Filter, ...], grouped_by: str | None) -> str | None:
    if grouped_by == GOAL or has_goal_filter(filters):
        return None
    return "Metric `conversion_rate` can only be queried in a goal breakdown or with a goal filter"


def _time_on_page(filtered: list[str], _: tuple[Filter, ...], grouped_by: str | None) -> str | None:
    for name in (GOAL, NAME):
        if name in filtered:
            return f"Metric `time_on_page` cannot be queried when filtering by `{name}`"
    if grouped_by == PAGE:
        return None
    if grouped_by is not None:
        return "Metric `time_on_page` is not supported in breakdown queries (except `event:page` breakdown)"
    if PAGE not in filtered:
        return "Metric `time_on_page` can only be queried in a page breakdown or with a page filter."
    return None


_PROBLEMS: dict[str, Callable[[list[str], tuple[Filter, ...], str | None], str | None]] = {
    "views_per_visit": _views_per_visit,
    "conversion_rate": _conversion_rate,
    "time_on_page": _time_on_page,
}
