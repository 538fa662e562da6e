"""Bytes to a `Request`: the shape of the language, and nothing about the site. Untrusted in, typed out.

The published schema says what has the right shape (shape.py); what it cannot say is checked here: how deep filters
go, and that dates and offsets exist.
"""

import re
from datetime import date, datetime
from typing import Any

import msgspec

from passerby.query.errors import QueryRefused
from passerby.query.filters import Filter
from passerby.query.grammar import INTERNAL_FLAGS, PERIOD_WORDS, PUBLIC_INCLUDES, REALTIME_WORDS, Grammar
from passerby.query.inspect import inspect
from passerby.query.language import BODY_BYTES_MAX, LIMIT_DEFAULT, Include, Request
from passerby.query.ranges import Compare, Period
from passerby.query.shape import check_shape, check_trees, type_name
from passerby.query.trees import parse_tree

DAYS_MAX = 5_000
MONTHS_MAX = 100
_UNITS = re.compile(r"(\d{1,9})(d|mo)|\d+(?:d|mo)", re.ASCII)


def parse_request(body: bytes, grammar: Grammar) -> Request:
    """The body as a `Request`.

    Raises: QueryRefused with one line per fault, each beginning with a JSON pointer.
    """
    value = decode(body)
    check_shape(value, grammar)
    limit, offset = _pagination(value.get("pagination", {}))
    return Request(
        site_id=value.get("site_id", ""),
        metrics=tuple(value["metrics"]),
        period=_period(value["date_range"]),
        dimensions=tuple(value.get("dimensions", ())),
        filters=_trees(value.get("filters", ())),
        order_by=tuple((name, direction) for name, direction in value["order_by"]) if "order_by" in value else None,
        include=_include(value.get("include", {}), grammar),
        limit=limit,
        offset=offset,
        is_internal=grammar.is_internal,
        relative_on=_relative_date(value.get("relative_date")),
    )


def decode(body: bytes) -> dict[str, Any]:
    """The body's JSON object.

    Raises: QueryRefused when it is too long or not an object.
    """
    if len(body) > BODY_BYTES_MAX:
        raise QueryRefused(f"#: The body is longer than {BODY_BYTES_MAX} bytes.", field="#")
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise QueryRefused("#: The body is not valid JSON.", field="#") from problem
    if not isinstance(value, dict):
        raise QueryRefused(f"#: Type mismatch. Expected Object but got {type_name(value)}.", field="#")
    return value


def parse_filters(stored: Any, grammar: Grammar) -> tuple[Filter, ...]:
    """A list of filter trees, such as a segment keeps.

    Raises: QueryRefused.
    """
    check_trees(stored, grammar)
    return _trees(stored)


def _trees(trees: Any) -> tuple[Filter, ...]:
    parsed = []
    for index, tree in enumerate(trees):
        node = parse_tree(tree)
        if node is None:
            pointer = f"#/filters/{index}"
            raise QueryRefused(f"{pointer}: Invalid filter {inspect(tree)}", field=pointer)
        parsed.append(node)
    return tuple(parsed)


# --- The date range ----------------------------------------------------------------------------------------------


def _period(asked: Any) -> Period:
    """The period, when its numbers and dates exist.

    Raises: QueryRefused.
    """
    match asked:
        case [str() as first, str() as last]:
            return _between(first, last, asked)
        case str() if asked in PERIOD_WORDS | REALTIME_WORDS:
            return Period(asked)
        case _:
            return _units(asked)


def _units(asked: str) -> Period:
    found = _UNITS.fullmatch(asked)
    # A number too long to read is out of bounds.
    count = int(found[1]) if found is not None and found[1] else 0
    kind, most = ("days", DAYS_MAX) if asked.endswith("d") else ("months", MONTHS_MAX)
    if not 1 <= count <= most:
        raise QueryRefused(f"Invalid date_range {inspect(asked)}", field="#/date_range")
    return Period(kind, count=count)


def _between(first: str, last: str, asked: Any) -> Period:
    is_instants = "T" in first
    ends = [_moment(text) if is_instants else _day(text) for text in (first, last)]
    if None in ends:
        raise QueryRefused(f"Invalid date_range '{inspect(asked)}'.", field="#/date_range")
    return Period("instants" if is_instants else "dates", first=ends[0], last=ends[1])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _relative_date(text: str | None) -> date | None:
    if text is None:
        return None
    day = _day(text)
    if day is None:
        pointer = "#/relative_date"
        raise QueryRefused(f"{pointer}: Failed to convert {inspect(text)} to date", field=pointer)
    return day


# --- Include, pagination -----------------------------------------------------------------------------------------


def _include(asked: dict[str, Any], grammar: Grammar) -> Include:
    flags = {name: asked[name] for name in (*PUBLIC_INCLUDES, *INTERNAL_FLAGS) if name in asked}
    if grammar.is_internal:
        flags.setdefault("imports", True)
    return Include(**flags, compare=_compare(asked))


def _compare(include: dict[str, Any]) -> Compare | None:
    asked = include.get("compare")
    match_weekday = include.get("compare_match_day_of_week", True)
    match asked:
        case None:
            return None
        case str():
            return Compare(asked, match_day_of_week=match_weekday)
    begin, end = (_day(text) for text in asked)
    if begin is None or end is None:
        pointer = "#/include/compare"
        raise QueryRefused(f"{pointer}: Invalid include.compare {inspect(asked)}", field=pointer)
    return Compare("custom", begin, end)


def _pagination(asked: dict[str, Any]) -> tuple[int, int]:
    # To JSON schema 5.0 is an integer.
    return int(asked.get("limit", LIMIT_DEFAULT)), int(asked.get("offset", 0))
