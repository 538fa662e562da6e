"""What is known of ids after the process that took them is gone."""

import asyncio
import logging
from pathlib import Path

import pytest

from passerby.ingest.directory import SiteId
from passerby.ingest.repeat_notes import RepeatNotes
from passerby.ingest.repeats import GENERATION_US_MAX, Repeats
from tests.support.ingest import FakeStore, Running, hit, sender

SITE = SiteId(1)
NOON = 1_800_000_000_000_000
IDS_MAX = 10


def open_repeats(folder: Path, *, durable: int = NOON, now: int = NOON) -> Repeats:
    """As a start does, whatever became of the process before."""
    repeats = Repeats(RepeatNotes.open(folder / "ids", notes_per_page=IDS_MAX // 2), ids_max=IDS_MAX)
    repeats.recall(durable_arrival=durable, now_us=now)
    return repeats


def known(repeats: Repeats, ids: range) -> list[int]:
    return [number for number in ids if repeats.has(SITE, str(number))]


def test_an_id_is_known_after_the_process_died(tmp_path: Path) -> None:
    open_repeats(tmp_path).remember(SITE, "0.25", NOON)

    after = open_repeats(tmp_path)

    assert after.has(SITE, "0.25")
    assert not after.has(SiteId(2), "0.25")
    assert open_repeats(tmp_path).has(SITE, "0.25")  # However often.


def test_what_never_became_durable_may_come_again(tmp_path: Path) -> None:
    before = open_repeats(tmp_path)
    before.remember(SITE, "durable", NOON)
    before.remember(SITE, "lost", NOON + 1)

    after = open_repeats(tmp_path, durable=NOON)

    assert (after.has(SITE, "durable"), after.has(SITE, "lost")) == (True, False)


def test_what_the_journal_refused_may_come_again_after_a_restart_too(tmp_path: Path) -> None:
    before = open_repeats(tmp_path)
    for number in range(8):  # Over both pages.
        before.remember(SITE, str(number), NOON)
    for number in (7, 2, 3):
        before.forget(SITE, str(number))

    assert known(before, range(8)) == [0, 1, 4, 5, 6]
    assert known(open_repeats(tmp_path), range(8)) == [0, 1, 4, 5, 6]


def test_a_restart_knows_what_the_process_knew(tmp_path: Path) -> None:
    before = open_repeats(tmp_path)
    for number in range(33):
        before.remember(SITE, str(number), NOON + number)

    assert known(before, range(33)) == [*range(25, 33)]
    assert known(open_repeats(tmp_path, durable=NOON + 33), range(33)) == known(before, range(33))


def test_ids_are_forgotten_after_a_day(tmp_path: Path) -> None:
    before = open_repeats(tmp_path)
    before.remember(SITE, "0", NOON)
    before.remember(SITE, "1", NOON + GENERATION_US_MAX)
    before.remember(SITE, "2", NOON + GENERATION_US_MAX + 1)
    before.remember(SITE, "3", NOON + 2 * GENERATION_US_MAX + 2)

    later = open_repeats(tmp_path, durable=NOON * 2, now=NOON + 3 * GENERATION_US_MAX + 1)

    assert known(before, range(4)) == [2, 3]
    assert known(later, range(4)) == [3]


def test_ids_are_forgotten_after_a_day_even_if_no_other_event_comes(tmp_path: Path) -> None:
    repeats = open_repeats(tmp_path)
    repeats.remember(SITE, "0", NOON)

    repeats.sweep(NOON + GENERATION_US_MAX)
    repeats.sweep(NOON + GENERATION_US_MAX + 1)
    assert known(repeats, range(1)) == [0]
    repeats.sweep(NOON + 2 * GENERATION_US_MAX + 2)

    assert known(repeats, range(1)) == []
    assert not any((tmp_path / "ids").read_bytes())


def test_a_broken_file_costs_nothing_but_what_was_in_it(tmp_path: Path) -> None:
    (tmp_path / "ids").write_bytes(b"\xff" * 77)
    repeats = open_repeats(tmp_path)
    repeats.remember(SITE, "0.25", NOON)

    assert open_repeats(tmp_path).has(SITE, "0.25")


def test_without_room_ids_are_known_until_the_process_ends(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "ids").mkdir()
    with caplog.at_level(logging.WARNING):
        repeats = open_repeats(tmp_path)
    repeats.remember(SITE, "0.25", NOON)
    repeats.remember(SITE, "0.75", NOON)
    repeats.forget(SITE, "0.75")

    assert (repeats.has(SITE, "0.25"), repeats.has(SITE, "0.75")) == (True, False)
    assert "cannot be kept for the next start" in caplog.text


def test_notes_that_look_alike_are_told_apart(tmp_path: Path) -> None:
    notes = RepeatNotes.open(tmp_path / "ids", notes_per_page=2)
    assert notes is not None
    notes.add(5, 100)
    notes.add(7, 5)  # Its arrival looks like the other's key.
    notes.add(9, 101)  # There is no room on this page.
    notes.erase(5)

    assert list(notes.read()) == [(7, 5)]


@pytest.mark.parametrize("is_stored", [True, False])
def test_an_event_sent_again_after_a_restart_is_counted_once(tmp_path: Path, *, is_stored: bool) -> None:
    store = FakeStore()
    store.away = not is_stored  # Then it waits in the journal.

    async def run(*ids: str) -> None:
        async with Running(tmp_path, store) as ingest:
            for event_id in ids:
                assert (await ingest.collect(hit("Signup", id=event_id), sender())).taken_count == 1

    asyncio.run(run("0.25", "0.5"))
    store.away = False
    asyncio.run(run("0.5", "0.75", "0.25"))
    asyncio.run(run("0.75"))

    assert len(store.events) == 3
