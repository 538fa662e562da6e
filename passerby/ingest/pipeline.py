"""Ingest as one thing: opened, started, asked, stopped. Everything it owns lives in the modules beside it."""

import asyncio
import logging
import time
from collections.abc import Mapping
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path

from passerby.ingest.arrivals import Arrivals
from passerby.ingest.backfill import Backfill
from passerby.ingest.client import Sender
from passerby.ingest.collector import Collector, Outcome
from passerby.ingest.commit import Committer
from passerby.ingest.counters import Counters, RecentHit, Tally
from passerby.ingest.currency import Rates
from passerby.ingest.datacentres import open_datacentres
from passerby.ingest.directory import Site, SiteDirectory, SiteId
from passerby.ingest.drop_log import DropLog
from passerby.ingest.flusher import Flusher, flush_segment
from passerby.ingest.geo import GeoDatabase
from passerby.ingest.hit import Hit
from passerby.ingest.journal import list_drafts, list_segments, publish_segment, read_segment, remove_segment
from passerby.ingest.receipts import Receipts
from passerby.ingest.recovery import last_arrival, live_visits
from passerby.ingest.repeat_notes import RepeatNotes
from passerby.ingest.repeats import IDS_MAX, Repeats
from passerby.ingest.salt_log import SaltLog
from passerby.ingest.salt_vault import open_vaults
from passerby.ingest.salts import Salts
from passerby.ingest.series import Series
from passerby.ingest.spam import SpamHosts
from passerby.ingest.steps.noise import DatacentreRule
from passerby.ingest.visits import Visits
from passerby.settings import Settings
from passerby.store.errors import StoreUnavailable
from passerby.store.store import Store

JOURNAL_FOLDER = "journal"
SERIES_LOG = "series.log"
TICK_SECONDS = 1.0
MINUTE_TICKS = 60
DROPS_SECONDS = 60  # Counts of drops that a crash may lose.
LOOP_SECONDS_MAX = 5.0
DRAIN_SECONDS_MAX = 10.0
SETTLE_SECONDS_MAX = 5.0

log = logging.getLogger("passerby.ingest")


class NotDurable(Exception):
    """The hit cannot be promised now: nothing of it was kept, and sending it again is right."""


