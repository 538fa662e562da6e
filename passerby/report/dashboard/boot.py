"""What the page is told once, as JSON in its source. The TypeScript side of this is `web/src/boot.ts`."""

from datetime import UTC, date, datetime
from urllib.parse import quote

import msgspec
from django.http import HttpRequest

from passerby import runtime
from passerby.query.api import first_stats_on
from passerby.report.site_context import query_site
from passerby.sites.access import Capability, SiteAccess
from passerby.sites.models import Segment, SegmentType, Site
from passerby.sites.selectors import sites_of

SITES_MAX = 9  # As many as there are digit keys.
PATH_SAFE = "/:@!$&'()*+,;=~"  # Left as they are in a path: the page's router compares with what the browser shows.


class BootGoal(msgspec.Struct, frozen=True):
    """A goal by the name reports show."""

    name: str
    currency: str | None


class BootSegment(msgspec.Struct, frozen=True):
    """A saved set of filters."""

    id: int
    name: str
    type: str


class BootFunnel(msgspec.Struct, frozen=True):
    """A row of goals."""

    id: int
    name: str


class BootSite(msgspec.Struct, frozen=True):
    """Another site of the reader's."""

    domain: str
    path: str


class Boot(msgspec.Struct, frozen=True, rename="camel"):
    """Everything the page cannot ask the query door."""

    domain: str
    base_path: str
    timezone: str
    now: datetime
    stats_begin: date | None
    counts_visitors: bool
    role: str
    is_logged_in: bool
    is_embedded: bool
    shared_link_auth: str | None
    limited_to_segment: BootSegment | None
    goals: list[BootGoal]
    funnels: list[BootFunnel]
    props: list[str] | None
    segments: list[BootSegment]
    sites: list[BootSite]
    sites_path: str | None
    settings_path: str | None
    login_path: str | None


def boot_of(request: HttpRequest, access: SiteAccess, *, base_path: str, now: datetime) -> Boot:
    """What one reader is told about one site. `now` is aware UTC."""
    site, link = access.site, access.shared_link
    is_member = access.user is not None
    return Boot(
        domain=site.domain,
        base_path=base_path,
        timezone=site.timezone,
        now=now.astimezone(UTC),
        stats_begin=first_stats_on(query_site(site), runtime.current().store),
        counts_visitors=site.counts_visitors,
        role=access.role.value,
        is_logged_in=is_member,
        is_embedded=request.GET.get("embed") == "true",
        shared_link_auth=link.slug if link else None,
        limited_to_segment=_segment(link.segment) if link and link.segment else None,
        goals=_goals(site),
        funnels=_funnels(site),
        props=_props(site),
        segments=_segments(access),
        sites=_sites(access),
        sites_path="/sites" if is_member else None,
        settings_path=f"{path_of(site.domain)}/settings" if access.can(Capability.SET_UP) else None,
        login_path=None if is_member or link else "/login",
    )


def path_of(domain: str) -> str:
    """The dashboard's path, escaped as a browser shows it."""
    return "/" + quote(domain, safe=PATH_SAFE)


def _goals(site: Site) -> list[BootGoal]:
    if not site.conversions_enabled:
        return []
    return [BootGoal(goal.display_name, goal.currency) for goal in site.goals.order_by("display_name")]


def _funnels(site: Site) -> list[BootFunnel]:
    if not site.funnels_enabled:
        return []
    return [BootFunnel(funnel.pk, funnel.name) for funnel in site.funnels.order_by("name")]


def _props(site: Site) -> list[str] | None:
    """The properties the owner lists; None when every property may be shown and the page must ask which there are."""
    if not site.props_enabled:
        return []
    return None if site.allowed_props is None else sorted(site.allowed_props)


def _segment(segment: Segment) -> BootSegment:
    return BootSegment(segment.pk, segment.name, segment.type)


def _segments(access: SiteAccess) -> list[BootSegment]:
    if access.shared_link is not None and access.shared_link.segment_id is not None:
        return []  # Whoever may see one segment only is not told of others.
    shown = access.site.segments.filter(type=SegmentType.SITE.value)
    if access.user is not None:
        shown = shown | access.site.segments.filter(type=SegmentType.PERSONAL.value, owner=access.user)
    return [_segment(segment) for segment in shown.order_by("name")]


def _sites(access: SiteAccess) -> list[BootSite]:
    if access.user is None:
        return []
    domains = sites_of(access.user).order_by("domain").values_list("domain", flat=True)[:SITES_MAX]
    return [BootSite(domain, path_of(domain)) for domain in domains]
