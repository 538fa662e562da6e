"""Nothing lost and nothing doubled: the server slow, down and back; strict pages, broken pages; nothing left behind."""

import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.support.collector import Collector, Pages
from tests.support.tracked_page import call, hide, legacy_page, show, site_page, visit

pytestmark = pytest.mark.browser

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
STEP_MS = 250
STEPS_MAX = 400
KINDS = pytest.mark.parametrize("kind", ["site", "legacy", "compat"])


def page_of_kind(collector: Collector, kind: str) -> str:
    if kind == "site":
        return site_page(collector)
    if kind == "legacy":
        return legacy_page(collector)
    return legacy_page(collector, ".compat", attributes='id="plausible"')


def taken_once(collector: Collector, names: list[str]) -> None:
    """Each of these was taken and once, however often it was sent. An attempt under way may be overtaken by another."""
    collector.wait_until(lambda: len(collector.events) >= len(names))
    time.sleep(0.3)
    assert sorted(collector.names()) == sorted(names)
    assert len({event["id"] for event in collector.events}) == len(names)


@KINDS
def test_events_wait_while_the_server_is_away(page: Page, pages: Pages, collector: Collector, kind: str) -> None:
    visit(page, pages, page_of_kind(collector, kind))
    collector.wait_for(1)
    collector.down()
    for name in ("One", "Two", "Three"):
        told = page.evaluate("(name) => new Promise((done) => plausible(name, { callback: done }))", name)
        assert "error" in told
    collector.up()
    page.evaluate("dispatchEvent(new Event('online'))")
    taken_once(collector, ["pageview", "One", "Two", "Three"])


@KINDS
def test_a_server_error_is_tried_again_with_the_same_id(
    page: Page, pages: Pages, collector: Collector, kind: str
) -> None:
    collector.status = 500
    visit(page, pages, page_of_kind(collector, kind))
    collector.wait_until(lambda: len(collector.received) >= 2)
    collector.status = 202
    taken_once(collector, ["pageview"])
    assert len({event["id"] for event in collector.received}) == 1


def test_an_answer_that_blames_the_request_is_final(page: Page, pages: Pages, collector: Collector) -> None:
    collector.status = 400
    visit(page, pages, site_page(collector))
    collector.wait_until(lambda: len(collector.received) >= 1)
    page.wait_for_timeout(1500)
    assert len(collector.received) == 1


def attempts(page: Page, pages: Pages, collector: Collector, *, count: int) -> list[int]:
    """The pauses between the attempts of one event, in milliseconds of the page's clock, which only this test moves."""
    page.clock.install(time=NOON)
    page.add_init_script(
        """{
            const send = fetch
            window.sentAt = []
            window.fetch = (...given) => { sentAt.push(Date.now()); return send(...given) }
        }"""
    )
    visit(page, pages, site_page(collector))
    page.clock.pause_at(NOON + timedelta(hours=1))
    for number in range(1, count + 1):
        for _ in range(STEPS_MAX):
            if len(collector.received) >= number:
                break
            page.clock.run_for(STEP_MS)
            page.wait_for_timeout(10)
        page.wait_for_timeout(150)  # The answer arrives, and the page makes its plan; later makes a pause longer.
    sent = page.evaluate("window.sentAt")
    return [later - earlier for earlier, later in pairwise(sent[1:])]  # The first attempt was before the pause.


def test_the_server_says_when_to_come_back(page: Page, pages: Pages, collector: Collector) -> None:
    collector.status, collector.retry_after = 503, "10"
    assert all(10_000 <= pause < 20_000 for pause in attempts(page, pages, collector, count=4))


def test_pauses_between_attempts_grow(page: Page, pages: Pages, collector: Collector) -> None:
    collector.status = 503
    first, second, third = attempts(page, pages, collector, count=5)
    assert 2000 <= first < 4000 <= second < 8000 <= third < 16_000


def test_a_slow_server_gets_each_event_once(page: Page, pages: Pages, collector: Collector) -> None:
    collector.delay_seconds = 1.2
    visit(page, pages, site_page(collector))
    for name in ("One", "Two"):
        call(page, name)
    hide(page)
    show(page)
    collector.wait_until(lambda: len(collector.events) == 4)
    page.wait_for_timeout(1500)
    assert sorted(event["n"] for event in collector.received) == ["One", "Two", "engagement", "pageview"]


def test_events_of_a_page_that_ends_on_a_slow_server_arrive(page: Page, pages: Pages, collector: Collector) -> None:
    visit(page, pages, site_page(collector))
    collector.wait_for(1)
    collector.delay_seconds = 1.0
    page.evaluate("plausible('Last'); location.href = 'about:blank'")
    collector.wait_until(lambda: len(collector.events) == 3)
    assert sorted(collector.names()) == ["Last", "engagement", "pageview"]


def test_what_waits_is_tried_at_once_when_the_page_is_left(page: Page, pages: Pages, collector: Collector) -> None:
    collector.status = 503
    page.clock.install()
    visit(page, pages, site_page(collector))
    call(page, "One")
    collector.wait_until(lambda: len(collector.received) >= 2)
    page.wait_for_timeout(200)
    collector.status = 202
    hide(page)
    collector.wait_until(lambda: len(collector.events) == 3)
    page.wait_for_timeout(300)
    assert sorted(collector.names()) == ["One", "engagement", "pageview"]


