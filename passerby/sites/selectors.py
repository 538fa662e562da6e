"""Reads from sites."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from passerby.accounts.models import User
from passerby.sites.models import DOMAIN_CHANGE_HOURS, ImportRecord, Site
from passerby.teams.models import Membership


def find_site(domain: str, *, now: datetime) -> Site | None:
    """The site called `domain`, or that was until at most 72 hours ago. Who may see it is for `access` to say."""
    if "\x00" in domain:
        return None  # PostgreSQL refuses to be asked.
    sites = Site.objects.select_related("team", "tracker")
    site = sites.filter(domain=domain).first()
    if site is not None:
        return site
    transition_start = now - timedelta(hours=DOMAIN_CHANGE_HOURS)
    return sites.filter(domain_changed_from=domain, domain_changed_at__gt=transition_start).first()


def sites_of(user: User) -> QuerySet[Site]:
    """Every site somebody may look at as a member or a guest."""
    teams = Membership.objects.filter(user=user).values("team")
    return Site.objects.filter(Q(team__in=teams) | Q(guests__user=user)).distinct()


def completed_imports(site: Site) -> QuerySet[ImportRecord]:
    """The imports that are whole; each has its days."""
    return site.imports.filter(status="completed", start_on__isnull=False, end_on__isnull=False)
