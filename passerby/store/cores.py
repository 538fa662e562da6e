"""How many threads a question gets: every core when it is alone, else its share.

Threads beyond the cores cost work, because each builds sets of its own that must be merged, and gain no time.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Cores:
    """Counts the questions under way. `count` is None where the engine divides its cores itself. Thread-safe."""

    def __init__(self, count: int | None) -> None:
        self._count = count
        self._running = 0
        self._lock = threading.Lock()

    @contextmanager
    def share(self) -> Iterator[dict[str, object]]:
        """The engine's settings for one more question."""
        if self._count is None:
            yield {}
            return
        with self._lock:
            self._running += 1
            threads = max(1, self._count // self._running)
        try:
            yield {"max_threads": threads}
        finally:
            with self._lock:
                self._running -= 1
