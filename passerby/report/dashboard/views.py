"""The dashboard's page: find the site, refuse by default, say once what the page cannot ask. The rest is fetched."""

from datetime import UTC, datetime
from urllib.parse import quote

import msgspec
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from passerby.accounts.middleware import CONTENT_SECURITY_POLICY
from passerby.report.dashboard.assets import assets
from passerby.report.dashboard.boot import PATH_SAFE, Boot, boot_of, path_of
from passerby.report.dashboard.routes import Reading, readings
from passerby.sites.access import SiteAccess, access_of_request
from passerby.sites.models import Site
from passerby.sites.selectors import find_site

THEMES = frozenset({"light", "dark"})


@login_not_required
@require_safe
def dashboard(request: HttpRequest, path: str) -> HttpResponse:
    """`/{domain}`: for members, and for everybody when the site's dashboard is public."""
    now = datetime.now(UTC)
    found = _site_at(path, now=now)
    if found is None:
        return not_found(request)
    site, reading = found
    access = access_of_request(request, site)
    if access is None:
        return not_found(request)
    if site.domain != reading.domain:
        return HttpResponseRedirect(_moved(request, site, reading))
    return page(request, access, base_path=path_of(site.domain), now=now)


def page(request: HttpRequest, access: SiteAccess, *, base_path: str, now: datetime) -> HttpResponse:
    """The page for somebody who may see it."""
    boot = boot_of(request, access, base_path=base_path, now=now)
    theme = request.GET.get("theme", "")
    context = {
        "assets": assets(),
        "boot": script_json(boot),
        "domain": boot.domain,
        "theme": theme if theme in THEMES else "",
    }
    response = render(request, "dashboard/dashboard.html", context)
    if boot.is_embedded and access.user is None:
        # Only what a stranger may see anyway can be framed; a member's dashboard never.
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.replace(
            "frame-ancestors 'none'", "frame-ancestors *"
        )
    return response


def not_found(request: HttpRequest) -> HttpResponse:
    """The same answer for a site that is not there and for one that is none of the caller's business."""
    context = {"login_path": f"/login?next={quote(request.get_full_path(), safe='')}"}
    return render(request, "dashboard/not_found.html", context, status=404)


def _site_at(path: str, *, now: datetime) -> tuple[Site, Reading] | None:
    for reading in readings(path):
        site = find_site(reading.domain, now=now)
        if site is not None:
            return site, reading
    return None


def _moved(request: HttpRequest, site: Site, reading: Reading) -> str:
    modal = f"/{quote(reading.modal, safe=PATH_SAFE)}" if reading.modal else ""
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    return path_of(site.domain) + modal + query


def script_json(boot: Boot) -> str:
    """JSON that cannot end its own script element, whatever somebody named a goal."""
    text = msgspec.json.encode(boot).decode()
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
