"""What the pressure tests share: numbered hits that remember their answers, small disks, a clock that can be set."""

import http.client
import json
import os
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from tests.support.server import Server

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"
WAIT_SECONDS_MAX = 40.0
CLOCK_FOLDER = Path(__file__).parent / "clock"


@dataclass
class Hits:
    """Pageviews with numbers in their paths, and what the server said to each."""

    server: Server
    visitors: int = 20
    pause_seconds: float = 0.0  # Of each sender, after each hit.
    acknowledged: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    unanswered: list[int] = field(default_factory=list)
    other: list[int] = field(default_factory=list)  # Statuses that are neither 202 nor 503.
    without_retry_after: int = 0
    _numbers: "count[int]" = field(default_factory=count)

    def post(self, times: int = 1) -> None:
        """Send some, one after the other, over one connection."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        try:
            for _ in range(times):
                self._post(connection, next(self._numbers))
                time.sleep(self.pause_seconds)
        finally:
            connection.close()

    @contextmanager
    def under_load(self, threads: int = 4) -> Iterator[None]:
        """Send as fast as the server takes them, from several threads, while the block runs."""
        over = threading.Event()

        def work() -> None:
            while not over.is_set():
                try:
                    self.post(20)
                except (OSError, http.client.HTTPException):
                    time.sleep(0.1)  # The server is away; its start is somebody else's to wait for.

        workers = [threading.Thread(target=work, daemon=True) for _ in range(threads)]
        for worker in workers:
            worker.start()
        try:
            yield
        finally:
            over.set()
            for worker in workers:
                worker.join(30)

    def _post(self, connection: http.client.HTTPConnection, number: int) -> None:
        body = json.dumps({"n": "pageview", "u": f"https://example.com/e/{number}", "d": "example.com"})
        headers = {"User-Agent": AGENT, "X-Forwarded-For": f"198.51.100.{1 + number % self.visitors}"}
        try:
            connection.request("POST", "/api/event", body, headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self.unanswered.append(number)
            raise
        if answer.status == 202:
            self.acknowledged.append(number)
        elif answer.status == 503:
            self.refused.append(number)
            self.without_retry_after += answer.getheader("Retry-After") is None
        else:
            self.other.append(answer.status)


def assert_promises_kept(hits: Hits, key: str) -> None:
    """What was acknowledged is stored exactly once, what was refused is not, and visits agree with events."""
    wait_until(lambda: waiting_segments(hits.server) == 0)
    events = hits.server.export(key)
    stored = Counter(int(str(event["pathname"]).rsplit("/", 1)[1]) for event in events)
    assert [number for number in hits.acknowledged if stored[number] != 1] == []
    assert [number for number in hits.refused if stored[number]] == []
    assert set(stored) <= {*hits.acknowledged, *hits.unanswered}
    assert max(stored.values()) == 1
    assert sum(int(visit["pageviews"]) for visit in hits.server.export(key, "visits")) == sum(stored.values())
    assert hits.other == []
    assert hits.without_retry_after == 0


def waiting_segments(server: Server) -> int:
    """Closed segments of the journal that the store does not have yet."""
    return gauge(server, "passerby_journal_waiting_segments")


def gauge(server: Server, name: str) -> int:
    """One of the server's own figures."""
    text = server.request("GET", "/metrics")[2].decode()
    return int(next(line.split()[1] for line in text.splitlines() if line.startswith(f"{name} ")))


def wait_until(condition: Callable[[], bool], *, seconds_max: float = WAIT_SECONDS_MAX) -> None:
    """Wait for something that has to come true, or fail."""
    deadline = time.monotonic() + seconds_max
    while not condition():
        assert time.monotonic() < deadline, "It did not come true in time."
        time.sleep(0.1)


@dataclass
class SmallDisk:
    """A file system of its own that can be filled, and made read-only."""

    folder: Path

    def fill(self) -> None:
        """Leave not one block free."""
        with (self.folder / "junk").open("wb", buffering=0) as junk:
            try:
                while True:
                    junk.write(bytes(4096))
            except OSError:
                return

    def free(self) -> None:
        """Give the space back."""
        (self.folder / "junk").unlink()

    def protect(self) -> None:
        """Read-only: files open for writing must be closed first, so this may take a moment."""
        wait_until(lambda: self._remount("ro"))

    def release(self) -> None:
        """Writable again."""
        assert self._remount("rw")

    def _remount(self, mode: str) -> bool:
        command = ["mount", "-o", f"remount,{mode}", str(self.folder)]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0


@contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Iterator[SmallDisk]:
    """Mount one at `folder`. Skips the test where we may not mount."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode != 0:
        pytest.skip("Needs the right to mount a small disk.")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


class Clock:
    """The clock of a server that is started with `environ`."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._write(0.0)
        self.environ = {"PYTHONPATH": str(CLOCK_FOLDER), "PASSERBY_TEST_CLOCK": str(file)}

    def set(self, moment: datetime) -> None:
        """It is now `moment`, and time goes on from there."""
        self._write((moment - datetime.now(UTC)).total_seconds())

    def _write(self, shift_seconds: float) -> None:
        draft = self._file.with_suffix(".draft")
        draft.write_text(str(shift_seconds))
        draft.rename(self._file)  # A reader sees the old shift or the new one.
        time.sleep(0.1)  # Longer than it takes the server to notice.
