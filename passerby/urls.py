"""Every address Django answers. The dashboard's come last: any other first word of a path may be a site's domain."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("passerby.report.api.urls")),
    path("", include("passerby.report.dashboard.urls")),
]
