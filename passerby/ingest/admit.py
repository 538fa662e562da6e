"""The policy: which hits count. A list of steps, and the first drop wins."""

from collections.abc import Callable

from passerby.ingest.drops import DropReason
from passerby.ingest.steps import limits, noise, shields
from passerby.ingest.steps.candidate import Candidate

Step = Callable[[Candidate], DropReason | None]


def steps(rate_limit: limits.RateLimit, datacentres: noise.DatacentreRule) -> tuple[Step, ...]:
    """Every step for one hit and one site, in the order of events-api 4."""
    return (
        limits.drop_unpaid,
        limits.drop_blocked_sites,
        rate_limit.drop_above_limit,
        noise.drop_verification_agents,
        datacentres.drop_datacentres,
        noise.drop_threats,
        shields.drop_unwelcome_hostnames,
        shields.drop_shielded_pages,
        shields.drop_shielded_ips,
        shields.drop_shielded_countries,
        noise.drop_bots,
        noise.drop_prefetches,
    )


def admit(candidate: Candidate, policy: tuple[Step, ...]) -> DropReason | None:
    """Run every step; the first drop wins. None means that the hit counts."""
    for step in policy:
        reason = step(candidate)
        if reason is not None:
            return reason
    return None
