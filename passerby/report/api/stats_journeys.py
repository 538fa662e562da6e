"""Journeys over HTTP: `/api/stats/{domain}/exploration/…`. Thin on purpose."""

from datetime import datetime
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from passerby.accounts.throttle import is_over, seconds_left
from passerby.query.errors import QueryRefused
from passerby.query.journeys import (
    CANDIDATES_DEFAULT,
    CANDIDATES_MAX,
    Journey,
    journey_funnel,
    next_steps,
    parse_journey,
)
from passerby.report.api.dashboard_question import Asked, asked_by_body
from passerby.report.api.http import json_answer
from passerby.report.api.refusals import TooManyRequests

EXTRA = frozenset({"journey", "search_term", "direction", "include_funnel", "limit"})
# Of one site: following paths is the dearest thing the dashboard can ask for.
LIMITS = ((3600, 600), (10, 10))  # Seconds, requests.


def next_step(request: HttpRequest, domain: str) -> HttpResponse:
    """POST exploration/next: candidates for the next step."""
    asked, journey = _journey(request, domain)
    limit = asked.extra.get("limit", CANDIDATES_DEFAULT)
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= CANDIDATES_MAX:
        raise QueryRefused(f"limit: a number from 1 to {CANDIDATES_MAX}", field="limit")
    return json_answer(next_steps(journey, asked.query, asked.site, asked.store, limit=limit))


def funnel(request: HttpRequest, domain: str) -> HttpResponse:
    """POST exploration/funnel: how many took the journey, step by step."""
    asked, journey = _journey(request, domain)
    return json_answer(journey_funnel(journey, asked.query, asked.site, asked.store))


def next_with_funnel(request: HttpRequest, domain: str) -> HttpResponse:
    """POST exploration/next-with-funnel: both at once."""
    asked, journey = _journey(request, domain)
    given = (journey, asked.query, asked.site, asked.store)
    answer: dict[str, Any] = {"next": next_steps(*given, limit=CANDIDATES_MAX)}
    if asked.extra.get("include_funnel", True) is not False:
        answer["funnel"] = journey_funnel(*given) if journey.steps else []
    return json_answer(answer)


def _journey(request: HttpRequest, domain: str) -> tuple[Asked, Journey]:
    asked = asked_by_body(request, domain, extra=EXTRA)
    _throttle(asked.access.site.pk, now=timezone.now())
    extra = asked.extra
    steps = _steps(extra.get("journey", []))
    return asked, parse_journey(steps, direction=extra.get("direction"), search=extra.get("search_term"))


def _steps(value: Any) -> Any:
    """The steps: a JSON list, or (as the dashboard of Plausible sends them) one in a string."""
    if not isinstance(value, str):
        return value
    try:
        return msgspec.json.decode(value) if value else []
    except (msgspec.DecodeError, RecursionError) as problem:
        raise QueryRefused("There was an error with your request", field="journey") from problem


def _throttle(site_id: int, *, now: datetime) -> None:
    for seconds, requests in LIMITS:
        if is_over(f"exploration:{site_id}", limit=requests, window_seconds=seconds, now=now):
            raise TooManyRequests(
                "Too many exploration requests", retry_after_seconds=seconds_left(window_seconds=seconds, now=now)
            )
