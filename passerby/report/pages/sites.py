"""The pages around a site's beginning: the list, adding one, and invitations to one."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from passerby.errors import Refusal
from passerby.report.pages.forms import reader
from passerby.sites import services
from passerby.sites.guests import answer_invitation, invitations_for
from passerby.sites.models import Site, row_id
from passerby.sites.selectors import sites_of
from passerby.sites.tracker import WEB_DEFAULTS

SITES_PER_PAGE = 24
PAGES_MAX = 1_000_000
FILTER_CHARACTERS_MAX = 64


@require_GET
def list_sites(request: HttpRequest) -> HttpResponse:
    """GET /sites: what the reader may look at, by domain; invitations first."""
    user = reader(request)
    text = request.GET.get("filter_text", "").strip()[:FILTER_CHARACTERS_MAX]
    found: QuerySet[Site] = sites_of(user).filter(domain__icontains=text).order_by("domain")
    number = _page_number(request)
    sites = list(found[(number - 1) * SITES_PER_PAGE : number * SITES_PER_PAGE + 1])
    shown = {
        "sites": sites[:SITES_PER_PAGE],
        "filter_text": text,
        "page": number,
        "has_next": len(sites) > SITES_PER_PAGE,
        "invitations": invitations_for(user, now=timezone.now()),
    }
    return render(request, "sites/list.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def add_site(request: HttpRequest) -> HttpResponse:
    """GET and POST /sites/new."""
    user = reader(request)
    context = {"timezones": services.timezones(), "values": {}, "errors": {}}
    if request.method != "POST":
        return render(request, "sites/new.html", context)
    try:
        site = services.create_site(
            user,
            domain=request.POST.get("domain"),
            timezone=request.POST.get("timezone") or None,
            tracker_options=WEB_DEFAULTS,
            now=timezone.now(),
        )
    except Refusal as refusal:
        errors = {refusal.field or "domain": refusal.message}
        return render(request, "sites/new.html", {**context, "values": request.POST, "errors": errors}, status=400)
    return HttpResponseRedirect(f"/{site.domain}/installation")


@require_POST
def answer(request: HttpRequest, invitation_id: str, choice: str) -> HttpResponse:
    """POST /sites/invitations/{id}/accept or …/reject."""
    site = answer_invitation(reader(request), invitation_id, accept=choice == "accept", now=timezone.now())
    if site is None:
        raise Http404
    return HttpResponseRedirect(f"/{site.domain}" if choice == "accept" else "/sites")


def _page_number(request: HttpRequest) -> int:
    return min(row_id(request.GET.get("page", "")), PAGES_MAX) or 1
