import pytest

from passerby.store.cores import Cores


def test_a_question_alone_gets_every_core() -> None:
    cores = Cores(8)

    for _ in range(2):
        with cores.share() as settings:
            assert settings == {"max_threads": 8}


def test_questions_side_by_side_share_and_each_gets_one_at_least() -> None:
    cores = Cores(2)

    with cores.share(), cores.share() as second, cores.share() as third:
        assert (second, third) == ({"max_threads": 1}, {"max_threads": 1})


def test_a_question_that_fails_gives_its_share_back() -> None:
    cores = Cores(2)
    with pytest.raises(ZeroDivisionError), cores.share():
        _ = 1 // 0

    with cores.share() as settings:
        assert settings == {"max_threads": 2}


def test_an_engine_that_divides_its_own_cores_is_told_nothing() -> None:
    with Cores(None).share() as settings:
        assert settings == {}
