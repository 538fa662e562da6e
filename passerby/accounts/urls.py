"""Logging in and out, by allauth's views under our addresses and templates; and the two pages that are ours."""

from allauth.account import views as allauth
from django.conf import settings
from django.urls import URLPattern, path, re_path

from passerby.accounts import views

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("setup", views.set_up, name="set_up"),
    path("register", views.set_up, name="account_signup"),
    path("login", allauth.login, name="account_login"),
    path("login/link/<str:token>", views.login_link, name="login_link"),
    path("login/inactive", allauth.account_inactive, name="account_inactive"),
    path("login/confirm", allauth.reauthenticate, name="account_reauthenticate"),
    path("logout", allauth.logout, name="account_logout"),
    path(
        "password/request-reset",
        allauth.PasswordResetView.as_view(extra_context={"can_send_mail": settings.MAIL.can_send}),
        name="account_reset_password",
    ),
    path("password/request-reset/done", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)$",  # The key has hyphens of its own.
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/done",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("settings/security/password", allauth.password_change, name="account_change_password"),
]
