"""Is the server ready? In Plausible's words, so that existing probes go on working."""

import asyncio
import time

from passerby.ingest.pipeline import Ingest
from passerby.store.errors import StoreUnavailable

CHECK_SECONDS = 1.0  # Anyone may ask; the store is asked at most this often.

Report = dict[str, str | None]

_checked: dict[int, tuple[float, bool]] = {}


async def health_of(ingest: Ingest) -> tuple[bool, Report]:
    """Whether hits can be taken and questions answered, and the report that says which part cannot."""
    store_ok = await _store_answers(ingest)
    report: Report = {
        "postgres": "ok",  # The account database: the server does not start without it.
        "clickhouse": "ok" if store_ok else "error",
        "sites_cache": "ok",
        "sessions": "ok",
    }
    return store_ok and not ingest.committer.failing, report


async def _store_answers(ingest: Ingest) -> bool:
    checked_at, answer = _checked.get(id(ingest), (float("-inf"), False))
    now = time.monotonic()
    if not 0 <= now - checked_at < CHECK_SECONDS:
        answer = await asyncio.to_thread(_ask, ingest)
        _checked.clear()
        _checked[id(ingest)] = (now, answer)
    return answer


def _ask(ingest: Ingest) -> bool:
    try:
        return bool(ingest.store.query("SELECT 1").rows)
    except StoreUnavailable:
        return False
