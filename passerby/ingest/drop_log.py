"""Drops on their way from the counters to the store, where they outlive the process.

They are counts, not promises: what was counted since the last write (a minute at most) dies with a crash. A batch that
the store did not confirm is sent again under its token, so that nothing counts twice.
"""

import logging
import secrets
import threading
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from passerby.errors import Fault
from passerby.ingest.counters import HOUR_SECONDS, TALLIES_MAX, Tally
from passerby.ingest.directory import SiteId
from passerby.ingest.flusher import RowSink
from passerby.store.drops import TABLE, DropRow, encode_drops

log = logging.getLogger("passerby.ingest")


class _Batch(NamedTuple):
    token: str
    data: bytes


class DropLog:
    """Writes counts to the store. Thread-safe; a call waits for the one before it."""

    def __init__(self, store: RowSink) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._batch: _Batch | None = None  # Sent, and not confirmed.
        self._waiting: Counter[Tally] = Counter()

    def write(self, tallies: Mapping[Tally, int]) -> None:
        """Add counts, and store all that wait.

        Raises: StoreUnavailable; the next call tries again.
        """
        with self._lock:
            self._add(tallies)
            while self._batch is not None or self._waiting:
                self._send(self._batch or self._next_batch())

    def forget_site(self, site_id: SiteId) -> None:
        """Forget the counts of a site that wait here; a batch that was sent already is the store's."""
        with self._lock:
            for tally in [tally for tally in self._waiting if tally.site_id == site_id]:
                del self._waiting[tally]

    def _add(self, tallies: Mapping[Tally, int]) -> None:
        for tally, count in tallies.items():
            if tally in self._waiting or len(self._waiting) < TALLIES_MAX:
                self._waiting[tally] += count

    def _next_batch(self) -> _Batch:
        rows = [_row(tally, hits) for tally, hits in self._waiting.items()]
        self._batch = _Batch(secrets.token_hex(16), encode_drops(rows))
        self._waiting = Counter()
        return self._batch

    def _send(self, batch: _Batch) -> None:
        try:
            self._store.insert_raw(TABLE, batch.data, format="JSONEachRow", token=batch.token)
        except Fault as problem:
            log.error("The store refused counts of drops: %s. They are lost.", problem)  # noqa: TRY400 - Its cause is told.
        self._batch = None


def _row(tally: Tally, hits: int) -> DropRow:
    site_id, hour, reason, bot = tally
    at = hour * HOUR_SECONDS
    if bot is None:
        return DropRow(site_id=site_id, hour=at, reason=reason, hits=hits)
    return DropRow(
        site_id=site_id,
        hour=at,
        reason=reason,
        kind=bot.reason,
        family=bot.family,
        operator=bot.operator,
        purpose=bot.purpose,
        hits=hits,
    )
