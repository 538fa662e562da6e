"""The store is away: a server that is gone, one that is silent, an embedded engine without a disk.

For seconds in every run, and in `make soak` for ten minutes each.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from bench.process import resident_megabytes
from tests.pressure.conftest import Prepare
from tests.support.clickhouse_process import ClickHouse
from tests.support.pressure import (
    Hits,
    SmallDisk,
    assert_promises_kept,
    gauge,
    small_disk,
    wait_until,
    waiting_segments,
)
from tests.support.server import Server

AWAY_SECONDS = int(os.environ.get("PASSERBY_STORE_AWAY_SECONDS", "600"))
SHORT = pytest.param(4, marks=pytest.mark.timeout(180))
FULL = pytest.param(AWAY_SECONDS, marks=[pytest.mark.slow, pytest.mark.timeout(AWAY_SECONDS + 300)])
PAUSE_SECONDS = 0.05  # Between the hits of a sender, so that ten minutes of them fit beside other work.
GROWTH_MEGABYTES_MAX = 150
STORE_MEGABYTES = 400


@contextmanager
def gone(clickhouse: ClickHouse) -> Iterator[None]:
    clickhouse.kill()
    yield
    clickhouse.start()


@contextmanager
def silent(clickhouse: ClickHouse) -> Iterator[None]:
    clickhouse.freeze()
    yield
    clickhouse.thaw()


@contextmanager
def without_a_disk(disk: SmallDisk) -> Iterator[None]:
    disk.fill()
    yield
    disk.free()


def memory(server: Server) -> float:
    assert server.process is not None
    return resident_megabytes(server.process.pid)


def endure(server: Server, hits: Hits, seconds: float) -> None:
    """Every hit is taken, the server says what is wrong, and it grows no more than the journal's index does."""
    before, taken, until = memory(server), len(hits.acknowledged), time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(1)
        assert hits.refused == hits.unanswered == []
    status, _, health = server.request("GET", "/api/health")
    assert (status, b'"clickhouse":"error"' in health) == (500, True), health
    assert len(hits.acknowledged) > taken + seconds
    assert memory(server) < before + GROWTH_MEGABYTES_MAX


@pytest.mark.parametrize("seconds", [SHORT, FULL])
@pytest.mark.parametrize("away", [gone, silent])
def test_while_the_clickhouse_server_is_away_events_are_taken_and_arrive_once_it_is_back(
    prepare: Prepare, tmp_path: Path, away: Callable[[ClickHouse], AbstractContextManager[None]], seconds: int
) -> None:
    clickhouse = ClickHouse(tmp_path / "clickhouse")
    clickhouse.start()
    server, key = prepare(PASSERBY_CLICKHOUSE_URL=clickhouse.url)
    hits = Hits(server, pause_seconds=PAUSE_SECONDS)
    try:
        with server:
            with hits.under_load(threads=2):
                wait_until(lambda: len(hits.acknowledged) > 50)
                with away(clickhouse):
                    endure(server, hits, seconds)
                    wait_until(lambda: waiting_segments(server) > 0)
            caught_up = catch_up(server, seconds)
            assert_promises_kept(hits, key)
            print_figures(hits, seconds, caught_up)
    finally:
        clickhouse.kill()


@pytest.mark.parametrize("seconds", [SHORT, FULL])
def test_while_the_embedded_engine_has_no_disk_events_are_taken_and_arrive_once_it_has(
    prepare: Prepare, tmp_path: Path, seconds: int
) -> None:
    with small_disk(tmp_path / "data" / "events", megabytes=STORE_MEGABYTES) as disk:
        server, key = prepare()
        hits = Hits(server, pause_seconds=PAUSE_SECONDS)
        with server:
            with hits.under_load(threads=2):
                wait_until(lambda: len(hits.acknowledged) > 50)
                with without_a_disk(disk):
                    wait_until(lambda: gauge(server, "passerby_store_failing") == 1)
                    taken = len(hits.acknowledged)
                    time.sleep(seconds)
                    assert hits.refused == hits.unanswered == []
                    assert len(hits.acknowledged) > taken + seconds
                    assert waiting_segments(server) > 0
            caught_up = catch_up(server, seconds)
            assert_promises_kept(hits, key)
            print_figures(hits, seconds, caught_up)


@pytest.mark.timeout(180)
def test_a_server_that_starts_before_its_clickhouse_takes_events_and_makes_the_tables_later(
    prepare: Prepare, tmp_path: Path
) -> None:
    clickhouse = ClickHouse(tmp_path / "clickhouse")
    server, key = prepare(PASSERBY_CLICKHOUSE_URL=clickhouse.url)
    hits = Hits(server)
    server.start(health=500)
    try:
        hits.post(50)
        assert (len(hits.acknowledged), len(hits.refused)) == (50, 0)
        clickhouse.start()
        hits.post(50)
        assert_promises_kept(hits, key)
    finally:
        server.stop()
        clickhouse.kill()


def catch_up(server: Server, seconds: int) -> float:
    """Wait until nothing waits in the journal; how long that took."""
    began = time.monotonic()
    wait_until(lambda: waiting_segments(server) == 0, seconds_max=60 + seconds)
    return time.monotonic() - began


def print_figures(hits: Hits, seconds: int, caught_up: float) -> None:
    print(  # noqa: T201 - Its figures.
        f"{len(hits.acknowledged):,} acknowledged, 0 refused, 0 lost; "
        f"away for {seconds} s, caught up in {caught_up:.0f} s"
    )
