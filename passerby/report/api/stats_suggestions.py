"""Suggestions over HTTP: `/api/stats/{domain}/suggestions/…`. Thin on purpose."""

from django.http import HttpRequest, HttpResponse

from passerby.query.suggestions import SEARCH_CHARACTERS_MAX, suggest, suggest_property_values
from passerby.report.api.dashboard_question import asked_by_address
from passerby.report.api.http import json_answer
from passerby.report.api.refusals import BadRequest


def suggestions(request: HttpRequest, domain: str, name: str) -> HttpResponse:
    """GET suggestions/{filter}?q=: values of a filter."""
    asked = asked_by_address(request, domain)
    if "q" not in request.GET:
        raise BadRequest("Search parameter 'q' is required", field="q")
    return json_answer(suggest(name, _search(request), asked.query, asked.site, asked.store))


def property_values(request: HttpRequest, domain: str, key: str) -> HttpResponse:
    """GET suggestions/custom-prop-values/{key}?q=: values of a property; without `q` the most frequent ones."""
    asked = asked_by_address(request, domain)
    return json_answer(suggest_property_values(key, _search(request), asked.query, asked.site, asked.store))


def _search(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "")[:SEARCH_CHARACTERS_MAX]
