"""Pages before anybody is logged in: the first-run set-up and the one-time login link."""

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from passerby.accounts.models import User
from passerby.accounts.services import SetUpAlready, create_first_user, use_login_link
from passerby.errors import Refusal

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
AFTER_LOGIN = "/sites"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """The first account of a fresh server; not there once it exists."""
    if User.objects.exists():
        raise Http404
    if request.method != "POST":
        return render(request, "accounts/set_up.html", {"values": {}, "errors": {}})
    given = {name: request.POST.get(name, "") for name in ("email", "name", "password")}
    try:
        user = create_first_user(**given)
    except SetUpAlready as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        shown = {"values": given, "errors": {refusal.field or "email": refusal.message}}
        return render(request, "accounts/set_up.html", shown, status=400)
    login(request, user, backend=BACKEND)
    return HttpResponseRedirect("/sites/new")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def login_link(request: HttpRequest, token: str) -> HttpResponse:
    """A button that logs its reader in. A GET changes nothing: mail scanners and previews follow links too."""
    if request.method != "POST":
        return render(request, "accounts/login_link.html", {"next": _next(request)})
    user = use_login_link(token, now=timezone.now())
    if user is None:
        return render(request, "accounts/login_link.html", {"is_over": True}, status=410)
    login(request, user, backend=BACKEND)
    return HttpResponseRedirect(_next(request))


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """The bare address: set-up on a fresh server, the sites for who is logged in, the login page for others."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(AFTER_LOGIN)
    return HttpResponseRedirect("/login" if User.objects.exists() else "/setup")


def _next(request: HttpRequest) -> str:
    """Where to go afterwards: a path of ours, never another host (`//evil.example` included)."""
    path = request.POST.get("next") or request.GET.get("next", "")
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours else AFTER_LOGIN
