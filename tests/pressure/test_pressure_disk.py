from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pressure.conftest import Prepare
from tests.support.pressure import Hits, SmallDisk, assert_promises_kept, small_disk, wait_until, waiting_segments

JOURNAL_MEGABYTES = 4
STORE_MEGABYTES = 200

Trouble = tuple[Callable[[SmallDisk], None], Callable[[SmallDisk], None]]
FULL: Trouble = (SmallDisk.fill, SmallDisk.free)
READ_ONLY: Trouble = (SmallDisk.protect, SmallDisk.release)


@pytest.mark.parametrize("trouble", [FULL, READ_ONLY], ids=["full", "read-only"])
def test_without_a_journal_hits_are_refused_and_taken_again_once_it_is_back(
    prepare: Prepare, tmp_path: Path, trouble: Trouble
) -> None:
    begin, end = trouble
    with small_disk(tmp_path / "data" / "journal", megabytes=JOURNAL_MEGABYTES) as disk:
        server, key = prepare()
        hits = Hits(server)
        with server:
            hits.post(50)
            wait_until(lambda: not list(disk.folder.glob("*.journal")))  # Or its end would make room again.
            begin(disk)
            hits.post(50)
            assert (len(hits.acknowledged), len(hits.refused)) == (50, 50)
            end(disk)
            hits.post(50)
            assert len(hits.acknowledged) == 100
            assert_promises_kept(hits, key)


def test_while_the_store_takes_nothing_events_wait_up_to_the_bound_and_then_arrive_once(
    prepare: Prepare, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "data" / "events", megabytes=STORE_MEGABYTES) as disk:
        server, key = prepare(PASSERBY_JOURNAL_MB_MAX="1")
        hits = Hits(server)
        with server:
            hits.post(20)
            wait_until(lambda: waiting_segments(server) == 0)
            disk.fill()
            with hits.under_load():
                wait_until(lambda: len(hits.refused) > 50)
            assert len(hits.acknowledged) > 100  # Being without a store is no outage until the bound is reached.
            disk.free()
            wait_until(lambda: waiting_segments(server) == 0)
            refused = len(hits.refused)
            hits.post(20)
            assert len(hits.refused) == refused
            assert_promises_kept(hits, key)
