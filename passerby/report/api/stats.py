"""Questions over HTTP: the public Stats API v2, the dashboard's own route, and who is there right now. Thin on purpose.

The question itself is the query room's; here is decided only who may ask it about which site.
"""

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from passerby import runtime
from passerby.query import api
from passerby.query.grammar import PUBLIC
from passerby.query.parse import decode
from passerby.query.schema import query_schema
from passerby.report.api.auth import authorize_dashboard, authorize_key, check_segment_limit, segment_limit
from passerby.report.api.http import json_answer
from passerby.report.api.refusals import MISSING_SITE_ID, BadRequest
from passerby.report.site_context import query_site
from passerby.sites.access import Capability, SiteAccess
from passerby.teams.keys import Scope

SCHEMA_SECONDS = 3600  # It changes with a release.


def query_v2(request: HttpRequest) -> HttpResponse:
    """POST /api/v2/query: a question by a key's owner."""
    body = request.body
    access = authorize_key(request, Scope.STATS_READ, lambda: decode(body).get("site_id"))
    answer = api.answer_v2(body, query_site(access.site), runtime.current().store, now=timezone.now())
    return json_answer(answer)


def query_docs(request: HttpRequest) -> HttpResponse:
    """POST /api/docs/query: the same, asked from the interactive manual by those who may set the site up."""
    body = request.body
    site_id = decode(body).get("site_id")
    if not isinstance(site_id, str) or not site_id:
        raise BadRequest(MISSING_SITE_ID, field="site_id")
    access = authorize_dashboard(request, site_id, Capability.SET_UP)
    answer = api.answer_v2(body, query_site(access.site), runtime.current().store, now=timezone.now())
    return json_answer(answer)


def query_dashboard(request: HttpRequest, domain: str) -> HttpResponse:
    """POST /api/stats/{domain}/query: the dashboard's questions, by anyone who may see it."""
    access = authorize_dashboard(request, domain)
    body = request.body
    check_segment_limit(access, decode(body).get("filters"))
    answer = api.answer_dashboard(body, query_site(access.site), runtime.current().store, now=timezone.now())
    return json_answer(answer)


def current_visitors(request: HttpRequest, domain: str) -> HttpResponse:
    """GET /api/stats/{domain}/current-visitors: a bare number."""
    return _current(authorize_dashboard(request, domain))


def realtime_visitors(request: HttpRequest) -> HttpResponse:
    """GET /api/v1/stats/realtime/visitors?site_id=: a bare number."""
    return _current(authorize_key(request, Scope.STATS_READ, lambda: request.GET.get("site_id")))


def query_language(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - A view takes its request.
    """GET /api/docs/query/schema.json: what a question may say, for everyone."""
    return json_answer(query_schema(PUBLIC), headers={"Cache-Control": f"public, max-age={SCHEMA_SECONDS}"})


def _current(access: SiteAccess) -> HttpResponse:
    site, store = query_site(access.site), runtime.current().store
    count = api.current_visitors(site, store, now=timezone.now(), segment_id=segment_limit(access))
    return json_answer(msgspec.json.encode(count))
