"""Single-page apps as their frameworks navigate, and the npm packages: ours, and the official ones unchanged."""

import pytest
from playwright.sync_api import Page

from tests.support.collector import DOMAIN, Collector, Pages
from tests.support.tracked_page import hide, site_page, visit
from tests.support.tracker_pages import built_pages

pytestmark = pytest.mark.browser


def app_page(pages: Pages, collector: Collector, name: str, body: str = '<div id="app"></div>') -> str:
    """A page with the tracker and a built script."""
    pages.bodies["/app.mjs"] = (built_pages() / f"{name}.mjs").read_bytes()
    return site_page(collector, f'{body}<script type="module" src="/app.mjs"></script>')


def package_page(pages: Pages, name: str) -> str:
    """A page with a package as `window.tracker` and no other tracker."""
    pages.bodies["/app.mjs"] = (built_pages() / f"{name}.mjs").read_bytes()
    return '<!doctype html><body>short<script type="module" src="/app.mjs"></script></body>'


def paths_of(pages: Pages, collector: Collector) -> list[str]:
    """The paths of the pageviews, in order."""
    return [event["u"].removeprefix(pages.url) for event in collector.events if event["n"] == "pageview"]


def expect_paths(pages: Pages, collector: Collector, *paths: str) -> None:
    """These pageviews and no more."""
    collector.wait_until(lambda: len(paths_of(pages, collector)) >= len(paths))
    assert paths_of(pages, collector) == list(paths)


def test_react_router(page: Page, pages: Pages, collector: Collector) -> None:
    visit(page, pages, app_page(pages, collector, "react-router"))
    page.click("#filter")
    page.wait_for_url("**/?filter=x")
    page.click("#two")
    page.wait_for_selector("#home-link")
    expect_paths(pages, collector, "/", "/two")
    page.click("#home-link")
    page.wait_for_selector("#home")
    expect_paths(pages, collector, "/", "/two", "/")
    page.click("#replace")
    page.click("#moved")
    page.wait_for_selector("#target")
    page.go_back()
    page.wait_for_selector("#home")
    expect_paths(pages, collector, "/", "/two", "/", "/moved", "/replaced")


def test_vue_router(page: Page, pages: Pages, collector: Collector) -> None:
    visit(page, pages, app_page(pages, collector, "vue-router"))
    page.click("#two")
    page.wait_for_selector("#at-two")
    expect_paths(pages, collector, "/", "/two")
    page.click("#filter")
    page.wait_for_url("**/two?filter=x")
    page.go_back()
    page.go_back()
    page.wait_for_selector("#at-home")
    expect_paths(pages, collector, "/", "/two", "/")


def test_htmx_boosted_links(page: Page, pages: Pages, collector: Collector) -> None:
    pages.put("<!doctype html><body><p id='second'>second</p></body>", "/two")
    visit(page, pages, app_page(pages, collector, "htmx", '<div hx-boost="true"><a href="/two">two</a></div>'))
    page.wait_for_function("window.htmx !== undefined")
    page.evaluate("window.sameDocument = true")
    page.click("a")
    page.wait_for_selector("#second")
    assert page.evaluate("[window.sameDocument, location.pathname]") == [True, "/two"]
    expect_paths(pages, collector, "/", "/two")


@pytest.mark.parametrize("package", ["passerby-package", "plausible-package"])
def test_a_package_counts_like_the_script(page: Page, pages: Pages, collector: Collector, package: str) -> None:
    page.goto(pages.put(package_page(pages, package)))
    page.wait_for_function("window.tracker !== undefined")
    page.evaluate(
        "([domain, endpoint]) => tracker.init({ domain, endpoint, customProperties: { theme: 'dark' } })",
        [DOMAIN, f"{collector.url}/api/event"],
    )
    page.evaluate(
        "new Promise((done) => tracker.track('Signup', { props: { plan: 'pro' }, interactive: false, callback: done }))"
    )
    page.evaluate("history.pushState({}, '', '/two')")
    collector.wait_until(lambda: collector.names().count("pageview") == 2)
    hide(page)
    collector.wait_until(lambda: collector.names().count("engagement") == 2)
    signup = next(event for event in collector.events if event["n"] == "Signup")
    assert {key: signup[key] for key in ("d", "p", "i")} == {
        "d": DOMAIN,
        "p": {"theme": "dark", "plan": "pro"},
        "i": False,
    }
    assert paths_of(pages, collector) == ["/", "/two"]
    assert page.evaluate("[plausible.s, plausible.l]") == ["npm", True]
    assert page.evaluate("tracker.DEFAULT_FILE_TYPES.length") == 26


def test_the_package_refuses_what_the_official_one_refuses(page: Page, pages: Pages, collector: Collector) -> None:
    page.goto(pages.put(package_page(pages, "passerby-package")))
    page.wait_for_function("window.tracker !== undefined")
    message_of = "(code) => { try { eval(code) } catch (error) { return error.message } }"
    assert (
        page.evaluate(message_of, "tracker.track('A')") == "plausible.track() can only be called after plausible.init()"
    )
    assert page.evaluate(message_of, "tracker.init({})") == "plausible.init(): domain argument is required"
    init = f"tracker.init({{ domain: 'shop.test', endpoint: '{collector.url}/api/event', bindToWindow: false }})"
    assert page.evaluate(message_of, init) is None
    assert page.evaluate(message_of, init) == "plausible.init() can only be called once"
    assert page.evaluate("typeof window.plausible + typeof window.passerby") == "undefinedundefined"
    collector.wait_for(1)


def test_the_package_sends_to_the_pages_own_host_unless_told_otherwise(page: Page, pages: Pages) -> None:
    page.goto(pages.put(package_page(pages, "passerby-package")))
    page.wait_for_function("window.tracker !== undefined")
    with page.expect_request("**/api/event") as request:
        page.evaluate("tracker.init({ domain: 'shop.test' })")
    assert request.value.url == f"{pages.url}/api/event"


def test_the_archived_package_counts(page: Page, pages: Pages, collector: Collector) -> None:
    page.goto(pages.put(package_page(pages, "plausible-archived")))
    page.wait_for_function("window.tracker !== undefined")
    page.evaluate(
        """([domain, apiHost]) => {
            const { trackEvent, enableAutoPageviews } = tracker({ domain, apiHost })
            enableAutoPageviews()
            trackEvent('Signup', { props: { plan: 'pro' } })
            history.pushState({}, '', '/two')
        }""",
        [DOMAIN, collector.url],
    )
    collector.wait_for(3)
    assert sorted(collector.names()) == ["Signup", "pageview", "pageview"]
