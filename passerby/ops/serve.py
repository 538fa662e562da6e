"""`passerby serve`: one process, one data folder, until SIGTERM."""

import argparse
import fcntl
import gc
import logging
import os
import signal
import sys
from asyncio import Transport
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from passerby.settings import Settings, read_settings

REQUEST_SECONDS_MAX = 30.0  # From the first byte of a request to its last; a slower sender is cut off.
UPLOAD_SECONDS_MAX = 3600.0  # The same for a body that announces itself as large.
UPLOAD_BYTES_MIN = 1_000_000
SHUTDOWN_SECONDS_MAX = 20
KEEP_ALIVE_SECONDS = 30
BACKLOG = 2048


class DeadlineProtocol(HttpToolsProtocol):
    """uvicorn's protocol with a deadline for each request: without one a slow sender holds a connection for ever."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # As uvicorn narrows it.
        """Start the clock for the first request."""
        super().connection_made(transport)
        self._deadline = self.loop.call_later(REQUEST_SECONDS_MAX, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._deadline.cancel()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """A new request has its own clock."""
        super().on_message_begin()
        self._deadline.cancel()
        self._deadline = self.loop.call_later(REQUEST_SECONDS_MAX, self.transport.close)

    def on_headers_complete(self) -> None:
        """An announced upload gets the time an upload needs."""
        super().on_headers_complete()
        if any(name == b"content-length" and _is_large(value) for name, value in self.headers):
            self._deadline.cancel()
            self._deadline = self.loop.call_later(UPLOAD_SECONDS_MAX, self.transport.close)

    def on_message_complete(self) -> None:
        """The whole request is here."""
        self._deadline.cancel()
        super().on_message_complete()


def _is_large(content_length: bytes) -> bool:
    return content_length.isdigit() and int(content_length[:20]) >= UPLOAD_BYTES_MIN


class Server(uvicorn.Server):
    """Says its address once it can take requests, and then whatever else `announce` has to say."""

    def __init__(self, config: uvicorn.Config, *, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[Any] | None = None) -> None:
        """Open everything, listen, then say so."""
        await super().startup(sockets=sockets)
        if self.started:
            gc.collect()
            gc.freeze()  # What start-up made stays for good: the collector need not walk it again at every turn.
            port = self.servers[0].sockets[0].getsockname()[1] if self.servers else self.config.port
            print(f"Passerby answers at http://{self.config.host}:{port}", flush=True)
            self._announce()


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the `passerby` parser."""
    parser = commands.add_parser("serve", help="run the server on one data folder")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")
    parser.add_argument("--data", help="the data folder (default $PASSERBY_DATA or ./passerby-data)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, *, announce: Callable[[], None] = lambda: None) -> int:
    """Serve until SIGTERM or SIGINT; 0 after a clean end, 1 when it cannot start."""
    if arguments.data:
        os.environ["PASSERBY_DATA"] = str(Path(arguments.data).absolute())
    settings = read_settings()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = take_lock(settings.data)
    if lock is None:
        return refuse_second_process(settings.data)
    with lock:
        return _serve(settings, host=arguments.host, port=arguments.port, announce=announce)


def refuse_second_process(data: Path) -> int:
    """Say why a second process on one data folder does not start."""
    print(f"Another Passerby process already serves {data}. One data folder has one owner.", file=sys.stderr)
    return 1


def take_lock(data: Path) -> IO[str] | None:
    """The lock of the data folder, held until the file is closed (by the kernel too, after a crash); None if taken."""
    lock = (data / "lock").open("w", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    return lock


def _serve(settings: Settings, *, host: str, port: int, announce: Callable[[], None]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "passerby.django_settings")
    import django

    django.setup()
    from passerby.asgi import FrontDoor

    server = Server(configure(FrontDoor(settings), host=host, port=port), announce=announce)
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn raises the signal again once it has drained; a clean end is exit status 0.
        signal.signal(number, lambda *_: None)
    server.run()
    return 0 if server.started else 1


def configure(app: Callable[..., Any], *, host: str, port: int) -> uvicorn.Config:
    """How we run uvicorn. The benchmark's no-op handler is served the same way."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=DeadlineProtocol,
        loop="uvloop",
        ws="none",
        lifespan="on",
        interface="asgi3",
        access_log=False,  # A request line beside an address is exactly what we promise never to write.
        log_config=None,
        proxy_headers=False,  # Who is asking is decided in one place, ingest/hit.py, from our own setting.
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS_MAX,
    )
