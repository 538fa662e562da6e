"""A whole `passerby serve`: every tracker there is, pointed at it and run in Chromium, is counted, and equally."""

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.support.collector import DOMAIN, Pages
from tests.support.server import PASSWORD, Server, free_port
from tests.support.tracked_page import STUB, hide
from tests.support.tracker_pages import built_pages

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

# Headless Chromium says that it is a robot, and robots are not counted.
BROWSER_NAME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
STORED_SECONDS_MAX = 30


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    port = free_port()
    environ = {"PASSERBY_BASE_URL": f"http://stats.test:{port}", "PASSERBY_TRUSTED_PROXIES": ""}
    with Server(tmp_path_factory.mktemp("server"), port=port, environ=environ) as server:
        yield server


@pytest.fixture(scope="module")
def key(server: Server) -> str:
    return server.admin()


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(user_agent=BROWSER_NAME)
    context.add_init_script("window.__plausible = true")
    yield context
    context.close()


def stored(page: Page, server: Server, key: str, *, domain: str, count: int) -> list[dict[str, Any]]:
    """The site's events, once there are as many as the browser has sent, and a moment for one too many."""
    await_events(page, server, key, domain=domain, count=count)
    page.wait_for_timeout(1000)
    return server.export(key, domain=domain)


def await_events(page: Page, server: Server, key: str, *, domain: str, count: int) -> None:
    """Wait until the site has so many events: requests of one page may overtake each other."""
    for _ in range(STORED_SECONDS_MAX * 10):
        if len(server.export(key, domain=domain)) >= count:
            return
        page.wait_for_timeout(100)


SCRIPT = '<script defer data-domain="{domain}" src="{url}/js/{name}.js"></script>'
PACKAGE_INIT = "([domain, url]) => tracker.init({ domain, endpoint: url + '/api/event' })"
ARCHIVED_INIT = """([domain, apiHost]) => {
    const { trackEvent, enableAutoPageviews } = tracker({ domain, apiHost })
    enableAutoPageviews()
    window.plausible = trackEvent
}"""


@pytest.mark.parametrize(
    ("tracker", "has_engagement"),
    [
        ("script", True),
        ("plausible.outbound-links", True),
        ("script.compat", True),
        ("passerby-package", True),
        ("plausible-package", True),
        ("plausible-archived", False),
    ],
)
def test_a_tracker_is_counted(
    visitor: BrowserContext, pages: Pages, server: Server, key: str, tracker: str, *, has_engagement: bool
) -> None:
    domain = server.site(key, f"{tracker.replace('.', '-')}.{DOMAIN}")
    url = f"http://stats.test:{server.port}"
    page = visitor.new_page()
    if "-p" in tracker or "-archived" in tracker:
        pages.bodies["/app.mjs"] = (built_pages() / f"{tracker}.mjs").read_bytes()
        page.goto(pages.put('<!doctype html><body><script type="module" src="/app.mjs"></script></body>'))
        page.wait_for_function("window.tracker !== undefined")
        page.evaluate(ARCHIVED_INIT if "-archived" in tracker else PACKAGE_INIT, [domain, url])
    else:
        snippet = SCRIPT.format(domain=domain, url=url, name=tracker).replace("<script", '<script id="plausible"')
        page.goto(pages.put(f"<!doctype html>{snippet}<body></body>"))
    page.wait_for_function("window.plausible !== undefined")
    await_events(page, server, key, domain=domain, count=1)
    page.evaluate("plausible('Signup', { props: { plan: 'pro' } })")
    await_events(page, server, key, domain=domain, count=2)
    page.evaluate("history.pushState({}, '', '/two')")
    await_events(page, server, key, domain=domain, count=4 if has_engagement else 3)
    hide(page)
    events = stored(page, server, key, domain=domain, count=5 if has_engagement else 3)
    seen = sorted((event["name"], event["pathname"]) for event in events)
    engagement = [("engagement", "/"), ("engagement", "/two")] if has_engagement else []
    assert seen == [("Signup", "/"), *engagement, ("pageview", "/"), ("pageview", "/two")]
    assert next(event["props"] for event in events if event["name"] == "Signup") == {"plan": "pro"}
    visits = server.export(key, "visits", domain)
    assert [(visit["pageviews"], visit["events"], visit["exit_page"]) for visit in visits] == [(2, 3, "/two")]


