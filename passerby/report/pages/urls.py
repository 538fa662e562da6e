"""The addresses of the account and site pages. They come before the dashboard's, which are mostly a site's domain."""

from django.urls import URLPattern, path
from django.views.generic import RedirectView

import passerby.report.converters  # noqa: F401 - Registers the parts of addresses used below.
from passerby.report.pages import account, installation, settings, sites

urlpatterns: list[URLPattern] = [
    path("sites", sites.list_sites, name="sites"),
    path("sites/new", sites.add_site, name="new_site"),
    path("sites/invitations/<str:invitation_id>/<accept-or-reject:choice>", sites.answer, name="invitation"),
    path("settings", RedirectView.as_view(url="/settings/preferences"), name="settings"),
    path("settings/preferences", account.preferences, name="preferences"),
    path("settings/api-keys", account.api_keys, name="api_keys"),
    path("settings/api-keys/<id:key_id>/revoke", account.revoke_key, name="revoke_key"),
    path("<path:domain>/installation", installation.installation, name="installation"),
    path("<path:domain>/installation/state", installation.installation_state, name="installation_state"),
    path("<path:domain>/installation/check", installation.check, name="installation_check"),
    path("<path:domain>/settings", settings.settings, name="site_settings"),
    path("<path:domain>/settings/<str:section>", settings.settings, name="site_settings_section"),
]
