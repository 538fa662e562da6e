"""What happened to hits: counts by site and reason, bots apart by family, and a short live feed. In memory only.

Never an address and never a User-Agent: a bot is named by the list that recognised it.
"""

from collections import Counter, deque
from collections.abc import Mapping

import msgspec

from passerby.ingest.bots import Bot
from passerby.ingest.directory import SiteId
from passerby.ingest.drops import DropReason

RECENT_HITS_MAX = 100  # Per site.
SITES_MAX = 10_000  # Sites with a feed; the one that was quiet longest makes room.
DAYS_MAX = 31
BOT_KINDS_MAX = 20_000

UNKNOWN_SITE = SiteId(0)  # Hits addressed to no site we know, and hits refused before a site was looked up.
DAY_SECONDS = 86_400


class RecentHit(msgspec.Struct, frozen=True, gc=False):
    """One line of the live feed. `reason` is None for a hit that was counted."""

    at: int
    name: str
    hostname: str
    pathname: str
    reason: DropReason | None


class BotCount(msgspec.Struct, frozen=True):
    """Hits of one kind of bot."""

    reason: str
    family: str
    operator: str
    purpose: str
    hits: int


class Counters:
    """Counts of this process since it started."""

    def __init__(self) -> None:
        self.accepted_count = 0
        self.dropped: Counter[DropReason] = Counter()
        self._by_day: dict[tuple[SiteId, int], Counter[DropReason | None]] = {}
        self._bots: Counter[tuple[SiteId, str, str, str, str]] = Counter()
        self._feeds: dict[SiteId, deque[RecentHit]] = {}

    def accept(self, site_id: SiteId, hit: RecentHit) -> None:
        """Count an event that was made durable."""
        self.accepted_count += 1
        self._note(site_id, hit)

    def drop(self, site_id: SiteId, hit: RecentHit, reason: DropReason, bot: Bot | None = None) -> None:
        """Count a drop, and a bot under its own name."""
        self.dropped[reason] += 1
        if reason is DropReason.BOT and bot is not None:
            kind = (site_id, bot.reason, bot.family, bot.operator, bot.purpose)
            if kind in self._bots or len(self._bots) < BOT_KINDS_MAX:
                self._bots[kind] += 1
        self._note(site_id, hit)

    def drops_of(self, site_id: SiteId) -> Mapping[str, int]:
        """Counts by reason for one site over the days kept."""
        total: Counter[str] = Counter()
        for (site, _), counts in self._by_day.copy().items():
            if site == site_id:
                total.update({str(reason): n for reason, n in counts.items() if reason is not None})
        return total

    def bots_of(self, site_id: SiteId) -> list[BotCount]:
        """Bots of one site, most hits first."""
        kinds = [BotCount(*kind[1:], count) for kind, count in self._bots.copy().items() if kind[0] == site_id]
        return sorted(kinds, key=lambda kind: -kind.hits)

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
        day = (site_id, hit.at // DAY_SECONDS)
        counts = self._by_day.get(day)
        if counts is None:
            counts = self._by_day[day] = Counter()
            self._forget_old_days(day[1])
        counts[hit.reason] += 1

    def _forget_old_days(self, today: int) -> None:
        for key in [key for key in self._by_day if key[1] <= today - DAYS_MAX]:
            del self._by_day[key]
