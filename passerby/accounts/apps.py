from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and their sessions."""

    name = "passerby.accounts"
    label = "accounts"
