"""`passerby serve`: one process, one data folder, until SIGTERM."""

import argparse
import asyncio
import fcntl
import gc
import logging
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import uvicorn

from passerby.ops.protocol import DeadlineProtocol, close_overdue
from passerby.settings import Settings, read_settings

SHUTDOWN_SECONDS_MAX = 20
KEEP_ALIVE_SECONDS = 30
BACKLOG = 2048
SWITCH_SECONDS = 0.0005  # How long the journal waits for the interpreter while events are read; 5 ms by default.
COLLECT_AFTER = (20_000, 20, 50)  # Hits leave no cycles behind: looking for some after every 700 objects cost 3 %.
TICKS_PER_SECOND = 10  # uvicorn's own.


class Server(uvicorn.Server):
    """Says its address once it can take requests, and then whatever else `announce` has to say."""

    def __init__(self, config: uvicorn.Config, *, announce: Callable[[], None] = lambda: None) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[Any] | None = None) -> None:
        """Open everything, listen, then say so."""
        await super().startup(sockets=sockets)
        if self.started:
            sys.setswitchinterval(SWITCH_SECONDS)
            gc.collect()
            gc.set_threshold(*COLLECT_AFTER)
            gc.freeze()  # What start-up made stays for good: the collector need not walk it again at every turn.
            port = self.servers[0].sockets[0].getsockname()[1] if self.servers else self.config.port
            print(f"Passerby answers at http://{self.config.host}:{port}", flush=True)
            self._announce()

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second; once a second it closes connections that are overdue."""
        if counter % TICKS_PER_SECOND == 0:
            close_overdue(self.server_state.connections, asyncio.get_running_loop().time())
        return await super().on_tick(counter)


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
    """The lock of the data folder, held until the file is closed (by the kernel too, after a crash); None if taken.

    Whoever has it keeps temporary files in the folder, too.
    """
    lock = (data / "lock").open("w", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    _keep_temporary_files_in(data / "tmp")
    return lock


def _keep_temporary_files_in(folder: Path) -> None:
    """Rows on their way into the engine pass through files, which a killed process leaves behind: ours to remove."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    tempfile.tempdir = str(folder)


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
        proxy_headers=False,  # Who is asking is decided in one place, ingest/client.py, from our own setting.
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS_MAX,
    )
