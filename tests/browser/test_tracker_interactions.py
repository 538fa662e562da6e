"""Clicks on links and tagged elements, downloads, and sent forms: what counts as which event."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.support.collector import Collector, Pages
from tests.support.tracked_page import legacy_page, sent_by, site_page, visit

pytestmark = pytest.mark.browser

ALL_ON = "{ outboundLinks: true, fileDownloads: true, formSubmissions: true }"
# Links of a test must not take it to another page.
STAY = "<script>addEventListener('click', (event) => event.target.closest('a') && event.preventDefault()); \
addEventListener('submit', (event) => event.preventDefault())</script>"


def sent_after(page: Page, collector: Collector, selector: str) -> list[dict[str, Any]]:
    """Click once; the custom events that the page sends then."""
    collector.wait_until(lambda: "pageview" in collector.names())
    sent = sent_by(page)
    page.click(selector)
    page.evaluate("plausible('end')")
    while "end" not in [event["n"] for event in sent]:
        page.wait_for_timeout(10)
    return [event for event in sent if event["n"] != "end"]


def events_after(page: Page, collector: Collector, selector: str) -> list[tuple[str, Any]]:
    """Click once; the names and properties of what the page sends then."""
    return [(event["n"], event.get("p")) for event in sent_after(page, collector, selector)]


@pytest.mark.parametrize("kind", ["site", "legacy"])
def test_an_outbound_link_counts_with_its_whole_address(
    page: Page, pages: Pages, collector: Collector, kind: str
) -> None:
    body = f'{STAY}<a href="https://sub.shop.test/x?y=1#z"><b>go</b></a>'
    html = (
        site_page(collector, body, init=ALL_ON) if kind == "site" else legacy_page(collector, ".outbound-links", body)
    )
    visit(page, pages, html)
    found = events_after(page, collector, "b")
    assert found == [("Outbound Link: Click", {"url": "https://sub.shop.test/x?y=1#z"})]


def test_a_click_inside_a_drawing_inside_a_link_counts(page: Page, pages: Pages, collector: Collector) -> None:
    svg = '<svg width="40" height="40"><rect width="40" height="40"/></svg>'
    visit(page, pages, site_page(collector, f'{STAY}<a href="https://other.test/">{svg}</a>', init=ALL_ON))
    assert events_after(page, collector, "rect") == [("Outbound Link: Click", {"url": "https://other.test/"})]


@pytest.mark.parametrize("href", ["/inside", "mailto:ann@shop.test", "tel:123", "#part", "javascript:void(0)"])
def test_a_link_that_leads_nowhere_else_does_not_count(
    page: Page, pages: Pages, collector: Collector, href: str
) -> None:
    visit(page, pages, site_page(collector, f'{STAY}<a href="{href}">go</a>', init=ALL_ON))
    assert events_after(page, collector, "a") == []


def test_another_port_is_another_place(page: Page, pages: Pages, collector: Collector) -> None:
    visit(page, pages, site_page(collector, f'{STAY}<a href="http://shop.test:1/">go</a>', init=ALL_ON))
    assert events_after(page, collector, "a") == [("Outbound Link: Click", {"url": "http://shop.test:1/"})]


def test_the_middle_button_counts_and_the_right_one_does_not(page: Page, pages: Pages, collector: Collector) -> None:
    visit(page, pages, site_page(collector, f'{STAY}<a href="https://other.test/">go</a>', init=ALL_ON))
    page.evaluate(
        """[1, 2].forEach((button) => document.querySelector('a').dispatchEvent(
            new MouseEvent('auxclick', { button, bubbles: true })))"""
    )
    collector.wait_for(2)
    assert collector.names() == ["pageview", "Outbound Link: Click"]


@pytest.mark.parametrize(
    ("href", "event"),
    [
        ("/report.pdf", ("File Download", {"url": "/report.pdf"})),
        ("/report.pdf?v=2", ("File Download", {"url": "/report.pdf"})),
        ("/archive.tar.gz", ("File Download", {"url": "/archive.tar.gz"})),
        ("/report.PDF", None),
        ("/report.html", None),
        ("/report.pdf/", None),
    ],
)
def test_a_download_is_known_by_its_extension(
    page: Page, pages: Pages, collector: Collector, href: str, *, event: tuple[str, dict[str, str]] | None
) -> None:
    visit(page, pages, site_page(collector, f'{STAY}<a href="{href}">go</a>', init=ALL_ON))
    wanted = [(event[0], {"url": pages.url + event[1]["url"]})] if event else []
    assert events_after(page, collector, "a") == wanted


def test_a_file_elsewhere_is_outbound_when_that_counts_and_a_download_otherwise(
    page: Page, pages: Pages, collector: Collector
) -> None:
    body = f'{STAY}<a href="https://files.test/a.zip?b">go</a>'
    visit(page, pages, site_page(collector, body, init=ALL_ON))
    assert events_after(page, collector, "a")[0][0] == "Outbound Link: Click"
    collector.events.clear()
    visit(page, pages, site_page(collector, body, init="{ fileDownloads: true }"), "/two")
    assert events_after(page, collector, "a")[-1] == ("File Download", {"url": "https://files.test/a.zip"})


def test_the_list_of_extensions_can_be_replaced_and_extended(page: Page, pages: Pages, collector: Collector) -> None:
    body = f'{STAY}<a id="iso" href="/a.iso">iso</a> <a id="pdf" href="/a.pdf">pdf</a>'
    option = site_page(collector, body, init="{ fileDownloads: { fileExtensions: ['iso'] } }")
    replaced = legacy_page(collector, ".file-downloads", body, attributes='file-types="iso,img"')
    added = legacy_page(collector, ".file-downloads", body, attributes='add-file-types="iso"')
    for html, pdf_counts in ((option, False), (replaced, False), (added, True)):
        collector.events.clear()
        visit(page, pages, html)
        assert len(events_after(page, collector, "#iso")) == 1
        assert bool(events_after(page, collector, "#pdf")) is pdf_counts
        page.goto("about:blank")


def test_nothing_is_counted_that_was_not_asked_for(page: Page, pages: Pages, collector: Collector) -> None:
    body = f'{STAY}<a href="https://other.test/a.pdf">go</a><form><button>send</button></form>'
    visit(page, pages, site_page(collector, body))
    assert events_after(page, collector, "a") == []
    assert events_after(page, collector, "button") == []


def test_what_the_server_switched_on_counts_and_the_page_can_switch_it_off(
    page: Page, pages: Pages, collector: Collector
) -> None:
    collector.config = type(collector.config)(
        script_id=collector.config.script_id, domain="shop.test", outbound_links=True, form_submissions=True
    )
    body = f'{STAY}<a href="https://other.test/">go</a><form><button>send</button></form>'
    visit(page, pages, site_page(collector, body, init="{ formSubmissions: false }"))
    assert len(events_after(page, collector, "a")) == 1
    assert events_after(page, collector, "button") == []


@pytest.mark.parametrize(
    ("form", "counts"),
    [
        ("<form><button>send</button></form>", True),
        ("<form><input required><button>send</button></form>", False),
        ("<form novalidate><input required><button>send</button></form>", True),
        ("<form><input name='matches'><button>send</button></form>", False),
    ],
)
def test_a_form_counts_when_it_is_valid_or_wants_no_check(
    page: Page, pages: Pages, collector: Collector, form: str, *, counts: bool
) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    visit(page, pages, site_page(collector, STAY + form, init=ALL_ON))
    assert events_after(page, collector, "button") == ([("Form: Submission", None)] if counts else [])
    assert errors == []


@pytest.mark.parametrize("sign", ["=", "--"])
@pytest.mark.parametrize("kind", ["site", "legacy"])
def test_a_tag_in_the_classes_counts_with_its_properties(
    page: Page, pages: Pages, collector: Collector, kind: str, *, sign: str
) -> None:
    classes = f"x plausible-event-name{sign}Sign+up plausible-event-plan{sign}Pro+Max"
    body = f'{STAY}<button class="{classes}">go</button>'
    visit(page, pages, site_page(collector, body) if kind == "site" else legacy_page(collector, ".tagged-events", body))
    assert events_after(page, collector, "button") == [("Sign up", {"plan": "Pro Max"})]


def test_a_tag_can_carry_revenue(page: Page, pages: Pages, collector: Collector) -> None:
    classes = "plausible-event-name=Buy plausible-revenue-amount=9.90 plausible-revenue-currency=EUR"
    body = f'{STAY}<button class="{classes}">go</button>'
    for html in (site_page(collector, body), legacy_page(collector, ".revenue.tagged-events", body)):
        collector.events.clear()
        visit(page, pages, html)
        (buy,) = sent_after(page, collector, "button")
        assert buy["$"] == {"amount": "9.90", "currency": "EUR"}
        page.goto("about:blank")


def test_the_outermost_tag_within_three_ancestors_wins(page: Page, pages: Pages, collector: Collector) -> None:
    body = f"""{STAY}<div class="plausible-event-name=Far"><div class="plausible-event-name=Outer"><p><i>
        <b class="plausible-event-name=Inner">go</b></i></p></div></div>"""
    visit(page, pages, site_page(collector, body))
    assert events_after(page, collector, "b") == [("Outer", {})]


def test_a_tagged_link_is_its_tag_alone_with_its_address(page: Page, pages: Pages, collector: Collector) -> None:
    body = f'{STAY}<a class="plausible-event-name=Ad plausible-event-url=x" href="https://other.test/a.pdf">go</a>'
    visit(page, pages, site_page(collector, body, init=ALL_ON))
    assert events_after(page, collector, "a") == [("Ad", {"url": "https://other.test/a.pdf"})]


@pytest.mark.parametrize("kind", ["site", "legacy"])
def test_a_tagged_form_counts_when_sent_and_not_twice(
    page: Page, pages: Pages, collector: Collector, kind: str
) -> None:
    body = f'{STAY}<form class="plausible-event-name=Join"><input><button>send</button></form>'
    html = site_page(collector, body, init=ALL_ON) if kind == "site" else legacy_page(collector, ".tagged-events", body)
    visit(page, pages, html)
    assert events_after(page, collector, "input") == []
    assert events_after(page, collector, "button") == [("Join", {})]


def test_a_tag_on_the_parent_counts_for_its_form_and_one_further_out_silences_it(
    page: Page, pages: Pages, collector: Collector
) -> None:
    body = f"""{STAY}<div class="plausible-event-name=Join"><form id="near"><button>a</button></form></div>
        <div class="plausible-event-name=Other"><p><span><form id="far"><button>b</button></form></span></p></div>"""
    visit(page, pages, site_page(collector, body, init=ALL_ON))
    assert events_after(page, collector, "#near button") == [("Join", {})]
    page.evaluate("document.querySelector('.plausible-event-name\\\\=Other').append(document.querySelector('#far'))")
    page.evaluate(
        """() => {
            const outer = document.createElement('p')
            document.querySelector('#far').replaceWith(outer)
            outer.innerHTML = '<form id="far2"><button>b</button></form>'
        }"""
    )
    assert events_after(page, collector, "#far2 button") == []


def test_an_old_browser_waits_for_the_answer_before_it_follows(page: Page, pages: Pages, collector: Collector) -> None:
    pages.put("arrived", "/next")
    body = f'<a href="http://other.test:{pages.port}/next">go</a>'
    html = legacy_page(collector, ".compat.outbound-links", body, attributes='id="plausible"')
    visit(page, pages, html)
    collector.wait_for(1)
    collector.delay_seconds = 2.0
    page.click("a", no_wait_after=True)
    page.wait_for_timeout(100)
    assert "shop.test" in page.url
    page.wait_for_url("**/next")
    collector.wait_until(lambda: "Outbound Link: Click" in collector.names())


def test_an_old_browser_does_not_wait_for_ever(page: Page, pages: Pages, collector: Collector) -> None:
    page.clock.install()
    body = '<form action="/next" class="plausible-event-name=Join"><button>send</button></form>'
    pages.put("arrived", "/next")
    visit(page, pages, legacy_page(collector, ".compat.tagged-events", body, attributes='id="plausible"'))
    collector.wait_for(1)
    collector.delay_seconds = 3
    page.click("button", no_wait_after=True)
    page.clock.run_for(5100)
    page.wait_for_url("**/next?")
    assert "Join" in [event["n"] for event in collector.received]


def test_a_link_for_a_new_tab_is_not_held_back(page: Page, pages: Pages, collector: Collector) -> None:
    body = '<a target="_blank" href="http://other.test/">go</a>'
    html = legacy_page(collector, ".compat.outbound-links", body, attributes='id="plausible"')
    visit(page, pages, html)
    page.evaluate("addEventListener('click', (e) => { window.prevented = e.defaultPrevented; e.preventDefault() })")
    page.click("a")
    assert page.evaluate("window.prevented") is False
    collector.wait_for(2)
