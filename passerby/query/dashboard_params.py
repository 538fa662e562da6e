"""The dashboard's period and filters, from an address (`?period=30d&filters=[…]`) or from a query body.

Funnels, journeys, suggestions and exports are asked for under the dashboard's period and filters; this is where
those become a valid `Query`.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from passerby.query.errors import QueryRefused
from passerby.query.grammar import INTERNAL
from passerby.query.language import LIMIT_DEFAULT, Include, Request
from passerby.query.parse import parse_filters, parse_request
from passerby.query.ranges import Compare, Period

PERIOD_DEFAULT = "28d"
PERIODS: Mapping[str, Period] = {
    "realtime": Period("realtime"),
    "30m": Period("realtime_30m"),
    "realtime_30m": Period("realtime_30m"),
    "day": Period("day"),
    "24h": Period("24h"),
    "month": Period("month"),
    "year": Period("year"),
    "all": Period("all"),
    **{f"{count}d": Period("days", count=count) for count in (7, 28, 30, 91)},
    **{f"{count}mo": Period("months", count=count) for count in (6, 12)},
}
COMPARISONS = ("previous_period", "year_over_year")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def parse_parameters(parameters: Mapping[str, str]) -> Request:
    """The question in an address: its period, filters, comparison, and whether imports join. Other words are ignored.

    Raises: QueryRefused.
    """
    word = parameters.get("period") or PERIOD_DEFAULT
    return Request(
        site_id="",
        metrics=("visitors",),
        period=_period(word, parameters),
        dimensions=(),
        filters=parse_filters(_json(parameters.get("filters") or "[]"), INTERNAL),
        order_by=None,
        include=Include(imports=parameters.get("with_imported") == "true", compare=_compare(parameters)),
        limit=LIMIT_DEFAULT,
        offset=0,
        is_internal=True,
        relative_on=None if word == "custom" else _date(parameters, "date"),
    )


def parse_body(document: Mapping[str, Any]) -> Request:
    """The question in a body, in the dashboard's language; metrics may be left out.

    Raises: QueryRefused.
    """
    whole = {"metrics": ["visitors"], **document}
    return parse_request(msgspec.json.encode(whole), INTERNAL)


def _period(word: str, parameters: Mapping[str, str]) -> Period:
    if word in PERIODS:
        return PERIODS[word]
    if word != "custom":
        raise QueryRefused(f"Invalid period. Use one of: {', '.join(PERIODS)}, custom.", field="period")
    pair = parameters.get("date", "").split(",")
    given = parameters if "from" in parameters else dict(zip(("from", "to"), pair, strict=False))
    first, last = _date(given, "from"), _date(given, "to")
    if first is None or last is None:
        raise QueryRefused("A custom period needs two dates, `from` and `to`.", field="period")
    return Period("dates", first=first, last=last)


def _date(parameters: Mapping[str, str], name: str) -> date | None:
    text = parameters.get(name, "")
    if not text:
        return None
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise QueryRefused(
        f"Failed to parse '{name}' argument. Only ISO 8601 dates are allowed, e.g. `2019-09-07`, `2020-01-01`",
        field=name,
    )


def _json(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as problem:
        raise QueryRefused("The `filters` parameter is not valid JSON.", field="filters") from problem


def _compare(parameters: Mapping[str, str]) -> Compare | None:
    mode = parameters.get("comparison", "off")
    matches = parameters.get("match_day_of_week") == "true"
    if mode in {"off", ""}:
        return None
    if mode in COMPARISONS:
        return Compare(mode, match_day_of_week=matches)
    if mode == "custom":
        first, last = _date(parameters, "compare_from"), _date(parameters, "compare_to")
        if first is not None and last is not None:
            return Compare("custom", first, last)
    raise QueryRefused("Invalid comparison.", field="comparison")
