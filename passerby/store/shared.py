"""One answer for questions that are asked at the same moment: a dashboard asks for the same total in ten panels.

An answer is kept while nothing was written through this store, so it is never stale; callers that ask for it at the
same time wait for the first. With a server other processes write too, so nothing is kept there.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

ANSWERS_MAX = 256

Answer = TypeVar("Answer")
Key = tuple[str, tuple[tuple[str, str], ...]]


@dataclass(slots=True)
class _Entry(Generic[Answer]):
    lock: threading.Lock = field(default_factory=threading.Lock)
    answers: list[Answer] = field(default_factory=list)  # One when known.


class SharedAnswers(Generic[Answer]):
    """Answers by question. Thread-safe."""

    def __init__(self) -> None:
        self._entries: OrderedDict[Key, _Entry[Answer]] = OrderedDict()
        self._lock = threading.Lock()

    def forget(self) -> None:
        """Something was written."""
        with self._lock:
            self._entries.clear()

    def ask(self, sql: str, parameters: Mapping[str, object], run: Callable[[], Answer]) -> Answer:
        """The answer, from `run` unless it is known. What `run` raises is raised to each who waits for it."""
        entry = self._entry((sql, tuple((name, repr(value)) for name, value in parameters.items())))
        with entry.lock:
            if entry.answers:
                return entry.answers[0]
            answer = run()
            entry.answers.append(answer)
        return answer

    def _entry(self, key: Key) -> _Entry[Answer]:
        with self._lock:
            entry = self._entries.pop(key, None) or _Entry()
            self._entries[key] = entry
            if len(self._entries) > ANSWERS_MAX:
                self._entries.popitem(last=False)
            return entry
