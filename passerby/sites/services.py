"""Writes to sites: making, changing and deleting them, and their tracker configuration."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from django.db import IntegrityError
from django.db.models import Q

from passerby.accounts.models import User
from passerby.errors import Refusal
from passerby.sites import tracker
from passerby.sites.changes import lock_site, site_change
from passerby.sites.domains import DomainRefused, parse_domain
from passerby.sites.models import DOMAIN_CHANGE_HOURS, Site, TrackerConfiguration
from passerby.teams.models import Membership, Team
from passerby.teams.roles import TeamRole
from passerby.teams.services import personal_team

TAKEN = "This domain cannot be registered. Perhaps one of your colleagues registered it?"
TIMEZONE_DEFAULT = "Etc/UTC"
RATE_LIMIT_EVENTS_MAX = 1_000_000_000
RATE_LIMIT_SECONDS_MAX = 86_400


class SiteRefused(Refusal):
    """A site cannot be made or changed as asked."""

    code = "site_refused"


def create_site(
    user: User,
    *,
    domain: object,
    now: datetime,
    timezone: object = None,
    team: Team | None = None,
    tracker_options: object = None,
) -> Site:
    """A new site in `team`, or among the user's personal sites.

    Raises: DomainRefused, SiteRefused, TrackerRefused; then nothing was made.
    """
    name = parse_domain(domain)
    zone = parse_timezone(timezone)
    options = tracker.parse_options({} if tracker_options is None else tracker_options)
    with site_change():
        _release_previous_domain(name, user)
        _refuse_taken(name, now=now)
        try:
            site = Site.objects.create(domain=name, timezone=zone, team=team or personal_team(user), stats_start_at=now)
        except IntegrityError as problem:
            raise DomainRefused(TAKEN, field="domain") from problem
        TrackerConfiguration.objects.create(site=site)
        tracker.configure(site, options)
        return site


def change_site(site: Site, changes: Mapping[str, object], *, now: datetime) -> Site:
    """Change what `changes` names of domain, timezone, public, tracker_script_configuration and what is counted
    (counts_visitors, rate_limit_events, rate_limit_seconds); all or nothing.

    Raises: DomainRefused, SiteRefused, TrackerRefused.
    """
    options = tracker.parse_options(changes.get("tracker_script_configuration", {}))
    name = parse_domain(changes["domain"]) if "domain" in changes else None
    columns: dict[str, object] = {}
    if "timezone" in changes:
        columns["timezone"] = parse_timezone(changes["timezone"])
    if "public" in changes:
        columns["is_public"] = _boolean(changes["public"], field="public")
    columns |= _counting(changes)
    with site_change():
        lock_site(site)
        if name is not None:
            columns |= _renamed(site, name, now=now)
        for column, value in columns.items():
            setattr(site, column, value)
        site.save(update_fields=list(columns))  # Only these: `site` was read before the lock.
        tracker.configure(site, options)
    return site


def delete_site(site: Site) -> int:
    """Delete a site with everything its owner set up; answers its id, for the store to delete the stats by.

    The domain is free as soon as this returns.
    """
    site_id = site.pk
    with site_change():
        site.delete()
    return int(site_id)


def reset_stats(site: Site, *, now: datetime) -> None:
    """Note that a site's stats begin again; the caller deletes the rows."""
    with site_change():
        site.stats_start_at = now
        site.has_uncounted = not site.counts_visitors
        site.save(update_fields=["stats_start_at", "has_uncounted"])


def parse_timezone(value: object) -> str:
    """An IANA time zone's name; UTC when nothing is given.

    Raises: SiteRefused.
    """
    if value is None:
        return TIMEZONE_DEFAULT
    if not isinstance(value, str) or value not in timezones():
        raise SiteRefused("is invalid", field="timezone")
    return value


@cache
def timezones() -> tuple[str, ...]:
    """Every zone a site can have, sorted: those of the IANA database, which the store knows too.

    Python's own list has what the machine adds, such as Debian's `localtime`, which no question could use.
    """
    return tuple(sorted((files("tzdata") / "zones").read_text(encoding="ascii").split()))


def _renamed(site: Site, name: str, *, now: datetime) -> dict[str, object]:
    if name == site.domain:
        raise DomainRefused("New domain must be different than the current one", field="domain")
    _refuse_taken(name, now=now, besides=site)
    return {"domain": name, "domain_changed_from": site.domain, "domain_changed_at": now}


def _refuse_taken(name: str, *, now: datetime, besides: Site | None = None) -> None:
    transition_start = now - timedelta(hours=DOMAIN_CHANGE_HOURS)
    others = Site.objects.filter(Q(domain=name) | Q(domain_changed_from=name, domain_changed_at__gt=transition_start))
    if others.exclude(pk=besides.pk if besides else 0).exists():  # No row has id 0.
        raise DomainRefused(TAKEN, field="domain")


def _release_previous_domain(name: str, user: User) -> None:
    """Whoever owns a renamed site may use its old name for a new one; the transition then ends at once."""
    owned = Membership.objects.filter(user=user, role=TeamRole.OWNER).values("team")
    Site.objects.filter(domain_changed_from=name, team__in=owned).update(
        domain_changed_from=None, domain_changed_at=None
    )


def _counting(changes: Mapping[str, object]) -> dict[str, object]:
    """What ingest counts for the site, as far as `changes` names it."""
    columns: dict[str, object] = {}
    if "counts_visitors" in changes:
        counts = columns["counts_visitors"] = _boolean(changes["counts_visitors"], field="counts_visitors")
        if not counts:
            columns["has_uncounted"] = True  # For good: their events stay when visitors are counted again.
    if "rate_limit_events" in changes:
        events = changes["rate_limit_events"]
        if events is not None:
            events = _whole(events, 0, RATE_LIMIT_EVENTS_MAX, field="rate_limit_events")
        columns["rate_limit_events"] = events
    if "rate_limit_seconds" in changes:
        seconds = _whole(changes["rate_limit_seconds"], 1, RATE_LIMIT_SECONDS_MAX, field="rate_limit_seconds")
        columns["rate_limit_seconds"] = seconds
    return columns


def _whole(value: object, least: int, most: int, *, field: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise SiteRefused(f"must be a whole number from {least} to {most}", field=field)
    return value


def _boolean(value: object, *, field: str) -> bool:
    if not isinstance(value, bool):
        raise SiteRefused("is invalid", field=field)
    return value
