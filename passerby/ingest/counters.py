"""What happened to hits: totals, drops waiting to be stored by site, hour and reason, and a short live feed.

Never an address and never a User-Agent: a bot is named by the list that recognised it. Used by the event loop's
thread; the feed may be read from any.
"""

from collections import Counter, deque
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from passerby.ingest.bots import Bot
from passerby.ingest.directory import SiteId
from passerby.ingest.drops import DropReason

RECENT_HITS_MAX = 100  # Per site.
SITES_MAX = 10_000  # Sites with a feed; the one that was quiet longest makes room.
TALLIES_MAX = 50_000  # Kinds of drops between two writes to the store; more are only in the totals.

UNKNOWN_SITE = SiteId(0)  # Hits addressed to no site we know: nobody owns them, so only the totals count them.
HOUR_SECONDS = 3600


class RecentHit(msgspec.Struct, frozen=True, gc=False):
    """One line of the live feed. `reason` is None for a hit that was counted."""

    at: int
    name: str
    hostname: str
    pathname: str
    reason: DropReason | None


class Tally(NamedTuple):
    """One kind of drop: of a site, in an hour (its number since 1970), for a reason, by a program if it was one."""

    site_id: SiteId
    hour: int
    reason: DropReason
    bot: Bot | None


class Counters:
    """Counts of this process since it started."""

    def __init__(self) -> None:
        self.accepted_count = 0
        self.dropped: Counter[DropReason] = Counter()
        self._tallies: dict[Tally, int] = {}
        self._feeds: dict[SiteId, deque[RecentHit]] = {}

    def accept(self, site_id: SiteId, hit: RecentHit) -> None:
        """Count an event that was handed to the journal."""
        self.accepted_count += 1
        self._note(site_id, hit)

    def drop(self, site_id: SiteId, hit: RecentHit, reason: DropReason, bot: Bot | None = None) -> None:
        """Count a drop, and a bot under its own name."""
        self.dropped[reason] += 1
        if site_id == UNKNOWN_SITE:
            return
        tally = Tally(site_id, hit.at // HOUR_SECONDS, reason, bot if reason is DropReason.BOT else None)
        if tally in self._tallies or len(self._tallies) < TALLIES_MAX:
            self._tallies[tally] = self._tallies.get(tally, 0) + 1
        self._note(site_id, hit)

    def take_tallies(self) -> Mapping[Tally, int]:
        """The drops counted since this was last called."""
        taken, self._tallies = self._tallies, {}
        return taken

    def forget_site(self, site_id: SiteId) -> None:
        """Forget a site whose statistics are being deleted."""
        self._tallies = {tally: count for tally, count in self._tallies.items() if tally.site_id != site_id}
        self._feeds.pop(site_id, None)

    def recent_of(self, site_id: SiteId) -> list[RecentHit]:
        """The latest hits of one site, newest first."""
        return list(self._feeds.get(site_id, ()))[::-1]

    def _note(self, site_id: SiteId, hit: RecentHit) -> None:
        feed = self._feeds.get(site_id)
        if feed is None:
            if len(self._feeds) >= SITES_MAX:
                del self._feeds[next(iter(self._feeds))]
            feed = self._feeds[site_id] = deque(maxlen=RECENT_HITS_MAX)
        feed.append(hit)
