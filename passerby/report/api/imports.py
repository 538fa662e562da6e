"""Imports over HTTP: `/api/v1/sites/{domain}/imports`. Thin: the work is done in passerby/report/imports."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone

from passerby.report.api.auth import authorize_site
from passerby.report.api.http import json_answer
from passerby.report.api.refusals import BadRequest, NotFound
from passerby.report.imports.service import COMPLETED, find_import, forget_import, list_imports, start_import
from passerby.sites.access import Capability
from passerby.sites.models import ImportRecord, Site
from passerby.teams.keys import Scope

LABEL_CHARACTERS_MAX = 255
NO_FILE = "Send the archive as the field `file` of a multipart form."


def create_import(request: HttpRequest, domain: str) -> HttpResponse:
    """POST: import a ZIP of CSV files. 201 when it is stored, 202 while it still is being stored."""
    site = _site(request, domain)
    try:
        file = request.FILES.get("file")
        label = request.POST.get("label", "")[:LABEL_CHARACTERS_MAX]
    except MultiPartParserError as problem:
        raise BadRequest(NO_FILE, field="file") from problem
    if not isinstance(file, UploadedFile) or file.file is None:
        raise BadRequest(NO_FILE, field="file")
    record = start_import(site, file.file, label=label.replace("\x00", ""), now=timezone.now())
    status = 201 if record.status == COMPLETED else 202
    return json_answer(_shown(record), status=status, headers={"Location": f"{request.path}/{record.pk}"})


def read_imports(request: HttpRequest, domain: str) -> HttpResponse:
    """GET: every import, newest first."""
    site = _site(request, domain)
    return json_answer({"imports": [_shown(record) for record in list_imports(site, now=timezone.now())]})


def read_import(request: HttpRequest, domain: str, import_id: int) -> HttpResponse:
    """GET one: how far it is."""
    return json_answer(_shown(_found(_site(request, domain), import_id)))


def delete_import(request: HttpRequest, domain: str, import_id: int) -> HttpResponse:
    """DELETE one, with its rows."""
    forget_import(_found(_site(request, domain), import_id))
    return json_answer({"deleted": True})


def _site(request: HttpRequest, domain: str) -> Site:
    return authorize_site(request, Scope.IMPORTS_WRITE, domain, Capability.SET_UP).site


def _found(site: Site, import_id: int) -> ImportRecord:
    record = find_import(site, import_id, now=timezone.now())
    if record is None:
        raise NotFound("Import could not be found")
    return record


def _shown(record: ImportRecord) -> dict[str, Any]:
    return {
        "id": record.pk,
        "source": record.source,
        "label": record.label,
        "status": record.status,
        "start_date": record.start_on,
        "end_date": record.end_on,
        "has_scroll_depth": record.has_scroll_depth,
        "pageviews": record.pageviews,
        "error": record.error or None,
    }
