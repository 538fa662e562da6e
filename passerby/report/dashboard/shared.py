"""`/share/{domain}?auth=…`: the dashboard for whoever holds a link, after its password where it has one."""

from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from passerby.report.dashboard.boot import path_of
from passerby.report.dashboard.routes import readings
from passerby.report.dashboard.views import not_found, page
from passerby.sites.access import (
    LINK_UNLOCK_SECONDS,
    SiteAccess,
    is_unlocked,
    shared_link_of,
    unlock_cookie,
    unlock_token,
)
from passerby.sites.models import SharedLink
from passerby.sites.selectors import find_site
from passerby.sites.sharing import is_password
from passerby.teams.roles import SiteRole


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def shared(request: HttpRequest, path: str) -> HttpResponse:
    """Show the dashboard as a stranger sees it, or ask for the link's password."""
    now = datetime.now(UTC)
    link = _link_at(request, path, now=now)
    if link is None:
        return not_found(request)
    if request.method == "POST":
        return _unlock(request, link)
    if not is_unlocked(request, link):
        return render(request, "dashboard/password.html", {"domain": link.site.domain})
    access = SiteAccess(link.site, SiteRole.PUBLIC, shared_link=link)
    return page(request, access, base_path=f"/share{path_of(link.site.domain)}", now=now)


def _link_at(request: HttpRequest, path: str, *, now: datetime) -> SharedLink | None:
    for reading in readings(path):
        site = find_site(reading.domain, now=now)
        if site is not None:
            return shared_link_of(request, site)
    return None


def _unlock(request: HttpRequest, link: SharedLink) -> HttpResponse:
    if not is_password(link, request.POST.get("password", "")):
        context = {"domain": link.site.domain, "is_wrong": True}
        return render(request, "dashboard/password.html", context, status=403)
    response = HttpResponseRedirect(request.get_full_path())
    response.set_cookie(
        unlock_cookie(link),
        unlock_token(link),
        max_age=LINK_UNLOCK_SECONDS,
        httponly=True,
        secure=settings.PASSERBY.is_https,
        samesite="Lax",
    )
    return response
