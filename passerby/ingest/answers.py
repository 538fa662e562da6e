"""What ingest answers, as it goes over the wire: headers that never change are written once."""

from functools import lru_cache
from typing import NamedTuple

import msgspec

Headers = list[tuple[bytes, bytes]]

RETRY_AFTER_SECONDS = b"5"
DROPPED_CACHED_MAX = 64  # An event is addressed to 50 sites at most.

CORS: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-credentials", b"true"),
    (b"access-control-expose-headers", b""),
]
TEXT = (b"content-type", b"text/plain; charset=utf-8")
JSON = (b"content-type", b"application/json; charset=utf-8")


class Answer(NamedTuple):
    """A whole answer. `wire` is what follows the status line and the server's own headers."""

    status: int
    headers: Headers
    body: bytes
    wire: bytes


def answer(status: int, body: bytes, headers: Headers) -> Answer:
    """An answer with its length."""
    headers = [*headers, (b"content-length", str(len(body)).encode())]
    lines = [b"%b: %b\r\n" % header for header in headers]
    return Answer(status, headers, body, b"".join((*lines, b"\r\n", body)))


def json_answer(status: int, document: object) -> Answer:
    """An answer that any page may read."""
    return answer(status, msgspec.json.encode(document), [JSON, *CORS])


@lru_cache(DROPPED_CACHED_MAX)
def accepted(dropped_count: int) -> Answer:
    """202: every event that counted is on disk. It tells for how many sites the hit did not count."""
    dropped = [(b"x-plausible-dropped", str(dropped_count).encode())] if dropped_count else []
    return answer(202, b"ok", [TEXT, *CORS, *dropped])


# The tracker waits as long as it is told, which it can only read where it is allowed to.
BUSY = answer(
    503,
    b"try again later",
    [
        TEXT,
        (b"retry-after", RETRY_AFTER_SECONDS),
        *CORS[:-1],
        (b"access-control-expose-headers", b"retry-after"),
    ],
)
