"""Group commit: hits that arrive together share one fsync, and each learns whether it is durable.

The event loop collects, one thread writes. While an fsync runs the loop goes on collecting; what it collected is the
next frame. When a frame cannot be made durable, everything that is not yet durable is refused with it and the visits
go back to their last durable state, so that memory never knows more than the disk.
"""

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from passerby.ingest.journal import SegmentWriter

# Two frames are at least this far apart, so that more hits share an fsync and two hand-overs between threads: under
# load 22 instead of 15 with 32 connections, 84 instead of 35 with 128. A lone hit never waits.
FRAME_SECONDS_MIN = 0.002
SEGMENT_SECONDS_MAX = 0.7  # Then it goes to the store: a second from the hit to the dashboard, engine included.
SEGMENT_ROWS_MAX = 20_000
PENDING_ROWS_MAX = 20_000  # Rows waiting for an fsync; more is overload.

log = logging.getLogger("passerby.journal")

Undo = Callable[[], None]
Word = TypeVar("Word")
Waiter = tuple[Callable[[Any], None], Any, Any]  # Whom to tell what if the frame is durable, and what if it is lost.


class Batch:
    """Rows that share one fsync."""

    __slots__ = ("first_arrival", "lines", "undo", "waiters")

    def __init__(self) -> None:
        self.first_arrival = 0
        self.lines: list[bytes] = []  # An event, the visit it made, an event, …
        self.undo: list[Undo] = []
        self.waiters: list[Waiter] = []

    def clear(self) -> None:
        """Free what the hits left behind in this thread; the writer's would have to fetch it from another core."""
        self.lines.clear()
        self.undo.clear()
        self.waiters.clear()


class _Settle(NamedTuple):
    """Close the open segment now, and tell `done` once the store has it."""

    done: threading.Event


class _Stop(NamedTuple):
    """Close the open segment and end."""


SegmentSink = Callable[[Path, int], None]  # A closed segment and its size in bytes.


