"""Where did my event go? Hits of one site that were not counted, by reason, day and program, and the latest hits."""

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from passerby import runtime
from passerby.ingest.directory import SiteId
from passerby.report.api.auth import authorize_site
from passerby.report.api.http import json_answer
from passerby.report.api.refusals import BadRequest
from passerby.report.api.spans import asked_span
from passerby.sites.access import Capability
from passerby.sites.models import Site
from passerby.store.drops import bots, drops_by_day
from passerby.store.export import within
from passerby.teams.keys import Scope

DAYS_DEFAULT = 31
DAYS_MAX = 366


def read_drops(request: HttpRequest, domain: str) -> HttpResponse:
    """GET /api/v1/sites/{domain}/drops, with a span like raw events."""
    site = authorize_site(request, Scope.SITES_READ, domain, Capability.SET_UP).site
    running, zone = runtime.current(), ZoneInfo(site.timezone)
    first, last = _span(request, site, now=timezone.now())
    running.ingest.settle_drops()  # What was dropped before this request is in the answer.
    days = drops_by_day(running.store, site.pk, zone, first=first, last=last)
    total: Counter[str] = Counter()
    for day in days:
        total.update(day.drops)
    return json_answer(
        {
            "drops": total,
            "days": days,
            "bots": bots(running.store, site.pk, first=first, last=last),
            "recent": running.ingest.recent(SiteId(site.pk)),
        }
    )


def _span(request: HttpRequest, site: Site, *, now: datetime) -> tuple[datetime, datetime]:
    """What was asked for, else the last 31 days."""
    first, last = asked_span(request, site)
    end = within(last or now + timedelta(hours=1))  # Counts are of whole hours, and the running one is not over.
    begin = within(first or end - timedelta(days=DAYS_DEFAULT))
    if end - begin > timedelta(days=DAYS_MAX):
        raise BadRequest(f"The span may have at most {DAYS_MAX} days.", field="from")
    return begin, end
