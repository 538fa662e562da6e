"""A real `passerby serve` on loopback for tests that need the whole product."""

import functools
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

MEMORY_FOLDER = Path("/dev/shm")
START_SECONDS_MAX = 120.0  # A start takes three seconds; a machine with other work takes its time.
PASSWORD = "correct-horse-battery-9"


def free_port() -> int:
    """A port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@functools.cache
def _salts_of_this_run() -> tempfile.TemporaryDirectory[str]:
    """Memory-backed like the product's own choice, and gone with this process; each server has a folder in it."""
    return tempfile.TemporaryDirectory(prefix="passerby-tests-", dir=MEMORY_FOLDER if MEMORY_FOLDER.is_dir() else None)


class Server:
    """`with Server(tmp_path) as server:` starts it, waits until it answers, and ends it with SIGTERM."""

    program: tuple[str, ...] = ("-m", "passerby")  # What Python runs.

    def __init__(self, home: Path, *, environ: dict[str, str] | None = None, port: int | None = None) -> None:
        self.home = home
        self.data = home / "data"
        self.port = port or free_port()
        self.environ = {
            **os.environ,
            "PASSERBY_DATA": str(self.data),
            "PASSERBY_SALT_FOLDER": _salts_of_this_run().name,
            "PASSERBY_TRUSTED_PROXIES": "127.0.0.1/32",
            "PASSERBY_BASE_URL": f"http://127.0.0.1:{self.port}",
            **(environ or {}),
        }
        self.log_path = home / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, *, health: int = 200) -> None:
        """Start it and wait until /api/health says it is ready, or answers as it should while a part is away."""
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.program, "serve", "--port", str(self.port)],
                env=self.environ,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + START_SECONDS_MAX
        while not self._answers(health):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"The server did not start:\n{self.log_path.read_text()[-4000:]}")
            time.sleep(0.1)

    def _answers(self, health: int) -> bool:
        try:
            return self.request("GET", "/api/health")[0] == health
        except OSError:
            return False

    def stop(self) -> int:
        """SIGTERM, and its exit status."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def kill(self) -> None:
        """SIGKILL: no goodbye."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(30)

    def request(
        self, method: str, path: str, body: bytes | str | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """One HTTP request: status, lower-cased headers, body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def json(self, method: str, path: str, document: object, key: str) -> Any:
        """A JSON request with a bearer key; the answer must be a success."""
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        status, _, body = self.request(method, path, json.dumps(document), headers)
        assert status in (200, 201, 202), f"{method} {path}: {status} {body[:500]!r}"
        return json.loads(body)

    def command(self, *arguments: str, stdin: str | None = None) -> str:
        """Run a `passerby` command on the same data folder; the last line it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "passerby", *arguments],
            env=self.environ,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return (done.stdout.strip().splitlines() or [""])[-1]

    def user(self, email: str = "ann@example.com") -> str:
        """A user with the password `PASSWORD`; the e-mail address."""
        self.command("user", "create", "--email", email, "--password-stdin", stdin=f"{PASSWORD}\n")
        return email

    def key(self, email: str, *scopes: str) -> str:
        """An API key of a user."""
        words = [word for scope in scopes for word in ("--scope", scope)]
        return self.command("key", "create", "--email", email, *words, "--hourly-limit", "1000000")

    def admin(self, email: str = "ann@example.com") -> str:
        """A new user's key with every scope."""
        scopes = (
            "stats:read",
            "sites:read",
            "sites:provision",
            "events:write",
            "events:read",
            "imports:write",
        )
        return self.key(self.user(email), *scopes)

    def site(self, key: str, domain: str = "example.com", **more: object) -> str:
        """A new site; its domain."""
        self.json("POST", "/api/v1/sites", {"domain": domain, **more}, key)
        return domain

    def export(self, key: str, what: str = "events", domain: str = "example.com") -> list[dict[str, Any]]:
        """Every stored event or visit of a site."""
        headers = {"Authorization": f"Bearer {key}", "Accept": "application/x-ndjson"}
        status, _, body = self.request("GET", f"/api/v1/sites/{quote(domain, safe='')}/{what}", headers=headers)
        assert status == 200, f"{status} {body[:500]!r}"
        return [json.loads(line) for line in body.splitlines() if line.strip()]
