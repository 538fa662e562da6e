"""Arrivals only grow, and name the visits they open."""

from datetime import UTC, datetime

from passerby.ingest.arrivals import NODE_BITS, Arrivals

NOW_US = 1_790_000_000_000_000
LAST_MOMENT_OF_THE_TABLES = int(datetime(2106, 2, 7, 6, 28, 15, tzinfo=UTC).timestamp()) * 1_000_000


def test_numbers_grow_when_the_clock_goes_back_and_after_a_restart() -> None:
    arrivals = Arrivals(NOW_US)

    taken = [arrivals.take(3, now_us=now_us) for now_us in (NOW_US - 5, NOW_US + 100, 0)]
    again = Arrivals(arrivals.last).take(1, now_us=0)

    assert [*taken, again] == [NOW_US + 1, NOW_US + 100, NOW_US + 103, NOW_US + 106]


def test_visits_of_one_process_have_ids_of_their_own_that_grow() -> None:
    arrivals = Arrivals(0)
    numbers = [arrivals.take(1, now_us=NOW_US) for _ in range(1000)]

    ids = [arrivals.visit_id(number) for number in numbers]

    assert ids == sorted(set(ids))


def test_visits_of_two_processes_that_number_alike_have_different_ids() -> None:
    assert Arrivals(0, node=1).visit_id(NOW_US) != Arrivals(0, node=2).visit_id(NOW_US)
    assert Arrivals(0, node=2**NODE_BITS - 1).visit_id(NOW_US) < Arrivals(0, node=0).visit_id(NOW_US + 1)


def test_visit_ids_fit_a_signed_number_as_long_as_the_tables_know_the_time() -> None:
    assert Arrivals(0, node=2**NODE_BITS - 1).visit_id(LAST_MOMENT_OF_THE_TABLES) < 2**63
