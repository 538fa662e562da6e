"""The first-party proxy of the manual, with the real program and the manual's own text."""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from tests.support.collector import DOMAIN, SCRIPT_ID, Collector, Pages
from tests.support.server import free_port
from tests.support.tracked_page import STUB

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed (Debian package `nginx`)"),
]

GUIDE = Path(__file__).parents[2] / "docs" / "proxy.md"
MAIN = """
daemon off; pid {home}/pid; error_log {home}/error.log; worker_processes 1;
events {{ worker_connections 64; }}
http {{
    access_log off; client_body_temp_path {home}/body; proxy_temp_path {home}/proxy; fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi; scgi_temp_path {home}/scgi;
    server {{
        listen 127.0.0.1:{port};
        location / {{ proxy_pass http://127.0.0.1:{pages}; }}
        {guide}
    }}
}}
"""


@pytest.fixture
def nginx(tmp_path: Path, collector: Collector, pages: Pages) -> Iterator[str]:
    """The address of a site behind nginx, configured as the manual says."""
    block = re.search(r"```nginx\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    guide = block[1].replace("https://stats.example.com", f"http://127.0.0.1:{collector.port}")
    assert SCRIPT_ID in guide
    port, config = free_port(), tmp_path / "nginx.conf"
    config.write_text(MAIN.format(home=tmp_path, port=port, pages=pages.port, guide=guide))
    command = ["nginx", "-e", str(tmp_path / "error.log"), "-c", str(config)]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        time.sleep(0.5)
        assert process.poll() is None, (tmp_path / "error.log").read_text()
        yield f"http://{DOMAIN}:{port}"
        process.terminate()


def test_a_site_behind_the_manuals_nginx_is_counted_from_its_own_host(
    context: BrowserContext, nginx: str, pages: Pages, collector: Collector
) -> None:
    context.add_cookies([{"name": "session", "value": "secret", "url": nginx}])
    start = "<script>plausible.init({ endpoint: '/pa/event' })</script>"
    pages.put(f'<!doctype html><script async src="/pa/script.js"></script>{STUB}{start}<body></body>')
    page = context.new_page()
    page.goto(f"{nginx}/")
    page.wait_for_function("window.plausible && window.plausible.l")
    (event,) = collector.wait_for(1)
    assert event["u"] == f"{nginx}/"
    headers = collector.headers[0]
    assert (headers["x-forwarded-for"], headers["host"]) == ("127.0.0.1", "stats.example.com")
    assert "cookie" not in headers
