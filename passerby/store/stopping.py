"""Questions end with whoever asked them: when a reader closes the page, the engine stops working for nobody.

The engine knows no asker, so a question carries a label, and a thread that sleeps while nobody asks looks a few times a
second whether an asker has left, and tells the engine to end what carries the label. Embedded and server alike.
"""

import logging
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from passerby.errors import PasserbyError
from passerby.store.errors import StoreUnavailable

LOOK_SECONDS = 0.25

log = logging.getLogger("passerby.store")

_gone: ContextVar[threading.Event | None] = ContextVar("gone", default=None)


@contextmanager
def until(gone: threading.Event) -> Iterator[None]:
    """Questions of this thread are for an asker, who leaves when `gone` is set."""
    token = _gone.set(gone)
    try:
        yield
    finally:
        _gone.reset(token)


class Stopper:
    """Watches the questions of askers. `end` tells the engine to end whatever carries a label. Thread-safe."""

    def __init__(self, end: Callable[[str], None]) -> None:
        self._end = end
        self._askers: dict[str, threading.Event] = {}
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def watched(self) -> Iterator[dict[str, object]]:
        """Watch one question. Gives the settings that label it, none where nobody in particular asks.

        Raises: StoreUnavailable when the asker has left already.
        """
        gone = _gone.get()
        if gone is None:
            yield {}
            return
        if gone.is_set():
            raise StoreUnavailable("Whoever asked has left.")
        label = secrets.token_hex(16)
        with self._changed:
            self._askers[label] = gone
            self._changed.notify()
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="store-stopper", daemon=True)
                self._thread.start()
        try:
            yield {"log_comment": label}
        finally:
            with self._changed:
                del self._askers[label]

    def close(self) -> None:
        """Watch no more."""
        self._closing.set()
        with self._changed:
            self._changed.notify()

    def _watch(self) -> None:
        while not self._closing.is_set():
            with self._changed:
                self._changed.wait_for(lambda: self._askers or self._closing.is_set())
                left = [label for label, gone in self._askers.items() if gone.is_set()]
            for label in left:  # Told again until it has ended: the engine may not have begun it.
                self._tell(label)
            self._closing.wait(LOOK_SECONDS)

    def _tell(self, label: str) -> None:
        try:
            self._end(label)
        except PasserbyError as problem:
            log.warning("The engine does not end a question nobody waits for: %s", problem)
