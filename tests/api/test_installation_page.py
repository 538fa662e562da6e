"""The page that helps to install the script: what it shows, and what its check finds over real sockets."""

import hashlib
import re
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler

import pytest
from django.conf import settings
from django.test import Client

from passerby.accounts.models import User
from passerby.report.install_check import Finding, Installation, Verdict, check_installation
from passerby.report.pages import installation
from passerby.sites.directory import tracker_config
from passerby.sites.models import Site
from passerby.teams.roles import GuestRole
from passerby.tracker.scripts import Encoding, Scripts
from tests.support import cast
from tests.support.cast import DOMAIN
from tests.support.collector import LoopbackServer, respond

PAGE = f"/{DOMAIN}/installation"
CHECK = f"{PAGE}/check"


class Shop(LoopbackServer):
    """A site and the server that counts it, on one port."""

    host = "127.0.0.1"
    html = ""

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        is_script = request.path.endswith(".js")
        kind = "application/javascript" if is_script else "text/html"
        respond(request, 200, b"code()" if is_script else self.html.encode(), {"content-type": kind})


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    monkeypatch.setattr(installation, "check_installation", partial(check_installation, allow_private=True))
    with Shop() as shop:
        yield shop


def test_the_pages_snippet_is_what_the_check_looks_for(ann: User, site: Site, shop: Shop) -> None:
    client = cast.browser(ann, headers={"host": f"127.0.0.1:{shop.port}"})
    shown = client.get(PAGE).content.decode()
    snippet = re.search(r'<code id="snippet">(.*?)</code>', shown, re.DOTALL)
    assert snippet is not None
    shop.html = snippet[1].replace("&lt;", "<").replace("&gt;", ">")

    answer = client.post(CHECK, {"url": shop.url})

    assert f"{shop.url}/js/{site.tracker.script_id}.js" in shop.html
    assert (answer.status_code, b"The snippet is in place." in answer.content) == (200, True)


@pytest.mark.usefixtures("site")
def test_what_is_wrong_is_said_with_what_to_do(ann: User, shop: Shop) -> None:
    shop.html = "<p>wp-content</p>"

    answer = cast.browser(ann).post(CHECK, {"url": f" {shop.url} "}).content.decode()

    assert "The snippet is not in the page&#x27;s HTML." in answer
    assert "This is a WordPress site" in answer
    assert f'value="{shop.url}"' in answer


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "localhost", "http://169.254.169.254/latest", "http://[::1]"])
@pytest.mark.usefixtures("site")
def test_pages_inside_the_network_are_not_visited(ann: User, url: str) -> None:
    answer = cast.browser(ann).post(CHECK, {"url": url})

    assert (answer.status_code, b"not on the public Internet" in answer.content) == (200, True)


@pytest.mark.parametrize("url", ["", "   ", "x" * 2001])
@pytest.mark.usefixtures("site")
def test_a_check_needs_an_address(ann: User, url: str) -> None:
    answer = cast.browser(ann).post(CHECK, {"url": url})

    assert (answer.status_code, b"Name the address of a page." in answer.content) == (400, True)


@pytest.mark.usefixtures("site")
def test_a_check_needs_the_pages_token(ann: User) -> None:
    client = cast.browser(ann, enforce_csrf_checks=True)
    refused = client.post(CHECK, {"url": "http://127.0.0.1/"})
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(PAGE).content.decode())
    assert token is not None

    taken = client.post(CHECK, {"url": "http://127.0.0.1/", "csrfmiddlewaretoken": token[1]})

    assert (refused.status_code, taken.status_code) == (403, 200)


@pytest.mark.usefixtures("site")
def test_one_persons_checks_are_counted_and_others_may_go_on(ann: User, bob: User) -> None:
    cast.site(bob, "bob.example.com")
    client = cast.browser(ann)
    statuses = [client.post(CHECK, {"url": "http://127.0.0.1/"}).status_code for _ in range(11)]

    other = cast.browser(bob).post("/bob.example.com/installation/check", {"url": "http://127.0.0.1/"})

    assert statuses == [200] * 10 + [429]
    assert other.status_code == 200


@pytest.mark.usefixtures("site")
def test_only_so_many_pages_are_checked_at_once(ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = cast.browser(ann)
    statuses: list[int] = []

    def check_another(url: str, wanted: Installation) -> Finding:
        statuses.append(client.post(CHECK, {"url": url}).status_code)
        return Finding(Verdict.UNREACHABLE, wanted.domain)

    monkeypatch.setattr(installation, "check_installation", check_another)

    assert client.post(CHECK, {"url": "http://127.0.0.1/"}).status_code == 200
    assert statuses == [429, 200]
    assert client.post(CHECK, {"url": "http://127.0.0.1/"}).status_code == 200


def test_the_hash_is_that_of_the_script_as_it_is_served(ann: User, site: Site) -> None:
    endpoint = f"{settings.PASSERBY.base_url}/api/event"
    served = Scripts().site(tracker_config(site), Encoding.IDENTITY, endpoint=endpoint)

    shown = cast.browser(ann).get(PAGE).content.decode()

    assert f'<code id="hash">{hashlib.sha256(served.body).hexdigest()}</code>' in shown


def test_a_viewer_sees_the_snippet_without_the_check(bob: User, site: Site) -> None:
    cast.guest(bob, site, GuestRole.VIEWER)
    shown = cast.browser(bob).get(PAGE).content

    assert (b'id="snippet"' in shown, b'id="check"' in shown) == (True, False)


def test_nobody_checks_without_a_login(site: Site) -> None:
    answer = Client().post(f"/{site.domain}/installation/check", {"url": "http://127.0.0.1/"})

    assert answer.headers["Location"].startswith("/login")
