import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.pressure.conftest import Prepare
from tests.support.pressure import Clock, Hits, assert_promises_kept

MIDNIGHT = datetime(2027, 3, 2, tzinfo=UTC)
JUMPS = (timedelta(hours=2), timedelta(hours=-5), timedelta(days=40), timedelta(days=-1), timedelta(0))


def test_a_clock_that_jumps_under_load_costs_no_event(prepare: Prepare, tmp_path: Path) -> None:
    clock = Clock(tmp_path / "clock")
    server, key = prepare(**clock.environ)
    hits = Hits(server)
    with server, hits.under_load(threads=2):
        for jump in JUMPS:
            clock.set(datetime.now(UTC) + jump)
            before = len(hits.acknowledged)
            time.sleep(0.8)
            assert len(hits.acknowledged) > before
    clock.set(datetime.now(UTC))
    with server:
        assert_promises_kept(hits, key)
    assert hits.refused == []


def test_a_restart_while_the_salt_rotates_keeps_each_visitor_one_visit(prepare: Prepare, tmp_path: Path) -> None:
    clock = Clock(tmp_path / "clock")
    server, key = prepare(**clock.environ)
    hits = Hits(server, visitors=10)
    clock.set(MIDNIGHT - timedelta(seconds=30))
    server.start()
    hits.post(10)
    clock.set(MIDNIGHT - timedelta(milliseconds=200))
    with hits.under_load(threads=2):
        time.sleep(0.4)  # Midnight passes here.
        server.kill()
    clock.set(MIDNIGHT + timedelta(seconds=1))
    with server:
        hits.post(10)
        assert_promises_kept(hits, key)
        assert len(server.export(key, "visits")) == 10


def test_a_salt_that_died_while_the_server_was_down_is_not_used_again(prepare: Prepare, tmp_path: Path) -> None:
    clock = Clock(tmp_path / "clock")
    server, key = prepare(**clock.environ)
    hits = Hits(server, visitors=10)
    clock.set(MIDNIGHT - timedelta(minutes=5))
    with server:
        hits.post(10)
    clock.set(MIDNIGHT + timedelta(minutes=31))  # The old salt lives 30 minutes of the new day, running or not.
    with server:
        hits.post(10)
        assert_promises_kept(hits, key)
        visitors = {visit["visitor"] for visit in server.export(key, "visits")}
        assert len(visitors) == 20
