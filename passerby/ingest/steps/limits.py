"""How much of a site is counted: whether its traffic is accepted at all, and how many events in a window."""

from passerby.ingest.directory import SiteId
from passerby.ingest.drops import DropReason
from passerby.ingest.steps.candidate import Candidate

SITES_COUNTED_MAX = 100_000  # Sites with a rate limit; above it the counting starts anew.


def drop_unpaid(candidate: Candidate) -> DropReason | None:
    """Traffic of a team that stopped paying is no longer accepted. Where nothing is sold this never happens."""
    until = candidate.site.accepts_traffic_until
    return DropReason.PAYMENT_REQUIRED if until is not None and candidate.now > until else None


def drop_blocked_sites(candidate: Candidate) -> DropReason | None:
    """A limit of zero closes a site."""
    return DropReason.BLOCK if candidate.site.rate_limit_events == 0 else None


class RateLimit:
    """Counts events per site in fixed windows. A clock set back begins a new window."""

    def __init__(self) -> None:
        self._windows: dict[SiteId, tuple[int, int]] = {}

    def drop_above_limit(self, candidate: Candidate) -> DropReason | None:
        """More than the site's limit in one window is too much."""
        limit = candidate.site.rate_limit_events
        if limit is None:
            return None
        window = candidate.now // max(candidate.site.rate_limit_seconds, 1)
        known, count = self._windows.get(candidate.site.id, (window, 0))
        count = count + 1 if known == window else 1
        if len(self._windows) >= SITES_COUNTED_MAX:
            self._windows.clear()
        self._windows[candidate.site.id] = (window, count)
        return DropReason.THROTTLE if count > limit else None
