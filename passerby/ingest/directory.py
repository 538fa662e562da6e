"""What ingest knows about sites: a read-only, in-memory directory that `sites` builds and keeps fresh.

Ingest never waits for a database: a look-up is a dictionary access, and a change is a new entry swapped in.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NewType, Protocol

SiteId = NewType("SiteId", int)


@dataclass(frozen=True, slots=True)
class Site:
    """The rules that decide over a hit, as the site's owner set them."""

    id: SiteId
    domain: str
    timezone: str = "Etc/UTC"
    rate_limit_events: int | None = None  # Per `rate_limit_seconds`; 0 blocks, None is unlimited.
    rate_limit_seconds: int = 60
    blocked_ips: frozenset[ipaddress.IPv4Address | ipaddress.IPv6Address] = frozenset()
    blocked_networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()
    blocked_countries: frozenset[str] = frozenset()  # Alpha-2, or ZZ for "unknown".
    blocked_pages: tuple[str, ...] = ()  # Patterns: `*` and `**` are any characters; whole path, case-sensitive.
    allowed_hostnames: tuple[str, ...] = ()  # Patterns; empty means every hostname is welcome.
    revenue_currencies: Mapping[str, str] = field(default_factory=dict)  # Event name → the goal's currency.
    accepts_traffic_until: int | None = None  # Unix seconds; None is "for good".
    counts_visitors: bool = True  # False is the no-identifier mode: no visitor hash is ever computed.


class SiteDirectory(Protocol):
    """Finds a site by the domain a hit was addressed to: its own, or its previous one for 72 h after a change."""

    def site_of(self, domain: str) -> Site | None:
        """The site, or None. `domain` has no leading `www.`; comparison is exact."""
        ...
