"""The Sites API: goals, custom properties, shields, shared links and guests of one site."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from passerby.errors import Refusal
from passerby.report.address import absolute
from passerby.report.api.auth import authorize_site
from passerby.report.api.http import Parameters, json_answer, parameters, required
from passerby.report.api.pagination import page_of
from passerby.report.api.refusals import BadRequest, NotFound
from passerby.sites import guests, properties, sharing
from passerby.sites.access import Capability, SiteAccess
from passerby.sites.goals import delete_goal as delete_stored_goal
from passerby.sites.goals import find_or_create_goal, parse_goal
from passerby.sites.models import Goal, Shield, row_id
from passerby.sites.shields import ShieldRefused, add_shield, remove_shield_of
from passerby.teams.keys import Scope
from passerby.teams.roles import GuestRole

GOAL_PARAMETERS = {"event": "event_name", "page": "page_path"}
GOAL_OPTIONS = ("display_name", "custom_props", "currency", "scroll_threshold")


def list_goals(request: HttpRequest) -> HttpResponse:
    """GET /api/v1/sites/goals: newest first."""
    access, given = _reader(request, "Parameter `site_id` is required to list goals")
    page = page_of(access.site.goals.all(), given)
    return json_answer({"goals": [describe_goal(goal) for goal in page.rows], "meta": page.meta})


def put_goal(request: HttpRequest) -> HttpResponse:
    """PUT /api/v1/sites/goals: find or create."""
    access, given = _editor(request)
    kind = required(given, "goal_type", "Parameter `goal_type` is required to create a goal")
    name = GOAL_PARAMETERS.get(kind)
    if name is None:
        raise BadRequest("Something went wrong: the goal types are `event` and `page`", field="goal_type")
    required(given, name, f"Parameter `{name}` is required to create a goal")
    fields = {option: given[option] for option in (name, *GOAL_OPTIONS) if option in given}
    goal = find_or_create_goal(access.site, parse_goal(fields))
    return json_answer({"domain": access.site.domain, **describe_goal(goal)})


def delete_goal(request: HttpRequest, goal_id: str) -> HttpResponse:
    """DELETE /api/v1/sites/goals/{id}."""
    access, _ = _editor(request)
    if not delete_stored_goal(access.site, row_id(goal_id)):
        raise NotFound("Goal could not be found")
    return json_answer({"deleted": True})


def list_properties(request: HttpRequest) -> HttpResponse:
    """GET /api/v1/sites/custom-props: sorted."""
    access, _ = _reader(request, "Parameter `site_id` is required to list custom properties")
    names = sorted(access.site.allowed_props or [])
    return json_answer({"custom_properties": [{"property": name} for name in names]})


def put_property(request: HttpRequest) -> HttpResponse:
    """PUT /api/v1/sites/custom-props: list a property."""
    access, given = _editor(request)
    if not given.get("property"):
        raise BadRequest("Parameter `property` is required to create a custom property", field="property")
    name = required(given, "property", "Parameter `property` is invalid")
    properties.allow_properties(access.site, [name])
    return json_answer({"created": True})


def delete_property(request: HttpRequest, name: str) -> HttpResponse:
    """DELETE /api/v1/sites/custom-props/{property}: no longer list it."""
    access, _ = _editor(request)
    properties.disallow_properties(access.site, [name])
    return json_answer({"deleted": True})


def list_shields(request: HttpRequest) -> HttpResponse:
    """GET /api/v1/sites/shields: every rule, in the order they were added. For editors: a rule may be an address."""
    site_id = parameters(request).get("site_id")
    access = authorize_site(request, Scope.SITES_READ, site_id, Capability.SET_UP)
    return json_answer({"shields": [_describe_shield(shield) for shield in access.site.shields.order_by("id")]})


def put_shield(request: HttpRequest) -> HttpResponse:
    """PUT /api/v1/sites/shields: add a rule."""
    access, given = _editor(request)
    try:
        shield = add_shield(access.site, given.get("kind"), given.get("value"), user=access.user)
    except ShieldRefused as refusal:
        raise _prefixed(refusal) from refusal
    return json_answer({"domain": access.site.domain, **_describe_shield(shield)})


def delete_shield(request: HttpRequest) -> HttpResponse:
    """DELETE /api/v1/sites/shields: remove the rule that PUT added."""
    access, given = _editor(request)
    try:
        was_there = remove_shield_of(access.site, given.get("kind"), given.get("value"))
    except ShieldRefused as refusal:
        raise _prefixed(refusal) from refusal
    if not was_there:
        raise NotFound("Shield could not be found")
    return json_answer({"deleted": True})


def put_shared_link(request: HttpRequest) -> HttpResponse:
    """PUT /api/v1/sites/shared-links: find or create by name."""
    access, given = _editor(request)
    name = required(given, "name", "Parameter `name` is required to create a shared link")
    try:
        link = sharing.find_or_create_link(access.site, name=name)
    except sharing.LinkRefused as refusal:
        raise _prefixed(refusal) from refusal
    return json_answer({"name": link.name, "url": absolute(request, sharing.path_of(link))})


def list_guests(request: HttpRequest) -> HttpResponse:
    """GET /api/v1/sites/guests: accepted and invited, newest first."""
    access, given = _reader(request, "Parameter `site_id` is required to list goals")
    listed = [
        {"email": guest.email, "role": guest.role, "status": guest.status}
        for guest in guests.guests_of(access.site, now=timezone.now())
    ]
    limit = page_of(access.site.guests.none(), given).limit
    return json_answer({"guests": listed[:limit], "meta": {"after": None, "before": None, "limit": limit}})


def put_guest(request: HttpRequest) -> HttpResponse:
    """PUT /api/v1/sites/guests: ask somebody; an existing guest is answered unchanged."""
    access, given = _inviter(request)
    role = given.get("role")
    if not isinstance(role, str) or role not in set(GuestRole):
        raise BadRequest(
            "Parameter `role` is required to create guest. Possible values: `viewer` or `editor`", field="role"
        )
    email = required(given, "email", "Parameter `email` is required to create guest")
    guest = guests.invite_guest(access.site, email=email, role=GuestRole(role), inviter=access.user, now=timezone.now())
    return json_answer({"role": guest.role, "email": guest.email, "status": guest.status})


def delete_guest(request: HttpRequest, email: str) -> HttpResponse:
    """DELETE /api/v1/sites/guests/{email}: take back an invitation or a guest's access."""
    access, _ = _inviter(request)
    guests.remove_guest(access.site, email)
    return json_answer({"deleted": True})


