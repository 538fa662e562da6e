"""How requests come off a connection: uvicorn's protocol with deadlines, and a short way for events.

An event's request is small, whole, and answered in a few words; running it as an ASGI application (a task, a cycle of
messages, two writes) costs as much as everything Passerby does with it. So an ordinary `POST /api/event` goes straight
to the application's `event_door`, and whatever is unusual about one (chunks, `Expect`, HTTP/1.0, a large body) takes
the long way, where the same code answers it.

Source: docs/decisions/0015-a-short-way-for-events.md.
"""

import logging
import math
from asyncio import Transport
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from passerby.ingest.answers import Answer

REQUEST_SECONDS_MAX = 30.0  # From the first byte of a request to its last; a slower sender is cut off.
UPLOAD_SECONDS_MAX = 3600.0  # The same for a body that announces itself as large, unless it is an event's.
UPLOAD_BYTES_MIN = 1_000_000
EVENT_URL = b"/api/event"
EVENT_BYTES_MAX = 32_768  # Half of what makes uvicorn stop reading; a larger event takes the long way.

log = logging.getLogger("passerby.http")


class EventDoor(Protocol):
    """Takes an event's request and tells its answer, at once or once it is durable, in this thread."""

    def take(self, headers: Mapping[bytes, bytes], peer: str, body: bytes, tell: Callable[[Answer], None]) -> None:
        """Header names are lower-case; `peer` is the socket's other end."""
        ...


class _NobodyWaits:
    """Stands for the event that an ASGI application would wait for."""

    def set(self) -> None:
        """Nobody does."""


class EventCycle:
    """Stands where uvicorn keeps the request in progress, for a request on the short way."""

    __slots__ = ("body", "disconnected", "headers", "keep_alive", "more_body", "response_complete")
    message_event = _NobodyWaits()

    def __init__(self, headers: Mapping[bytes, bytes]) -> None:
        self.headers = headers
        self.body = b""
        self.more_body = True
        self.disconnected = False
        self.response_complete = False
        self.keep_alive = True  # uvicorn clears it when the server is about to stop.


class DeadlineProtocol(HttpToolsProtocol):
    """uvicorn's protocol with a deadline for each request: without one a slow sender holds a connection for ever.

    The deadline is a number that `Server` looks at now and then: a timer for each request would cost more than it.
    """

    deadline = math.inf  # On the loop's clock: when this connection is closed if nothing changes.
    _door: EventDoor | None = None
    _event: EventCycle | None = None  # The request that is being read, if it takes the short way.

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # As uvicorn narrows it.
        """Start the clock for the first request."""
        super().connection_made(transport)
        self._door = getattr(self.app, "event_door", None)
        self.deadline = self.loop.time() + REQUEST_SECONDS_MAX

    def on_message_begin(self) -> None:
        """A new request has its own clock. What uvicorn prepares here for ASGI waits until it is known to be wanted."""
        self.url = b""
        self.headers = []
        self.expect_100_continue = False
        self.deadline = self.loop.time() + REQUEST_SECONDS_MAX

    def on_headers_complete(self) -> None:
        """An event takes the short way. An announced upload gets the time an upload needs."""
        headers = dict(self.headers)
        length = headers.get(b"content-length", b"")
        if self.url == EVENT_URL and self._door is not None and self._is_ordinary(headers, length):
            self._event = EventCycle(headers)
            self.cycle = cast("RequestResponseCycle", self._event)  # It has all that uvicorn asks of a cycle here.
            return
        self._event = None
        self._prepare_scope()
        super().on_headers_complete()
        is_event = self.scope["path"].rstrip("/") == EVENT_URL.decode()  # As decoded: `/api/%65vent` is one too.
        if not is_event and length.isdigit() and int(length[:20]) >= UPLOAD_BYTES_MIN:
            self.deadline = self.loop.time() + UPLOAD_SECONDS_MAX

    def on_message_complete(self) -> None:
        """The whole request is here."""
        self.deadline = math.inf
        if self._event is not None:
            self._take_event(self._event)
        else:
            super().on_message_complete()

    def _prepare_scope(self) -> None:
        """What uvicorn does when a request begins, with what has been read of it since."""
        url, read, expect = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.headers += read
        self.url, self.expect_100_continue = url, expect

    def _is_ordinary(self, headers: Mapping[bytes, bytes], length: bytes) -> bool:
        """Nothing about the request needs more than reading it and answering, and no other is being answered."""
        return (
            bool(length)
            and int(length[:20]) <= EVENT_BYTES_MAX
            and not self._is_answering()
            and not self.expect_100_continue
            and b"upgrade" not in headers
            and self.parser.get_method() == b"POST"
            and self.parser.get_http_version() == "1.1"
            and self.parser.should_keep_alive()
        )

    def _is_answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle  # None before the first request, whatever uvicorn declares.
        return cycle is not None and not cycle.response_complete

    def _take_event(self, cycle: EventCycle) -> None:
        assert self._door is not None  # noqa: S101 - Or the cycle would not be an event's.
        peer = self.client[0] if self.client else ""
        try:
            self._door.take(cycle.headers, peer, bytes(cycle.body), partial(self._answer_event, cycle))
        except Exception:
            log.exception("An event could not be taken")
            self.transport.write(STATUS_LINE[500] + b"content-length: 0\r\nconnection: close\r\n\r\n")
            self.transport.close()

    def _answer_event(self, cycle: EventCycle, answer: Answer) -> None:
        """One write, and the connection waits for its next request."""
        cycle.response_complete = True
        if self.transport.is_closing():
            return
        lines = [STATUS_LINE[answer.status]]
        for name, value in self.server_state.default_headers:
            lines += (name, b": ", value, b"\r\n")
        self.transport.write(b"".join((*lines, answer.wire)))
        if not cycle.keep_alive:
            self.transport.close()
        elif self.pipeline:
            self.on_response_complete()  # Starts the request that waits behind this one.
        else:
            self.server_state.total_requests += 1
            self.deadline = self.loop.time() + self.timeout_keep_alive


def close_overdue(connections: Any, now: float) -> None:
    """Close the connections whose deadline has passed."""
    for connection in tuple(connections):
        if isinstance(connection, DeadlineProtocol) and connection.deadline < now:
            connection.transport.close()
