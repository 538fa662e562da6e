"""The order in which events arrived: numbers that only grow, across restarts too, whatever the clock does.

A visit is named by the arrival that opened it. Such names grow with time, and lie in the tables beside their
neighbours, so they compress to two or three bytes where a random number takes eight.
"""

import secrets
import threading

NODE_BITS = 11  # An arrival above them fits 63 bits until 2112; the tables' clock ends in 2106.


class Arrivals:
    """Hands out arrival numbers: microseconds since 1970 where the clock allows, one more than the last where not.

    Following the clock keeps several processes roughly in step without asking each other. Thread-safe.
    """

    def __init__(self, last: int, *, node: int | None = None) -> None:
        self._last = last
        self._node = secrets.randbits(NODE_BITS) if node is None else node
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

    def visit_id(self, arrival: int) -> int:
        """The id of the visit that the event with this number opens: 63 bits.

        Two processes may number events of the same microsecond alike; the node tells their visits apart.
        """
        return arrival << NODE_BITS | self._node
