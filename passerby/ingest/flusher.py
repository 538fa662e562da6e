"""Closed segments go to the store, oldest first, and are forgotten once the store has them.

The store being away is not an outage: segments wait on disk, up to the journal's bound. A segment that the store
refuses for good is set aside for a person to look at, so that it does not hold up the ones behind it.
"""

import logging
import queue
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, Protocol

from passerby.errors import Fault
from passerby.ingest.journal import Segment, read_segment, remove_segment
from passerby.store.errors import StoreUnavailable

INSERT_ROWS_MAX = 50_000
RETRY_SECONDS_MIN = 0.2
RETRY_SECONDS_MAX = 10.0
REFUSED_FOLDER = "refused"

log = logging.getLogger("passerby.journal")


class RowSink(Protocol):
    """The part of the store that takes rows in the engine's own words."""

    def insert_raw(self, table: str, data: bytes, *, format: str, token: str) -> None:  # noqa: A002 - The store's word.
        """Store rows once: a repeated token inserts nothing."""
        ...


class _Closed(NamedTuple):
    path: Path
    bytes: int


class Flusher:
    """The thread that moves segments. `bytes` is what waits on disk."""

    def __init__(self, store: RowSink) -> None:
        self._store = store
        self._work: queue.SimpleQueue[_Closed | threading.Event | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="flusher", daemon=True)
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self.bytes = 0
        self.segments = 0
        self.failing = False
        self.refused_count = 0

    def start(self) -> None:
        """Begin moving segments."""
        self._thread.start()

    def stop(self, seconds_max: float) -> bool:
        """Flush what can be flushed in time. What cannot stays on disk for the next start."""
        self._work.put(None)
        self._thread.join(seconds_max)
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(RETRY_SECONDS_MAX)
        return not self._thread.is_alive()

    def add(self, path: Path, size_bytes: int) -> None:
        """Take charge of a closed segment."""
        with self._lock:
            self.bytes += size_bytes
            self.segments += 1
        self._work.put(_Closed(path, size_bytes))

    def settle(self, done: threading.Event) -> None:
        """Tell `done` when every segment added before is in the store."""
        self._work.put(done)

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            if isinstance(work, threading.Event):
                work.set()
            elif not self._flush_until_taken(work):
                return
            else:
                with self._lock:
                    self.bytes -= work.bytes
                    self.segments -= 1

    def _flush_until_taken(self, work: _Closed) -> bool:
        """False when the process ends before the store came back."""
        pause = RETRY_SECONDS_MIN
        while True:
            try:
                flush_segment(self._store, read_segment(work.path))
            except StoreUnavailable as problem:
                self._note(failing=True, reason=str(problem))
            except OSError as problem:
                self._note(failing=True, reason=problem.strerror or "unknown")
            except (Fault, ValueError) as problem:
                self._set_aside(work.path, problem)
                return True
            else:
                remove_segment(work.path)
                self._note(failing=False, reason="")
                return True
            if self._stopping.wait(pause):
                return False
            pause = min(2 * pause, RETRY_SECONDS_MAX)

    def _set_aside(self, path: Path, problem: Exception) -> None:
        """Kept, not lost: an operator can put the file back once the reason is gone."""
        self.refused_count += 1
        refused = path.parent / REFUSED_FOLDER
        log.error("The store refused segment %s: %s. It is kept in %s.", path.name, problem, refused)
        try:
            refused.mkdir(mode=0o700, exist_ok=True)
            path.rename(refused / path.name)
        except OSError as trouble:
            log.error("Segment %s stays where it is: %s", path.name, trouble.strerror)  # noqa: TRY400 - Its cause is told.

    def _note(self, *, failing: bool, reason: str) -> None:
        if failing != self.failing:
            if failing:
                log.warning("The store takes no events (%s); they wait in the journal.", reason)
            else:
                log.warning("The store takes events again.")
        self.failing = failing


def flush_segment(store: RowSink, segment: Segment) -> None:
    """Insert the rows of a segment, each part under its own token, so that a repetition changes nothing.

    Raises: StoreUnavailable; then some parts may be in, and repeating the call completes it.
    """
    for table, lines in (("events", segment.events), ("visits", segment.visits)):
        for part, data in enumerate(_parts(lines)):
            store.insert_raw(table, data, format="JSONEachRow", token=f"{segment.token}:{table}:{part}")


def _parts(lines: list[bytes]) -> Iterable[bytes]:
    for first in range(0, len(lines), INSERT_ROWS_MAX):
        yield b"\n".join(lines[first : first + INSERT_ROWS_MAX])