class Ingest:
    """bytes → Hit → Event | Drop → journal → store. `collect` belongs to the event loop; the rest is thread-safe."""

    def __init__(self, settings: Settings, store: Store, directory: SiteDirectory) -> None:
        self.settings = settings
        self.store = store
        self.directory = directory
        self.folder: Path = settings.data / JOURNAL_FOLDER
        self.counters = Counters()
        self.drop_log = DropLog(store)
        self.flusher = Flusher(store)
        self.committer = Committer(self.folder, sink=self.flusher.add, settle_sink=self.flusher.settle)
        salts, series, ids = open_vaults(settings, "salts", "series", "ids")
        self.salts = Salts(salts, SaltLog(settings.data))
        self.visits = Visits()
        self.geo = GeoDatabase.open(settings)
        self.rates = Rates.open(settings.exchange_rates)
        self.spam = SpamHosts.open(settings.spam_referrers)
        self.datacentres = DatacentreRule(open_datacentres(settings.datacentres))
        self.arrivals = Arrivals(0)
        self.receipts = Receipts(settings.data)
        self.series = Series(series, SaltLog(settings.data, SERIES_LOG))
        self.repeats = Repeats(RepeatNotes.open(ids.path, notes_per_page=IDS_MAX // 2))
        self._backfill: Backfill | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._collector: Collector | None = None
        self._tasks: tuple[asyncio.Task[None], ...] = ()

    @classmethod
    def open(cls, settings: Settings, store: Store, directory: SiteDirectory) -> "Ingest":
        """Replay what a crash left in the journal, take up the visits that may still go on.

        Raises: SettingRefused, GeoDatabaseRefused when the operator named something unusable.
        """
        (settings.data / JOURNAL_FOLDER).mkdir(mode=0o700, parents=True, exist_ok=True)
        ingest = cls(settings, store, directory)
        now_us = time.time_ns() // 1000
        ingest._complete_drafts()
        ingest._replay()
        ingest.arrivals = Arrivals(last_arrival(store, ingest.folder))
        ingest.repeats.recall(durable_arrival=ingest.arrivals.last, now_us=now_us)
        ingest.visits.load(live_visits(store, ingest.folder, now=now_us // 1_000_000))
        ingest.salts.rotate(now_us // 1_000_000)
        ingest._backfill = ingest._open_backfill()
        return ingest

    async def start(self) -> None:
        """Begin taking hits."""
        self._loop = asyncio.get_running_loop()
        self.flusher.start()
        self.committer.start()
        self._collector = Collector(
            directory=self.directory,
            salts=self.salts,
            visits=self.visits,
            geo=self.geo,
            rates=self.rates,
            spam=self.spam,
            datacentres=self.datacentres,
            counters=self.counters,
            committer=self.committer,
            arrivals=self.arrivals,
            repeats=self.repeats,
        )
        self._tasks = (asyncio.create_task(self._tick()), asyncio.create_task(self._keep_drops()))

    async def stop(self) -> None:
        """Make everything durable, flush what the store takes in time, forget the salts."""
        for task in self._tasks:
            task.cancel()
        await self.committer.stop()
        if await asyncio.to_thread(self.flusher.stop, DRAIN_SECONDS_MAX):  # Or the store is away.
            await asyncio.to_thread(self._write_drops, self.counters.take_tallies())
        self.salts.close()

    def take(self, hit: Hit, sender: Sender) -> Outcome | None:
        """Take one hit, in the event loop's thread. What it says is taken is durable when the committer says so.

        None instead of an outcome: the journal's bound or overload forbid a promise, and nothing was kept.
        """
        if self.committer.is_overloaded or self.flusher.bytes > self.settings.journal_bytes_max:
            return None
        assert self._collector is not None  # noqa: S101 - `start` came first.
        return self._collector.collect(hit, sender, now_us=time.time_ns() // 1000)

    async def collect(self, hit: Hit, sender: Sender) -> Outcome:
        """Take one hit, and wait until what counted is durable.

        Raises: NotDurable.
        """
        outcome = self.take(hit, sender)
        if outcome is None or (outcome.taken_count and not await self.committer.durable()):
            raise NotDurable
        return outcome

    def settle(self, seconds_max: float = SETTLE_SECONDS_MAX) -> bool:
        """Wait until every event acknowledged before this call is queryable. False when the store is away."""
        return self.committer.settle(seconds_max)

    def backfill(self, site: Site, body: bytes, *, idempotency_key: str | None, now: datetime) -> int:
        """Import events that already happened, all or none. Returns how many; they are queryable then.

        Raises: BackfillRefused with line numbers, BackfillTooLarge; StoreUnavailable or OSError when nothing was taken.
        """
        assert self._backfill is not None  # noqa: S101 - `open` made it.
        return self._backfill.take(site, body, idempotency_key=idempotency_key, now=now)

    def forget_site(self, site_id: SiteId) -> None:
        """Forget the visits of a site whose statistics are being deleted, so that none of them goes on."""
        assert self._backfill is not None  # noqa: S101 - `open` made it.
        self._backfill.forget_site(site_id)
        self.drop_log.forget_site(site_id)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.visits.forget_site, site_id)
            self._loop.call_soon_threadsafe(self.counters.forget_site, site_id)

    def settle_drops(self) -> None:
        """Put every drop counted so far into the store. From any thread but the loop's.

        Raises: StoreUnavailable; the counts are kept.
        """
        assert self._loop is not None  # noqa: S101 - `start` came first.
        taken: Future[Mapping[Tally, int]] = Future()

        def take() -> None:
            if taken.set_running_or_notify_cancel():  # Or nobody waits for them any more: they stay where they are.
                taken.set_result(self.counters.take_tallies())

        self._loop.call_soon_threadsafe(take)
        try:
            self.drop_log.write(taken.result(LOOP_SECONDS_MAX))
        except TimeoutError as problem:
            taken.cancel()
            raise StoreUnavailable("Ingest is too busy to count.") from problem

    def recent(self, site_id: SiteId) -> list[RecentHit]:
        """A site's latest hits and what became of them, newest first."""
        return self.counters.recent_of(site_id)

    def _replay(self) -> None:
        """Insert what an earlier process acknowledged and could not flush, before anything new."""
        segments = list_segments(self.folder)
        for position, path in enumerate(segments):
            try:
                flush_segment(self.store, read_segment(path))
            except StoreUnavailable:
                for waiting in segments[position:]:
                    self.flusher.add(waiting, waiting.stat().st_size)
                return
            remove_segment(path)

    def _complete_drafts(self) -> None:
        """A backfill whose receipt was written is true: publish its rows. Any other draft was never answered."""
        for draft in list_drafts(self.folder):
            if self.receipts.names_segment(draft.stem):
                publish_segment(draft)
            else:
                draft.unlink()

    def _open_backfill(self) -> Backfill:
        return Backfill(
            store=self.store,
            folder=self.folder,
            arrivals=self.arrivals,
            series=self.series,
            receipts=self.receipts,
            rates=self.rates,
            flusher=self.flusher,
        )

    async def _keep_drops(self) -> None:
        """Store what was dropped, apart from `_tick`: a store that is slow to fail must not hold up the salts."""
        while True:
            await asyncio.sleep(DROPS_SECONDS)
            await asyncio.to_thread(self._write_drops, self.counters.take_tallies())

    def _write_drops(self, tallies: Mapping[Tally, int]) -> None:
        try:
            self.drop_log.write(tallies)
        except StoreUnavailable:
            return  # The flusher tells the operator; the counts wait for the next time.

    async def _tick(self) -> None:
        """Housekeeping by the loop's own clock, which no change of the system's clock disturbs."""
        ticks = 0
        while True:
            await asyncio.sleep(TICK_SECONDS)
            ticks += 1
            now = int(time.time())
            self.salts.at(now)
            self.visits.sweep(now)
            if ticks % MINUTE_TICKS == 0:
                self.repeats.sweep(time.time_ns() // 1000)
                self.series.retire(now)
                await asyncio.to_thread(self.geo.reload)
