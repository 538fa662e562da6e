"""What counts as a pageview: first loads, navigations of single-page apps, hash routes, returns, hidden starts."""

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.support.collector import DOMAIN, Collector, Pages
from tests.support.tracked_page import call, hide, legacy_page, show, site_page, visit, without_id

pytestmark = pytest.mark.browser

HIDDEN_AT_FIRST = """<script>
Object.defineProperty(document, 'visibilityState', { value: '%s', configurable: true })
Object.defineProperty(document, 'hidden', { value: true, configurable: true })
</script>"""


def test_a_load_is_one_pageview_with_the_documented_keys_in_order(
    page: Page, pages: Pages, collector: Collector
) -> None:
    visit(page, pages, site_page(collector), "/news?utm_source=x#top")
    (event,) = collector.wait_for(1)
    assert without_id(event) == {
        "n": "pageview",
        "v": 33,
        "u": f"{pages.url}/news?utm_source=x#top",
        "d": DOMAIN,
        "r": None,
    }
    assert list(event) == ["n", "v", "u", "d", "r", "id"]
    assert collector.headers[0]["content-type"] == "text/plain"
    assert "cookie" not in collector.headers[0]


def test_a_legacy_script_counts_the_same(page: Page, pages: Pages, collector: Collector) -> None:
    visit(page, pages, legacy_page(collector), "/news?a=1#top")
    (event,) = collector.wait_for(1)
    assert without_id(event) == {
        "n": "pageview",
        "v": 33,
        "u": f"{pages.url}/news?a=1#top",
        "d": DOMAIN,
        "r": None,
    }


@pytest.mark.parametrize("name", ["script", "plausible", "analytics", "p", "script.pageleave", "script.compat"])
def test_every_legacy_address_counts(page: Page, pages: Pages, collector: Collector, name: str) -> None:
    html = f'<script id="plausible" defer data-domain="{DOMAIN}" src="{collector.script(name)}"></script>'
    visit(page, pages, f"<!doctype html>{html}<body></body>")
    assert collector.wait_for(1)[0]["d"] == DOMAIN


def test_the_referrer_is_sent(page: Page, pages: Pages, collector: Collector) -> None:
    pages.put('<a href="/here">go</a>', "/before")
    pages.put(site_page(collector), "/here")
    page.goto(f"{pages.url}/before")
    page.click("a")
    assert collector.wait_for(1)[0]["r"] == f"{pages.url}/before"


@pytest.mark.parametrize("kind", ["site", "legacy", "compat"])
def test_history_navigations_count_once_for_each_new_path(
    page: Page, pages: Pages, collector: Collector, kind: str
) -> None:
    html = {
        "site": site_page(collector),
        "legacy": legacy_page(collector),
        "compat": legacy_page(collector, ".compat", attributes='id="plausible"'),
    }[kind]
    visit(page, pages, html)
    collector.wait_for(1)
    page.evaluate("history.pushState({}, '', '/two')")
    page.evaluate("history.pushState({}, '', '/two?page=2')")
    page.evaluate("history.pushState({}, '', '/two#part')")
    page.evaluate("history.replaceState({}, '', '/three')")
    page.evaluate("history.pushState({ a: 1 }, '', '/four')")
    collector.wait_until(lambda: collector.names().count("pageview") == 3)
    page.evaluate("history.back()")
    collector.wait_until(lambda: collector.names().count("pageview") == 4)
    paths = [event["u"].removeprefix(pages.url) for event in collector.events if event["n"] == "pageview"]
    assert paths == ["/", "/two", "/four", "/three"]
    assert page.evaluate("history.state") != {"a": 1}


def test_pushing_state_still_does_what_the_page_asked_for(page: Page, pages: Pages, collector: Collector) -> None:
    visit(page, pages, site_page(collector))
    page.evaluate("history.pushState({ answer: 42 }, '', '/two')")
    assert page.evaluate("[history.state.answer, location.pathname]") == [42, "/two"]


