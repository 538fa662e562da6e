"""Ids of the events taken lately, so that one whose answer got lost on the way is counted once when it is sent again.

An id is a random number of the event's own; it says nothing about who sent it. Only hashes are kept, for a day at most,
the oldest are forgotten first; notes in memory-backed storage carry them over a restart or a crash of the process.
"""

from functools import lru_cache
from hashlib import blake2b

from passerby.ingest.directory import SiteId
from passerby.ingest.repeat_notes import RepeatNotes

IDS_MAX = 200_000  # About 15 MB. The tracker tries again after five minutes at the latest.
GENERATION_US_MAX = 12 * 3600 * 1_000_000  # Two of them are the life of a salt.


class Repeats:
    """Remembers between half and all of `ids_max` ids: two generations are swapped instead of aging each id."""

    def __init__(self, notes: RepeatNotes | None = None, *, ids_max: int = IDS_MAX) -> None:
        self._generation_max = ids_max // 2
        self._recent: set[int] = set()
        self._older: set[int] = set()
        self._began = 0  # The arrival that opened the recent generation.
        self._notes = notes

    def recall(self, *, durable_arrival: int, now_us: int) -> None:
        """Take up an earlier process's notes. What arrived after `durable_arrival` died with it and may come again."""
        if self._notes is None:
            return
        oldest = now_us - 2 * GENERATION_US_MAX
        found = sorted((arrival, key) for key, arrival in self._notes.read() if oldest < arrival <= durable_arrival)
        self._notes.clear()
        for arrival, key in found:
            self._add(key, arrival)

    def has(self, site_id: SiteId, event_id: str) -> bool:
        """Whether this event was taken for this site. An event without an id never was."""
        if not event_id:
            return False
        key = _key(site_id, event_id)
        return key in self._recent or key in self._older

    def remember(self, site_id: SiteId, event_id: str, arrival: int) -> None:
        """An event is being taken."""
        if event_id:
            self._add(_key(site_id, event_id), arrival)

    def sweep(self, now_us: int) -> None:
        """Forget ids by their age when none come that would push them out."""
        if (self._recent or self._older) and now_us - self._began > GENERATION_US_MAX:
            self._turn(now_us)

    def forget(self, site_id: SiteId, event_id: str) -> None:
        """It could not be made durable: sending it again is right."""
        if not event_id:
            return
        key = _key(site_id, event_id)
        self._recent.discard(key)
        self._older.discard(key)
        if self._notes is not None:
            self._notes.erase(key)

    def _add(self, key: int, arrival: int) -> None:
        if not self._recent and not self._older:
            self._began = arrival
        elif len(self._recent) >= self._generation_max or arrival - self._began > GENERATION_US_MAX:
            self._turn(arrival)
        self._recent.add(key)
        if self._notes is not None:
            self._notes.add(key, arrival)

    def _turn(self, arrival: int) -> None:
        self._older, self._recent = self._recent, set()
        self._began = arrival
        if self._notes is not None:
            self._notes.turn()


@lru_cache(2)  # Asked for once to look and once to remember.
def _key(site_id: SiteId, event_id: str) -> int:
    """The same in every process, unlike Python's own hash."""
    return int.from_bytes(
        blake2b(f"{site_id}\n{event_id}".encode(errors="surrogatepass"), digest_size=8).digest(), "little"
    )
