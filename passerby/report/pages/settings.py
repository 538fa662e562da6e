"""A site's settings: one page a section, one entry here for each thing a form can do."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from passerby.errors import Refusal
from passerby.report import erasure
from passerby.report.address import absolute
from passerby.report.pages.forms import open_site, submit
from passerby.sites import goals, plugin_tokens, services, sharing, shields
from passerby.sites.access import Capability, SiteAccess
from passerby.sites.models import ShieldKind, row_id
from passerby.sites.tracker import GOAL_OF_OPTION

SECTIONS: Mapping[str, str] = {
    "general": "General",
    "visibility": "Visibility",
    "goals": "Goals",
    "shields": "Shields",
    "integrations": "Integrations",
    "danger-zone": "Danger zone",
}


class NotConfirmed(Refusal):
    """Something that cannot be undone was asked for without naming what it is done to."""

    code = "not_confirmed"


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, domain: str, section: str = "general") -> HttpResponse:
    """GET and POST /{domain}/settings/{section}."""
    if section not in SECTIONS:
        raise Http404
    needed = Capability.ERASE if section == "danger-zone" else Capability.SET_UP
    access = open_site(request, domain, needed)
    context = {**_context(request, access), "section": section}
    template = f"sites/settings_{section.replace('-', '_')}.html"
    if request.method != "POST":
        return render(request, template, context)
    action = ACTIONS.get((section, request.POST.get("action", "")))
    if action is None:
        raise Http404
    if action is _add_token:
        return _show_token(request, access, template, context)
    gone = action is _delete_site
    return submit(
        request,
        lambda: action(access, request.POST),
        done="The site is deleted." if gone else "Saved.",
        to=lambda: "/sites" if gone else f"/{access.site.domain}/settings/{section}",
        template=template,
        context=context,
    )


def _context(request: HttpRequest, access: SiteAccess) -> dict[str, Any]:
    site = access.site
    sections = {slug: name for slug, name in SECTIONS.items() if slug != "danger-zone" or access.can(Capability.ERASE)}
    return {
        "site": site,
        "sections": sections,
        "values": {},
        "errors": {},
        "timezones": services.timezones(),
        "tracker_options": [(option, getattr(site.tracker, option)) for option in GOAL_OF_OPTION],
        "goals": site.goals.order_by("-id"),
        "shields": {kind.value: site.shields.filter(kind=kind).order_by("id") for kind in ShieldKind},
        "links": [
            (link, absolute(request, sharing.path_of(link)))
            for link in site.shared_links.exclude(name=sharing.RESERVED_NAME).order_by("name")
        ],
        "site_segments": site.segments.filter(type="site").order_by("name"),
        "tokens": site.plugin_tokens.order_by("-id"),
        "new_token": request.GET.get("new_token", ""),
    }


def _change_general(access: SiteAccess, form: QueryDict) -> None:
    changes: dict[str, object] = {"timezone": form.get("timezone")}
    if form.get("domain", "").strip() not in {"", access.site.domain}:
        changes["domain"] = form["domain"]
    services.change_site(access.site, changes, now=timezone.now())


def _change_tracker(access: SiteAccess, form: QueryDict) -> None:
    options = {option: option in form for option in GOAL_OF_OPTION}
    services.change_site(access.site, {"tracker_script_configuration": options}, now=timezone.now())


def _change_visitors(access: SiteAccess, form: QueryDict) -> None:
    services.change_site(access.site, {"counts_visitors": "no_identifiers" not in form}, now=timezone.now())


def _change_public(access: SiteAccess, form: QueryDict) -> None:
    services.change_site(access.site, {"public": form.get("public") == "yes"}, now=timezone.now())


def _add_link(access: SiteAccess, form: QueryDict) -> None:
    chosen = row_id(form.get("segment", ""))
    segment = access.site.segments.filter(pk=chosen, type="site").first() if chosen else None
    sharing.find_or_create_link(
        access.site, name=form.get("name", ""), password=form.get("password") or None, segment=segment
    )


def _delete_link(access: SiteAccess, form: QueryDict) -> None:
    sharing.delete_link(access.site, row_id(form.get("id", "")))


def _add_goal(access: SiteAccess, form: QueryDict) -> None:
    fields = ("event_name", "page_path", "scroll_threshold", "display_name", "currency")
    goals.find_or_create_goal(access.site, goals.parse_goal({name: form.get(name) for name in fields}))


def _delete_goal(access: SiteAccess, form: QueryDict) -> None:
    goals.delete_goal(access.site, row_id(form.get("id", "")))


def _add_shield(access: SiteAccess, form: QueryDict) -> None:
    shields.add_shield(
        access.site,
        form.get("kind"),
        form.get("value"),
        user=access.user,
        description=form.get("description", ""),
    )


def _delete_shield(access: SiteAccess, form: QueryDict) -> None:
    shields.remove_shield(access.site, row_id(form.get("id", "")))


def _add_token(access: SiteAccess, form: QueryDict) -> str:
    return plugin_tokens.create_token(access.site, form.get("description", ""))[1]


def _show_token(request: HttpRequest, access: SiteAccess, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """A token is shown once, so this answer is a page and not a redirect."""
    try:
        shown = {**context, "secret": _add_token(access, request.POST)}
    except Refusal as refusal:
        shown = {**context, "errors": {refusal.field or "form": refusal.message}}
    return render(request, template, shown, status=200 if "secret" in shown else 400)


def _revoke_token(access: SiteAccess, form: QueryDict) -> None:
    plugin_tokens.revoke_token(access.site, row_id(form.get("id", "")))


def _reset_stats(access: SiteAccess, form: QueryDict) -> None:
    _confirm(access, form)
    erasure.reset_stats(access.site, now=timezone.now())


def _delete_site(access: SiteAccess, form: QueryDict) -> None:
    _confirm(access, form)
    erasure.delete_site(access.site)


def _confirm(access: SiteAccess, form: QueryDict) -> None:
    if form.get("confirm", "").strip() != access.site.domain:
        raise NotConfirmed("Type the site's domain to confirm.", field="confirm")


Action = Callable[[SiteAccess, QueryDict], object]
ACTIONS: Mapping[tuple[str, str], Action] = {
    ("general", "change"): _change_general,
    ("general", "tracker"): _change_tracker,
    ("general", "visitors"): _change_visitors,
    ("visibility", "public"): _change_public,
    ("visibility", "add-link"): _add_link,
    ("visibility", "delete-link"): _delete_link,
    ("goals", "add"): _add_goal,
    ("goals", "delete"): _delete_goal,
    ("shields", "add"): _add_shield,
    ("shields", "delete"): _delete_shield,
    ("integrations", "add-token"): _add_token,
    ("integrations", "revoke-token"): _revoke_token,
    ("danger-zone", "reset"): _reset_stats,
    ("danger-zone", "delete"): _delete_site,
}
