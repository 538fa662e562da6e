"""Is the server ready? In Plausible's words, so that existing probes go on working."""

import asyncio
import time

from passerby.errors import PasserbyError
from passerby.ingest.pipeline import Ingest

CHECK_SECONDS = 1.0  # Anyone may ask; the store is asked at most this often.
ANSWER_SECONDS_MAX = 2.0  # A store that is silent for longer is away.

Report = dict[str, str | None]


class Health:
    """Whether hits can be taken and questions answered. Used by the event loop's thread."""

    def __init__(self, ingest: Ingest) -> None:
        self._ingest = ingest
        self._checked_at = float("-inf")
        self._check: asyncio.Task[bool] | None = None  # One at a time: each holds a thread until the store answers.

    async def report(self) -> tuple[bool, Report]:
        """Readiness, and which part is not ready."""
        store_ok = await self._store_answers()
        report: Report = {
            "postgres": "ok",  # The account database: the server does not start without it.
            "clickhouse": "ok" if store_ok else "error",
            "sites_cache": "ok",
            "sessions": "ok",
        }
        return store_ok and not self._ingest.committer.failing, report

    async def _store_answers(self) -> bool:
        now = time.monotonic()
        if self._check is None or (self._check.done() and now - self._checked_at >= CHECK_SECONDS):
            self._check = asyncio.create_task(asyncio.to_thread(self._ask))
            self._checked_at = now
        done, _ = await asyncio.wait({self._check}, timeout=ANSWER_SECONDS_MAX)
        return bool(done) and self._check.result()

    def _ask(self) -> bool:
        try:
            return bool(self._ingest.store.query("SELECT 1").rows)
        except PasserbyError:
            return False
