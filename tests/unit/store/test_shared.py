import threading

import pytest

from passerby.store.shared import ANSWERS_MAX, SharedAnswers


def always(_answer: object) -> bool:
    return True


def test_a_question_is_answered_once_until_something_is_written() -> None:
    answers: SharedAnswers[int] = SharedAnswers(always)
    runs = iter(range(10))

    assert [answers.ask("q", {"a": 1}, lambda: next(runs)) for _ in range(3)] == [0, 0, 0]
    assert answers.ask("q", {"a": 2}, lambda: next(runs)) == 1
    answers.forget()
    assert answers.ask("q", {"a": 1}, lambda: next(runs)) == 2


def test_an_answer_that_began_before_a_write_is_not_kept_after_it() -> None:
    answers: SharedAnswers[str] = SharedAnswers(always)

    def slow() -> str:
        answers.forget()  # Written while the engine was counting.
        return "before"

    assert answers.ask("q", {}, slow) == "before"
    assert answers.ask("q", {}, lambda: "after") == "after"


def test_those_who_ask_together_wait_for_the_first() -> None:
    answers: SharedAnswers[int] = SharedAnswers(always)
    begun, go_on = threading.Event(), threading.Event()
    runs: list[int] = []

    def run() -> int:
        runs.append(1)
        begun.set()
        go_on.wait(5)
        return 7

    got: list[int] = []
    threads = [threading.Thread(target=lambda: got.append(answers.ask("q", {}, run))) for _ in range(4)]
    threads[0].start()
    begun.wait(5)
    for thread in threads[1:]:
        thread.start()
    go_on.set()
    for thread in threads:
        thread.join(5)

    assert (got, len(runs)) == ([7] * 4, 1)


def test_a_failure_is_not_an_answer() -> None:
    answers: SharedAnswers[int] = SharedAnswers(always)
    with pytest.raises(ZeroDivisionError):
        answers.ask("q", {}, lambda: 1 // 0)

    assert answers.ask("q", {}, lambda: 3) == 3


def test_only_so_many_answers_are_kept() -> None:
    answers: SharedAnswers[int] = SharedAnswers(always)
    for n in range(ANSWERS_MAX + 1):
        answers.ask("q", {"n": n}, lambda n=n: n)  # type: ignore[misc]  # A default binds the loop's value.

    assert answers.ask("q", {"n": 0}, lambda: -1) == -1
    assert answers.ask("q", {"n": ANSWERS_MAX}, lambda: -1) == ANSWERS_MAX


def test_a_large_answer_is_not_kept() -> None:
    answers: SharedAnswers[int] = SharedAnswers(lambda answer: answer < 100)
    runs = iter((100, 99, 98))

    assert [answers.ask("q", {}, lambda: next(runs)) for _ in range(3)] == [100, 99, 99]
