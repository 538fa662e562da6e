"""bytes → `Hit` or `Invalid`: what one request asks to be counted, with every rule of the API applied.

It decides nothing about whether the hit counts (that is `admit`), and nothing a client sends makes it raise.

Source: events-api 2.
"""

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

import msgspec

from passerby.ingest.body import BodyRefused, Fields, parse_fields, parse_json
from passerby.ingest.currency import is_currency
from passerby.ingest.page import NO_HOST, Page, PageRefused, page_of

NAME_CHARACTERS_MAX = 120
REFERRER_CHARACTERS_MAX = 2000
DOMAINS_MAX = 50  # Sites that one event can count for; each costs a look-up and a row.
PROPS_MAX = 30
PROPS_READ_MAX = 1000  # Pairs looked at to find those 30.
PROP_KEY_BYTES_MAX = 300
PROP_VALUE_BYTES_MAX = 2000
ENGAGEMENT_MS_MAX = 30 * 24 * 3600 * 1000  # Exclusive.
EVENT_ID_CHARACTERS_MAX = 64
AMOUNT_MAX = 1e14  # What a column of 18 digits with 3 decimals can hold, with room to add up.
SCROLL_NOT_MEASURED = 255
SCROLL_PERCENT_MAX = 100

PAGEVIEW = "pageview"
ENGAGEMENT = "engagement"
PATH_EVENTS = frozenset({"404", "WP Form Completions", "Form: Submission"})
URL_EVENTS = frozenset({"Outbound Link: Click", "Cloaked Link: Click", "File Download"})
SYSTEM_EVENTS = PATH_EVENTS | URL_EVENTS | {PAGEVIEW, ENGAGEMENT}

_NO_ENGAGEMENT = "engagement event requires a valid integer value for at least one of 'sd' or 'e' fields"
_PROPS_TOO_LONG = "keys should have at most 300 bytes and values 2000 bytes"
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_LEADING_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,18})?(?:[eE][+-]?[0-9]{1,3})?")

Errors = dict[str, list[str]]


class Revenue(msgspec.Struct, frozen=True):
    """An amount as the page sent it."""

    amount: float
    currency: str


