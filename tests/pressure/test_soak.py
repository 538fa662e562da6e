import os
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.process import resident_megabytes
from tests.pressure.conftest import Prepare
from tests.support.pressure import Clock, Hits, SmallDisk, assert_promises_kept, small_disk
from tests.support.server import Server

SOAK_SECONDS = int(os.environ.get("PASSERBY_SOAK_SECONDS", "600"))
TROUBLE_SECONDS_MAX = 8.0
CALM_SECONDS = 3.0
RESIDENT_MEGABYTES_MAX = 900


class Troubles:
    """Everything that goes wrong in years of service, in minutes."""

    def __init__(self, server: Server, clock: Clock, journal: SmallDisk, store: SmallDisk) -> None:
        self._server = server
        self._clock = clock
        self._journal = journal
        self._store = store
        self._rng = random.Random(20261123)
        self.count = 0
        self.all: tuple[Callable[[], None], ...] = (
            self.crash,
            self.restart,
            self.fill_journal,
            self.fill_store,
            self.protect_journal,
            self.shift_clock,
        )

    def next(self) -> None:
        """One of them, whichever."""
        self.count += 1
        self._rng.choice(self.all)()

    def crash(self) -> None:
        self._server.kill()
        self._server.start()

    def restart(self) -> None:
        assert self._server.stop() == 0
        self._server.start()

    def fill_journal(self) -> None:
        self._journal.fill()
        self._wait()
        self._journal.free()

    def fill_store(self) -> None:
        self._store.fill()
        self._wait()
        self._store.free()

    def protect_journal(self) -> None:
        self._journal.protect()
        self._wait()
        self._journal.release()

    def shift_clock(self) -> None:
        self._clock.set(datetime.now(UTC) + timedelta(minutes=self._rng.uniform(-90, 180)))

    def _wait(self) -> None:
        time.sleep(self._rng.uniform(0.2, TROUBLE_SECONDS_MAX))


@pytest.mark.slow
@pytest.mark.timeout(SOAK_SECONDS + 600)
def test_years_of_trouble_in_minutes_cost_not_one_acknowledged_event(prepare: Prepare, tmp_path: Path) -> None:
    clock = Clock(tmp_path / "clock")
    with (
        small_disk(tmp_path / "data" / "journal", megabytes=64) as journal,
        small_disk(tmp_path / "data" / "events", megabytes=1024) as store,
    ):
        temporary = tmp_path / "tmp"
        temporary.mkdir()
        server, key = prepare(**clock.environ, TMPDIR=str(temporary))
        hits = Hits(server, visitors=200)
        troubles = Troubles(server, clock, journal, store)
        until = time.monotonic() + SOAK_SECONDS
        with server:
            with hits.under_load(threads=3):
                while time.monotonic() < until:
                    time.sleep(CALM_SECONDS)
                    troubles.next()
            clock.set(datetime.now(UTC))
            assert_promises_kept(hits, key)
            assert len(hits.acknowledged) > SOAK_SECONDS
            assert server.process is not None
            resident = resident_megabytes(server.process.pid, peak=True)
            assert resident < RESIDENT_MEGABYTES_MAX
        report = server.command("privacy-audit")
        assert report.endswith("every promise is kept."), report
        print(  # noqa: T201 - Its figures.
            f"{len(hits.acknowledged):,} acknowledged, {len(hits.refused):,} refused, {len(hits.unanswered):,} "
            f"unanswered, 0 lost; {troubles.count} troubles; {resident:.0f} MB at most since the last start"
        )
