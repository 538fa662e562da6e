import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest
from uvicorn.server import ServerState

from passerby.ingest.answers import Answer, accepted
from passerby.ops.protocol import EVENT_BYTES_MAX, DeadlineProtocol, close_overdue
from passerby.ops.serve import configure

EVENT = b"POST /api/event HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
PAGE = b"GET /page HTTP/1.1\r\nHost: x\r\n\r\n"
Tell = Callable[[Answer], None]


class Wire(asyncio.Transport):
    """A socket's near end: what was written, and whether it was closed."""

    def __init__(self) -> None:
        super().__init__({"peername": ("198.51.100.7", 4711), "sockname": ("127.0.0.1", 80)})
        self.written: list[bytes] = []
        self.closed = False

    def write(self, data: Any) -> None:
        self.written.append(bytes(data))

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


class Product:
    """An application with a door for events; it remembers what came through which way."""

    def __init__(self) -> None:
        self.event_door = self
        self.taken: list[tuple[Mapping[bytes, bytes], str, bytes]] = []
        self.waiting: list[Tell] = []
        self.long_way: list[tuple[str, bytes]] = []
        self.tells_at_once = True

    def take(self, headers: Mapping[bytes, bytes], peer: str, body: bytes, tell: Tell) -> None:
        if body == b"!!":
            raise ValueError("a bug")
        self.taken.append((headers, peer, body))
        if self.tells_at_once:
            tell(accepted(0))
        else:
            self.waiting.append(tell)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while True:
            message = await receive()
            body += message["body"]
            if not message.get("more_body"):
                break
        self.long_way.append((scope["path"], body))
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
        await send({"type": "http.response.body", "body": b"long"})


Story = Callable[[DeadlineProtocol, Wire, Product], Awaitable[None]]


def tell_story(story: Story) -> None:
    async def run() -> None:
        product = Product()
        config = configure(product, host="127.0.0.1", port=0)
        config.load()
        protocol = DeadlineProtocol(config, ServerState(), {}, asyncio.get_running_loop())
        wire = Wire()
        protocol.connection_made(wire)
        await story(protocol, wire, product)
        protocol.connection_lost(None)

    asyncio.run(run())


async def turns() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def test_an_ordinary_event_is_answered_in_one_write() -> None:
    async def story(protocol: DeadlineProtocol, wire: Wire, product: Product) -> None:
        protocol.data_received(EVENT)

        (answer,) = wire.written
        assert answer.startswith(b"HTTP/1.1 202 Accepted\r\n")
        assert answer.endswith(b"content-length: 2\r\n\r\nok")
        ((headers, peer, body),) = product.taken
        assert (headers[b"host"], peer, body) == (b"x", "198.51.100.7", b"{}")
        assert not wire.closed

    tell_story(story)


def test_an_event_in_pieces_is_still_one() -> None:
    async def story(protocol: DeadlineProtocol, wire: Wire, product: Product) -> None:
        for position in range(len(EVENT)):
            protocol.data_received(EVENT[position : position + 1])

        assert [body for _, _, body in product.taken] == [b"{}"]
        assert len(wire.written) == 1

    tell_story(story)


@pytest.mark.parametrize(
    "request_",
    [
        b"POST /api/event HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        b"POST /api/event HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n{}",
        b"POST /api/event HTTP/1.0\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}",
        b"POST /api/event HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
        b"POST /api/event?x=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}",
        b"POST /api/event HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (EVENT_BYTES_MAX + 1)
        + b"{" * (EVENT_BYTES_MAX + 1),
        b"OPTIONS /api/event HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}",
        PAGE,
    ],
)
def test_whatever_is_unusual_takes_the_long_way(request_: bytes) -> None:
    async def story(protocol: DeadlineProtocol, wire: Wire, product: Product) -> None:
        protocol.data_received(request_)
        await turns()

        assert product.taken == []
        assert len(product.long_way) == 1
        assert b"".join(wire.written).endswith(b"long")

    tell_story(story)


