import asyncio
import logging
import os
import resource
import time
from pathlib import Path
from typing import Any

import pytest

from passerby.ingest import commit, pipeline
from passerby.ingest.directory import SiteId
from passerby.ingest.journal import list_segments
from passerby.ingest.pipeline import NotDurable
from tests.support.ingest import CHROME, FakeStore, Running, hit, sender

pytestmark = pytest.mark.usefixtures("quick_retries")


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("passerby.ingest.flusher.RETRY_SECONDS_MIN", 0.02)
    monkeypatch.setattr("passerby.ingest.flusher.RETRY_SECONDS_MAX", 0.05)
    monkeypatch.setattr(pipeline, "DRAIN_SECONDS_MAX", 0.5)


class Disk:
    """A disk that can be full: the fsync of a segment fails until it is not."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.full = False
        self._fdatasync = os.fdatasync
        monkeypatch.setattr(os, "fdatasync", self)

    def __call__(self, descriptor: int) -> None:
        if self.full:
            raise OSError(28, "No space left on device")
        self._fdatasync(descriptor)


def test_hits_that_arrive_together_share_one_fsync(tmp_path: Path) -> None:
    running = Running(tmp_path)

    async def run() -> None:
        async with running as ingest:
            await asyncio.gather(*(ingest.collect(hit(), sender(f"198.51.100.{n}")) for n in range(50)))
            assert ingest.committer.syncs_count <= 3

    asyncio.run(run())
    assert len(running.store.events) == 50


def test_a_full_disk_refuses_and_recovers_without_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    disk, running = Disk(monkeypatch), Running(tmp_path)

    async def run() -> None:
        async with running as ingest:
            await ingest.collect(hit(), sender())
            disk.full = True
            for _ in range(3):
                with pytest.raises(NotDurable):
                    await ingest.collect(hit(), sender())
            assert ingest.committer.failing
            disk.full = False
            await ingest.collect(hit(), sender())
            assert not ingest.committer.failing

    asyncio.run(run())

    assert len(running.store.events) == 2
    (visit,) = running.store.visits
    assert visit["pageviews"] == 2  # Memory never knows more than the disk: refused pages left no trace.
    assert caplog.text.count("No space left on device") == 1
    assert "can be written again" in caplog.text


def test_what_was_built_on_a_refused_hit_is_refused_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk, running = Disk(monkeypatch), Running(tmp_path)

    async def run() -> None:
        async with running as ingest:
            disk.full = True
            first = asyncio.create_task(ingest.collect(hit(), sender()))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            second = asyncio.create_task(ingest.collect(hit("Signup"), sender()))
            results = await asyncio.gather(first, second, return_exceptions=True)
            assert [type(result) for result in results] == [NotDurable, NotDurable]
            assert len(ingest.visits) == 0
            disk.full = False

    asyncio.run(run())
    assert running.store.events == []


@pytest.mark.skipif(os.geteuid() == 0, reason="Root may write to a read-only folder.")
def test_a_read_only_folder_refuses(tmp_path: Path) -> None:
    running = Running(tmp_path)

    async def run() -> None:
        async with running as ingest:
            ingest.folder.chmod(0o500)
            with pytest.raises(NotDurable):
                await ingest.collect(hit(), sender())
            ingest.folder.chmod(0o700)
            await ingest.collect(hit(), sender())

    asyncio.run(run())
    assert len(running.store.events) == 1


def test_a_disk_that_takes_no_more_bytes_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commit, "SEGMENT_SECONDS_MAX", 60)
    running = Running(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    async def run() -> None:
        async with running as ingest:
            await ingest.collect(hit(), sender())
            (segment,) = list_segments(ingest.folder)
            resource.setrlimit(resource.RLIMIT_FSIZE, (segment.stat().st_size + 100, hard))
            try:
                with pytest.raises(NotDurable):
                    await ingest.collect(hit("Signup"), sender())
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            await ingest.collect(hit("Again"), sender())

    asyncio.run(run())
    assert [event["name"] for event in running.store.events] == ["pageview", "Again"]


def test_a_journal_that_vanished_refuses_and_recovers(tmp_path: Path) -> None:
    running = Running(tmp_path)

    async def run() -> None:
        async with running as ingest:
            ingest.folder.rename(tmp_path / "elsewhere")
            with pytest.raises(NotDurable):
                await ingest.collect(hit(), sender())
            (tmp_path / "elsewhere").rename(ingest.folder)
            await ingest.collect(hit(), sender())

    asyncio.run(run())
    assert len(running.store.events) == 1


def test_a_store_that_is_away_is_no_outage_until_the_journal_is_full(tmp_path: Path) -> None:
    store = FakeStore()
    running = Running(tmp_path, store, PASSERBY_JOURNAL_MB_MAX="1")

    async def run() -> None:
        async with running as ingest:
            store.away = True
            await ingest.collect(hit(), sender())
            assert not await asyncio.to_thread(ingest.settle, 0.2)
            ingest.flusher.bytes += 2**20
            with pytest.raises(NotDurable):
                await ingest.collect(hit(), sender())
            ingest.flusher.bytes -= 2**20
            store.away = False
            assert await asyncio.to_thread(ingest.settle)

    asyncio.run(run())
    assert len(store.events) == 1


def test_more_than_can_be_promised_is_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running = Running(tmp_path)

    async def run() -> None:
        async with running as ingest:
            monkeypatch.setattr(commit, "PENDING_ROWS_MAX", 0)
            tasks = [asyncio.create_task(ingest.collect(hit(), sender(f"198.51.100.{n}"))) for n in range(3)]
            results = await asyncio.gather(*tasks, return_exceptions=True)
            assert [isinstance(result, NotDurable) for result in results] == [False, True, True]

    asyncio.run(run())
    assert len(running.store.events) == 1


def test_acknowledged_events_survive_a_crash_and_are_counted_once(tmp_path: Path) -> None:
    crashed, store = FakeStore(), FakeStore()
    crashed.away = True
    dying = Running(tmp_path, crashed)

    async def run() -> None:
        async with dying as ingest:
            await ingest.collect(hit(), sender())
            await ingest.collect(hit("Signup"), sender())

    asyncio.run(run())  # The store never came back: the segments stay.
    folder = dying.settings.data / "journal"
    assert list_segments(folder)
    copies = [(path.name, path.read_bytes()) for path in list_segments(folder)]
    reopened = Running(tmp_path, store)

    async def restart() -> None:
        async with reopened as ingest:
            assert len(store.events) == 2  # Replayed before anything new.
            await ingest.collect(hit(), sender())

    asyncio.run(restart())
    for name, data in copies:  # As if the removal of the segment had not reached the disk.
        (folder / name).write_bytes(data)
    asyncio.run(restart_only(Running(tmp_path, store)))

    assert [event["name"] for event in store.events] == ["pageview", "Signup", "pageview"]
    assert len({event["arrival"] for event in store.events}) == 3
    assert list_segments(folder) == []


async def restart_only(running: Running) -> None:
    async with running:
        pass


def test_a_visit_goes_on_after_a_restart_with_the_store_away(tmp_path: Path) -> None:
    store = FakeStore()
    store.away = True

    async def once(path: str) -> int:
        async with Running(tmp_path, store) as ingest:
            await ingest.collect(hit(url=f"https://example.com{path}"), sender())
            return len(ingest.visits)

    assert asyncio.run(once("/a")) == 1
    assert asyncio.run(once("/b")) == 1
    store.away = False
    asyncio.run(restart_only(Running(tmp_path, store)))

    (visit,) = store.visits
    assert (visit["pageviews"], visit["entry_page"], visit["exit_page"]) == (2, "/a", "/b")


def test_a_visit_across_midnight_stays_one_visit_of_one_visitor(tmp_path: Path) -> None:
    midnight = (int(time.time()) // 86_400 + 1) * 86_400
    running = Running(tmp_path)

    async def run() -> None:
        async with running as ingest:
            collector = ingest._collector
            assert collector is not None
            for at in (midnight - 600, midnight + 600, midnight + 2000):
                collector.collect(hit(), sender(), now_us=at * 1_000_000)
            collector.collect(hit(), sender(), now_us=(midnight + 90_000) * 1_000_000)
            await ingest.committer.durable()

    asyncio.run(run())

    first, second = sorted(running.store.visits, key=lambda visit: visit["start"])
    assert (first["pageviews"], second["pageviews"]) == (3, 1)
    assert first["visitor_id"] != second["visitor_id"]


def test_housekeeping_goes_on_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "TICK_SECONDS", 0.001)
    monkeypatch.setattr(pipeline, "MINUTE_TICKS", 2)
    running = Running(tmp_path)
    reloads: list[object] = []

    def reload(geo: object) -> bool:
        reloads.append(geo)
        return False

    async def run() -> None:
        async with running as ingest:
            monkeypatch.setattr(type(ingest.geo), "reload", reload)
            await asyncio.sleep(0.1)

    asyncio.run(run())
    assert reloads


def test_a_long_segment_is_closed_before_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commit, "SEGMENT_SECONDS_MAX", 60)
    monkeypatch.setattr(commit, "SEGMENT_ROWS_MAX", 1)
    running = Running(tmp_path)

    async def run() -> None:
        async with running as ingest:
            await ingest.collect(hit(), sender())
            await asyncio.to_thread(wait_for, lambda: bool(running.store.events))

    asyncio.run(run())


def test_an_open_segment_reaches_the_store_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commit, "SEGMENT_SECONDS_MAX", 0.05)
    running = Running(tmp_path)

    async def run() -> None:
        async with running as ingest:
            await ingest.collect(hit(), sender())
            await asyncio.to_thread(wait_for, lambda: bool(running.store.events))

    asyncio.run(run())


def test_a_site_whose_stats_are_deleted_begins_anew(tmp_path: Path) -> None:
    running = Running(tmp_path)

    async def run() -> None:
        async with running as ingest:
            await ingest.collect(hit(), sender())
            await asyncio.to_thread(ingest.forget_site, SiteId(1))
            await asyncio.sleep(0.01)
            await ingest.collect(hit(), sender())

    asyncio.run(run())
    assert len(running.store.visits) == 2


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_nothing_of_the_visitor_reaches_the_disk_or_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    agent = f"{CHROME} Canary/4711"

    async def run() -> None:
        async with Running(tmp_path) as ingest:
            await ingest.collect(hit(), sender("203.0.113.77", agent))
            await ingest.collect(hit(d="unknown.com"), sender("203.0.113.77", agent))
            written = everything_in(tmp_path)
            assert b"pageview" in written
            assert b"203.0.113.77" not in written
            assert b"Canary" not in written

    asyncio.run(run())
    assert "203.0.113.77" not in caplog.text
    assert "Canary" not in caplog.text


def wait_for(condition: Any, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It never happened."
        time.sleep(0.01)
