"""Hits that nobody made: programs, data centres, pages loaded ahead of a visit that may never come."""

from collections.abc import Callable

from passerby.ingest.drops import DropReason
from passerby.ingest.steps.candidate import Candidate

# Agents that visit a site on its owner's behalf to see whether the snippet works; their hits are not traffic.
VERIFICATION_AGENTS = ("Passerby Verification Agent", "Plausible Verification Agent")


def drop_verification_agents(candidate: Candidate) -> DropReason | None:
    """The installation check is not a visitor."""
    return DropReason.VERIFICATION_AGENT if candidate.sender.user_agent.startswith(VERIFICATION_AGENTS) else None


class DatacentreRule:
    """A trusted edge may say that an address is a data centre's, or the ranges the operator chose do."""

    def __init__(self, is_datacentre: Callable[[str], bool]) -> None:
        self._is_datacentre = is_datacentre

    def drop_datacentres(self, candidate: Candidate) -> DropReason | None:
        """Nobody browses from a data centre, says who turned this on."""
        if candidate.sender.ip_type == "dc_ip" or self._is_datacentre(candidate.sender.ip):
            return DropReason.DC_IP
        return None


def drop_threats(candidate: Candidate) -> DropReason | None:
    """Only a trusted edge can know these."""
    return DropReason.THREAT_IP if candidate.sender.ip_type == "threat_ip" else None


def drop_bots(candidate: Candidate) -> DropReason | None:
    """Declared bots, AI crawlers and headless browsers; they are counted apart."""
    return DropReason.BOT if candidate.bot is not None else None


def drop_prefetches(candidate: Candidate) -> DropReason | None:
    """A browser loaded the page ahead; if somebody comes to look, the tracker reports that itself."""
    return DropReason.PREFETCH if candidate.sender.is_prefetch else None
