import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from passerby.bridge import BodyTooLarge, Bridge, read_body

Environ = dict[str, Any]
Start = Callable[..., Any]


class Client:
    """The other end of an ASGI call: what it sends, and what it got."""

    def __init__(self, *chunks: bytes, leaves_after: int | None = None) -> None:
        self.chunks = list(chunks) or [b""]
        self.leaves_after = leaves_after
        self.messages: list[dict[str, Any]] = []
        self.has_left = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        if self.chunks:
            return {"type": "http.request", "body": self.chunks.pop(0), "more_body": bool(self.chunks)}
        await self.has_left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        self.messages.append(message)
        if self.bodies == self.leaves_after:
            self.has_left.set()

    @property
    def bodies(self) -> int:
        return sum(message["type"] == "http.response.body" for message in self.messages)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.messages)


def ask(
    wsgi: Callable[[Environ, Start], Iterable[bytes]], client: Client, *headers: tuple[bytes, bytes], **options: Any
) -> Client:
    bridge = Bridge(wsgi, client_of=lambda _scope: "192.0.2.1", **options)
    scope = {
        "type": "http", "method": "POST", "path": "/echo", "query_string": b"a=1",
        "headers": list(headers), "http_version": "1.1", "scheme": "http",
        "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1), "root_path": "",
    }  # fmt: skip
    asyncio.run(bridge(scope, client.receive, client.send))
    bridge.close()
    return client


def test_a_request_reaches_wsgi_whole_and_the_answer_comes_back() -> None:
    def echo(environ: Environ, start_response: Start) -> Iterable[bytes]:
        start_response("201 Created", [("X-Asker", environ["REMOTE_ADDR"])])
        return [environ["wsgi.input"].read(), b"!", environ["QUERY_STRING"].encode()]

    client = ask(echo, Client(b"one ", b"two"))

    assert client.messages[0]["status"] == 201
    assert client.messages[0]["headers"] == [(b"x-asker", b"192.0.2.1")]
    assert client.body == b"one two!a=1"


class Stream:
    """A streamed answer, as Django marks it."""

    streaming = True

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.chunks = chunks
        self.is_closed = False

    def __iter__(self) -> Iterator[bytes]:
        return self.chunks

    def close(self) -> None:
        self.is_closed = True


def test_a_streamed_answer_is_sent_chunk_by_chunk_and_closed() -> None:
    stream = Stream(iter([b"a", b"b", b"c"]))

    def wsgi(_environ: Environ, start_response: Start) -> Iterable[bytes]:
        start_response("200 OK", [])
        return stream

    client = ask(wsgi, Client())

    assert [m.get("body") for m in client.messages[1:]] == [b"a", b"b", b"c", b""]
    assert stream.is_closed


def test_a_stream_stops_when_the_client_has_left() -> None:
    made: list[int] = []

    def endless(gone: threading.Event) -> Iterator[bytes]:
        while True:
            made.append(1)
            yield b"x"
            gone.wait(0.01)

    def wsgi(environ: Environ, start_response: Start) -> Iterable[bytes]:
        start_response("200 OK", [])
        return Stream(endless(environ["passerby.client_gone"]))

    ask(wsgi, Client(leaves_after=3))

    assert 3 <= len(made) < 1000


def test_a_body_over_the_limit_is_not_kept() -> None:
    client = Client(b"x" * 60, b"y" * 60)

    with pytest.raises(BodyTooLarge):
        asyncio.run(read_body(client.receive, bytes_max=100))


def asked_with(*headers: tuple[bytes, bytes], **options: Any) -> Environ:
    """What WSGI is told about a request of nine bytes in two chunks."""
    seen: Environ = {}

    def note(environ: Environ, start_response: Start) -> Iterable[bytes]:
        start_response("200 OK", [])
        seen.update(environ, body=environ["wsgi.input"].read())
        return [b""]

    ask(note, Client(b"four", b"more?"), *headers, **options)
    return seen


def test_a_body_of_unannounced_length_is_read_whole() -> None:
    seen = asked_with((b"transfer-encoding", b"chunked"))

    assert (seen["CONTENT_LENGTH"], seen["body"]) == ("9", b"fourmore?")


@pytest.mark.parametrize("kind", [b"a/b; charset=zlib", b"a/b;x=1; Charset = zlib", b"a/b; charset*=utf-8''zlib; x=1"])
def test_no_client_chooses_the_codec(kind: bytes) -> None:
    assert "zlib" not in asked_with((b"content-type", kind))["CONTENT_TYPE"]


def test_a_kind_of_body_keeps_its_other_words() -> None:
    kind = b"multipart/form-data; boundary=x"

    assert asked_with((b"content-type", kind))["CONTENT_TYPE"] == kind.decode()


def test_a_body_is_as_long_as_its_address_allows() -> None:
    assert asked_with(bytes_max_of=lambda scope: len(scope["path"])) == {}
