"""The Sites API: sites and teams. Facts and texts: docs/sites-api.md."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from passerby.errors import Refusal
from passerby.report import erasure
from passerby.report.api.auth import authorize_scope, authorize_site
from passerby.report.api.http import Parameters, json_answer, parameters
from passerby.report.api.pagination import page_of
from passerby.report.api.refusals import BadRequest, Forbidden, NotFound
from passerby.sites import services
from passerby.sites.access import Capability
from passerby.sites.models import Site, TrackerConfiguration
from passerby.sites.selectors import sites_of
from passerby.sites.tracker import BOOLEAN_OPTIONS
from passerby.teams.keys import Scope
from passerby.teams.models import ApiKey, Team
from passerby.teams.roles import TeamRole
from passerby.teams.selectors import role_in_team, teams_of

COUNTING = {"counts_visitors": True, "rate_limit_events": None, "rate_limit_seconds": 60}  # Shown where they differ.
CHANGEABLE = ("domain", "tracker_script_configuration", "timezone", "public", *COUNTING)
MAY_ADD_SITES = frozenset({TeamRole.OWNER, TeamRole.ADMIN, TeamRole.EDITOR})


def list_sites(request: HttpRequest) -> HttpResponse:
    """GET /api/v1/sites: the sites the key's owner may look at, newest first."""
    key = authorize_scope(request, Scope.SITES_READ)
    given = parameters(request)
    sites = sites_of(key.user)
    if key.team_id is not None:
        sites = sites.filter(team_id=key.team_id)
    elif given.get("team_id"):
        sites = sites.filter(team__identifier=_team_id(given))
    page = page_of(sites, given)
    listed = [{"domain": site.domain, "timezone": site.timezone} for site in page.rows]
    return json_answer({"sites": listed, "meta": page.meta})


def create_site(request: HttpRequest) -> HttpResponse:
    """POST /api/v1/sites: a new site, in one transaction with its tracker configuration."""
    key = authorize_scope(request, Scope.SITES_PROVISION)
    given = parameters(request)
    team = _team_for(key, given)
    try:
        site = services.create_site(
            key.user,
            domain=given.get("domain"),
            timezone=given.get("timezone"),
            team=team,
            tracker_options=given.get("tracker_script_configuration"),
            now=timezone.now(),
        )
    except Refusal as refusal:
        raise _prefixed(refusal) from refusal
    return json_answer(describe_site(site))


def read_site(request: HttpRequest, domain: str) -> HttpResponse:
    """GET /api/v1/sites/{domain}."""
    access = authorize_site(request, Scope.SITES_READ, domain, Capability.READ_RULES)
    return json_answer(describe_site(access.site))


def change_site(request: HttpRequest, domain: str) -> HttpResponse:
    """PUT /api/v1/sites/{domain}: domain, tracker configuration, time zone, public, counting; all or nothing."""
    access = authorize_site(request, Scope.SITES_PROVISION, domain, Capability.SET_UP)
    changes = {name: value for name, value in parameters(request).items() if name in CHANGEABLE}
    if not changes:
        raise BadRequest("Payload must contain at least one of the parameters 'domain', 'tracker_script_configuration'")
    try:
        site = services.change_site(access.site, changes, now=timezone.now())
    except Refusal as refusal:
        raise _prefixed(refusal) from refusal
    return json_answer(describe_site(site))


def delete_site(request: HttpRequest, domain: str) -> HttpResponse:
    """DELETE /api/v1/sites/{domain}: the site, its settings and its stats, for good."""
    access = authorize_site(request, Scope.SITES_PROVISION, domain, Capability.DELETE_BY_API)
    erasure.delete_site(access.site)
    return json_answer({"deleted": True})


def list_teams(request: HttpRequest) -> HttpResponse:
    """GET /api/v1/sites/teams: the teams the key's owner is a member of, newest first."""
    key = authorize_scope(request, Scope.SITES_READ)
    teams = teams_of(key.user)
    if key.team_id is not None:
        teams = teams.filter(pk=key.team_id)
    page = page_of(teams, parameters(request))
    listed = [{"id": str(team.identifier), "name": team.name, "api_available": True} for team in page.rows]
    return json_answer({"teams": listed, "meta": page.meta})


def describe_site(site: Site) -> dict[str, Any]:
    """A site as the Sites API shows it."""
    return {
        "domain": site.domain,
        "timezone": site.timezone,
        "custom_properties": sorted(site.allowed_props or []),
        "tracker_script_configuration": describe_tracker(site.tracker),
        **{name: getattr(site, name) for name, usual in COUNTING.items() if getattr(site, name) != usual},
    }


def describe_tracker(tracker: TrackerConfiguration) -> dict[str, Any]:
    """A tracker configuration with every option."""
    return {
        "id": tracker.script_id,
        "installation_type": tracker.installation_type,
        **{option: getattr(tracker, option) for option in BOOLEAN_OPTIONS},
    }


def _team_for(key: ApiKey, given: Parameters) -> Team | None:
    """Where a new site goes; None is the personal team.

    Raises: BadRequest when the caller must choose; NotFound; Forbidden for a role that adds no sites.
    """
    if key.team_id is not None:
        team = key.team
    elif given.get("team_id"):
        team = teams_of(key.user).filter(identifier=_team_id(given)).first()
        if team is None:
            raise NotFound("Team could not be found", field="team_id")
    else:
        if teams_of(key.user).filter(is_set_up=True).count() > 1:
            raise BadRequest("You must select a team with 'team_id' parameter.", field="team_id")
        return None
    if team is None or role_in_team(key.user, team.pk) not in MAY_ADD_SITES:
        raise Forbidden("You can't add sites to the selected team.")
    return team


def _team_id(given: Parameters) -> uuid.UUID:
    try:
        return uuid.UUID(str(given["team_id"]))
    except ValueError as problem:
        raise BadRequest("Parameter `team_id` is not a team's id", field="team_id") from problem


def _prefixed(refusal: Refusal) -> Refusal:
    """A form shows a text beside its field; the API names the field in the text."""
    if refusal.field and not refusal.message.startswith(f"{refusal.field}:"):
        refusal.message = f"{refusal.field}: {refusal.message}"
    return refusal
