from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from passerby.report.imports.window import Window, free_window


def day(number: int) -> date:
    return date(2026, 1, number)


def window(first: int, last: int) -> Window:
    return day(first), day(last)


def test_an_import_ends_on_the_day_measuring_began() -> None:
    assert free_window(window(1, 20), until=day(10), taken=[]) == window(1, 10)
    assert free_window(window(1, 5), until=day(10), taken=[]) == window(1, 5)


def test_the_longest_gap_between_other_imports_is_taken_with_its_edges() -> None:
    taken = [window(5, 8), window(20, 25)]

    assert free_window(window(1, 31), until=day(31), taken=taken) == window(8, 20)


def test_an_import_inside_another_has_no_room() -> None:
    assert free_window(window(5, 10), until=day(31), taken=[window(1, 31)]) is None


def test_a_gap_of_a_day_is_no_room() -> None:
    assert free_window(window(1, 2), until=day(31), taken=[]) is None
    assert free_window(window(1, 3), until=day(31), taken=[]) == window(1, 3)


def test_an_import_of_a_day_takes_nothing_away() -> None:
    assert free_window(window(1, 10), until=day(31), taken=[window(4, 5)]) == window(1, 10)


days = st.integers(1, 28)


@given(asked=st.tuples(days, days), until=days, taken=st.lists(st.tuples(days, days), max_size=5))
def test_no_inner_day_is_filled_twice(asked: tuple[int, int], until: int, taken: list[tuple[int, int]]) -> None:
    first, last = sorted(asked)
    windows = [window(*sorted(one)) for one in taken]

    found = free_window(window(first, last), until=day(until), taken=windows)

    if found is not None:
        assert day(first) <= found[0] < found[1] <= min(day(last), day(until))
        for begin, end in windows:
            is_apart = found[1] <= begin or end <= found[0]
            assert is_apart or (end - begin).days < 2
