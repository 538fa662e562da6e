"""How far and how long: when engagement is sent, and what it says."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page

from tests.support.collector import DOMAIN, Collector, Pages
from tests.support.tracked_page import call, hide, legacy_page, sent_by, show, site_page, visit, without_id

pytestmark = pytest.mark.browser

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
TALL = '<div style="height: 3000px"></div>'
STILL = "<style>body { margin: 0 }</style>"


def blur(page: Page) -> None:
    page.evaluate("dispatchEvent(new Event('blur'))")


def focus(page: Page) -> None:
    page.evaluate("dispatchEvent(new Event('focus'))")


def scroll(page: Page, y: int) -> None:
    page.evaluate(
        f"new Promise(done => {{ document.addEventListener('scroll', done, {{ once: true }}); scrollTo(0, {y}) }})"
    )


@pytest.mark.parametrize("kind", ["site", "legacy"])
def test_leaving_a_page_reports_how_far_it_was_read(page: Page, pages: Pages, collector: Collector, kind: str) -> None:
    body = STILL + TALL
    page.set_viewport_size({"width": 800, "height": 600})
    visit(page, pages, site_page(collector, body) if kind == "site" else legacy_page(collector, "", body))
    scroll(page, 900)
    scroll(page, 100)
    hide(page)
    _, engagement = collector.wait_for(2)
    assert engagement.pop("e") < 3000
    assert list(engagement) == ["n", "sd", "d", "u", "v", "id"]
    assert without_id(engagement) == {"n": "engagement", "sd": 50, "d": DOMAIN, "u": f"{pages.url}/", "v": 33}


def test_a_page_that_fits_the_screen_was_read_to_its_end(page: Page, pages: Pages, collector: Collector) -> None:
    visit(page, pages, site_page(collector, "short"))
    hide(page)
    assert collector.wait_for(2)[1]["sd"] == 100


def test_a_page_that_grew_without_scrolling_is_measured_anew(page: Page, pages: Pages, collector: Collector) -> None:
    page.set_viewport_size({"width": 800, "height": 600})
    visit(page, pages, site_page(collector, f"{STILL}<main></main>"))
    page.evaluate("document.querySelector('main').style.height = '2400px'")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    hide(page)
    assert collector.wait_for(2)[1]["sd"] == 25


def test_only_news_is_reported(page: Page, pages: Pages, collector: Collector) -> None:
    visit(page, pages, site_page(collector, STILL + TALL))
    hide(page)
    collector.wait_for(2)
    show(page)
    hide(page)
    blur(page)
    collector.wait_for(2)
    show(page)
    scroll(page, 900)
    hide(page)
    assert collector.wait_for(3)[2]["sd"] > collector.events[1]["sd"]


def test_three_seconds_are_news_and_only_time_in_front_counts(page: Page, pages: Pages, collector: Collector) -> None:
    page.clock.install(time=NOON - timedelta(hours=1))  # It runs until it is paused, and cannot be set back.
    page.clock.pause_at(NOON)
    visit(page, pages, site_page(collector, "short"))
    collector.wait_for(1)
    page.clock.run_for(2000)
    blur(page)
    collector.wait_for(2)
    page.clock.run_for(60_000)
    focus(page)
    page.clock.run_for(1700)
    blur(page)
    collector.wait_for(2)
    focus(page)
    page.clock.run_for(1500)
    hide(page)
    collector.wait_for(3)
    assert [event["e"] for event in collector.events if event["n"] == "engagement"] == [2000, 3200]


def test_a_page_without_focus_does_not_run_the_clock(page: Page, pages: Pages, collector: Collector) -> None:
    page.clock.install()
    visit(page, pages, site_page(collector, "short"))
    hide(page)
    collector.wait_for(2)
    page.evaluate("document.hasFocus = () => false")
    show(page)
    page.clock.run_for(10_000)
    hide(page)
    collector.wait_for(2)


def test_a_navigation_reports_the_page_before_it(page: Page, pages: Pages, collector: Collector) -> None:
    page.set_viewport_size({"width": 800, "height": 600})
    sent = sent_by(page)
    visit(page, pages, site_page(collector, STILL + TALL))
    scroll(page, 2400)
    page.evaluate("scrollTo(0, 0); history.pushState({}, '', '/two')")
    collector.wait_for(3)
    hide(page)
    collector.wait_for(4)
    assert [(event["n"], event["u"].removeprefix(pages.url), event.get("sd")) for event in sent] == [
        ("pageview", "/", None),
        ("engagement", "/", 100),
        ("pageview", "/two", None),
        ("engagement", "/two", 20),
    ]


def test_engagement_carries_what_its_pageview_became(page: Page, pages: Pages, collector: Collector) -> None:
    init = """{ customProperties: { theme: 'dark' }, transformRequest: (payload) => {
        window.transformed = (window.transformed || []).concat(payload.n)
        return { ...payload, u: 'https://shop.test/redacted' }
    } }"""
    visit(page, pages, site_page(collector, init=init))
    hide(page)
    engagement = collector.wait_for(2)[1]
    assert (engagement["u"], engagement["p"]) == ("https://shop.test/redacted", {"theme": "dark"})
    assert page.evaluate("window.transformed") == ["pageview"]


def test_hash_mode_is_told_in_engagement(page: Page, pages: Pages, collector: Collector) -> None:
    visit(page, pages, site_page(collector, init="{ hashBasedRouting: true }"), "/#/one")
    hide(page)
    assert collector.wait_for(2)[1]["h"] == 1


def test_an_ignored_pageview_silences_engagement_until_the_next_counted_one(
    page: Page, pages: Pages, collector: Collector
) -> None:
    init = "{ transformRequest: (payload) => !payload.u.includes('/secret') && payload }"
    visit(page, pages, site_page(collector, init=init))
    page.evaluate("history.pushState({}, '', '/secret')")
    collector.wait_for(2)
    hide(page)
    show(page)
    collector.wait_for(2)
    page.evaluate("history.pushState({}, '', '/open')")
    hide(page)
    collector.wait_for(4)
    assert sorted(collector.names()) == ["engagement", "engagement", "pageview", "pageview"]


def test_nothing_is_reported_before_the_first_pageview(page: Page, pages: Pages, collector: Collector) -> None:
    visit(page, pages, site_page(collector, init="{ autoCapturePageviews: false }"))
    hide(page)
    show(page)
    call(page, "Signup")
    hide(page)
    assert [event["n"] for event in collector.wait_for(1)] == ["Signup"]


def test_closing_the_page_reports_it(page: Page, pages: Pages, collector: Collector) -> None:
    visit(page, pages, site_page(collector, "short"))
    collector.wait_for(1)
    page.goto(f"{collector.url}/js/none.js")
    assert collector.wait_for(2)[1]["n"] == "engagement"


def test_old_browsers_measure_by_the_clock(page: Page, pages: Pages, collector: Collector) -> None:
    page.set_viewport_size({"width": 800, "height": 600})
    visit(page, pages, legacy_page(collector, ".compat", f"{STILL}<main></main>", attributes='id="plausible"'))
    page.evaluate("document.querySelector('main').style.height = '2400px'")
    page.evaluate("new Promise((done) => setTimeout(done, 600))")
    hide(page)
    assert collector.wait_for(2)[1]["sd"] == 25
