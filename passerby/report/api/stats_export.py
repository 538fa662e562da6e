"""The dashboard as a ZIP of CSV files: `GET /{domain}/export`. Thin on purpose."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from passerby.query.exports import File, export_reports
from passerby.report.api.dashboard_question import asked_by_address
from passerby.report.csv_archive import Rows, archive

SPINNER_COOKIE = "exporting"  # The dashboard sets it when it asks, and stops waiting when it has gone.


def export_dashboard(request: HttpRequest, domain: str) -> HttpResponse:
    """GET: every report under the period and filters of the address."""
    asked = asked_by_address(request, domain)
    files = export_reports(asked.query, asked.site, asked.store, interval=request.GET.get("interval"))
    span = asked.query.range
    name = f"Passerby export {asked.site.domain} {span.first_day} to {span.last_day}.zip".replace("/", "_")
    # Whole, so that a question the engine refuses is still a refusal and not half a file. It is a few hundred rows.
    body = b"".join(archive(_rows(files), now=timezone.now(), is_for_people=True))
    answer = HttpResponse(body, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.delete_cookie(SPINNER_COOKIE)
    return answer


def _rows(files: Iterator[File]) -> Iterator[tuple[str, Rows]]:
    for file in files:
        yield file.name, [file.header, *file.rows]