@pytest.mark.parametrize("kind", ["site", "legacy"])
def test_in_hash_mode_each_change_of_the_hash_counts_and_nothing_else(
    page: Page, pages: Pages, collector: Collector, kind: str
) -> None:
    html = (
        site_page(collector, init="{ hashBasedRouting: true }") if kind == "site" else legacy_page(collector, ".hash")
    )
    visit(page, pages, html, "/#/one")
    collector.wait_for(1)
    page.evaluate("location.hash = '#/two'")
    collector.wait_until(lambda: collector.names().count("pageview") == 2)
    page.evaluate("history.pushState({}, '', '/elsewhere')")
    page.evaluate("location.hash = '#/three'")
    collector.wait_until(lambda: collector.names().count("pageview") == 3)
    assert all(event["h"] == 1 for event in collector.events)
    hashes = [event["u"].split("#")[1] for event in collector.events if event["n"] == "pageview"]
    assert hashes == ["/one", "/two", "/three"]


@pytest.mark.parametrize("state", ["hidden", "prerender"])
def test_a_page_that_starts_hidden_counts_when_it_is_first_seen(
    page: Page, pages: Pages, collector: Collector, state: str
) -> None:
    visit(page, pages, site_page(collector, head=HIDDEN_AT_FIRST % state))
    collector.wait_for(0)
    show(page)
    collector.wait_for(1)
    hide(page)
    show(page)
    assert collector.names().count("pageview") == 1


def test_a_return_from_the_back_forward_cache_counts(page: Page, pages: Pages, collector: Collector) -> None:
    visit(page, pages, site_page(collector))
    collector.wait_for(1)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }))")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    collector.wait_until(lambda: collector.names().count("pageview") == 2)


def test_without_auto_capture_only_calls_count_and_each_does(page: Page, pages: Pages, collector: Collector) -> None:
    visit(page, pages, site_page(collector, init="{ autoCapturePageviews: false }"))
    page.evaluate("history.pushState({}, '', '/two')")
    collector.wait_for(0)
    call(page, "pageview", {"url": "https://shop.test/given"})
    call(page, "pageview", {"u": "https://shop.test/short", "url": "https://shop.test/long"})
    collector.wait_until(lambda: collector.names().count("pageview") == 2)
    urls = [event["u"] for event in collector.events if event["n"] == "pageview"]
    assert urls == ["https://shop.test/given", "https://shop.test/short"]


def test_a_legacy_manual_script_takes_the_address_it_is_given_and_others_do_not(
    page: Page, pages: Pages, collector: Collector
) -> None:
    visit(page, pages, legacy_page(collector, ".manual"), "/manual")
    collector.wait_for(0)
    call(page, "pageview", {"u": "https://shop.test/given"})
    assert collector.wait_for(1)[0]["u"] == "https://shop.test/given"
    collector.events.clear()
    visit(page, pages, legacy_page(collector), "/plain")
    call(page, "Signup", {"u": "https://shop.test/given"})
    collector.wait_until(lambda: "Signup" in collector.names())
    assert collector.events[-1]["u"] == f"{pages.url}/plain"


def test_several_domains_of_a_legacy_script_are_sent_as_they_are(
    page: Page, pages: Pages, collector: Collector
) -> None:
    html = legacy_page(collector).replace(f'data-domain="{DOMAIN}"', 'data-domain="shop.test,all.test"')
    visit(page, pages, html)
    assert collector.wait_for(1)[0]["d"] == "shop.test,all.test"


def test_a_page_opened_in_a_second_tab_is_its_own_pageview(
    context: BrowserContext, page: Page, pages: Pages, collector: Collector
) -> None:
    visit(page, pages, site_page(collector))
    visit(context.new_page(), pages, site_page(collector))
    collector.wait_until(lambda: collector.names().count("pageview") == 2)
    assert len({event["id"] for event in collector.events}) == len(collector.events)


def test_a_page_that_was_not_found_says_so(page: Page, pages: Pages, collector: Collector) -> None:
    helper = "<script>document.addEventListener('DOMContentLoaded', () => plausible('404'))</script>"
    visit(page, pages, site_page(collector, head=helper), "/nowhere")
    events = collector.wait_for(2)
    assert sorted((event["n"], event["u"]) for event in events) == [
        ("404", f"{pages.url}/nowhere"),
        ("pageview", f"{pages.url}/nowhere"),
    ]
