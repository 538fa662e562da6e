"""Raw events of one site: writing many at once, and reading them back."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone

from passerby import runtime
from passerby.report.api.auth import authorize_site
from passerby.report.api.http import json_answer
from passerby.report.api.refusals import BadRequest, PayloadTooLarge
from passerby.report.api.spans import asked_span
from passerby.sites.access import Capability
from passerby.store.export import export_events, export_visits
from passerby.teams.keys import Scope

IDEMPOTENCY_KEY_CHARACTERS_MAX = 255
NDJSON = "application/x-ndjson"
CHUNK_BYTES = 65_536


def backfill(request: HttpRequest, domain: str) -> HttpResponse:
    """POST /api/v1/sites/{domain}/events: raw events, one JSON object a line, all or nothing."""
    access = authorize_site(request, Scope.EVENTS_WRITE, domain, Capability.SET_UP)
    key = request.headers.get("Idempotency-Key")
    if key is not None and not 1 <= len(key) <= IDEMPOTENCY_KEY_CHARACTERS_MAX:
        raise BadRequest(f"Idempotency-Key: 1 to {IDEMPOTENCY_KEY_CHARACTERS_MAX} characters", field="Idempotency-Key")
    try:
        body = request.body
    except RequestDataTooBig as problem:
        raise PayloadTooLarge("The body is too large. Send it in several parts.") from problem
    ingest, directory = runtime.current().ingest, runtime.current().directory
    site = directory.site_of(access.site.domain)
    if site is None:  # Made by another process within the last two seconds.
        directory.refresh()
        site = directory.site_of(access.site.domain)
    if site is None:
        raise BadRequest("The site was deleted in the meantime.")
    imported = ingest.backfill(site, body, idempotency_key=key, now=timezone.now())
    return json_answer({"imported": imported})


def read_events(request: HttpRequest, domain: str) -> StreamingHttpResponse:
    """GET /api/v1/sites/{domain}/events: every stored event, ordered by time then arrival."""
    return _export(request, domain, export_events)


def read_visits(request: HttpRequest, domain: str) -> StreamingHttpResponse:
    """GET /api/v1/sites/{domain}/visits: every visit as of its last event, ordered by start."""
    return _export(request, domain, export_visits)


def _export(request: HttpRequest, domain: str, export: Any) -> StreamingHttpResponse:
    access = authorize_site(request, Scope.EVENTS_READ, domain, Capability.VIEW)
    first, last = asked_span(request, access.site)
    running = runtime.current()
    running.ingest.settle()  # What was acknowledged before this request is in the answer.
    rows: Iterator[Mapping[str, Any]] = export(running.store, access.site.pk, first=first, last=last)
    return StreamingHttpResponse(_lines(rows), content_type=NDJSON)


def _lines(rows: Iterator[Mapping[str, Any]]) -> Iterator[bytes]:
    """Rows as lines, a few hundred at a time: one chunk costs one hop to the event loop."""
    encoder, lines = msgspec.json.Encoder(), bytearray()
    for row in rows:
        lines += encoder.encode(row) + b"\n"
        if len(lines) > CHUNK_BYTES:
            yield bytes(lines)
            lines.clear()
    yield bytes(lines)
