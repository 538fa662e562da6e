"""Bytes to a `Request`: the shape of the language, and nothing about the site. Untrusted in, typed out.

Every fault of shape is collected and reported together, each with a JSON pointer, in the words of the validator
that clients of Plausible know. The public door and the dashboard's differ only in what `Grammar` lets through.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec

from passerby.query.dimensions import GOAL, is_groupable
from passerby.query.errors import QueryRefused
from passerby.query.filters import Filter
from passerby.query.inspect import inspect
from passerby.query.language import (
    BODY_BYTES_MAX,
    DIMENSIONS_MAX,
    LIMIT_DEFAULT,
    LIMIT_MAX,
    METRICS_MAX,
    OFFSET_MAX,
    Include,
    Request,
)
from passerby.query.metrics import METRICS, PUBLIC_METRICS
from passerby.query.ranges import Compare, Period
from passerby.query.trees import parse_tree

PUBLIC_INCLUDES = ("imports", "time_labels", "total_rows", "trim_relative_date_range")
INTERNAL_FLAGS = (
    "imports_meta",
    "dashboard_metric_labels",
    "time_label_result_indices",
    "empty_metrics",
    "present_index",
    "partial_time_labels",
    "drop_unavailable_time_on_page",
    "drop_unavailable_revenue_metrics",
)
PUBLIC_KEYS = frozenset(
    {"site_id", "metrics", "date_range", "filters", "dimensions", "order_by", "include", "pagination"}
)
PERIOD_WORDS = frozenset({"day", "24h", "month", "year", "all"})
REALTIME_WORDS = frozenset({"realtime", "realtime_30m"})
FAULTS_MAX = 50  # Told of one body; a caller who is told so many will begin anew.
NAME_CHARACTERS_MAX = 200  # Of a name that does not belong there.
DAYS_MAX = 5_000
MONTHS_MAX = 100
COMPARE_MODES = ("previous_period", "year_over_year")

_TYPE_NAMES = {
    type(None): "Null",
    bool: "Boolean",
    int: "Integer",
    float: "Number",
    str: "String",
    list: "Array",
}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?P<zone>Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?", re.ASCII
)
_UNITS = re.compile(r"(\d{1,9})(d|mo)|\d+(?:d|mo)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Grammar:
    """Which words are allowed."""

    is_internal: bool

    @property
    def keys(self) -> frozenset[str]:
        """The members of the body."""
        return PUBLIC_KEYS | {"relative_date"} if self.is_internal else PUBLIC_KEYS

    @property
    def required(self) -> tuple[str, ...]:
        """The members the body cannot do without."""
        return ("metrics", "date_range") if self.is_internal else ("site_id", "metrics", "date_range")

    @property
    def includes(self) -> frozenset[str]:
        """The members of `include`."""
        public = frozenset(PUBLIC_INCLUDES)
        return public | {*INTERNAL_FLAGS, "compare", "compare_match_day_of_week"} if self.is_internal else public

    @property
    def metrics(self) -> frozenset[str]:
        """The metrics that may be asked for."""
        return frozenset(METRICS) if self.is_internal else frozenset(PUBLIC_METRICS)


PUBLIC = Grammar(is_internal=False)
INTERNAL = Grammar(is_internal=True)


def parse_request(body: bytes, grammar: Grammar) -> Request:
    """The body as a `Request`.

    Raises: QueryRefused with one line per fault, each beginning with a JSON pointer.
    """
    return _Parser(grammar).request(decode(body))


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
    parser = _Parser(grammar)
    filters = parser.filters({"filters": stored})
    parser.finish()
    return filters


def type_name(value: Any) -> str:
    """JSON's name of a value's type."""
    return _TYPE_NAMES.get(type(value), "Object")


class _Parser:
    """Collects faults while it reads, so that all of them are reported at once."""

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar
        self._faults: list[str] = []
        self._pointer = ""  # To the first of them.

    def request(self, body: dict[str, Any]) -> Request:
        self._required(body)
        self._no_others(body, self._grammar.keys, "#")
        site_id = self._text(body, "site_id")
        metrics = self._names(body, "metrics", "metric")
        period = self._period(body["date_range"]) if "date_range" in body else Period("all")
        filters = self.filters(body)
        dimensions = self._names(body, "dimensions", "dimension")
        order_by = self._order_by(body)
        include = self._include(body)
        limit, offset = self._pagination(body)
        relative_on = self._relative_date(body)
        self.finish()
        return Request(
            site_id=site_id,
            metrics=metrics,
            period=_bounded(period, body["date_range"]),
            dimensions=dimensions,
            filters=filters,
            order_by=order_by,
            include=include,
            limit=limit,
            offset=offset,
            is_internal=self._grammar.is_internal,
            relative_on=relative_on,
        )

    def finish(self) -> None:
        if self._faults:
            raise QueryRefused("\n".join(self._faults[:FAULTS_MAX]), field=self._pointer)

    def _fault(self, pointer: str, message: str) -> None:
        self._pointer = self._pointer or pointer
        self._faults.append(f"{pointer}: {message}")

    def _mismatch(self, pointer: str, expected: str, value: Any) -> None:
        self._fault(pointer, f"Type mismatch. Expected {expected} but got {type_name(value)}.")

    def _required(self, body: dict[str, Any]) -> None:
        missing = [name for name in self._grammar.required if name not in body]
        match missing:
            case []:
                return
            case [name]:
                self._fault("#", f"Required property {name} was not present.")
            case _:
                self._fault("#", f"Required properties {', '.join(missing)} were not present.")

    def _no_others(self, value: dict[str, Any], allowed: frozenset[str], pointer: str) -> None:
        for name in value:
            if name not in allowed:
                self._fault(f"{pointer}/{_token(name)}", "Schema does not allow additional properties.")

    def _text(self, body: dict[str, Any], name: str) -> str:
        value = body.get(name, "")
        if isinstance(value, str):
            return value
        self._mismatch(f"#/{name}", "String", value)
        return ""

    # --- metrics and dimensions ---

    def _names(self, body: dict[str, Any], member: str, noun: str) -> tuple[str, ...]:
        value = body.get(member, [])
        if not isinstance(value, list):
            self._mismatch(f"#/{member}", "Array", value)
            return ()
        most = METRICS_MAX if noun == "metric" else DIMENSIONS_MAX
        if len(value) > most:
            self._fault(f"#/{member}", f"Expected a maximum of {most} items but got {len(value)}.")
            return ()
        for index, name in enumerate(value):
            if not self._is_name(name, noun):
                self._fault(f"#/{member}/{index}", f"Invalid {noun} {inspect(name)}")
        if any(item in value[:index] for index, item in enumerate(value)):
            self._fault(f"#/{member}", "Expected items to be unique but they were not.")
        if noun == "metric" and member in body and not value:
            self._fault(f"#/{member}", "Expected a minimum of 1 items but got 0.")
        return tuple(name for name in value if isinstance(name, str))

    def _is_name(self, name: Any, noun: str) -> bool:
        if not isinstance(name, str):
            return False
        if noun == "metric":
            return name in self._grammar.metrics
        return is_groupable(name, internal=self._grammar.is_internal)

    # --- filters ---

    def filters(self, body: dict[str, Any]) -> tuple[Filter, ...]:
        value = body.get("filters", [])
        if not isinstance(value, list):
            self._mismatch("#/filters", "Array", value)
            return ()
        parsed: list[Filter] = []
        for index, tree in enumerate(value):
            node = parse_tree(tree, is_internal=self._grammar.is_internal)
            if node is None:
                self._fault(f"#/filters/{index}", f"Invalid filter {inspect(tree)}")
            else:
                parsed.append(node)
        return tuple(parsed)

    # --- the date range ---

    def _period(self, value: Any) -> Period:
        period = self._period_of(value)
        if period is None:
            self._fault("#/date_range", f"Invalid date range {inspect(value)}")
        return period or Period("all")

    def _period_of(self, value: Any) -> Period | None:
        match value:
            case str() if value in PERIOD_WORDS or (self._grammar.is_internal and value in REALTIME_WORDS):
                return Period(value)
            case str() if found := _UNITS.fullmatch(value):
                # A number too long to read is still a number: it is out of bounds, not out of shape.
                unit = "days" if value.endswith("d") else "months"
                return Period(unit, count=int(found[1]) if found[1] else 0)
            case [str() as first, str() as last]:
                return _ends(first, last)
            case _:
                return None

    def _relative_date(self, body: dict[str, Any]) -> date | None:
        value = body.get("relative_date")
        if value is None:
            return None
        day = _day(value) if isinstance(value, str) else None
        if day is None and "relative_date" in self._grammar.keys:
            self._fault("#/relative_date", f"Failed to convert {inspect(value)} to date")
        return day

    # --- order, include, pagination ---

    def _order_by(self, body: dict[str, Any]) -> tuple[tuple[str, str], ...] | None:
        value = body.get("order_by")
        if value is None and "order_by" not in body:
            return None
        if not isinstance(value, list):
            self._mismatch("#/order_by", "Array", value)
            return None
        entries: list[tuple[str, str]] = []
        for index, entry in enumerate(value):
            match entry:
                case [name, ("asc" | "desc") as direction] if self._is_orderable(name):
                    entries.append((name, direction))
                case [name, ("asc" | "desc")]:
                    self._fault(f"#/order_by/{index}/0", f"Invalid value in order_by {inspect(name)}")
                case [name, direction] if self._is_orderable(name):
                    self._fault(f"#/order_by/{index}/1", f"Invalid value in order_by {inspect(direction)}")
                case _:
                    self._fault(f"#/order_by/{index}", f"Invalid value in order_by {inspect(entry)}")
        return tuple(entries)

    def _is_orderable(self, name: Any) -> bool:
        if not isinstance(name, str):
            return False
        if name == GOAL and not self._grammar.is_internal:
            return False
        return name in self._grammar.metrics or is_groupable(name, internal=self._grammar.is_internal)

    def _include(self, body: dict[str, Any]) -> Include:
        value = body.get("include", {})
        if not isinstance(value, dict):
            self._mismatch("#/include", "Object", value)
            return Include()
        self._no_others(value, self._grammar.includes, "#/include")
        flags = {name: value[name] for name in (*PUBLIC_INCLUDES, *INTERNAL_FLAGS) if name in value}
        for name, flag in flags.items():
            if not isinstance(flag, bool):
                self._mismatch(f"#/include/{name}", "Boolean", flag)
        if self._grammar.is_internal:
            flags.setdefault("imports", True)
        return Include(**flags, compare=self._compare(value))

    def _compare(self, include: dict[str, Any]) -> Compare | None:
        if not self._grammar.is_internal:
            return None
        match_weekday = include.get("compare_match_day_of_week", True)
        if not isinstance(match_weekday, bool):
            self._mismatch("#/include/compare_match_day_of_week", "Boolean", match_weekday)
        match include.get("compare"):
            case None:
                return None
            case str() as mode if mode in COMPARE_MODES:
                return Compare(mode, match_day_of_week=match_weekday is True)
            case [str() as first, str() as last] if (begin := _day(first)) and (end := _day(last)):
                return Compare("custom", begin, end)
            case other:
                self._fault("#/include/compare", f"Invalid include.compare {inspect(other)}")
                return None

    def _pagination(self, body: dict[str, Any]) -> tuple[int, int]:
        value = body.get("pagination", {})
        if not isinstance(value, dict):
            self._mismatch("#/pagination", "Object", value)
            return LIMIT_DEFAULT, 0
        self._no_others(value, frozenset({"limit", "offset"}), "#/pagination")
        limit = self._whole(value, "limit", LIMIT_DEFAULT, low=1, high=LIMIT_MAX)
        return limit, self._whole(value, "offset", 0, low=0, high=OFFSET_MAX)

    def _whole(self, value: dict[str, Any], name: str, default: int, *, low: int, high: int) -> int:
        number = value.get(name, default)
        pointer = f"#/pagination/{name}"
        if not isinstance(number, int) or isinstance(number, bool):
            self._mismatch(pointer, "Integer", number)
        elif number < low:
            self._fault(pointer, f"Expected the value to be >= {low}")
        elif number > high:
            self._fault(pointer, f"Expected the value to be <= {high}")
        else:
            return number
        return default


def _token(name: str) -> str:
    """A member's name inside a JSON pointer."""
    return name[:NAME_CHARACTERS_MAX].replace("~", "~0").replace("/", "~1")


def _ends(first: str, last: str) -> Period | None:
    if _DATE.fullmatch(first) and _DATE.fullmatch(last):
        begin, end = _day(first), _day(last)
        return Period("dates", first=begin, last=end)  # A date that does not exist is refused by `_bounded`.
    moments = _MOMENT.fullmatch(first), _MOMENT.fullmatch(last)
    if not all(moments):
        return None
    return Period("instants", first=_moment(first), last=_moment(last))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _bounded(period: Period, asked: Any) -> Period:
    """The period again, when its numbers and dates exist.

    Raises: QueryRefused.
    """
    most = {"days": DAYS_MAX, "months": MONTHS_MAX}.get(period.kind)
    if most is not None and not 1 <= period.count <= most:
        raise QueryRefused(f"Invalid date_range {inspect(asked)}", field="#/date_range")
    if period.kind in {"dates", "instants"} and (period.first is None or period.last is None):
        raise QueryRefused(f"Invalid date_range '{inspect(asked)}'.", field="#/date_range")
    return period