def test_being_offline_loses_nothing(context: BrowserContext, page: Page, pages: Pages, collector: Collector) -> None:
    visit(page, pages, site_page(collector))
    collector.wait_for(1)
    context.set_offline(offline=True)
    page.evaluate("plausible('One'); history.pushState({}, '', '/two')")
    page.wait_for_timeout(300)
    assert len(collector.received) == 1
    context.set_offline(offline=False)
    collector.wait_for(4)
    assert sorted(collector.names()) == ["One", "engagement", "pageview", "pageview"]


def test_the_line_of_waiting_events_is_bounded(page: Page, pages: Pages, collector: Collector) -> None:
    visit(page, pages, site_page(collector))
    collector.wait_for(1)
    collector.down()
    page.evaluate(
        """Promise.all(Array.from({ length: 150 }, (_, n) => new Promise((done) => {
            plausible('E' + n, { callback: done })
        })))"""
    )
    collector.up()
    page.evaluate("dispatchEvent(new Event('online'))")
    collector.wait_until(lambda: len(collector.events) >= 100)
    page.wait_for_timeout(1500)
    assert len(collector.events) == 100
    assert {event["n"] for event in collector.events} <= {"pageview", *(f"E{number}" for number in range(150))}


def test_a_browser_without_keepalive_hands_the_last_events_to_a_beacon(
    page: Page, pages: Pages, collector: Collector
) -> None:
    visit(page, pages, site_page(collector, head="<script>delete Request.prototype.keepalive</script>"))
    collector.wait_for(1)
    page.evaluate(
        """() => {
            const send = navigator.sendBeacon.bind(navigator)
            window.beacons = 0
            navigator.sendBeacon = (...given) => { window.beacons++; return send(...given) }
        }"""
    )
    hide(page)
    collector.wait_for(2)
    assert (page.evaluate("window.beacons"), collector.names()[1]) == (1, "engagement")


def test_a_policy_that_allows_the_server_is_enough(page: Page, pages: Pages, collector: Collector) -> None:
    violations: list[str] = []
    page.on("console", lambda message: violations.append(message.text) if "Content Security" in message.text else None)
    pages.headers["content-security-policy"] = (
        f"default-src 'none'; script-src 'unsafe-inline' {collector.url}; connect-src {collector.url}"
    )
    visit(page, pages, site_page(collector))
    hide(page)
    collector.wait_for(2)
    assert violations == []


def test_a_policy_that_forbids_the_server_breaks_nothing(page: Page, pages: Pages, collector: Collector) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    pages.headers["content-security-policy"] = f"script-src 'unsafe-inline' {collector.url}; connect-src 'none'"
    visit(page, pages, site_page(collector))
    told = page.evaluate("new Promise((done) => plausible('A', { callback: (it) => done(!!it.error) }))")
    assert (told, collector.received, errors) == (True, [], [])


def test_errors_of_the_page_do_not_stop_the_tracker(page: Page, pages: Pages, collector: Collector) -> None:
    broken = """<script>addEventListener('error', () => { throw new Error('again') }); undefinedFunction()</script>
        <script>document.addEventListener('visibilitychange', () => { throw new Error('mine') })</script>"""
    visit(page, pages, site_page(collector, broken, head="<script>null.x</script>"))
    page.evaluate("setTimeout(() => { throw new Error('later') })")
    page.evaluate("history.pushState({}, '', '/two')")
    hide(page)
    collector.wait_for(4)
    assert sorted(collector.names()) == ["engagement", "engagement", "pageview", "pageview"]


def test_a_callback_that_throws_does_not_stop_the_line(page: Page, pages: Pages, collector: Collector) -> None:
    visit(page, pages, site_page(collector))
    page.evaluate("plausible('A', { callback() { throw new Error('mine') } })")
    call(page, "B")
    collector.wait_for(3)


@KINDS
def test_a_visit_leaves_nothing_behind(
    context: BrowserContext, page: Page, pages: Pages, collector: Collector, *, kind: str
) -> None:
    visit(page, pages, page_of_kind(collector, kind))
    call(page, "Signup", {"props": {"a": "b"}})
    page.evaluate("history.pushState({}, '', '/two')")
    hide(page)
    collector.wait_until(lambda: len(collector.events) == 5)
    left = page.evaluate(
        """async () => [document.cookie, localStorage.length, sessionStorage.length, window.name,
            (await indexedDB.databases()).length]"""
    )
    assert left == ["", 0, 0, "", 0]
    assert context.cookies() == []
    assert context.storage_state() == {"cookies": [], "origins": []}


def test_two_browsers_get_the_same_bytes_and_tags_and_send_nothing_in_common(
    page: Page, pages: Pages, collector: Collector
) -> None:
    answers: list[dict[str, str]] = []
    page.on("response", lambda it: answers.append(it.headers) if "/js/" in it.url else None)
    visit(page, pages, site_page(collector))
    first = collector.wait_for(1)[0]
    browser = page.context.browser
    assert browser is not None
    other_context = browser.new_context()
    other_context.add_init_script("window.__plausible = true")
    other = other_context.new_page()
    other.on("response", lambda it: answers.append(it.headers) if "/js/" in it.url else None)
    visit(other, pages, site_page(collector))
    collector.wait_until(lambda: collector.names().count("pageview") == 2)
    other_context.close()
    assert answers[0]["etag"] == answers[1]["etag"]
    assert all("set-cookie" not in answer for answer in answers)
    assert first["id"] != collector.events[-1]["id"]
    sent = set().union(*(headers for headers in collector.headers))
    assert sent.isdisjoint({"cookie", "if-none-match", "etag", "authorization"})