def describe_goal(goal: Goal) -> dict[str, Any]:
    """A goal as the Sites API shows it."""
    return {
        "id": goal.pk,
        "goal_type": goal.kind,
        "display_name": goal.display_name,
        "event_name": goal.event_name,
        "page_path": goal.page_path,
        "custom_props": goal.custom_props,
    }


def _describe_shield(shield: Shield) -> dict[str, Any]:
    return {"kind": shield.kind, "value": shield.value}


def _prefixed(refusal: Refusal) -> BadRequest:
    """The refusal in the Sites API's words: the parameter, then what is wrong with it."""
    return BadRequest(f"{refusal.field}: {refusal.message}", field=refusal.field)


def _reader(request: HttpRequest, missing: str) -> tuple[SiteAccess, Parameters]:
    given = parameters(request)
    site_id = given.get("site_id")
    access = authorize_site(request, Scope.SITES_READ, site_id, Capability.READ_RULES, missing=missing)
    return access, given


def _editor(request: HttpRequest) -> tuple[SiteAccess, Parameters]:
    given = parameters(request)
    return authorize_site(request, Scope.SITES_PROVISION, given.get("site_id"), Capability.SET_UP), given


def _inviter(request: HttpRequest) -> tuple[SiteAccess, Parameters]:
    given = parameters(request)
    access = authorize_site(request, Scope.SITES_PROVISION, given.get("site_id"), Capability.MANAGE_GUESTS)
    return access, given
