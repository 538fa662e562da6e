"""Stats API v1 over HTTP. Thin on purpose: who may ask, and which of the three questions."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from passerby import runtime
from passerby.query import v1
from passerby.report.api.auth import authorize_key
from passerby.report.api.http import json_answer
from passerby.report.site_context import query_site
from passerby.teams.keys import Scope

Answer = Callable[..., dict[str, Any]]


def aggregate(request: HttpRequest) -> HttpResponse:
    """GET /api/v1/stats/aggregate: totals."""
    return _ask(request, v1.aggregate)


def timeseries(request: HttpRequest) -> HttpResponse:
    """GET /api/v1/stats/timeseries: one row per bucket."""
    return _ask(request, v1.timeseries)


def breakdown(request: HttpRequest) -> HttpResponse:
    """GET /api/v1/stats/breakdown: one row per value of a property."""
    return _ask(request, v1.breakdown)


def _ask(request: HttpRequest, answer: Answer) -> HttpResponse:
    access = authorize_key(request, Scope.STATS_READ, lambda: request.GET.get("site_id"))
    given = dict(request.GET.items())
    return json_answer(answer(given, query_site(access.site), runtime.current().store, now=timezone.now()))
