"""The Plugins API: capabilities, shared links, custom properties and the tracker's configuration."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from passerby.report.address import absolute
from passerby.report.api.http import json_answer, parameters
from passerby.report.api.pagination import page_of
from passerby.report.api.plugins.door import (
    LIMIT_DEFAULT,
    LIMIT_MAX,
    Unprocessable,
    authorize_plugin,
    created,
    list_meta,
    resource_not_found,
)
from passerby.report.api.plugins.schema import (
    an_object,
    array_at,
    body_of,
    boolean_fault,
    object_at,
    text_at,
)
from passerby.report.api.refusals import ApiRefusal
from passerby.sites import properties, sharing, tracker
from passerby.sites.changes import site_change
from passerby.sites.models import SharedLink, Site, TrackerConfiguration

FEATURES = (
    *("ConsolidatedView", "Funnels", "Goals", "Props", "RevenueGoals", "SSO"),
    *("SharedLinks", "SiteSegments", "SitesAPI", "StatsAPI"),
)
NOT_BUILT = frozenset({"ConsolidatedView", "SSO"})
TRACKER_OPTIONS = ("hash_based_routing", "outbound_links", "file_downloads", "form_submissions")


def capabilities(request: HttpRequest) -> HttpResponse:
    """GET /capabilities: what a token may use; also answers without one."""
    site: Site | None
    try:
        site = authorize_plugin(request)
    except ApiRefusal:
        site = None
    features = {name: site is not None and name not in NOT_BUILT for name in FEATURES}
    domain = None if site is None else site.domain
    return json_answer({"authorized": site is not None, "data_domain": domain, "features": features})


def list_links(request: HttpRequest) -> HttpResponse:
    """GET /shared_links."""
    site = authorize_plugin(request)
    page = page_of(site.shared_links.all(), parameters(request), default=LIMIT_DEFAULT, most=LIMIT_MAX)
    listed = [_describe_link(request, link) for link in page.rows]
    return json_answer({"shared_links": listed, "meta": list_meta(request, page)})


def read_link(request: HttpRequest, link_id: int) -> HttpResponse:
    """GET /shared_links/{id}."""
    link = authorize_plugin(request).shared_links.filter(pk=link_id).first()
    if link is None:
        raise resource_not_found()
    return json_answer(_describe_link(request, link))


def put_link(request: HttpRequest) -> HttpResponse:
    """PUT /shared_links: find or create by name."""
    site = authorize_plugin(request)
    asked = object_at(body_of(request), "shared_link")
    password = text_at(asked, "password") if asked.get("password") is not None else None
    link = sharing.find_or_create_link(site, name=text_at(asked, "name"), password=password, by_plugin=True)
    return created(request, _describe_link(request, link), f"/shared_links/{link.pk}")


def put_props(request: HttpRequest) -> HttpResponse:
    """PUT /custom_props: list one property or more; answers all that are listed."""
    site = authorize_plugin(request)
    allowed = properties.allow_properties(site, _prop_names(body_of(request)))
    return json_answer({"custom_props": [{"custom_prop": {"key": name}} for name in allowed]}, status=201)


def delete_props(request: HttpRequest) -> HttpResponse:
    """DELETE /custom_props: no longer list them."""
    site = authorize_plugin(request)
    properties.disallow_properties(site, _prop_names(body_of(request)))
    return HttpResponse(status=204)


def read_tracker(request: HttpRequest) -> HttpResponse:
    """GET /tracker_script_configuration."""
    return json_answer(_describe_tracker(authorize_plugin(request).tracker))


def put_tracker(request: HttpRequest) -> HttpResponse:
    """PUT /tracker_script_configuration: set what is given, keep the rest."""
    site = authorize_plugin(request)
    asked = object_at(body_of(request), "tracker_script_configuration")
    _check_tracker(asked)
    options = {name: asked[name] for name in ("installation_type", *TRACKER_OPTIONS) if name in asked}
    with site_change():
        tracker.configure(site, tracker.parse_options(options))
    return json_answer(_describe_tracker(site.tracker))


def _check_tracker(asked: dict[str, Any]) -> None:
    if "installation_type" not in asked:
        raise Unprocessable("Missing field: installation_type")
    faults = [] if asked["installation_type"] in tracker.INSTALLATION_TYPES else ["Invalid value for enum"]
    for name in TRACKER_OPTIONS:
        faults += boolean_fault(asked.get(name, False))
    if faults:
        raise Unprocessable(*faults)


def _prop_names(body: dict[str, Any]) -> list[str]:
    parts = array_at(body, "custom_props", most=properties.PROPERTIES_MAX) if "custom_props" in body else [body]
    return [text_at(object_at(an_object(part), "custom_prop"), "key") for part in parts]


def _describe_link(request: HttpRequest, link: SharedLink) -> dict[str, Any]:
    return {
        "shared_link": {
            "id": link.pk,
            "name": link.name,
            "password_protected": link.password_hash is not None,
            "href": absolute(request, sharing.path_of(link)),
        }
    }


def _describe_tracker(configuration: TrackerConfiguration) -> dict[str, Any]:
    shown = {option: getattr(configuration, option) for option in TRACKER_OPTIONS}
    kind = configuration.installation_type or "manual"
    return {"tracker_script_configuration": {"id": configuration.script_id, "installation_type": kind, **shown}}
