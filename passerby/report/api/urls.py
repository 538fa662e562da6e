"""The addresses of the JSON APIs. Fixed words come before `<path:domain>`: a domain may contain slashes."""

from django.urls import URLPattern, URLResolver, path

from passerby.report.api import sites
from passerby.report.api.http import api_route

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/sites", api_route(GET=sites.list_sites, POST=sites.create_site), name="api_sites"),
    path("api/v1/sites/teams", api_route(GET=sites.list_teams), name="api_teams"),
    path(
        "api/v1/sites/<path:domain>",
        api_route(GET=sites.read_site, PUT=sites.change_site, DELETE=sites.delete_site),
        name="api_site",
    ),
]
