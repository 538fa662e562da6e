"""One answer for a question that several ask: ten panels the same total, a hundred readers the same public dashboard.

An answer is kept while nothing was written through this store, so it is never stale; callers that ask for it at the
same time wait for the first. With a server other processes write too, so nothing is kept there.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

ANSWERS_MAX = 128

Answer = TypeVar("Answer")


@dataclass(slots=True)
class _Entry(Generic[Answer]):
    lock: threading.Lock = field(default_factory=threading.Lock)
    answers: list[Answer] = field(default_factory=list)  # One when known.


class SharedAnswers(Generic[Answer]):
    """Answers by question. Thread-safe."""

    def __init__(self, is_small: Callable[[Answer], bool]) -> None:
        self._is_small = is_small  # What is not small is for those who wait for it, and not kept.
        self._entries: OrderedDict[bytes, _Entry[Answer]] = OrderedDict()
        self._lock = threading.Lock()

    def forget(self) -> None:
        """Something was written."""
        with self._lock:
            self._entries.clear()

    def ask(self, sql: str, parameters: Mapping[str, object], run: Callable[[], Answer]) -> Answer:
        """The answer, from `run` unless it is known. What `run` raises is raised to each who waits for it."""
        question = repr((sql, *parameters.items())).encode(errors="surrogatepass")
        key = hashlib.sha256(question).digest()  # A question may be a megabyte long.
        entry = self._entry(key)
        with entry.lock:
            if entry.answers:
                return entry.answers[0]
            answer = run()
            entry.answers.append(answer)
        if not self._is_small(answer):
            self._drop(key, entry)
        return answer

    def _entry(self, key: bytes) -> _Entry[Answer]:
        with self._lock:
            entry = self._entries.pop(key, None) or _Entry()
            self._entries[key] = entry
            if len(self._entries) > ANSWERS_MAX:
                self._entries.popitem(last=False)
            return entry

    def _drop(self, key: bytes, entry: _Entry[Answer]) -> None:
        with self._lock:
            if self._entries.get(key) is entry:
                del self._entries[key]
