"""The owner's own rules: which hostnames are welcome; which pages, addresses and countries are not counted."""

from functools import lru_cache

from passerby.ingest.client import parse_address
from passerby.ingest.drops import DropReason
from passerby.ingest.steps.candidate import Candidate

UNKNOWN_COUNTRY = "ZZ"
PATTERNS_CACHED_MAX = 4096


def drop_unwelcome_hostnames(candidate: Candidate) -> DropReason | None:
    """With an allow-list, every other hostname is refused."""
    patterns = candidate.site.allowed_hostnames
    if not patterns or any(matches(pattern, candidate.hit.page.hostname) for pattern in patterns):
        return None
    return DropReason.SITE_HOSTNAME_ALLOWLIST


def drop_shielded_pages(candidate: Candidate) -> DropReason | None:
    """Pages the owner does not want counted."""
    patterns = candidate.site.blocked_pages
    if patterns and any(matches(pattern, candidate.hit.pathname) for pattern in patterns):
        return DropReason.SITE_PAGE_BLOCKLIST
    return None


def drop_shielded_ips(candidate: Candidate) -> DropReason | None:
    """Addresses and networks the owner does not want counted, their own office most often."""
    site = candidate.site
    if not site.blocked_ips and not site.blocked_networks:
        return None
    address = parse_address(candidate.sender.ip)
    if address is None:
        return None
    if address in site.blocked_ips or any(address in network for network in site.blocked_networks):
        return DropReason.SITE_IP_BLOCKLIST
    return None


def drop_shielded_countries(candidate: Candidate) -> DropReason | None:
    """Countries the owner does not want counted; `ZZ` stands for "unknown"."""
    blocked = candidate.site.blocked_countries
    if blocked and (candidate.place.country_code or UNKNOWN_COUNTRY) in blocked:
        return DropReason.SITE_COUNTRY_BLOCKLIST
    return None


def matches(pattern: str, text: str) -> bool:
    """Does a pattern match the whole text? `*` and `**` stand for any characters, `/` included.

    Not a regular expression: thirty stars on a long path would keep one busy for minutes.
    """
    first, *middle, last = _literals(pattern)
    if not middle and last is _WHOLE:
        return text == first
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    position, end = len(first), len(text) - len(last)
    for literal in middle:
        found = text.find(literal, position, end)
        if found < 0:
            return False
        position = found + len(literal)
    return True


_WHOLE = "\0whole"  # Marks a pattern without a star.


@lru_cache(PATTERNS_CACHED_MAX)
def _literals(pattern: str) -> tuple[str, ...]:
    """The texts between the stars: first, …, last."""
    if "*" not in pattern:
        return (pattern, _WHOLE)
    first, *rest = pattern.split("*")
    return (first, *filter(None, rest[:-1]), rest[-1])
