from django.apps import AppConfig


class TeamsConfig(AppConfig):
    """Teams, roles and API keys."""

    name = "passerby.teams"
    label = "teams"
