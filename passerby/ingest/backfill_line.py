"""One line of a backfill: an event as it should be stored. Form and limits; nothing is looked up here.

Source: docs/ingest.md, "Backfill".
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from passerby.ingest.channels import channel_of
from passerby.ingest.currency import is_currency
from passerby.ingest.hit import (
    AMOUNT_MAX,
    ENGAGEMENT_MS_MAX,
    NAME_CHARACTERS_MAX,
    PROP_KEY_BYTES_MAX,
    PROP_VALUE_BYTES_MAX,
    PROPS_MAX,
    clean_props,
)
from passerby.ingest.lines import Attributes

TEXT_CHARACTERS_MAX = 2000
LATEST = datetime(2106, 1, 1, tzinfo=UTC)  # What the engine's seconds can hold.
EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)

Text = Annotated[str, Meta(max_length=TEXT_CHARACTERS_MAX)]
Name = Annotated[str, Meta(min_length=1, max_length=NAME_CHARACTERS_MAX)]
Milliseconds = Annotated[int, Meta(ge=0, lt=ENGAGEMENT_MS_MAX)]
Amount = Annotated[float, Meta(gt=-AMOUNT_MAX, lt=AMOUNT_MAX)]


class LineRevenue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Money, and what it came to in the reporting currency if that was settled elsewhere."""

    amount: Amount | str
    currency: str
    reporting_amount: Amount | str | None = None
    reporting_currency: str | None = None


class Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The fields of one event. An unknown field is a mistake, and is told."""

    timestamp: datetime
    visitor: Annotated[str, Meta(max_length=TEXT_CHARACTERS_MAX)] | int
    name: Name = "pageview"
    visitor_scope: Text | None = None
    hostname: Text | None = None
    pathname: Text = "/"
    interactive: bool = True
    props: dict[str, str | int | float | bool | None] | None = None
    revenue: LineRevenue | None = None
    scroll_depth: Annotated[int, Meta(ge=0, le=255)] | None = None
    engagement_time: Milliseconds | None = None
    referrer: Text | None = None
    referrer_source: Text | None = None
    channel: Text | None = None
    click_id_param: Text | None = None
    utm_medium: Text | None = None
    utm_source: Text | None = None
    utm_campaign: Text | None = None
    utm_content: Text | None = None
    utm_term: Text | None = None
    country_code: Annotated[str, Meta(max_length=2)] | None = None
    subdivision1_code: Text | None = None
    subdivision2_code: Text | None = None
    city_geoname_id: Annotated[int, Meta(ge=0, lt=2**32)] | None = None
    screen_size: Text | None = None
    browser: Text | None = None
    browser_version: Text | None = None
    operating_system: Text | None = None
    operating_system_version: Text | None = None


class LineRefused(ValueError):
    """What is wrong with a line, without its values."""


DECIMALS = 3
_NUMBER = re.compile(r"[+-]?[0-9]{1,14}(?:\.[0-9]{1,18})?")
_decode = msgspec.json.Decoder(Line).decode
_CHANNEL_INPUTS = ("referrer_source", "utm_medium", "utm_campaign", "utm_source", "click_id_param")
_ATTRIBUTES = Attributes.__struct_fields__


def parse_line(text: bytes) -> Line:
    """Read one line.

    Raises: LineRefused.
    """
    try:
        line = _decode(text)
    except msgspec.MsgspecError as problem:
        raise LineRefused(str(problem)) from problem
    except UnicodeError as problem:
        raise LineRefused("is not JSON") from problem
    if not EARLIEST <= at_of(line) < LATEST:
        raise LineRefused("timestamp is out of range - at `$.timestamp`")
    if line.revenue is not None and not is_currency(line.revenue.currency):
        raise LineRefused("is not a currency - at `$.revenue.currency`")
    if line.revenue is not None:
        _check_amounts(line.revenue)
    if line.props is not None:
        _check_props(props_of(line))
    return line


def at_of(line: Line) -> datetime:
    """When it happened; a time without an offset is UTC."""
    at = line.timestamp
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def props_of(line: Line) -> dict[str, str]:
    """The properties as stored."""
    return clean_props(line.props) if line.props else {}


def number_of(value: float | str) -> float:
    """An amount with the decimals that are stored.

    Raises: ValueError for a text that is not a number.
    """
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise ValueError
    return round(float(value), DECIMALS)


def attributes_of(line: Line) -> Attributes:
    """What a visit opened by this line keeps. A channel that is not given follows from the rest."""
    given: dict[str, str | int] = {name: value for name in _ATTRIBUTES if (value := getattr(line, name)) is not None}
    if "channel" not in given:
        given["channel"] = channel_of(**_channel_inputs(given))
    return Attributes(**given)  # type: ignore[arg-type] # Field by field they have the types of `Line`.


def _channel_inputs(given: Mapping[str, str | int]) -> dict[str, str]:
    return {name: str(given.get(name, "")) for name in _CHANNEL_INPUTS}


def _check_amounts(revenue: LineRevenue) -> None:
    for name in ("amount", "reporting_amount"):
        value = getattr(revenue, name)
        try:
            number_of(value if value is not None else 0.0)
        except ValueError as problem:
            raise LineRefused(f"is not a number - at `$.revenue.{name}`") from problem


def _check_props(props: dict[str, str]) -> None:
    """A backfill that would lose data says so, where a live event is cut to size."""
    if len(props) > PROPS_MAX:
        raise LineRefused(f"has more than {PROPS_MAX} properties - at `$.props`")
    for key, value in props.items():
        if len(key.encode()) > PROP_KEY_BYTES_MAX or len(value.encode()) > PROP_VALUE_BYTES_MAX:
            raise LineRefused("keys should have at most 300 bytes and values 2000 bytes - at `$.props`")