def test_answers_keep_the_order_of_requests() -> None:
    async def story(protocol: DeadlineProtocol, wire: Wire, product: Product) -> None:
        product.tells_at_once = False
        protocol.data_received(EVENT + PAGE + EVENT)
        await turns()
        assert wire.written == []

        product.waiting.pop()(accepted(0))
        await turns()

        sent = b"".join(wire.written)
        assert sent.index(b"202 Accepted") < sent.index(b"long")
        assert [path for path, _ in product.long_way] == ["/page", "/api/event"]
        assert sent.count(b"HTTP/1.1 ") == 3

    tell_story(story)


def test_a_connection_serves_many_events_and_pages_in_turn() -> None:
    async def story(protocol: DeadlineProtocol, wire: Wire, product: Product) -> None:
        for request in (EVENT, PAGE, EVENT, EVENT, PAGE):
            protocol.data_received(request)
            await turns()

        assert (len(product.taken), len(product.long_way)) == (3, 2)
        assert b"".join(wire.written).count(b"HTTP/1.1 ") == 5

    tell_story(story)


def test_nothing_is_written_to_a_client_that_left() -> None:
    async def story(protocol: DeadlineProtocol, wire: Wire, product: Product) -> None:
        product.tells_at_once = False
        protocol.data_received(EVENT)
        wire.close()

        product.waiting.pop()(accepted(0))

        assert wire.written == []

    tell_story(story)


def test_a_stopping_server_answers_what_it_took_and_then_closes() -> None:
    async def story(protocol: DeadlineProtocol, wire: Wire, product: Product) -> None:
        product.tells_at_once = False
        protocol.data_received(EVENT)
        protocol.shutdown()
        assert not wire.closed

        product.waiting.pop()(accepted(0))

        assert len(wire.written) == 1
        assert wire.closed

    tell_story(story)


def test_a_bug_behind_the_door_is_a_500_and_ends_the_connection(caplog: pytest.LogCaptureFixture) -> None:
    async def story(protocol: DeadlineProtocol, wire: Wire, _: Product) -> None:
        protocol.data_received(EVENT.replace(b"{}", b"!!"))

        assert wire.written[0].startswith(b"HTTP/1.1 500 ")
        assert wire.closed

    tell_story(story)
    assert "An event could not be taken" in caplog.text


def test_a_slow_sender_is_cut_off_and_a_waiting_one_is_not() -> None:
    async def story(protocol: DeadlineProtocol, wire: Wire, product: Product) -> None:
        now = asyncio.get_running_loop().time()
        product.tells_at_once = False
        protocol.data_received(EVENT)
        assert protocol.deadline == math.inf  # The sender did its part: now it is up to us.
        product.waiting.pop()(accepted(0))
        protocol.data_received(EVENT[:-1])

        close_overdue({protocol}, now + 29)
        assert not wire.closed
        close_overdue({protocol}, now + 40)
        assert wire.closed

    tell_story(story)


def test_an_idle_connection_and_a_large_upload_have_their_own_time() -> None:
    async def story(protocol: DeadlineProtocol, wire: Wire, _: Product) -> None:
        now = asyncio.get_running_loop().time()
        protocol.data_received(EVENT)
        assert 25 < protocol.deadline - now < 35

        protocol.data_received(b"POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n")
        close_overdue({protocol}, now + 600)
        assert not wire.closed

    tell_story(story)


@pytest.mark.parametrize("path", [b"/api/event", b"/api/event?x=1", b"/api/%65vent", b"/api/event/"])
def test_an_event_is_no_upload_however_large_it_says_it_is(path: bytes) -> None:
    async def story(protocol: DeadlineProtocol, wire: Wire, _: Product) -> None:
        now = asyncio.get_running_loop().time()
        protocol.data_received(b"POST " + path + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\nx")
        close_overdue({protocol}, now + 40)
        assert wire.closed

    tell_story(story)
