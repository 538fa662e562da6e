"""The first-party proxies of the manual, with the real programs and the manual's own text."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import BrowserContext

from tests.support.collector import DOMAIN, SCRIPT_ID, Collector, Pages
from tests.support.server import free_port
from tests.support.tracked_page import STUB

pytestmark = pytest.mark.browser

GUIDE = Path(__file__).parents[2] / "docs" / "proxy.md"
START_SECONDS_MAX = 20.0
APACHE_MODULES = "mpm_event authz_core proxy proxy_http ssl headers"


class Place(NamedTuple):
    """Where a proxy under test lives."""

    home: Path
    port: int
    pages_port: int


class Proxy(NamedTuple):
    """One program of the manual: its section, its configuration around the manual's text, its command."""

    program: str
    section: str
    configuration: Callable[[Place, str], str]
    command: Callable[[Path], list[str]]
    host: str = "{upstream}"  # What the server behind it is asked for.


def _nginx(place: Place, guide: str) -> str:
    folders = " ".join(
        f"{name}_temp_path {place.home}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return f"""daemon off; pid {place.home}/pid; error_log {place.home}/error.log; worker_processes 1;
    events {{ worker_connections 64; }}
    http {{
        access_log off; {folders}
        server {{
            listen 127.0.0.1:{place.port};
            location / {{ proxy_pass http://127.0.0.1:{place.pages_port}; }}
            {guide}
        }}
    }}"""


def _caddy(place: Place, guide: str) -> str:
    return f"""{{
    admin off
    auto_https off
}}
http://:{place.port} {{
    bind 127.0.0.1
    {guide}
    handle {{
        reverse_proxy 127.0.0.1:{place.pages_port}
    }}
}}
"""


def _apache(place: Place, guide: str) -> str:
    modules = "\n".join(f"LoadModule {name}_module modules/mod_{name}.so" for name in APACHE_MODULES.split())
    return f"""ServerRoot "/usr/lib/apache2"
{modules}
DefaultRuntimeDir "{place.home}"
PidFile "{place.home}/pid"
ErrorLog "{place.home}/error.log"
User www-data
Group www-data
ServerName {DOMAIN}
Listen 127.0.0.1:{place.port}
{guide}
ProxyPass "/" "http://127.0.0.1:{place.pages_port}/"
"""


PROXIES = (
    Proxy(
        "nginx",
        "nginx",
        _nginx,
        lambda path: ["nginx", "-e", f"{path.parent}/error.log", "-c", str(path)],
        host="stats.example.com",
    ),
    Proxy("caddy", "Caddy", _caddy, lambda path: ["caddy", "run", "--adapter", "caddyfile", "--config", str(path)]),
    Proxy("apache2", "Apache", _apache, lambda path: ["apache2", "-DFOREGROUND", "-f", str(path)]),
)


def guide_of(section: str) -> str:
    """The code of one section of the manual."""
    found = re.search(
        rf"^## {section}\n.*?^```\w*\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    assert found is not None
    assert SCRIPT_ID in found[1]
    return found[1]


@pytest.fixture(params=PROXIES, ids=lambda proxy: proxy.program)
def proxy(request: pytest.FixtureRequest) -> Proxy:
    proxy: Proxy = request.param
    if shutil.which(proxy.program) is None:
        pytest.skip(f"{proxy.program} is not installed (Debian package `{proxy.program}`)")
    return proxy


@pytest.fixture
def site_url(tmp_path: Path, proxy: Proxy, collector: Collector, pages: Pages) -> Iterator[str]:
    """The address of a site behind a proxy that is configured as the manual says."""
    place = Place(tmp_path, free_port(), pages.port)
    guide = guide_of(proxy.section).replace("https://stats.example.com", f"http://127.0.0.1:{collector.port}")
    path, log = tmp_path / "proxy.conf", tmp_path / "output"
    path.write_text(proxy.configuration(place, guide))
    environ = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    with log.open("wb") as output, subprocess.Popen(proxy.command(path), env=environ, stderr=output) as process:
        _wait_until_it_listens(process, place.port, log)
        yield f"http://{DOMAIN}:{place.port}"
        process.terminate()


def _wait_until_it_listens(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while True:
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return


def test_a_site_behind_the_manuals_proxy_is_counted_from_its_own_host(
    context: BrowserContext, proxy: Proxy, site_url: str, pages: Pages, collector: Collector
) -> None:
    context.add_cookies([{"name": "session", "value": "secret", "url": site_url}])
    context.set_extra_http_headers({"x-forwarded-for": "192.0.2.1"})
    start = "<script>plausible.init({ endpoint: '/pa/event' })</script>"
    pages.put(f'<!doctype html><script async src="/pa/script.js"></script>{STUB}{start}<body></body>')
    page = context.new_page()
    page.goto(f"{site_url}/")
    page.wait_for_function("window.plausible && window.plausible.l")

    (event,) = collector.wait_for(1)

    assert event["u"] == f"{site_url}/"
    headers = collector.headers[0]
    assert headers["host"] == proxy.host.format(upstream=f"127.0.0.1:{collector.port}")
    assert headers["x-forwarded-for"] == "127.0.0.1"  # The visitor's own address, and nothing that it claims.
    assert "cookie" not in headers