class Committer:
    """The writing half of the journal. `append` belongs to the event loop; `settle` may be called by any thread."""

    def __init__(self, folder: Path, *, sink: SegmentSink, settle_sink: Callable[[threading.Event], None]) -> None:
        self._folder = folder
        self._sink = sink
        self._settle_sink = settle_sink
        self._pending = Batch()
        self._in_flight = False  # A frame is scheduled or being written.
        self._submitted_at = 0.0
        self._work: queue.SimpleQueue[Batch | _Settle | _Stop] = queue.SimpleQueue()
        self._segment: SegmentWriter | None = None
        self._opened_at = 0.0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._write, name="journal", daemon=True)
        self.failing = False  # The last frame could not be made durable.
        self.syncs_count = 0

    def start(self) -> None:
        """Begin writing; called inside the event loop."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    async def stop(self) -> None:
        """Make everything durable and end the thread."""
        while self._in_flight:
            await self.durable()
        self._work.put(_Stop())
        await asyncio.to_thread(self._thread.join)

    @property
    def is_overloaded(self) -> bool:
        """More rows wait for the disk than can be promised in good time."""
        return len(self._pending.lines) > 2 * PENDING_ROWS_MAX

    def append(self, event: bytes, visit: bytes, *, arrival: int, undo: Undo) -> None:
        """Add an event and the visit it made to the next frame."""
        pending = self._pending
        if not pending.lines:
            pending.first_arrival = arrival
            if not self._in_flight:
                self._schedule()
        pending.lines.append(event)
        pending.lines.append(visit)
        pending.undo.append(undo)

    def when_durable(self, tell: Callable[[Word], None], kept: Word, lost: Word) -> None:
        """Tell `kept` once everything appended so far is durable, or `lost` if that cannot be."""
        if self._in_flight:
            self._pending.waiters.append((tell, kept, lost))
        else:
            tell(kept)  # Nothing was appended: what a repeat asks for is durable already.

    async def durable(self) -> bool:
        """Whether everything appended so far is durable, for a caller that waits."""
        assert self._loop is not None  # noqa: S101 - `start` came first.
        future: asyncio.Future[bool] = self._loop.create_future()
        self.when_durable(lambda durable: None if future.done() else future.set_result(durable), True, False)
        return await future

    def settle(self, seconds_max: float) -> bool:
        """Wait until everything durable now is in the store. False when the store does not take it in time."""
        done = threading.Event()
        self._work.put(_Settle(done))
        return done.wait(seconds_max)

    def _schedule(self) -> None:
        """Submit the pending frame: not at once, as hits read in the same turn of the loop belong in it too."""
        self._in_flight = True
        loop = self._loop
        assert loop is not None  # noqa: S101 - `start` came first.
        pause = self._submitted_at + FRAME_SECONDS_MIN - loop.time()
        if pause > 0:
            loop.call_later(pause, self._submit)
        else:
            loop.call_soon(self._submit)

    def _submit(self) -> None:
        assert self._loop is not None  # noqa: S101 - `start` came first.
        self._submitted_at = self._loop.time()
        batch, self._pending = self._pending, Batch()
        self._work.put(batch)

    def _finish(self, batch: Batch, *, durable: bool) -> None:
        """Back in the event loop: answer the hits of a frame, and submit the next one."""
        if not durable:
            # What waits behind the lost frame was built on it: newest first, back to what the disk knows.
            for undo in reversed(batch.undo + self._pending.undo):
                undo()
            batch.waiters += self._pending.waiters
            self._pending = Batch()
        self._in_flight = False
        if self._pending.lines or self._pending.waiters:
            self._schedule()
        for tell, kept, lost in batch.waiters:
            tell(kept if durable else lost)
        batch.clear()

    def _write(self) -> None:
        """The thread: frames in, closed segments out."""
        while True:
            try:
                work = self._work.get(timeout=SEGMENT_SECONDS_MAX if self._segment else None)
            except queue.Empty:
                self._rotate()
                continue
            if isinstance(work, Batch):
                self._commit(work)
            elif isinstance(work, _Settle):
                self._rotate()
                self._settle_sink(work.done)
            else:
                self._rotate()
                return

    def _commit(self, batch: Batch) -> None:
        durable = not batch.lines or self._make_durable(batch)
        assert self._loop is not None  # noqa: S101 - `start` came first.
        self._loop.call_soon_threadsafe(partial(self._finish, batch, durable=durable))
        if not durable or self._is_due():
            self._rotate()

    def _make_durable(self, batch: Batch) -> bool:
        if not batch.lines:
            return True  # Repeats alone wait here, for an event of the frame before, which is durable.
        try:
            if self._segment is None:
                self._segment = SegmentWriter(self._folder, first_arrival=batch.first_arrival)
                self._opened_at = time.monotonic()
            self._segment.append(batch.lines)
        except OSError as problem:
            self._note(failing=True, reason=problem.strerror or "unknown")
            return False
        self.syncs_count += 1
        self._note(failing=False, reason="")
        return True

    def _is_due(self) -> bool:
        segment = self._segment
        if segment is None:
            return False
        age = time.monotonic() - self._opened_at
        return segment.rows >= SEGMENT_ROWS_MAX or not 0 <= age < SEGMENT_SECONDS_MAX

    def _rotate(self) -> None:
        segment, self._segment = self._segment, None
        if segment is None:
            return
        segment.close()
        if segment.bytes:
            self._sink(segment.path, segment.bytes)

    def _note(self, *, failing: bool, reason: str) -> None:
        """Say it once when the disk fails, and once when it is back."""
        if failing != self.failing:
            if failing:
                log.error("The journal cannot be written (%s): hits are answered 503 until it can.", reason)
            else:
                log.warning("The journal can be written again.")
        self.failing = failing
