"""The Plugins API: goals and funnels."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from passerby.report.api.http import json_answer, parameters
from passerby.report.api.pagination import page_of
from passerby.report.api.plugins.door import (
    LIMIT_DEFAULT,
    LIMIT_MAX,
    authorize_plugin,
    created,
    list_meta,
    resource_not_found,
)
from passerby.report.api.plugins.schema import array_at, body_of, funnel_type_at, goal_at, integer, object_at, text_at
from passerby.sites.funnels import STEPS_MAX, STEPS_MIN, find_or_create_funnel
from passerby.sites.goals import delete_goal as delete_stored_goal
from passerby.sites.goals import find_or_create_goal
from passerby.sites.models import Funnel, Goal


def list_goals(request: HttpRequest) -> HttpResponse:
    """GET /goals."""
    site = authorize_plugin(request)
    page = page_of(site.goals.all(), parameters(request), default=LIMIT_DEFAULT, most=LIMIT_MAX)
    return json_answer({"goals": [describe_goal(goal) for goal in page.rows], "meta": list_meta(request, page)})


def read_goal(request: HttpRequest, goal_id: int) -> HttpResponse:
    """GET /goals/{id}."""
    goal = authorize_plugin(request).goals.filter(pk=goal_id).first()
    if goal is None:
        raise resource_not_found()
    return json_answer(describe_goal(goal))


def put_goals(request: HttpRequest) -> HttpResponse:
    """PUT /goals: find or create one goal or up to eight, all or nothing."""
    site = authorize_plugin(request)
    body = body_of(request)
    drafts = [goal_at(part) for part in array_at(body, "goals")] if "goals" in body else [goal_at(body)]
    with transaction.atomic():
        goals = [find_or_create_goal(site, draft) for draft in drafts]
    pagination = {"has_next_page": False, "has_prev_page": False, "links": {}}
    answer = {"goals": [describe_goal(goal) for goal in goals], "meta": {"pagination": pagination}}
    return created(request, answer, *(f"/goals/{goal.pk}" for goal in goals))


def delete_goal(request: HttpRequest, goal_id: int) -> HttpResponse:
    """DELETE /goals/{id}: gone afterwards, whether or not it was there."""
    delete_stored_goal(authorize_plugin(request), goal_id)
    return HttpResponse(status=204)


def delete_goals(request: HttpRequest) -> HttpResponse:
    """DELETE /goals: up to eight ids."""
    site = authorize_plugin(request)
    ids = [integer(value) for value in array_at(body_of(request), "goal_ids")]
    with transaction.atomic():
        for goal_id in ids:
            delete_stored_goal(site, goal_id)
    return HttpResponse(status=204)


def list_funnels(request: HttpRequest) -> HttpResponse:
    """GET /funnels."""
    site = authorize_plugin(request)
    page = page_of(site.funnels.all(), parameters(request), default=LIMIT_DEFAULT, most=LIMIT_MAX)
    listed = [describe_funnel(funnel) for funnel in page.rows]
    return json_answer({"funnels": listed, "meta": list_meta(request, page)})


def read_funnel(request: HttpRequest, funnel_id: int) -> HttpResponse:
    """GET /funnels/{id}."""
    funnel = authorize_plugin(request).funnels.filter(pk=funnel_id).first()
    if funnel is None:
        raise resource_not_found()
    return json_answer(describe_funnel(funnel))


def put_funnel(request: HttpRequest) -> HttpResponse:
    """PUT /funnels: find or create by name, with the goals it needs; a type that is given counts in both cases."""
    site = authorize_plugin(request)
    asked = object_at(body_of(request), "funnel")
    name = text_at(asked, "name")
    steps = [goal_at(part) for part in array_at(asked, "steps", least=STEPS_MIN, most=STEPS_MAX)]
    funnel = find_or_create_funnel(site, name=name, steps=steps, kind=funnel_type_at(asked))
    return created(request, describe_funnel(funnel), f"/funnels/{funnel.pk}")


def describe_goal(goal: Goal) -> dict[str, Any]:
    """A goal in the Plugins API's three shapes."""
    shown: dict[str, Any] = {"id": goal.pk, "display_name": goal.display_name, "custom_props": goal.custom_props}
    if goal.event_name is None:
        return {"goal_type": "Goal.Pageview", "goal": {**shown, "path": goal.page_path}}
    shown["event_name"] = goal.event_name
    if goal.currency is None:
        return {"goal_type": "Goal.CustomEvent", "goal": shown}
    return {"goal_type": "Goal.Revenue", "goal": {**shown, "currency": goal.currency}}


def describe_funnel(funnel: Funnel) -> dict[str, Any]:
    """A funnel with its goals in order."""
    steps = [describe_goal(step.goal) for step in funnel.steps.select_related("goal")]
    return {"funnel": {"id": funnel.pk, "name": funnel.name, "funnel_type": funnel.type, "steps": steps}}
