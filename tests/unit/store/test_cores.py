import threading
import time

import pytest

from passerby.store.cores import PATIENCE_SECONDS, Cores


def test_a_question_alone_gets_every_core() -> None:
    cores = Cores(8)

    for _ in range(2):
        with cores.share() as settings:
            assert settings == {"max_threads": 8}


def test_questions_side_by_side_share_the_cores() -> None:
    cores = Cores(4)

    with cores.share(), cores.share() as second, cores.share() as third:
        assert (second, third) == ({"max_threads": 2}, {"max_threads": 1})


def test_a_question_waits_for_a_core_that_becomes_free() -> None:
    cores, order = Cores(1), []

    def ask() -> None:
        with cores.share():
            order.append("second")

    with cores.share():
        second = threading.Thread(target=ask)
        second.start()
        time.sleep(PATIENCE_SECONDS / 5)
        order.append("first")
    second.join(5)

    assert order == ["first", "second"]


def test_a_question_does_not_wait_for_the_end_of_a_long_one() -> None:
    cores = Cores(1)

    with cores.share(), cores.share() as settings:
        assert settings == {"max_threads": 1}


def test_a_question_that_fails_gives_its_share_back() -> None:
    cores = Cores(2)
    with pytest.raises(ZeroDivisionError), cores.share():
        _ = 1 // 0

    with cores.share() as settings:
        assert settings == {"max_threads": 2}


def test_an_engine_that_divides_its_own_cores_is_told_nothing() -> None:
    with Cores(None).share() as settings:
        assert settings == {}


def test_a_turn_begins_when_no_other_question_runs() -> None:
    cores, begun, go_on = Cores(2), threading.Event(), threading.Event()
    order: list[str] = []

    def ask() -> None:
        with cores.share():
            begun.set()
            go_on.wait(5)
            order.append("other")

    def take_turn() -> None:
        with cores.alone(5):
            order.append("turn")

    other, turn = threading.Thread(target=ask), threading.Thread(target=take_turn)
    other.start()
    begun.wait(5)
    turn.start()
    go_on.set()
    turn.join(5)
    other.join(5)

    assert order == ["other", "turn"]


def test_turns_are_taken_one_at_a_time() -> None:
    cores, together = Cores(2), []
    inside = 0

    def take_turn() -> None:
        nonlocal inside
        with cores.alone(5):
            inside += 1
            together.append(inside)
            time.sleep(0.001)
            inside -= 1

    threads = [threading.Thread(target=take_turn) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)

    assert together == [1] * 5


def test_nobody_waits_for_a_turn_for_ever() -> None:
    cores = Cores(2)

    with cores.share(), cores.alone(0.01), cores.alone(0.01):
        pass
