"""Visiting a page for its owner, over real sockets on this machine."""

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from passerby.report import page_fetch
from passerby.report.install_check import Installation, Verdict, check_installation
from passerby.report.page_fetch import PAGE_BYTES_MAX, PageUnreachable, fetch_page
from tests.support.collector import LoopbackServer, respond


class Site(LoopbackServer):
    host = "127.0.0.1"

    def __init__(self) -> None:
        super().__init__()
        self.script_type = "application/javascript"
        self.hosts: list[str] = []

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        path = request.path
        self.hosts.append(request.headers["host"])
        if path.startswith("/to/"):
            respond(request, 302, b"", {"location": f"/{path[4:]}"})
        elif path == "/loop":
            respond(request, 302, b"", {"location": "/loop"})
        elif path == "/inside":
            respond(request, 302, b"", {"location": "http://localhost:1/"})
        elif path == "/file":
            respond(request, 302, b"", {"location": "file:///etc/passwd"})
        elif path == "/large":
            respond(request, 200, b"x" * (PAGE_BYTES_MAX + 5), {})
        elif path.endswith(".js"):
            respond(request, 200, b"code()", {"content-type": self.script_type})
        else:
            respond(request, 200, b'<script data-domain="shop.example" src="/js/script.js"></script>', {})


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


def test_a_page_is_fetched_through_redirects(site: Site) -> None:
    page = fetch_page(f"{site.url}/to/to/page?a=1", allow_private=True)
    assert (page.status, page.url) == (200, f"{site.url}/page?a=1")
    assert "data-domain" in page.text
    assert set(site.hosts) == {f"127.0.0.1:{site.port}"}


def test_a_large_page_is_cut(site: Site) -> None:
    assert len(fetch_page(f"{site.url}/large", allow_private=True).body) == PAGE_BYTES_MAX


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1/", "not on the public Internet"),
        ("http://localhost/", "not on the public Internet"),
        ("http://[::1]/", "not on the public Internet"),
        ("http://2130706433/", "not on the public Internet"),
        ("http://shop.example:22/", "ports"),
        ("http://ann:secret@shop.example/", "password"),
        ("ftp://shop.example/", "http://"),
        ("file:///etc/passwd", "http://"),
        ("shop.example", "http://"),
        ("http://[", "not an address"),
        ("http://shop.example:99999/", "not an address"),
        ("http://no-such-name.invalid/", "DNS"),
        ("http://" + "a" * 70 + ".example/", "DNS"),
    ],
)
def test_what_is_not_a_public_page_is_not_visited(url: str, reason: str) -> None:
    with pytest.raises(PageUnreachable, match=reason):
        fetch_page(url)


def test_a_redirect_is_judged_like_the_first_address(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    real = page_fetch.is_public
    monkeypatch.setattr(page_fetch, "is_public", lambda number: number == "127.0.0.1" or real(number))
    monkeypatch.setattr(page_fetch, "PORTS", {"http": site.port, "https": 443})
    monkeypatch.setattr(socket, "getaddrinfo", _resolve)
    assert fetch_page(f"http://shop.example:{site.port}/page").status == 200
    with pytest.raises(PageUnreachable):
        fetch_page(f"http://shop.example:{site.port}/inside")
    with pytest.raises(PageUnreachable, match="http://"):
        fetch_page(f"http://shop.example:{site.port}/file")


def _resolve(host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
    number = "127.0.0.1" if host in {"shop.example", "127.0.0.1"} else "127.0.0.2"
    return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (number, port))]


def test_redirects_end(site: Site) -> None:
    with pytest.raises(PageUnreachable, match="redirects"):
        fetch_page(f"{site.url}/loop", allow_private=True)


def test_a_server_that_drips_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_fetch, "FETCH_SECONDS_MAX", 0.6)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_drip, args=(listener,), daemon=True).start()
        begun = time.monotonic()
        with pytest.raises(PageUnreachable, match="too long"):
            fetch_page(f"http://127.0.0.1:{listener.getsockname()[1]}/", allow_private=True)
    assert time.monotonic() - begun < 3


def _drip(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection:
        try:
            while True:
                connection.sendall(b"H")
                time.sleep(0.05)
        except OSError:
            return


def test_what_is_no_web_server_is_said(site: Site) -> None:
    port = site.port
    site.down()
    with pytest.raises(PageUnreachable, match="did not answer"):
        fetch_page(f"http://127.0.0.1:{port}/", allow_private=True)


def test_the_whole_check_asks_for_the_script_too(site: Site) -> None:
    wanted = Installation(domain="shop.example", script_id="pa-x", base_url=site.url)
    assert check_installation(f"{site.url}/", wanted, allow_private=True).verdict is Verdict.INSTALLED
    site.script_type = "text/html"
    finding = check_installation(f"{site.url}/", wanted, allow_private=True)
    assert (finding.verdict, "proxy guide" in finding.advice) == (Verdict.SCRIPT_BROKEN, True)
    assert check_installation(f"{site.url}/", wanted).verdict is Verdict.UNREACHABLE
