"""What a start takes up again: the last arrival number, and visits that may still go on."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import msgspec

from passerby.ingest.journal import list_segments, read_segment
from passerby.ingest.lines import live_visit_of
from passerby.ingest.visits import ALIVE_SECONDS, LIVE_VISITS_MAX, LiveVisit
from passerby.store.errors import StoreUnavailable
from passerby.store.rows import EventRow, VisitRow
from passerby.store.store import Store
from passerby.store.visits import LastSeen, latest_arrival, visits_since

_event = msgspec.json.Decoder(EventRow)
_visit = msgspec.json.Decoder(VisitRow)


def last_arrival(store: Store, folder: Path) -> int:
    """The highest arrival number ever given, stored or still in the journal."""
    try:
        stored = latest_arrival(store)
    except StoreUnavailable:
        stored = 0
    waiting = (_event.decode(line).arrival for line in _waiting_lines(folder, "events"))
    return max(stored, *waiting, 0)


def live_visits(store: Store, folder: Path, *, now: int) -> list[LiveVisit]:
    """Every visit that an event at `now` could continue, the longest silent first."""
    since = now - ALIVE_SECONDS
    seen: dict[int, LastSeen] = {}
    with suppress(StoreUnavailable):  # Segments wait in the journal then, and hold the latest visits themselves.
        seen = {found.row.visit_id: found for found in visits_since(store, since=since, visits_max=LIVE_VISITS_MAX)}
    for line in _waiting_lines(folder, "visits"):
        row = _visit.decode(line)
        if row.timestamp > since and row.version >= (seen[row.visit_id].row.version if row.visit_id in seen else 0):
            seen[row.visit_id] = LastSeen(row, row.timestamp)
    ordered = sorted(seen.values(), key=lambda found: (found.last_activity, found.row.version))
    return [live_visit_of(found.row, last_activity=found.last_activity) for found in ordered]


def _waiting_lines(folder: Path, table: str) -> Iterable[bytes]:
    for path in list_segments(folder):
        segment = read_segment(path)
        yield from segment.events if table == "events" else segment.visits