class Hit(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One request to count something, valid in form. It holds nothing about the visitor."""

    name: str
    page: Page
    pathname: str  # The page's, with the fragment in hash mode.
    domains: tuple[str, ...]
    referrer: str = ""
    props: dict[str, str] = {}
    revenue: Revenue | None = None
    interactive: bool = True
    scroll_depth: int = 0
    engagement_time_ms: int = 0
    event_id: str = ""  # Random, of the event's own; our tracker sends one so that a repeat is known.


class Invalid(msgspec.Struct, frozen=True):
    """What is wrong with a request, per field, in the API's words."""

    errors: Errors


def parse_hit(body: bytes, content_type: str) -> Hit | Invalid:
    """Read one request. All mistakes are reported at once, except a body that cannot be read at all."""
    try:
        fields = parse_fields(body, content_type)
    except BodyRefused as refusal:
        return Invalid({"request": [str(refusal)]})
    return hit_of(fields)


def hit_of(fields: Fields) -> Hit | Invalid:
    """Apply every rule to named fields."""
    errors: Errors = {}
    name = _name(_first(fields, "n", "name"), errors)
    page = _page(_first(fields, "u", "url"), errors)
    domains = _domains(_first(fields, "d", "domain"), page, errors)
    pathname = _pathname(page, _first(fields, "h", "hashMode")) if page else "/"
    props = _props(_first(fields, "m", "meta", "p", "props"), name, pathname, errors)
    scroll_depth, engagement_time_ms = _engagement(fields, errors) if name == ENGAGEMENT else (0, 0)
    if errors or page is None:
        return Invalid(errors)
    referrer = _first(fields, "r", "referrer")
    revenue = _first(fields, "revenue", "$")
    return Hit(
        name=name,
        page=page,
        pathname=pathname,
        domains=domains,
        referrer=referrer[:REFERRER_CHARACTERS_MAX] if isinstance(referrer, str) else "",
        props=props,
        revenue=_revenue(revenue) if revenue is not None else None,
        interactive=name in SYSTEM_EVENTS or not (fields.get("i") is False or fields.get("interactive") is False),
        scroll_depth=scroll_depth,
        engagement_time_ms=engagement_time_ms,
        event_id=_event_id(fields.get("id")),
    )


def _first(fields: Fields, *keys: str) -> Any:
    """The first value that is there and neither null nor false."""
    for key in keys:
        value = fields.get(key)
        if value is not None and value is not False:
            return value
    return None


def _name(value: object, errors: Errors) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is None or (isinstance(value, str) and not value.strip()):
        errors["event_name"] = ["can't be blank"]
    elif not isinstance(value, str):
        errors["event_name"] = ["is invalid"]
    elif len(value) > NAME_CHARACTERS_MAX:
        errors["event_name"] = [f"should be at most {NAME_CHARACTERS_MAX} character(s)"]
    else:
        return value
    return ""


def _page(value: object, errors: Errors) -> Page | None:
    if value is None:
        errors["url"] = ["is required"]
    elif not isinstance(value, str):
        errors["url"] = ["must be a valid url"]
    else:
        try:
            return page_of(value)
        except PageRefused as refusal:
            errors["url"] = [str(refusal)]
    return None


def _domains(value: object, page: Page | None, errors: Errors) -> tuple[str, ...]:
    if not isinstance(value, str):
        value = page.hostname if page and page.hostname != NO_HOST else ""
    if "," not in value:
        domain = value.strip().removeprefix("www.")
        domains: tuple[str, ...] = (domain,) if domain else ()
    else:
        items = value.split(",", DOMAINS_MAX)
        if len(items) > DOMAINS_MAX:
            errors["domain"] = [f"should have at most {DOMAINS_MAX} item(s)"]
            return ()
        domains = tuple(filter(None, (item.strip().removeprefix("www.") for item in items)))
    if not domains:
        errors["domain"] = ["can't be blank"]
    return domains


def _pathname(page: Page, hash_mode: object) -> str:
    if page.fragment is None or hash_mode is None or _integer(hash_mode) != 1:
        return page.pathname
    return f"{page.pathname}#{page.fragment}"


def _props(value: object, name: str, pathname: str, errors: Errors) -> dict[str, str]:
    pairs = _object(value)
    if not pairs and name not in PATH_EVENTS:
        return {}
    cleaned = clean_props(pairs)
    props = {"path": pathname} if name in PATH_EVENTS and "path" not in cleaned else {}
    props.update(islice(cleaned.items(), PROPS_MAX - len(props)))
    if any(
        _is_too_long(key, PROP_KEY_BYTES_MAX) or _is_too_long(text, PROP_VALUE_BYTES_MAX) for key, text in props.items()
    ):
        errors["props"] = [_PROPS_TOO_LONG]
    return props


def clean_props(pairs: Mapping[str, object]) -> dict[str, str]:
    """Properties as texts, without those that are nested or say nothing."""
    return {
        key: text
        for key, value in islice(pairs.items(), PROPS_READ_MAX)
        if key.lstrip() and (text := _prop_text(value)).lstrip()
    }


def _prop_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else ""


def _is_too_long(text: str, bytes_max: int) -> bool:
    return len(text) > bytes_max or (not text.isascii() and len(text.encode()) > bytes_max)


def _object(value: object) -> Mapping[str, Any]:
    """An object, or a text that holds one; anything else is an empty one."""
    if isinstance(value, str):
        try:
            value = parse_json(value)
        except BodyRefused:
            return {}
    return value if isinstance(value, dict) else {}


def _engagement(fields: Fields, errors: Errors) -> tuple[int, int]:
    """Scroll depth in percent (255: not measured) and engagement time in milliseconds (0: not measured)."""
    scroll = _integer(fields.get("sd"))
    time = _integer(fields.get("e"))
    depth = SCROLL_NOT_MEASURED if scroll is None or scroll < 0 else min(scroll, SCROLL_PERCENT_MAX)
    time_ms = time if time is not None and 0 <= time < ENGAGEMENT_MS_MAX else 0
    if depth == SCROLL_NOT_MEASURED and time_ms == 0:
        errors["event_name"] = [_NO_ENGAGEMENT]
    return depth, time_ms


def _event_id(value: object) -> str:
    """A short text or a number; anything else is no id, and the event simply cannot be known again."""
    if isinstance(value, float):
        value = repr(value)
    return value if isinstance(value, str) and len(value) <= EVENT_ID_CHARACTERS_MAX else ""


def _integer(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        return int(value)
    return None


def _revenue(value: object) -> Revenue | None:
    """Anything that is not an amount in a known currency is no revenue; the event still counts."""
    pair = _object(value)
    currency = pair.get("currency")
    amount = _amount(pair.get("amount"))
    if amount is None or not isinstance(currency, str) or not is_currency(currency):
        return None
    return Revenue(amount, currency)


def _amount(value: object) -> float | None:
    if isinstance(value, str):
        match = _LEADING_NUMBER.match(value)
        value = float(match[0]) if match else None
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if abs(value) < AMOUNT_MAX else None  # Not so for NaN and infinity either.
