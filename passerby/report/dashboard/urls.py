"""The dashboard's addresses. They come last of all: any other first word of a path may be a site's domain."""

from django.urls import path

from passerby.report.dashboard.shared import shared
from passerby.report.dashboard.views import dashboard

urlpatterns = [
    path("share/<path:path>", shared, name="shared_dashboard"),
    path("<path:path>", dashboard, name="dashboard"),
]
