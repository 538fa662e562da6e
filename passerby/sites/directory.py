"""Every site's rules in memory: what ingest and the tracker ask, without ever waiting for the database.

A change made in this process is seen at its commit; one made elsewhere (the command line, another server) within
`POLL_SECONDS`, by watching one counter. A refresh builds new dictionaries and swaps them in at once.
"""

import ipaddress
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from passerby.ingest.directory import Site, SiteId
from passerby.tracker.config import TrackerConfig

if TYPE_CHECKING:
    from passerby.sites import models

POLL_SECONDS = 1.5

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The directory at one revision. Previous domains carry the Unix time at which they stop counting."""

    revision: int = -1
    sites: Mapping[str, Site] = field(default_factory=dict)
    previous: Mapping[str, tuple[Site, float]] = field(default_factory=dict)
    scripts: Mapping[str, TrackerConfig] = field(default_factory=dict)


class Directory:
    """Implements ingest's `SiteDirectory`, and the tracker's look-up by script id."""

    def __init__(self) -> None:
        self._snapshot = Snapshot()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._poller = threading.Thread(target=self._poll, name="site-directory", daemon=True)

    @classmethod
    def open(cls) -> Self:
        """A directory that has read every site and keeps itself fresh until `close`. Django must be set up."""
        directory = cls()
        directory.refresh()
        _open.add(directory)
        directory._poller.start()
        return directory

    def close(self) -> None:
        """Stop watching."""
        _open.discard(self)
        self._closed.set()
        if self._poller.is_alive():
            self._poller.join()

    def site_of(self, domain: str) -> Site | None:
        """The site called `domain`, or that was until at most 72 hours ago."""
        snapshot = self._snapshot
        site = snapshot.sites.get(domain)
        if site is not None:
            return site
        earlier = snapshot.previous.get(domain)
        return earlier[0] if earlier is not None and time.time() < earlier[1] else None

    def tracker_config_of(self, script_id: str) -> TrackerConfig | None:
        """What the script `/js/<script_id>.js` is configured with."""
        return self._snapshot.scripts.get(script_id)

    def refresh(self) -> None:
        """Read everything again. Returns when this process sees what was committed before the call."""
        with self._lock:
            self._snapshot = _read()

    def _poll(self) -> None:
        from django.db import DatabaseError, connection

        while not self._closed.wait(POLL_SECONDS):
            try:
                if _revision() != self._snapshot.revision:
                    self.refresh()
            except DatabaseError:
                # The last known rules stay in force; the next round tries again.
                log.warning("The site directory could not be refreshed", exc_info=True)
            finally:
                connection.close_if_unusable_or_obsolete()
        connection.close()


_open: set[Directory] = set()


def refresh_all() -> None:
    """Refresh every open directory of this process; `services` calls it once a change is committed."""
    for directory in tuple(_open):
        directory.refresh()


def _revision() -> int:
    from passerby.sites.models import DirectoryRevision

    return DirectoryRevision.objects.values_list("value", flat=True).first() or 0


def _read() -> Snapshot:
    from passerby.sites.models import Goal, Shield
    from passerby.sites.models import Site as SiteModel

    revision = _revision()  # Before the rows: a change in between is read now and once more later, never missed.
    shields: defaultdict[int, list[models.Shield]] = defaultdict(list)
    for shield in Shield.objects.order_by("id"):
        shields[shield.site_id].append(shield)
    currencies: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for goal in Goal.objects.filter(event_name__isnull=False, currency__isnull=False):
        currencies[goal.site_id][goal.event_name or ""] = goal.currency or ""

    sites: dict[str, Site] = {}
    previous: dict[str, tuple[Site, float]] = {}
    scripts: dict[str, TrackerConfig] = {}
    for row in SiteModel.objects.select_related("tracker").order_by("id"):
        site = sites[row.domain] = _site(row, shields[row.id], currencies[row.id])
        until = row.previous_domain_until()
        if row.domain_changed_from is not None and until is not None:
            previous[row.domain_changed_from] = (site, until.timestamp())
        scripts[row.tracker.script_id] = tracker_config(row)
    return Snapshot(revision=revision, sites=sites, previous=previous, scripts=scripts)


def _site(row: "models.Site", shields: "list[models.Shield]", currencies: Mapping[str, str]) -> Site:
    values: defaultdict[str, list[str]] = defaultdict(list)
    for shield in shields:
        values[shield.kind].append(shield.value)
    return Site(
        id=SiteId(row.id),
        domain=row.domain,
        timezone=row.timezone,
        rate_limit_events=row.rate_limit_events,
        rate_limit_seconds=row.rate_limit_seconds,
        blocked_ips=frozenset(ipaddress.ip_address(value) for value in values["ip"] if "/" not in value),
        blocked_networks=tuple(ipaddress.ip_network(value) for value in values["ip"] if "/" in value),
        blocked_countries=frozenset(values["country"]),
        blocked_pages=tuple(values["page"]),
        allowed_hostnames=tuple(values["hostname"]),
        revenue_currencies=currencies,
        counts_visitors=row.counts_visitors,
    )


def tracker_config(row: "models.Site") -> TrackerConfig:
    """What is written into a site's own script."""
    tracker = row.tracker
    return TrackerConfig(
        script_id=tracker.script_id,
        domain=row.domain,
        outbound_links=tracker.outbound_links,
        file_downloads=tracker.file_downloads,
        form_submissions=tracker.form_submissions,
    )
