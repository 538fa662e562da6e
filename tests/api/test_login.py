import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import get_hasher
from django.core import mail
from django.test import Client
from django.utils import timezone

from passerby.accounts.models import LoginLink, Session, User
from passerby.accounts.services import create_first_user, make_login_link
from passerby.accounts.throttle import is_over
from tests.support import cast
from tests.support.cast import PASSWORD

FORM = {"email": "ann@example.com", "name": "Ann", "password": PASSWORD}


def log_in(client: Client, email: str = "ann@example.com", password: str = PASSWORD, **more: str) -> int:
    return client.post("/login", {"login": email, "password": password, **more}).status_code


def test_a_fresh_server_leads_to_its_set_up_and_the_first_account_owns_it() -> None:
    client = Client()

    home = client.get("/")
    made = client.post("/setup", FORM)

    assert home.headers["Location"] == "/setup"
    assert made.headers["Location"] == "/sites/new"
    assert User.objects.get().is_superuser
    assert client.get("/sites").status_code == 200


def test_set_up_is_over_once_there_is_an_account(ann: User) -> None:
    client = Client()

    answers = [client.get("/setup"), client.post("/setup", {**FORM, "email": "cy@example.com"})]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert client.get("/").headers["Location"] == "/login"
    assert User.objects.get() == ann


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nonsense"),
        ("email", ""),
        ("password", "short"),
        ("password", "passwordpassword"[:8]),
        ("password", "x" * 129),
        ("password", "ann@example.com"),
    ],
)
def test_set_up_shows_what_is_wrong_and_keeps_what_was_typed(field: str, value: str) -> None:
    answer = Client().post("/setup", {**FORM, field: value})

    assert answer.status_code == 400
    assert b'class="error"' in answer.content
    assert PASSWORD.encode() not in answer.content
    assert not User.objects.exists()


def test_passwords_are_kept_as_argon2id(settings: object) -> None:
    from passerby import django_settings

    settings.PASSWORD_HASHERS = django_settings.PASSWORD_HASHERS  # type: ignore[attr-defined]  # pytest-django's.
    user = create_first_user(**FORM)

    assert get_hasher().algorithm == "argon2"
    assert user.password.startswith("argon2$argon2id$")


@pytest.mark.usefixtures("ann")
def test_the_right_password_opens_the_sites_in_any_spelling_of_the_address() -> None:
    client = Client()

    assert log_in(client, "Ann@Example.COM") == 302
    assert client.get("/sites").status_code == 200


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize(("email", "password"), [("ann@example.com", "wrong"), ("nobody@example.com", PASSWORD)])
def test_a_wrong_address_and_a_wrong_password_look_the_same(email: str, password: str) -> None:
    client = Client()

    page = client.post("/login", {"login": email, "password": password})

    assert page.status_code == 200
    shown = re.search(rb'class="error" role="alert">(.*?)</div>', page.content, re.DOTALL)
    assert shown is not None
    assert b"not correct" in shown[1]
    assert client.get("/sites").status_code == 302


@pytest.mark.usefixtures("ann")
def test_after_five_wrong_passwords_the_right_one_waits_too() -> None:
    client = Client()
    for _ in range(5):
        log_in(client, password="wrong")

    assert log_in(client) != 302
    assert client.get("/sites").status_code == 302


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_logging_in_leads_nowhere_else(target: str) -> None:
    client = Client()

    answer = client.post("/login", {"login": "ann@example.com", "password": PASSWORD, "next": target})

    assert answer.headers["Location"] == "/sites"


def test_logging_out_needs_a_post_and_ends_the_session(ann: User) -> None:
    client = cast.browser(ann)

    client.get("/logout")
    still_in = client.get("/sites").status_code
    client.post("/logout")

    assert still_in == 200
    assert client.get("/sites").status_code == 302
    assert not Session.objects.filter(user=ann).exists()


def test_the_database_does_not_know_the_cookie_of_a_session(ann: User) -> None:
    client = cast.browser(ann)

    cookie = client.cookies["passerby_session"].value

    stored = Session.objects.get(user=ann)
    assert cookie
    assert cookie not in str(Session.objects.values().get())
    assert len(stored.session_key) == 40


def test_a_session_lasts_fourteen_days_after_its_last_use(ann: User) -> None:
    with time_machine.travel(cast.NOON, tick=False) as clock:
        client = cast.browser(ann)
        client.get("/sites")
        clock.shift(timedelta(days=13))
        used = client.get("/sites").status_code
        clock.shift(timedelta(days=13))
        used_again = client.get("/sites").status_code
        clock.shift(timedelta(days=14, seconds=1))
        forgotten = client.get("/sites").status_code

    assert (used, used_again, forgotten) == (200, 200, 302)


