"""Funnels over HTTP: `/api/stats/{domain}/funnels/{id}`. Thin on purpose."""

from django.http import HttpRequest, HttpResponse

from passerby.errors import Refusal
from passerby.query.funnels import Funnel, FunnelType, FunnelUnavailable, answer_funnel
from passerby.report.api.dashboard_question import Asked, asked_by_address, asked_by_body
from passerby.report.api.http import json_answer, render_refusal
from passerby.report.api.refusals import BadRequest, NotFound
from passerby.sites.models import Funnel as StoredFunnel

EXTRA = frozenset({"funnel_type"})
ID_DIGITS_MAX = 18


def funnel_by_address(request: HttpRequest, domain: str, funnel_id: str) -> HttpResponse:
    """GET: a saved funnel under the period and filters of the address."""
    return json_answer(_answer(asked_by_address(request, domain), funnel_id))


def funnel_by_body(request: HttpRequest, domain: str, funnel_id: str) -> HttpResponse:
    """POST: the same, the dashboard's question as a body."""
    return json_answer(_answer(asked_by_body(request, domain, extra=EXTRA), funnel_id))


def render(refusal: Refusal) -> HttpResponse:
    """The dashboard shows a funnel that makes no sense under its filters as a note, not as a fault."""
    if isinstance(refusal, FunnelUnavailable):
        return json_answer({"error": refusal.message, "level": "normal"}, status=refusal.status)
    return render_refusal(refusal)


def _answer(asked: Asked, funnel_id: str) -> object:
    stored = _find(asked, funnel_id)
    goals = {goal.id: goal for goal in asked.site.goals}
    steps = tuple(goals[step.goal_id] for step in stored.steps.all())
    funnel = Funnel(name=stored.name, steps=steps, type=_type(asked.extra.get("funnel_type")))
    return answer_funnel(funnel, asked.query, asked.site, asked.store)


def _find(asked: Asked, funnel_id: str) -> StoredFunnel:
    is_id = funnel_id.isascii() and funnel_id.isdigit() and len(funnel_id) <= ID_DIGITS_MAX
    stored = asked.access.site.funnels.filter(pk=int(funnel_id)).first() if is_id else None
    if stored is None:
        raise NotFound("Funnel not found")
    return stored


def _type(value: object) -> FunnelType:
    if value is None:
        return FunnelType.SEQUENTIAL
    if value not in set(FunnelType):
        raise BadRequest(f"funnel_type: one of {', '.join(FunnelType)}", field="funnel_type")
    return FunnelType(str(value))
