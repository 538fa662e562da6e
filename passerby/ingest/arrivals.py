"""The order in which events arrived: numbers that only grow, across restarts too, whatever the clock does."""

import threading


class Arrivals:
    """Hands out arrival numbers: microseconds since 1970 where the clock allows, one more than the last where not.

    Following the clock keeps several processes roughly in step without asking each other. Thread-safe.
    """

    def __init__(self, last: int) -> None:
        self._last = last
        self._lock = threading.Lock()

    @property
    def last(self) -> int:
        """The highest number given so far."""
        return self._last

    def take(self, count: int, *, now_us: int) -> int:
        """The first of `count` numbers in a row."""
        with self._lock:
            first = now_us if now_us > self._last else self._last + 1
            self._last = first + count - 1
            return first
