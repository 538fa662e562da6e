"""Every address Django answers. The dashboard's come last: any other first word of a path may be a site's domain."""

from django.urls import URLPattern, URLResolver, include, path

from passerby.report.pages.errors import unknown_api

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("passerby.report.api.urls")),
    path("", include("passerby.accounts.urls")),
    path("", include("passerby.report.pages.urls")),
    path("api/<path:rest>", unknown_api, name="unknown_api"),
    path("", include("passerby.report.dashboard.urls")),
]

handler400 = "passerby.report.pages.errors.bad_request"
handler403 = "passerby.report.pages.errors.forbidden"
handler404 = "passerby.report.pages.errors.not_found"
handler429 = "passerby.report.pages.errors.too_many_requests"
handler500 = "passerby.report.pages.errors.server_error"
