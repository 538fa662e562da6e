"""The event endpoint: against its own description, what is hardly HTTP, and senders that never finish."""

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    positive_data_acceptance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.support.pressure import AGENT
from tests.support.server import Server

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi" / "events.json"
EXAMPLES = 60
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
REQUEST_SECONDS_MAX = 2.0
BODY_SECONDS_MAX = 3.0
SLACK_SECONDS = 3.0  # It looks at its connections once a second, and this machine may be busy.
SLOW_SENDERS = 40
EVENT = json.dumps({"n": "pageview", "u": "https://example.com/", "d": "example.com"})
HEAD = b"POST /api/event HTTP/1.1\r\nHost: x\r\n"


class HastyServer(Server):
    """One that waits for slow senders for seconds, not for half a minute."""

    program = (
        "-c",
        f"""
import sys
from passerby.ingest import app
from passerby.ops import cli, protocol
protocol.REQUEST_SECONDS_MAX = {REQUEST_SECONDS_MAX}
app.BODY_SECONDS_MAX = {BODY_SECONDS_MAX}
sys.exit(cli.main())
""",
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with HastyServer(tmp_path_factory.mktemp("hasty")) as running:
        running.site(running.admin())
        yield running
        assert "Traceback" not in running.log_path.read_text()


def is_served(server: Server) -> bool:
    """Does an ordinary event still get its answer?"""
    return server.request("POST", "/api/event", EVENT, {"User-Agent": AGENT})[0] == 202


@pytest.mark.parametrize("mode", GenerationMode)
def test_every_answer_is_one_that_the_description_names(server: Server, mode: GenerationMode) -> None:
    operation = schemathesis.openapi.from_path(DOCUMENT)["/api/event"]["POST"]

    @settings(max_examples=EXAMPLES, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy(generation_mode=mode))
    def conforms(case: Case[Any]) -> None:
        # Any text may be sent as text/plain, but only some of it is JSON.
        is_good = mode is GenerationMode.POSITIVE and case.media_type != "text/plain"
        case.call_and_validate(base_url=server.url, checks=[*CHECKS, positive_data_acceptance] if is_good else CHECKS)

    conforms()


@pytest.mark.parametrize(
    "request_",
    [
        HEAD + b"Content-Length: x\r\n\r\n{}",
        HEAD + b"Content-Length: -1\r\n\r\n{}",
        HEAD + b"Content-Length: +2\r\n\r\n{}",
        HEAD + b"Content-Length: \xb2\r\n\r\n{}",
        HEAD + b"Content-Length: 2, 2\r\n\r\n{}",
        HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        HEAD + b"Content-Length: " + b"9" * 400 + b"\r\n\r\n{}",
        HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}\r\n",
        HEAD + b"Transfer-Encoding: gzip\r\n\r\n{}",
        HEAD + b"User-Agent: \x00\r\nContent-Length: 2\r\n\r\n{}",
        HEAD + b": \r\n\r\n",
        HEAD + b"X: " + b"x" * 5_000_000,
        b"POST /api/event\xff HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
        b"POST /api/event HTTP/9.9\r\nContent-Length: 2\r\n\r\n{}",
        b"POST http://[ HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x00" * 100,
        b"\r\n" * 1000 + b"x",
    ],
)
def test_what_is_hardly_http_is_refused_and_forgotten(server: Server, request_: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        try:
            connection.sendall(request_)
            first_line = connection.makefile("rb").readline()
        except OSError:
            first_line = b""

    assert first_line == b"" or b" 40" in first_line, first_line
    assert is_served(server)


@pytest.mark.parametrize("path", ["/api/event/", "/api/event?x=1", "/api/%65vent"])
def test_an_event_may_be_sent_to_the_same_address_in_other_words(server: Server, path: str) -> None:
    assert server.request("POST", path, EVENT, {"User-Agent": AGENT})[::2] == (202, b"ok")


SLOW_STARTS = {
    "headers": HEAD + b"X: ",
    "a small body": HEAD + b"Content-Length: 2000\r\n\r\n",
    "a large body": HEAD + b"Content-Length: 500000\r\n\r\n",
    "a body announced as an upload": HEAD + b"Content-Length: 1000000\r\n\r\n",
    "a body over the limit": HEAD + b"Content-Length: 5000000\r\n\r\n" + b" " * 1_000_001,
    "a body under another spelling": HEAD.replace(b"event", b"%65vent") + b"Content-Length: 5000000\r\n\r\n",
    "chunks": HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
}


@pytest.mark.parametrize("slow", SLOW_STARTS)
def test_a_sender_that_never_finishes_is_cut_off_while_others_are_served(server: Server, slow: str) -> None:
    drop = b"1\r\nx\r\n" if slow == "chunks" else b"x"
    connections = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(SLOW_SENDERS)]
    started = time.monotonic()
    for connection in connections:
        connection.sendall(SLOW_STARTS[slow])
        connection.setblocking(False)
    last_words: set[bytes] = set()
    while connections:
        assert time.monotonic() - started < max(REQUEST_SECONDS_MAX, BODY_SECONDS_MAX) + SLACK_SECONDS
        connections = [each for each in connections if dribble(each, drop, last_words)]
        assert is_served(server)
        time.sleep(0.1)

    # What is over the limit is refused before it ends, and the rest of it is not waited for either.
    last = b"HTTP/1.1 400 Bad Request" if slow == "a body over the limit" else b"HTTP/1.1 408 Request Timeout"
    assert {words.partition(b"\r\n")[0] for words in last_words} <= {b"", last}


def dribble(connection: socket.socket, drop: bytes, last_words: set[bytes]) -> bool:
    """One byte more, for as long as the server listens; remembers what it says meanwhile."""
    try:
        connection.send(drop)
        words = connection.recv(4096)
        last_words.add(words)
        if words:
            return True
    except BlockingIOError:
        return True
    except OSError:
        pass
    connection.close()
    return False
