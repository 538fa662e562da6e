"""Remembers answers about visitors' own texts without remembering the texts.

A User-Agent may live for one request only, so a cache must not hold it. This one holds a 64-bit hash of the question
(Python's string hash, keyed anew in each process) beside the answer. Two questions with one hash would share an
answer; with a full cache that is one question in 10¹⁵.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Forgetful(Generic[Answer]):
    """A bounded cache in front of a pure function of one text; when full, the oldest answer goes.

    Safe under threads: each step is one atomic dictionary operation, and two threads that ask the same thing at once
    merely find the answer twice.
    """

    def __init__(self, answer: Callable[[str], Answer], *, answers_max: int) -> None:
        self._answer = answer
        self._answers_max = answers_max
        self._answers: dict[int, Answer] = {}

    def __call__(self, question: str) -> Answer:
        """The answer, remembered or found."""
        key = hash(question)
        try:
            return self._answers[key]
        except KeyError:
            answer = self._answers[key] = self._answer(question)
        if len(self._answers) > self._answers_max:
            self._answers.pop(next(iter(self._answers)), None)
        return answer
