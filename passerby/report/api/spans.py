"""A span of time in an address, for what is not a question in the query language: raw rows and drops."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from passerby.report.api.refusals import BadRequest
from passerby.sites.models import Site


def asked_span(request: HttpRequest, site: Site) -> tuple[datetime | None, datetime | None]:
    """`from` (inclusive) and `to`: dates in the site's time zone, both whole days; or instants, `to` exclusive.

    Raises: BadRequest.
    """
    return (
        _instant(request, "from", site, is_end=False),
        _instant(request, "to", site, is_end=True),
    )


def _instant(request: HttpRequest, name: str, site: Site, *, is_end: bool) -> datetime | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    try:
        if len(text) == len("2026-01-01"):
            day = date.fromisoformat(text) + timedelta(days=int(is_end))
            return datetime.combine(day, time(), tzinfo=ZoneInfo(site.timezone))
        instant = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as problem:
        raise BadRequest(f"Parameter `{name}` is neither a date nor an ISO 8601 instant", field=name) from problem
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)
