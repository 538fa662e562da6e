"""`plausible(name, options)` and `plausible.init(options)`: what a page can ask for, and what it is told."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.support.collector import DOMAIN, Collector, Pages
from tests.support.tracked_page import STUB, call, hide, legacy_page, sent_by, site_page, visit, without_id

pytestmark = pytest.mark.browser


def warnings_of(page: Page) -> list[str]:
    texts: list[str] = []
    page.on("console", lambda message: texts.append(message.text) if message.type == "warning" else None)
    return texts


def test_a_custom_event_carries_everything_it_is_given(page: Page, pages: Pages, collector: Collector) -> None:
    visit(page, pages, site_page(collector))
    options: dict[str, object] = {
        "props": {"plan": "pro"},
        "interactive": False,
        "revenue": {"amount": 9.9, "currency": "EUR"},
        "url": "https://shop.test/given",
    }
    call(page, "Signup", options)
    event = collector.wait_for(2)[1]
    assert list(event) == ["n", "v", "u", "d", "r", "p", "i", "$", "id"]
    assert without_id(event) == {
        "n": "Signup",
        "v": 33,
        "u": "https://shop.test/given",
        "d": DOMAIN,
        "r": None,
        "p": {"plan": "pro"},
        "i": False,
        "$": {"amount": 9.9, "currency": "EUR"},
    }


def test_a_legacy_script_sends_meta_as_text_and_revenue_only_where_it_was_asked_for(
    page: Page, pages: Pages, collector: Collector
) -> None:
    options: dict[str, object] = {"meta": {"a": 1}, "revenue": {"amount": 1, "currency": "EUR"}, "interactive": True}
    visit(page, pages, legacy_page(collector))
    call(page, "Signup", options)
    event = collector.wait_for(2)[1]
    assert (event["m"], "$" in event, "i" in event) == ('{"a":1}', False, False)
    collector.events.clear()
    visit(page, pages, legacy_page(collector, ".revenue"), "/two")
    call(page, "Signup", options)
    collector.wait_until(lambda: "Signup" in collector.names())
    assert collector.events[-1]["$"] == {"amount": 1, "currency": "EUR"}


def test_calls_made_before_the_script_arrived_follow_the_first_pageview_in_order(
    page: Page, pages: Pages, collector: Collector
) -> None:
    queue = f"{STUB}<script>plausible('One', {{ props: {{ a: '1' }} }}); passerby('Two')</script>"
    sent = sent_by(page)
    for html in (site_page(collector, head=queue), legacy_page(collector, head=queue)):
        sent.clear()
        visit(page, pages, html)
        collector.wait_until(lambda: {"pageview", "One", "Two"} <= set(collector.names()))
        assert [event["n"] for event in sent] == ["pageview", "One", "Two"]
        page.goto("about:blank")
        collector.wait_until(lambda: "engagement" in collector.names())
        collector.events.clear()


def test_nothing_is_counted_before_init(page: Page, pages: Pages, collector: Collector) -> None:
    html = f'<!doctype html><script src="{collector.script()}"></script><body></body>'
    page.goto(pages.put(html))
    collector.wait_for(0)
    page.evaluate("plausible.init({ customProperties: { late: 'yes' } })")
    assert collector.wait_for(1)[0]["p"] == {"late": "yes"}


def test_the_window_tells_what_is_running(page: Page, pages: Pages, collector: Collector) -> None:
    visit(page, pages, site_page(collector, init="{ lib: 'gtm' }"))
    state = "[plausible.l, plausible.v, plausible.s, typeof plausible.init, plausible === passerby]"
    assert page.evaluate(state) == [True, 33, "gtm", "function", True]
    visit(page, pages, site_page(collector))
    assert page.evaluate(state) == [True, 33, "web", "function", True]
    visit(page, pages, legacy_page(collector))
    assert page.evaluate(state) == [True, 33, None, "function", True]
    assert page.evaluate("'s' in plausible") is False


def test_a_second_init_is_ignored_with_a_word(page: Page, pages: Pages, collector: Collector) -> None:
    warnings = warnings_of(page)
    visit(page, pages, site_page(collector))
    page.evaluate("plausible.init({ logging: false })")
    assert warnings == []
    page.evaluate("plausible.init()")
    page.add_script_tag(url=collector.script())
    page.evaluate("plausible.init()")
    assert warnings == ["Plausible analytics script was already initialized, skipping init"] * 2
    collector.wait_for(1)


def test_options_of_the_page_win_over_the_servers_except_the_domain(
    page: Page, pages: Pages, collector: Collector
) -> None:
    with Collector() as other:
        init = f"{{ domain: 'other.test', endpoint: '{other.url}/in' }}"
        visit(page, pages, site_page(collector, init=init))
        assert other.wait_for(1)[0]["d"] == DOMAIN
    assert collector.received == []


def test_a_legacy_script_sends_to_data_api(page: Page, pages: Pages, collector: Collector) -> None:
    with Collector() as other:
        visit(page, pages, legacy_page(collector, attributes=f'data-api="{other.url}/in"'))
        other.wait_for(1)


@pytest.mark.parametrize(
    ("custom", "call_props", "sent"),
    [
        ("{ a: '1', b: '1' }", {"b": "2"}, {"a": "1", "b": "2"}),
        ("(name) => ({ event: name })", None, {"event": "Signup"}),
        ("() => 'text'", {"b": "2"}, {"b": "2"}),
        ("7", None, None),
        ("null", {"b": "2"}, {"b": "2"}),
    ],
)
def test_custom_properties_lie_under_the_calls_own(
    page: Page, pages: Pages, collector: Collector, *, custom: str, call_props: Any, sent: Any
) -> None:
    init = f"{{ autoCapturePageviews: false, customProperties: {custom} }}"
    visit(page, pages, site_page(collector, init=init))
    call(page, "Signup", {"props": call_props} if call_props else {})
    assert collector.wait_for(1)[0].get("p") == sent


def test_pageview_props_of_the_element_fill_what_the_call_leaves_open(
    page: Page, pages: Pages, collector: Collector
) -> None:
    visit(page, pages, legacy_page(collector, ".pageview-props", attributes='event-author="Ann" event-tag="news"'))
    call(page, "Signup", {"props": {"author": "Bob"}})
    pageview, signup = sorted(collector.wait_for(2), key=lambda event: event["n"], reverse=True)
    assert pageview["p"] == {"author": "Ann", "tag": "news"}
    assert signup["p"] == {"author": "Bob", "tag": "news"}


def test_transform_request_may_change_or_refuse_an_event(page: Page, pages: Pages, collector: Collector) -> None:
    warnings = warnings_of(page)
    init = """{ transformRequest: (payload) => {
        if (payload.n === 'Secret') return null
        if (payload.n === 'Broken') throw new Error('my mistake')
        payload.p = { seen: payload.n }
        return Object.freeze(payload)
    } }"""
    visit(page, pages, site_page(collector, init=init))
    call(page, "Secret")
    call(page, "Broken")
    assert collector.wait_for(1)[0]["p"] == {"seen": "pageview"}
    assert warnings == ["Ignoring Event: transformRequest", "Ignoring Event: Error: my mistake"]


@pytest.mark.parametrize(("init", "count"), [("{}", 1), ("{ logging: true }", 1), ("{ logging: false }", 0)])
def test_logging_can_be_silenced(page: Page, pages: Pages, collector: Collector, init: str, count: int) -> None:
    warnings = warnings_of(page)
    visit(page, pages, site_page(collector, init=init, head="<script>localStorage.plausible_ignore = 'true'</script>"))
    assert warnings == ["Ignoring Event: localStorage flag"] * count
    collector.wait_for(0)


@pytest.mark.parametrize(("flag", "count"), [("true", 0), ("false", 1), ("1", 1)])
def test_a_visitor_can_opt_out_in_their_own_browser(
    page: Page, pages: Pages, collector: Collector, flag: str, count: int
) -> None:
    warnings = warnings_of(page)
    head = f"<script>localStorage.plausible_ignore = '{flag}'</script>"
    visit(page, pages, legacy_page(collector, head=head))
    collector.wait_for(count)
    assert warnings == ["Ignoring Event: localStorage flag"] * (1 - count)


def test_forbidden_storage_is_no_reason_not_to_count(page: Page, pages: Pages, collector: Collector) -> None:
    forbid = "<script>Object.defineProperty(window, 'localStorage', { get() { throw new Error('no') } })</script>"
    visit(page, pages, site_page(collector, head=forbid))
    collector.wait_for(1)


CALLBACKS = """(name) => new Promise((done) => {
    const calls = []
    const told = (it) => ({ status: it.status, error: !!it.error })
    plausible(name, { callback: (...given) => calls.push(given.map(told)) })
    setTimeout(() => done(calls), 1500)
})"""


def test_a_callback_hears_the_status_the_failure_or_nothing(page: Page, pages: Pages, collector: Collector) -> None:
    init = "{ transformRequest: (payload) => payload.n !== 'Ignored' && payload }"
    visit(page, pages, site_page(collector, init=init))
    assert page.evaluate(CALLBACKS, "Taken") == [[{"status": 202, "error": False}]]
    assert page.evaluate(CALLBACKS, "Ignored") == [[]]
    collector.status = 400
    assert page.evaluate(CALLBACKS, "Refused") == [[{"status": 400, "error": False}]]
    collector.down()
    assert page.evaluate(CALLBACKS, "Away") == [[{"status": None, "error": True}]]


def test_a_compat_callback_hears_of_a_network_error(page: Page, pages: Pages, collector: Collector) -> None:
    visit(page, pages, legacy_page(collector, ".compat", attributes='id="plausible"'))
    collector.wait_for(1)
    collector.down()
    told = page.evaluate("new Promise((done) => plausible('A', { callback: (it) => done(it.error.message) }))")
    assert told == "Network error"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
@pytest.mark.parametrize("kind", ["site", "legacy"])
def test_a_page_on_this_machine_does_not_count_unless_asked_to(
    page: Page, pages: Pages, collector: Collector, host: str, kind: str
) -> None:
    warnings = warnings_of(page)
    url = f"http://{host}:{pages.port}/"
    pages.put(site_page(collector) if kind == "site" else legacy_page(collector))
    page.goto(url)
    page.wait_for_function("window.plausible && window.plausible.l")
    collector.wait_for(0)
    assert warnings == ["Ignoring Event: localhost"]
    capturing = site_page(collector, init="{ captureOnLocalhost: true }")
    pages.put(capturing if kind == "site" else legacy_page(collector, ".local"))
    page.goto(url)
    assert collector.wait_for(1)[0]["u"] == url


def test_automation_is_ignored_without_a_word_unless_the_page_allows_it(
    chromium: Browser, pages: Pages, collector: Collector
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    warnings = warnings_of(page)
    visit(page, pages, site_page(collector))
    assert page.evaluate("new Promise((done) => plausible('A', { callback: (...it) => done(it.length) }))") == 0
    collector.wait_for(0)
    assert warnings == []
    visit(page, pages, site_page(collector, init="{ captureOnLocalhost: true }"))
    collector.wait_for(1)
    context.close()


@pytest.mark.parametrize("mark", ["_phantom", "__nightmare", "Cypress"])
def test_every_known_mark_of_automation_is_seen(
    chromium: Browser, pages: Pages, collector: Collector, mark: str
) -> None:
    context = chromium.new_context()
    context.add_init_script("Object.defineProperty(navigator, 'webdriver', { value: false })")
    page = context.new_page()
    visit(page, pages, legacy_page(collector, head=f"<script>window.{mark} = {{}}</script>"))
    collector.wait_for(0)
    visit(page, pages, legacy_page(collector))
    collector.wait_for(1)
    context.close()


@pytest.mark.parametrize(
    ("attributes", "path", "counts"),
    [
        ('data-exclude="/admin/*"', "/admin/users", False),
        ('data-exclude="/admin/*"', "/admin/users/7", True),
        ('data-exclude="/admin/**"', "/admin/users/7", False),
        ('data-exclude="/a, /admin "', "/admin/", False),
        ('data-exclude="/blog*"', "/blog-posts", False),
        ('data-exclude="*/private"', "/very/private", True),
        ('data-exclude="**/private"', "/very/private", False),
        ('data-exclude="/a.*"', "/a/b/c", False),
        ('data-include="/blog/*"', "/blog/one", True),
        ('data-include="/blog/*"', "/about", False),
        ('data-include="/blog/**" data-exclude="/blog/drafts/*"', "/blog/drafts/x", False),
    ],
)
def test_exclusion_rules_decide_about_pageviews(
    page: Page, pages: Pages, collector: Collector, *, attributes: str, path: str, counts: bool
) -> None:
    warnings = warnings_of(page)
    visit(page, pages, legacy_page(collector, ".exclusions", attributes=attributes), path)
    call(page, "Signup")
    collector.wait_until(lambda: "Signup" in collector.names())
    assert ("pageview" in collector.names()) is counts
    assert warnings == ([] if counts else ["Ignoring Event: exclusion rule"])


def test_exclusion_rules_see_the_fragment_in_hash_mode(page: Page, pages: Pages, collector: Collector) -> None:
    html = legacy_page(collector, ".exclusions.hash", attributes='data-exclude="/app#/private/*"')
    visit(page, pages, html, "/app#/private/x")
    collector.wait_for(0)
    page.evaluate("location.hash = '#/open'")
    collector.wait_for(1)


def test_odd_calls_do_not_throw_into_the_page(page: Page, pages: Pages, collector: Collector) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    visit(page, pages, site_page(collector))
    page.evaluate("plausible('A', null); plausible('B', { props: { big: 10n } }); plausible('C', { props: 'text' })")
    page.evaluate("const loop = {}; loop.loop = loop; plausible('D', { props: loop })")
    collector.wait_until(lambda: "C" in collector.names())
    assert errors == []
    assert sorted(collector.names()) == ["A", "C", "pageview"]


def test_a_page_that_took_fetch_away_is_left_alone(page: Page, pages: Pages, collector: Collector) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    visit(page, pages, site_page(collector, head="<script>delete window.fetch</script>"))
    call(page, "Signup")
    hide(page)
    collector.wait_for(0)
    assert errors == []
