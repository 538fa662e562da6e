"""A request's body as named fields, for every content type that `/api/event` takes. Hostile bodies are refused, not
raised.

Source: events-api 2.1.
"""

import re
from collections.abc import Iterable, Mapping
from email import message_from_bytes, policy
from email.errors import MessageError
from typing import Any
from urllib.parse import parse_qsl

import msgspec

BODY_BYTES_MAX = 1_000_000
FORM_FIELDS_MAX = 200
NOT_JSON = "Unable to parse request body as json"

_decode = msgspec.json.Decoder().decode
_NESTED = re.compile(r"([^\[\]]+)\[([^\[\]]*)\]")
_BOUNDARY = re.compile(r'boundary="?([^";]+)', re.IGNORECASE)

Fields = Mapping[str, Any]


class BodyRefused(ValueError):
    """The body holds no fields; the text is what the client is told."""


def parse_fields(body: bytes, content_type: str) -> Fields:
    """The named fields of a body.

    Raises: BodyRefused when it cannot be read.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == "application/json" or media_type.endswith("+json"):
        document = parse_json(body)
        return document if isinstance(document, dict) else {}
    if media_type == "application/x-www-form-urlencoded":
        return _form_fields(_pairs(body))
    if media_type == "multipart/form-data":
        return _form_fields(_parts(body, content_type))
    document = parse_json(body)
    if not isinstance(document, dict):
        raise BodyRefused(NOT_JSON)
    return document


def is_read_by_a_parser(content_type: str) -> bool:
    """Whether a body over the limit is told so (413); of the others the first megabyte is read, and is not JSON."""
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type.startswith(("multipart/", "application/x-www-form")) or media_type.endswith("json")


def parse_json(text: bytes | str) -> Any:
    """A JSON value.

    Raises: BodyRefused for anything that is not one, too deep or out of range.
    """
    try:
        return _decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError, ValueError) as problem:
        raise BodyRefused(NOT_JSON) from problem


def _pairs(body: bytes) -> Iterable[tuple[str, str]]:
    try:
        return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=FORM_FIELDS_MAX)
    except ValueError as problem:
        raise BodyRefused("has too many fields") from problem


def _parts(body: bytes, content_type: str) -> list[tuple[str, str]]:
    boundary = _BOUNDARY.search(content_type)
    # Counted first: the parser below is slow enough to be worth attacking with a megabyte of empty parts.
    if boundary is None or body.count(b"--" + boundary[1].encode("latin-1")) > FORM_FIELDS_MAX:
        raise BodyRefused("Unable to parse request body as multipart form")
    try:
        head = b"Content-Type: " + content_type.encode("latin-1", "replace").replace(b"\r", b"").replace(b"\n", b"")
        message = message_from_bytes(head + b"\r\n\r\n" + body, policy=policy.compat32)
        parts = message.get_payload() if message.is_multipart() else []
        return [pair for part in parts if (pair := _part(part)) is not None]
    except (MessageError, ValueError, LookupError, TypeError) as problem:
        raise BodyRefused("Unable to parse request body as multipart form") from problem


def _part(part: Any) -> tuple[str, str] | None:
    name = part.get_param("name", header="content-disposition")
    payload = part.get_payload(decode=True)
    if not isinstance(name, str) or not isinstance(payload, bytes):
        return None
    return name, payload.decode("utf-8", "replace")


def _form_fields(pairs: Iterable[tuple[str, str]]) -> Fields:
    """`props[plan]=pro` is a nested object, as browsers and HTTP libraries write it."""
    fields: dict[str, Any] = {}
    for name, value in pairs:
        nested = _NESTED.fullmatch(name)
        if nested is None:
            fields[name] = value
            continue
        inner = fields.setdefault(nested[1], {})
        if isinstance(inner, dict):
            inner[nested[2]] = value
    return fields
