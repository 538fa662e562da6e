"""Events and visits as lines of JSON, as the journal keeps them and the engine parses them.

A line is what `EventRow` or `VisitRow` would encode to. It is put together from two parts because one of them, the
visit's attributes, is the same in every row of a visit: it is encoded once and copied, which halves the work per hit.
A test holds the parts against the rows.
"""

import msgspec

from passerby.ingest.visits import LiveVisit, VisitState
from passerby.store.rows import VisitRow

_encode = msgspec.json.Encoder().encode


class Attributes(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a visit keeps from the event that opened it: how it came, from where, on which device."""

    referrer: str = ""
    referrer_source: str = ""
    channel: str = ""
    click_id_param: str = ""
    utm_medium: str = ""
    utm_source: str = ""
    utm_campaign: str = ""
    utm_content: str = ""
    utm_term: str = ""
    country_code: str = ""
    subdivision1_code: str = ""
    subdivision2_code: str = ""
    city_geoname_id: int = 0
    screen_size: str = ""
    browser: str = ""
    browser_version: str = ""
    operating_system: str = ""
    operating_system_version: str = ""


class EventOwn(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """An event's own part of an `EventRow`."""

    site_id: int
    timestamp: int
    arrival: int
    name: str
    hostname: str
    pathname: str
    visitor_id: int
    visit_id: int
    interactive: bool = True
    props: dict[str, str] = {}
    scroll_depth: int = 255
    engagement_time_ms: int = 0
    revenue_source_amount: float | None = None
    revenue_source_currency: str = ""
    revenue_reporting_amount: float | None = None
    revenue_reporting_currency: str = ""


def encode_attributes(attributes: Attributes) -> bytes:
    """The part that every line of a visit ends with."""
    inner = _encode(attributes)[1:]  # `"channel":"Direct"}`, or `}` alone.
    return inner if inner == b"}" else b"," + inner


def encode_event(event: EventOwn, attributes: bytes) -> bytes:
    """One line of the table `events`."""
    return _encode(event)[:-1] + attributes


def encode_visit(visit: LiveVisit) -> bytes:
    """One line of the table `visits`."""
    return _encode(visit.state)[:-1] + visit.attributes


def live_visit_of(row: VisitRow, *, last_activity: int) -> LiveVisit:
    """A stored visit, taken back into memory."""
    state = VisitState(**{name: getattr(row, name) for name in VisitState.__struct_fields__})
    attributes = Attributes(**{name: getattr(row, name) for name in Attributes.__struct_fields__})
    return LiveVisit(state, encode_attributes(attributes), last_activity)
