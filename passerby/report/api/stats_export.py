"""The dashboard as a ZIP of CSV files: `/{domain}/export`. Thin on purpose."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from passerby.query.exports import FILES, File, export_questions, export_reports
from passerby.query.parse import decode
from passerby.report.api.auth import authorize_dashboard
from passerby.report.api.dashboard_question import asked_by_address, asked_together
from passerby.report.api.refusals import BadRequest
from passerby.report.csv_archive import Rows, archive

SPINNER_COOKIE = "exporting"  # The dashboard sets it when it asks, and stops waiting when it has gone.
SHARED = frozenset({"date_range", "relative_date", "filters", "include", "reports"})
OWN = frozenset({"dimensions", "metrics", "always_on_filters"})


def export_dashboard(request: HttpRequest, domain: str) -> HttpResponse:
    """GET: every report under the period and filters of the address."""
    asked = asked_by_address(request, domain)
    files = export_reports(asked.query, asked.site, asked.store, interval=request.GET.get("interval"))
    span = asked.query.range
    name = f"Passerby export {asked.site.domain} {span.first_day} to {span.last_day}.zip".replace("/", "_")
    return _download(files, name)


def export_chosen(request: HttpRequest, domain: str) -> HttpResponse:
    """POST: the reports of the body, each with its own dimensions and metrics."""
    access = authorize_dashboard(request, domain)
    asked = asked_together(access, _questions(decode(request.body)))
    return _download(export_questions(asked.queries, asked.site, asked.store), "export.zip")


def _questions(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The question of every report: what all share, and its own dimensions, metrics and further filters.

    Raises: BadRequest.
    """
    reports = document.get("reports")
    if set(document) - SHARED or not isinstance(reports, dict) or not reports:
        raise BadRequest(f"The body must be an object of {', '.join(sorted(SHARED))}.", field="reports")
    shared = {name: value for name, value in document.items() if name != "reports"}
    return {name: _question(name, report, shared) for name, report in reports.items()}


def _question(name: str, report: Any, shared: Mapping[str, Any]) -> dict[str, Any]:
    if name not in FILES:
        raise BadRequest(f"reports: unknown file name. Use some of: {', '.join(FILES)}", field="reports")
    if not isinstance(report, dict) or set(report) - OWN or "metrics" not in report:
        raise BadRequest(f"{name}: must be an object of {', '.join(sorted(OWN))}.", field="reports")
    lists = (shared.get("filters", []), report.get("always_on_filters", []))
    if not all(isinstance(filters, list) for filters in lists):
        raise BadRequest(f"{name}: filters must be lists.", field="filters")
    own = {member: report[member] for member in ("dimensions", "metrics") if member in report}
    return {**shared, **own, "filters": [*lists[0], *lists[1]]}


def _download(files: Iterator[File], name: str) -> HttpResponse:
    # Whole, so that a question the engine refuses is still a refusal and not half a file. It is a few hundred rows.
    body = b"".join(archive(_rows(files), now=timezone.now(), is_for_people=True))
    answer = HttpResponse(body, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.delete_cookie(SPINNER_COOKIE)
    return answer


def _rows(files: Iterator[File]) -> Iterator[tuple[str, Rows]]:
    for file in files:
        yield file.name, [file.header, *file.rows]
