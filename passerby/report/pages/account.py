"""The reader's own settings: name, theme, API keys."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from passerby.errors import Refusal
from passerby.report.pages.forms import reader
from passerby.teams.keys import Scope, create_key

SCOPES = {  # Those a key does not have anyway, in words.
    Scope.SITES_PROVISION: "Add, set up and delete sites",
    Scope.EVENTS_WRITE: "Write raw events",
    Scope.EVENTS_READ: "Read raw events",
    Scope.IMPORTS_WRITE: "Import statistics from elsewhere",
}
THEMES = ("system", "light", "dark")
NAME_CHARACTERS_MAX = 255


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """GET and POST /settings/preferences."""
    user = reader(request)
    if request.method == "POST":
        theme = request.POST.get("theme", "system")
        if theme not in THEMES:
            raise Http404
        user.name = request.POST.get("name", "").strip()[:NAME_CHARACTERS_MAX]
        user.theme = theme
        user.save(update_fields=["name", "theme"])
        messages.success(request, "Saved.")
        return HttpResponseRedirect("/settings/preferences")
    return render(request, "settings/preferences.html", {"themes": THEMES})


@require_http_methods(["GET", "HEAD", "POST"])
def api_keys(request: HttpRequest) -> HttpResponse:
    """GET and POST /settings/api-keys. A new key is in the answer to its form, and nowhere else ever again."""
    user = reader(request)
    shown: dict[str, object] = {"scopes": SCOPES.items(), "errors": {}, "secret": ""}
    status = 200
    if request.method == "POST":
        try:
            _, shown["secret"] = create_key(
                user, name=request.POST.get("name", ""), scopes=request.POST.getlist("scope")
            )
        except Refusal as refusal:
            shown["errors"], status = {refusal.field or "form": refusal.message}, 400
    shown["keys"] = user.api_keys.order_by("-id")
    return render(request, "settings/api_keys.html", shown, status=status)


@require_http_methods(["POST"])
def revoke_key(request: HttpRequest, key_id: int) -> HttpResponse:
    """POST /settings/api-keys/{id}/revoke."""
    deleted, _ = reader(request).api_keys.filter(pk=key_id).delete()
    if not deleted:
        raise Http404
    messages.success(request, "The key no longer works.")
    return HttpResponseRedirect("/settings/api-keys")
