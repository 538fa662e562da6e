"""Two small servers on loopback for tests of the tracker: one that serves scripts and records events, one with pages.

They speak over real sockets, so that Chromium, its cache and its cross-origin rules are part of the test.
"""

import asyncio
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from passerby.tracker.app import TrackerApp
from passerby.tracker.config import TrackerConfig

SCRIPT_ID = "pa-Ab3dEf6hIj9kLm2nOp5qR"
DOMAIN = "shop.test"
WAIT_SECONDS_MAX = 30.0  # Only a test that fails waits so long, or a machine with other work.
QUIET_SECONDS = 0.35  # How long nothing must arrive before a test believes that nothing will.


class _Loopback(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that closes a connection early is no news."""


class LoopbackServer:
    """A server on a free port of loopback, from `with` on; `host` is the name that Chromium resolves to it."""

    host = ""

    def __init__(self) -> None:
        self._server: _Loopback | None = None
        self.port = 0

    def __enter__(self) -> Self:
        self.up()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.down()

    @property
    def url(self) -> str:
        """Its origin, as pages name it."""
        return f"http://{self.host}:{self.port}"

    def up(self) -> None:
        """Listen, on the port of the last time if there was one."""
        self._server = _Loopback(("127.0.0.1", self.port), self._handler())
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def down(self) -> None:
        """Stop listening: connections are refused, as when a server is away."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        raise NotImplementedError

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.answer(self)

            do_POST = do_HEAD = do_OPTIONS = do_GET  # noqa: N815 - The base class asks for these names.

            def log_message(self, *_: object) -> None:
                """Tests read what was recorded, not a log."""

        return Handler


class Collector(LoopbackServer):
    """Serves `/js/*` with the real application and records what is posted to `/api/event`."""

    host = "stats.test"

    def __init__(self) -> None:
        super().__init__()
        self.config = TrackerConfig(script_id=SCRIPT_ID, domain=DOMAIN)
        self.received: list[dict[str, Any]] = []  # Every request that arrived, taken or not.
        self.events: list[dict[str, Any]] = []  # Those answered 202.
        self.headers: list[dict[str, str]] = []
        self.status = 202
        self.retry_after = ""
        self.delay_seconds = 0.0
        self.changed = threading.Condition()

    def tracker_config_of(self, script_id: str) -> TrackerConfig | None:
        """As the sites' directory does."""
        return self.config if script_id == self.config.script_id else None

    def script(self, name: str = SCRIPT_ID) -> str:
        """The address of a script."""
        return f"{self.url}/js/{name}.js"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Scripts, and events."""
        if request.path.startswith("/js/"):
            self._answer_script(request)
        else:
            self._answer_event(request)

    def _answer_script(self, request: BaseHTTPRequestHandler) -> None:
        sent: list[dict[str, Any]] = []

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": request.command,
            "path": request.path.split("?", maxsplit=1)[0],
            "headers": [(name.lower().encode(), value.encode()) for name, value in request.headers.items()],
        }
        app = TrackerApp(self, base_url=self.url)
        asyncio.run(app(scope, None, send))  # type: ignore[arg-type]  # Nothing reads the body of a GET.
        headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        respond(request, sent[0]["status"], sent[1]["body"], headers)

    def _answer_event(self, request: BaseHTTPRequestHandler) -> None:
        event = json.loads(request.rfile.read(int(request.headers["content-length"])))
        status = self.status
        with self.changed:
            self.received.append(event)
            self.headers.append({name.lower(): value for name, value in request.headers.items()})
            self.changed.notify_all()
        time.sleep(self.delay_seconds)
        headers = {"access-control-allow-origin": "*", "access-control-expose-headers": "retry-after"}
        if self.retry_after:
            headers["retry-after"] = self.retry_after
        respond(request, status, b"ok", headers)
        with self.changed:
            if status == 202:
                self.events.append(event)
            self.changed.notify_all()

    def wait_for(self, count: int) -> list[dict[str, Any]]:
        """The events once there are `count` of them, and a moment after: more than that is a mistake."""
        self.wait_until(lambda: len(self.events) >= count)
        time.sleep(QUIET_SECONDS)
        assert len(self.events) == count, [event["n"] for event in self.events]
        return self.events

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something recorded makes it so."""
        with self.changed:
            assert self.changed.wait_for(is_so, WAIT_SECONDS_MAX), self.received

    def names(self) -> list[str]:
        """The names of the events taken, in order."""
        return [event["n"] for event in self.events]


class Pages(LoopbackServer):
    """A site. An address without a page of its own shows the page at `/`, as single-page apps need."""

    host = DOMAIN

    def __init__(self) -> None:
        super().__init__()
        self.bodies: dict[str, bytes] = {}
        self.headers: dict[str, str] = {}

    def put(self, html: str, path: str = "/") -> str:
        """Publish a page; its address."""
        self.bodies[path] = html.encode()
        return f"{self.url}{path}"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """The page, or the one at `/`."""
        path = request.path.split("?", maxsplit=1)[0]
        kind = "text/javascript" if path.endswith(".mjs") else "text/html; charset=utf-8"
        body = self.bodies.get(path, self.bodies.get("/", b""))
        respond(request, 200, body, {"content-type": kind, **self.headers})


def respond(request: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str]) -> None:
    """One whole answer. Every connection is closed, so that stopping a server leaves none behind."""
    try:
        request.send_response(status)
        for name, value in {**headers, "content-length": str(len(body)), "connection": "close"}.items():
            request.send_header(name, value)
        request.end_headers()
        if request.command != "HEAD":
            request.wfile.write(body)
    except (TimeoutError, ConnectionError):  # The page is gone; it was recorded all the same.
        request.close_connection = True
