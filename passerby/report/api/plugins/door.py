"""The Plugins API's own rim: who may call it, and how it says no. One site is behind each call."""

import base64
import binascii
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from passerby.errors import Refusal
from passerby.report.address import base_url
from passerby.report.api.auth import authorize_site, has_bearer
from passerby.report.api.http import View, api_route, json_answer
from passerby.report.api.pagination import Page
from passerby.report.api.refusals import ApiRefusal, NotFound, Unauthorized
from passerby.sites.access import Capability
from passerby.sites.goals import GoalRefused
from passerby.sites.models import Site
from passerby.sites.plugin_tokens import find_site_by_token
from passerby.teams.keys import Scope

ROOT = "/api/plugins/v1"
LIMIT_DEFAULT = 10
LIMIT_MAX = 100
REALM = 'Basic realm="Plugins API Access"'
UNAUTHORIZED = "Plugins API: unauthorized"
NOT_FOUND = "Plugins API: resource not found"


class Unprocessable(ApiRefusal):
    """The body does not fit its schema; `details` has one text for each fault."""

    status = 422
    code = "unprocessable"

    def __init__(self, *details: str) -> None:
        super().__init__(", ".join(details))
        self.details = details


def plugin_route(**methods: View) -> View:
    """`api_route` with the Plugins API's error shape."""
    return api_route(_render, **methods)


def authorize_plugin(request: HttpRequest) -> Site:
    """The site behind a token (HTTP Basic, any user name), or behind a key with `sites:provision` and `?site_id=`.

    Raises: Unauthorized; with a key also what `authorize_site` raises.
    """
    if has_bearer(request):
        site_id = request.GET.get("site_id", "")
        return authorize_site(request, Scope.SITES_PROVISION, site_id, Capability.SET_UP).site
    site = find_site_by_token(_password(request), now=timezone.now())
    if site is None:
        raise Unauthorized(UNAUTHORIZED)
    return site


def resource_not_found() -> NotFound:
    """What is raised for an id the site does not have."""
    return NotFound(NOT_FOUND)


def created(request: HttpRequest, content: object, *paths: str) -> HttpResponse:
    """201, with the address of each thing made or found (several are one comma-separated header, RFC 9110 5.3)."""
    places = ", ".join(f"{base_url(request)}{ROOT}{path}" for path in paths)
    return json_answer(content, status=201, headers={"Location": places})


def list_meta(request: HttpRequest, page: Page[Any]) -> dict[str, Any]:
    """Where the neighbouring pages are."""
    kept = {name: value for name, value in request.GET.items() if name == "site_id"}
    links = {
        name: {"url": f"{base_url(request)}{request.path}?{urlencode({**kept, 'limit': page.limit, cursor: value})}"}
        for name, cursor, value in (("next", "after", page.after), ("prev", "before", page.before))
        if value
    }
    return {
        "pagination": {
            "has_next_page": page.after is not None,
            "has_prev_page": page.before is not None,
            "links": links,
        }
    }


def _password(request: HttpRequest) -> str:
    kind, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(encoded.strip(), validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""


def _render(refusal: Refusal) -> HttpResponse:
    status, headers = refusal.status, {"Error-Code": refusal.code}
    details: tuple[str, ...] = (refusal.message,)
    match refusal:
        case Unauthorized():
            details = (UNAUTHORIZED,)
            headers["WWW-Authenticate"] = REALM
        case Unprocessable():
            details = refusal.details
        case GoalRefused():
            status = 422
            details = tuple(f"{name}: {text}" for name, text in refusal.errors)
        case ApiRefusal():
            headers.update(refusal.headers)
        case _:  # A rule of the sites room: the request was read, what it asks for cannot be.
            status = 422
    return json_answer({"errors": [{"detail": text} for text in details]}, status=status, headers=headers)