def test_the_sites_own_script_is_counted_as_it_was_configured(
    visitor: BrowserContext, pages: Pages, server: Server, key: str
) -> None:
    domain = "own.shop.test"
    made = server.json(
        "POST", "/api/v1/sites", {"domain": domain, "tracker_script_configuration": {"outbound_links": True}}, key
    )
    described = made.get("tracker_script_configuration") or server.json("GET", f"/api/v1/sites/{domain}", None, key)
    script_id = described.get("id") or described["tracker_script_configuration"]["id"]
    page = visitor.new_page()
    script = f'<script async src="http://stats.test:{server.port}/js/{script_id}.js"></script>'
    link = "<a href='https://other.test/' onclick='event.preventDefault()'>go</a>"
    page.goto(pages.put(f"<!doctype html>{script}{STUB}<script>plausible.init()</script><body>{link}</body>"))
    page.wait_for_function("window.plausible && window.plausible.l")
    page.click("a")
    events = stored(page, server, key, domain=domain, count=2)
    assert sorted(event["name"] for event in events) == ["Outbound Link: Click", "pageview"]


def test_the_snippet_of_the_installation_page_counts_and_the_page_notices(
    visitor: BrowserContext, pages: Pages, server: Server, key: str
) -> None:
    domain = server.site(key, f"snippet.{DOMAIN}")
    url = f"http://stats.test:{server.port}"
    page, own = visitor.new_page(), visitor.new_page()
    own.goto(f"{url}/login")
    own.fill("input[type=email]", "ann@example.com")
    own.fill("input[type=password]", PASSWORD)
    own.press("input[type=password]", "Enter")
    own.wait_for_url("**/sites")
    own.goto(f"{url}/{domain}/installation")
    own.click("[data-copy=snippet]")  # There is no clipboard without https: the text is selected.
    snippet = own.evaluate("getSelection().toString()")
    page.goto(pages.put(f"<!doctype html><head>{snippet}</head><body></body>"))
    own.wait_for_url(f"**/{domain}")
    assert [event["name"] for event in stored(page, server, key, domain=domain, count=1)] == ["pageview"]
    own.goto(f"{url}/{domain}/installation")
    own.wait_for_selector("[data-arrived]:not([hidden])")
    own.fill("#url", page.url)
    own.click("#check button")
    assert "ports, 80 and 443" in own.inner_text("#check .alert")
    address = re.search(r'src="[^"]+(/js/[^"]+)"', snippet)
    assert address is not None
    _, _, served = server.request("GET", address[1])
    assert own.inner_text("#hash") == hashlib.sha256(served).hexdigest()


def test_an_event_sent_while_the_server_restarts_is_counted_once(
    visitor: BrowserContext, pages: Pages, key: str, server: Server
) -> None:
    domain = server.site(key, f"restart.{DOMAIN}")
    page = visitor.new_page()
    snippet = SCRIPT.format(domain=domain, url=f"http://stats.test:{server.port}", name="script")
    page.goto(pages.put(f"<!doctype html>{snippet}<body></body>"))
    await_events(page, server, key, domain=domain, count=1)
    assert server.stop() == 0
    page.evaluate(
        """Promise.all(['One', 'Two', 'Three'].map((name) => new Promise((done) => {
            plausible(name, { callback: done })
        })))"""
    )
    server.start()
    page.evaluate("dispatchEvent(new Event('online'))")
    events = stored(page, server, key, domain=domain, count=4)
    assert sorted(event["name"] for event in events) == ["One", "Three", "Two", "pageview"]


def test_an_event_whose_answer_a_crash_swallowed_is_counted_once(server: Server, key: str) -> None:
    domain = server.site(key, f"crash.{DOMAIN}")
    headers = {"user-agent": BROWSER_NAME, "content-type": "text/plain"}

    def post(event_id: float) -> None:
        event = {"n": "pageview", "u": f"https://{domain}/", "d": domain, "id": event_id}
        assert server.request("POST", "/api/event", json.dumps(event), headers)[0] == 202

    post(0.25)
    post(0.5)
    server.kill()
    server.start()
    post(0.5)
    post(0.75)
    post(0.25)
    assert len(server.export(key, domain=domain)) == 3


def test_the_same_event_twice_is_counted_once(server: Server, key: str, pages: Pages, visitor: BrowserContext) -> None:
    domain = server.site(key, f"twice.{DOMAIN}")
    page = visitor.new_page()
    page.goto(pages.put("<!doctype html><body></body>"))
    statuses = page.evaluate(
        """async ([endpoint, d]) => {
            const post = (id) => fetch(endpoint, { method: 'POST', body: JSON.stringify(
                { n: 'pageview', u: 'https://shop.test/', d, id }) })
            const together = await Promise.all([post(0.25), post(0.25), post(0.5)])
            return [...together, await post(0.25), await post(undefined), await post(undefined)].map((it) => it.status)
        }""",
        [f"http://stats.test:{server.port}/api/event", domain],
    )
    assert statuses == [202] * 6
    assert len(stored(page, server, key, domain=domain, count=4)) == 4
