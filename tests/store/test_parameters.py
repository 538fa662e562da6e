"""Values are bound, never spliced: whatever a string holds, it arrives as itself, on both clients."""

import pytest

from passerby.store.store import Store

NASTY = [
    "",
    "plain",
    "it's",
    'say "hi"',
    "back\\slash",
    "\\'",
    "tab\tnewline\nreturn\r",
    "null\\N",
    "\\x41 \\0",
    "{n0:String} {{}}",
    "%s %(a)s %%",
    "é ü 漢字 🎉",
    "`ticks` [1,2] (3)",
    "'; DROP TABLE events; --",
    "') OR 1=1 --",
    "\x01\x7f",
]


@pytest.mark.parametrize("value", NASTY)
def test_a_string_arrives_as_itself(store: Store, value: str) -> None:
    assert store.query("SELECT {v:String}", {"v": value}).rows[0][0] == value


def test_a_list_arrives_as_itself(store: Store) -> None:
    assert list(store.query("SELECT {v:Array(String)}", {"v": NASTY}).rows[0][0]) == NASTY


def test_an_empty_list_matches_nothing(store: Store) -> None:
    assert store.query("SELECT 'a' IN {v:Array(String)}", {"v": []}).rows[0][0] == 0


@pytest.mark.parametrize("value", NASTY)
def test_a_string_in_a_list_is_found(store: Store, value: str) -> None:
    found = store.query("SELECT {one:String} IN {many:Array(String)}", {"one": value, "many": NASTY})

    assert found.rows[0][0] == 1


def test_ten_thousand_values_fit(store: Store) -> None:
    values = [f"/page/{n}" for n in range(10_000)]

    found = store.query("SELECT length({v:Array(String)}), '/page/9999' IN {v:Array(String)}", {"v": values})

    assert tuple(found.rows[0]) == (10_000, 1)


def test_whole_numbers_keep_all_64_bits(store: Store) -> None:
    largest = 2**64 - 1

    assert store.query("SELECT {v:UInt64}, {w:Array(UInt64)}", {"v": largest, "w": [0, largest]}).rows[0][0] == largest
