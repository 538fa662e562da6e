"""What the pages share: a form shown again with its values and what is wrong with them, and the door to a site."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from passerby.accounts.models import User
from passerby.errors import Refusal
from passerby.sites.access import Capability, SiteAccess, access_of_request
from passerby.sites.models import Site


def reader(request: HttpRequest) -> User:
    """Whoever is logged in; LoginRequiredMiddleware has turned everybody else away."""
    assert isinstance(request.user, User)  # noqa: S101 - For the type checker.
    return request.user


def open_site(request: HttpRequest, domain: str, capability: Capability) -> SiteAccess:
    """The site a page is about. Pages know only its present name.

    Raises: Http404 for one that is not there or not for this person.
    """
    site = Site.objects.select_related("team", "tracker").filter(domain=domain).first()
    access = None if site is None else access_of_request(request, site)
    if access is None or access.user is None or not access.can(capability):
        raise Http404
    return access


def submit(
    request: HttpRequest,
    action: Callable[[], object],
    *,
    done: str,
    to: Callable[[], str],
    template: str,
    context: Mapping[str, Any],
) -> HttpResponse:
    """Do what a form asks and move on with a message; or show the form again with what was refused.

    `to` is asked afterwards: what was done may have changed the address.
    """
    try:
        action()
    except Refusal as refusal:
        shown = {
            **context,
            "values": request.POST,
            "errors": {refusal.field or "form": refusal.message},
        }
        return render(request, template, shown, status=400)
    messages.success(request, done)
    return HttpResponseRedirect(to())
