"""The front door: events, scripts and static files are answered here, everything else goes to Django.

It opens the process's long-lived parts at start-up and closes them at shutdown, in reverse order. It decides where a
request goes and nothing else.
"""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from servestatic import ServeStaticASGI

from passerby import runtime
from passerby.accounts.setup import prepare
from passerby.bridge import BODY_BYTES_MAX, Bridge, Receive, Scope, Send
from passerby.ingest.app import IngestApp
from passerby.ingest.client import client_address
from passerby.ingest.pipeline import Ingest
from passerby.runtime import Runtime
from passerby.settings import Settings
from passerby.sites.directory import Directory
from passerby.store.store import Store
from passerby.tracker.app import TrackerApp

App = Callable[[Scope, Receive, Send], Any]

STATIC = Path(__file__).parent / "static"
STATIC_SECONDS_MAX = 60  # Files whose name carries no hash; hashed ones are immutable.
INGEST_PATHS = frozenset({"/api/event", "/api/error", "/api/health", "/api/system", "/metrics"})
SITES_PATH = "/api/v1/sites/"
FORM_BYTES_MAX = 2_000_000  # Forms, questions and parameters; the views have narrower limits of their own.
UPLOAD_BYTES_MAX = {"/events": 64 * 1024 * 1024, "/imports": BODY_BYTES_MAX}

log = logging.getLogger("passerby")


class FrontDoor:
    """One ASGI application for one process. `settings` are read once, before it is made."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._runtime: Runtime | None = None
        self._event: App = _unready
        self.event_door: IngestApp | None = None  # Where `ops.protocol` takes ordinary events, past everything here.
        self._script: App = _unready
        self._rest: App = _unready
        self._bridge: Bridge | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a request where it belongs."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        path: str = scope["path"]
        if path == "/api/event/":  # Plausible's router does not mind.
            path, scope = "/api/event", {**scope, "path": "/api/event"}
        if path in INGEST_PATHS or path.startswith("/api/system/"):
            await self._event(scope, receive, send)
        elif path.startswith("/js/"):
            await self._script(scope, receive, send)
        else:
            await self._rest(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self._open()
        except Exception as problem:
            log.exception("Start-up failed")
            await send({"type": "lifespan.startup.failed", "message": str(problem)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _open(self) -> None:
        settings = self._settings
        store = await asyncio.to_thread(Store.open_for_serving, settings)
        await asyncio.to_thread(prepare, settings)
        directory = await asyncio.to_thread(Directory.open)
        ingest = await asyncio.to_thread(Ingest.open, settings, store, directory)
        await ingest.start()
        self._runtime = Runtime(settings=settings, store=store, directory=directory, ingest=ingest)
        runtime.install(self._runtime)
        self._event = self.event_door = IngestApp(ingest)
        self._script = TrackerApp(directory, base_url=settings.base_url)
        self._bridge = Bridge(
            _django(),
            client_of=lambda scope: client_address(scope, settings.trusted_proxies),
            bytes_max_of=_body_bytes_max,
        )
        self._rest = ServeStaticASGI(
            self._bridge,
            root=STATIC if STATIC.is_dir() else None,
            prefix="static/",
            max_age=STATIC_SECONDS_MAX,
            immutable_file_test=r"^.+[.-][0-9A-Za-z_-]{8}\.[a-z0-9]+$",
        )

    async def _close(self) -> None:
        if self._runtime is None or self._bridge is None:
            return
        await self._runtime.ingest.stop()
        await asyncio.to_thread(self._bridge.close)
        runtime.install(None)
        await asyncio.to_thread(self._runtime.directory.close)
        await asyncio.to_thread(self._runtime.store.close)


def _body_bytes_max(scope: Scope) -> int:
    """What is read of a body before anybody has asked who sends it."""
    path: str = scope["path"]
    if not path.startswith(SITES_PATH):
        return FORM_BYTES_MAX
    return next((most for word, most in UPLOAD_BYTES_MAX.items() if path.endswith(word)), FORM_BYTES_MAX)


def _django() -> Any:
    from django.core.wsgi import get_wsgi_application
    from django.urls import get_resolver

    application = get_wsgi_application()
    _ = get_resolver().url_patterns  # Load every view now, not at the expense of the first visitor (0.7 s).
    return application


async def _unready(scope: Scope, receive: Receive, send: Send) -> None:
    """What answers before start-up is complete; uvicorn does not listen then, so this is for tests and mistakes."""
    del scope, receive
    headers = [(b"content-type", b"text/plain"), (b"retry-after", b"1")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": b"Passerby is starting."})