def test_a_session_that_is_over_leaves_the_database_at_the_next_login(ann: User, bob: User) -> None:
    with time_machine.travel(cast.NOON, tick=False) as clock:
        cast.browser(ann)
        clock.shift(timedelta(days=15))
        cast.browser(bob)

        assert [session.user for session in Session.objects.all()] == [bob]


def test_changing_the_password_logs_other_browsers_out(ann: User) -> None:
    here, there = cast.browser(ann), cast.browser(ann)
    new = "another-horse-battery-7"

    answer = here.post("/settings/security/password", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert answer.status_code == 302
    assert (here.get("/sites").status_code, there.get("/sites").status_code) == (200, 302)
    assert log_in(Client(), password=new) == 302


def test_a_login_link_works_once_and_only_by_its_button(ann: User) -> None:
    path = make_login_link(ann, now=timezone.now(), next_path="/ann.example.com")
    token = path.removeprefix("/login/link/").partition("?")[0]
    client, other = Client(), Client()

    seen = client.get(path)
    used = client.post(path)
    again = other.post(path)

    assert (seen.status_code, used.headers["Location"], again.status_code) == (200, "/ann.example.com", 410)
    assert client.get("/sites").status_code == 200
    assert other.get("/sites").status_code == 302
    assert len(token) >= 43


def test_a_login_link_is_over_after_a_quarter_of_an_hour(ann: User) -> None:
    path = make_login_link(ann, now=timezone.now() - timedelta(minutes=15))

    assert Client().post(path).status_code == 410


def test_a_login_link_is_stored_hashed_and_leads_nowhere_else(ann: User) -> None:
    path = make_login_link(ann, now=timezone.now(), next_path="//evil.example")
    token = path.removeprefix("/login/link/").partition("?")[0]

    assert token not in str(LoginLink.objects.values().get())
    assert Client().post(path).headers["Location"] == "/sites"


@pytest.mark.usefixtures("ann")
def test_asking_for_a_new_password_answers_the_same_for_everybody() -> None:
    known = Client().post("/password/request-reset", {"email": "ann@example.com"})
    unknown = Client().post("/password/request-reset", {"email": "nobody@example.com"})

    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])


@pytest.mark.usefixtures("ann")
def test_a_reset_link_sets_a_new_password_once() -> None:
    Client().post("/password/request-reset", {"email": "ann@example.com"})
    found = re.search(r"https?://[^/]+(/password/reset/\S+)", str(mail.outbox[0].body))
    assert found is not None
    new = "another-horse-battery-7"

    client = Client()
    form = client.get(found[1], follow=True)
    done = client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    again = Client().get(found[1], follow=True)

    assert done.status_code == 302
    assert log_in(Client(), password=new) == 302
    assert b"This link is over" in again.content


def test_every_page_carries_safe_headers(ann: User) -> None:
    page = cast.browser(ann).get("/sites")

    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "private, no-store"
    assert b"<script>" not in page.content
    assert b"style=" not in page.content


def test_a_form_without_the_token_is_refused(ann: User) -> None:
    client = cast.browser(ann, enforce_csrf_checks=True)

    answer = client.post("/settings/preferences", {"name": "Mallory", "theme": "dark"})

    assert answer.status_code == 403
    assert User.objects.get().name == "Ann"


@pytest.mark.usefixtures("ann")
def test_a_reset_link_leads_to_the_public_address_whatever_the_host(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]

    Client().post("/password/request-reset", {"email": "ann@example.com"}, headers={"Host": "evil.example"})

    assert f"{settings.PASSERBY.base_url}/password/reset/" in mail.outbox[0].body
    assert "evil.example/password/reset/" not in mail.outbox[0].body


def test_https_is_remembered_though_tls_ends_at_the_proxy(settings: Any) -> None:
    settings.PASSERBY = replace(settings.PASSERBY, base_url="https://stats.example")

    assert Client().get("/login").headers["Strict-Transport-Security"] == "max-age=31536000"


def test_attempts_at_other_addresses_do_not_hide_those_at_one() -> None:
    now = timezone.now()
    for _ in range(5):
        is_over("someone", limit=5, window_seconds=60, now=now)
    for other in range(2_000):
        is_over(f"other-{other}", limit=5, window_seconds=60, now=now)

    assert is_over("someone", limit=5, window_seconds=60, now=now)
