"""Ids of the events taken lately, so that one whose answer got lost on the way is counted once when it is sent again.

An id is a random number of the event's own; it says nothing about who sent it. Ids live in memory alone and only as
hashes, the oldest are forgotten first, and a restart forgets them all.
"""

from passerby.ingest.directory import SiteId

IDS_MAX = 200_000  # About 15 MB. The tracker tries again after five minutes at the latest.


class Repeats:
    """Remembers between half and all of `ids_max` ids: two generations are swapped instead of aging each id."""

    def __init__(self, ids_max: int = IDS_MAX) -> None:
        self._generation_max = ids_max // 2
        self._recent: set[int] = set()
        self._older: set[int] = set()

    def has(self, site_id: SiteId, event_id: str) -> bool:
        """Whether this event was taken for this site. An event without an id never was."""
        if not event_id:
            return False
        key = hash((site_id, event_id))
        return key in self._recent or key in self._older

    def remember(self, site_id: SiteId, event_id: str) -> None:
        """An event is being taken."""
        if not event_id:
            return
        if len(self._recent) >= self._generation_max:
            self._older, self._recent = self._recent, set()
        self._recent.add(hash((site_id, event_id)))

    def forget(self, site_id: SiteId, event_id: str) -> None:
        """It could not be made durable: sending it again is right."""
        key = hash((site_id, event_id))
        self._recent.discard(key)
        self._older.discard(key)
