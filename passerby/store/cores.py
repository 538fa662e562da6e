"""How the engine inside this process is divided between questions: cores among all, memory one by one if need be.

Questions beyond the cores push each other's sets out of the caches, and threads beyond them build more sets that must
be merged: more work, and no time gained. Sets of ten questions about a busy site may not fit in memory together where
each alone does.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE_SECONDS = 0.25  # So long a question waits for a core; then it runs beside others, however long those take.


class Cores:
    """Counts the questions under way. `count` is None where the engine is a server that divides itself. Thread-safe."""

    def __init__(self, count: int | None) -> None:
        self._count = count
        self._running = 0
        self._changed = threading.Condition()
        self._turn = threading.Lock()

    @property
    def are_shared(self) -> bool:
        """Whether what a question gets depends on the others."""
        return self._count is not None

    @contextmanager
    def share(self) -> Iterator[dict[str, object]]:
        """A core for one more question. Gives the engine's settings for it: every core when it is alone."""
        count = self._count
        if count is None:
            yield {}
            return
        with self._changed:
            self._changed.wait_for(lambda: self._running < count, timeout=PATIENCE_SECONDS)
            self._running += 1
            threads = max(1, count // self._running)
        try:
            yield {"max_threads": threads}
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    @contextmanager
    def alone(self, seconds_max: float) -> Iterator[None]:
        """A turn: one at a time, begun when no other question runs, or when that took too long."""
        deadline = time.monotonic() + seconds_max
        is_ours = self._turn.acquire(timeout=seconds_max)
        try:
            with self._changed:
                self._changed.wait_for(lambda: self._running == 0, timeout=max(0.0, deadline - time.monotonic()))
            yield
        finally:
            if is_ours:
                self._turn.release()
