"""Everything counted about a site, as an archive that can be imported again: `GET /api/v1/sites/{domain}/export`."""

from collections.abc import Iterator
from datetime import date
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from passerby import runtime
from passerby.report.api.auth import authorize_site
from passerby.report.api.refusals import NotFound
from passerby.report.csv_archive import Rows, archive
from passerby.sites.access import Capability
from passerby.store.aggregates import daily_sums, days_of
from passerby.store.store import Store
from passerby.teams.keys import Scope

NOTHING = "There is nothing to export yet: the site has no events."


def export_site(request: HttpRequest, domain: str) -> StreamingHttpResponse:
    """GET: sums per day of all measured events, one CSV file per table, in a ZIP. Imported rows are not in it."""
    site = authorize_site(request, Scope.EVENTS_READ, domain, Capability.VIEW).site
    now, zone, running = timezone.now(), ZoneInfo(site.timezone), runtime.current()
    running.ingest.settle()  # What was acknowledged before this request is in the answer.
    days = days_of(running.store, site.pk, zone)
    if days is None:
        raise NotFound(NOTHING)
    files = _files(running.store, site.pk, zone, days)
    answer = StreamingHttpResponse(archive(files, now=now, is_for_people=False), content_type="application/zip")
    answer["Content-Disposition"] = _disposition(site.domain, now.astimezone(zone).date())
    return answer


def _files(store: Store, site_id: int, zone: ZoneInfo, days: tuple[date, date]) -> Iterator[tuple[str, Rows]]:
    span = "_".join(f"{day:%Y%m%d}" for day in days)
    for table, columns, rows in daily_sums(store, site_id, zone):
        yield f"{table}_{span}.csv", _with_header(columns, rows)


def _with_header(columns: tuple[str, ...], rows: Rows) -> Rows:
    yield columns
    yield from rows


def _disposition(domain: str, day: date) -> str:
    name = f"{domain.replace('.', '_').replace('/', '_')}_{day:%Y%m%d}.zip"
    if name.isascii():
        return f'attachment; filename="{name}"'
    return f"attachment; filename=\"passerby-export.zip\"; filename*=utf-8''{quote(name)}"
