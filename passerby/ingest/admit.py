"""The policy: which hits count. A list of steps, and the first drop wins."""

from collections.abc import Callable

from passerby.ingest.directory import Site
from passerby.ingest.drops import DropReason
from passerby.ingest.steps import limits, noise, shields
from passerby.ingest.steps.candidate import Candidate

Step = Callable[[Candidate], DropReason | None]


def steps(site: Site, rate_limit: limits.RateLimit, datacentres: noise.DatacentreRule) -> tuple[Step, ...]:
    """The steps that may drop a hit of a site, in the order of events-api 4. Most sites have few rules of their own."""
    is_limited = site.rate_limit_events is not None
    policy: tuple[tuple[object, Step], ...] = (
        (site.accepts_traffic_until is not None, limits.drop_unpaid),
        (is_limited, limits.drop_blocked_sites),
        (is_limited, rate_limit.drop_above_limit),
        (True, noise.drop_verification_agents),
        (True, datacentres.drop_datacentres),
        (True, noise.drop_threats),
        (site.allowed_hostnames, shields.drop_unwelcome_hostnames),
        (site.blocked_pages, shields.drop_shielded_pages),
        (site.blocked_ips or site.blocked_networks, shields.drop_shielded_ips),
        (site.blocked_countries, shields.drop_shielded_countries),
        (True, noise.drop_bots),
        (True, noise.drop_prefetches),
    )
    return tuple(step for applies, step in policy if applies)


def admit(candidate: Candidate, policy: tuple[Step, ...]) -> DropReason | None:
    """Run every step; the first drop wins. None means that the hit counts."""
    for step in policy:
        reason = step(candidate)
        if reason is not None:
            return reason
    return None
