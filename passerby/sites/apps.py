from django.apps import AppConfig


class SitesConfig(AppConfig):
    """Sites and what their owners set up."""

    name = "passerby.sites"
    label = "sites"
