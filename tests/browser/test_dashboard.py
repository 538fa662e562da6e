"""The dashboard in Chromium against a real server: what its reader sees, clicks and types."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.support.dashboard import DOMAIN, EMAIL, PUBLIC_DOMAIN, fill
from tests.support.server import PASSWORD, Server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("dashboard")) as server:
        fill(server)
        yield server


@pytest.fixture(scope="module")
def session(server: Server, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ann's cookies, after logging in by the form."""
    path = tmp_path_factory.mktemp("session") / "state.json"
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{server.url}/login")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/sites")
    context.storage_state(path=path)
    context.close()
    return path


@pytest.fixture
def ann(chromium: Browser, session: Path) -> Iterator[BrowserContext]:
    context = chromium.new_context(storage_state=session)
    yield context
    context.close()


@pytest.fixture
def dashboard(ann: BrowserContext, server: Server) -> Page:
    """Ann's dashboard of the last seven days, with everything drawn. Any error on the page fails the test."""
    return _open(ann, f"{server.url}/{DOMAIN}?period=7d")


def _open(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"The page broke: {error}"))
    page.goto(url)
    expect(page.locator(".tile-value").first).to_be_visible()
    return page


def _tile(page: Page, label: str) -> Locator:
    return page.get_by_role("button", name=re.compile(f"^{label}")).locator(".tile-value")


def _total(page: Page, label: str) -> str:
    expect(_tile(page, label)).to_be_visible()
    return _tile(page, label).inner_text()


def _list(page: Page, panel: str) -> dict[str, str]:
    section = page.get_by_role("region", name=panel)
    section.scroll_into_view_if_needed()
    expect(section.locator("tbody tr").first).to_be_visible()
    expect(section.locator("[aria-busy=true]")).to_have_count(0)
    rows = section.locator("tbody tr").all()
    return {row.locator(".bar-text").inner_text(): row.locator("td .figure").first.inner_text() for row in rows}


def test_totals_and_lists_show_what_happened(dashboard: Page) -> None:
    assert _total(dashboard, "Unique visitors") == "4"
    assert _total(dashboard, "Total pageviews") == "6"
    assert _list(dashboard, "Sources") == {"Google": "2", "Direct / None": "1", "Hacker News": "1"}
    assert _list(dashboard, "Pages")["/"] == "3"
    assert _list(dashboard, "Devices") == {"Chrome": "3", "Firefox": "1"}
    assert _list(dashboard, "Behaviours") == {"Signup": "1"}


def test_a_click_on_a_row_filters_everything_and_back_undoes_it(dashboard: Page) -> None:
    sources = dashboard.get_by_role("region", name="Sources")
    sources.get_by_role("link", name="Google").click()
    expect(dashboard).to_have_url(re.compile("f=is,source,Google"))
    expect(dashboard.get_by_role("list", name="Filters")).to_contain_text("Source is Google")
    expect(_tile(dashboard, "Unique visitors")).to_have_text("2")
    dashboard.go_back()
    expect(dashboard.get_by_role("list", name="Filters")).to_have_count(0)
    expect(_tile(dashboard, "Unique visitors")).to_have_text("4")


def test_an_address_is_the_whole_state(ann: BrowserContext, server: Server) -> None:
    page = _open(ann, f"{server.url}/{DOMAIN}?period=7d&f=is,page,/blog/hello%2C%20world&f=is,country,FR&l=FR,France")
    filters = page.get_by_role("list", name="Filters")
    expect(filters).to_contain_text("Page is /blog/hello, world")
    expect(filters).to_contain_text("Country is France")
    assert _total(page, "Unique visitors") == "1"


def test_keys_choose_the_period_and_escape_clears_filters(ann: BrowserContext, server: Server) -> None:
    page = _open(ann, f"{server.url}/{DOMAIN}?period=7d&f=is,source,Google")
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("f="))
    page.keyboard.press("e")
    expect(page).to_have_url(re.compile(r"period=day&date=\d{4}"))
    expect(page.get_by_role("button", name="Period")).to_contain_text("Yesterday")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="Period")).not_to_contain_text("Yesterday")
    page.keyboard.press("l")
    expect(page).to_have_url(re.compile("period=12mo"))


def test_a_comparison_shows_both_periods(dashboard: Page) -> None:
    dashboard.keyboard.press("x")
    expect(dashboard.get_by_role("button", name="Comparison")).to_contain_text("Previous period")
    expect(dashboard.locator(".tile-before").first).to_have_text("vs. 1")
    dashboard.keyboard.press("x")
    expect(dashboard.locator(".tile-before")).to_have_count(0)


def test_details_search_sort_and_close(dashboard: Page) -> None:
    dashboard.get_by_role("link", name="Details of Pages").click()
    expect(dashboard).to_have_url(re.compile(f"/{DOMAIN}/pages\\?"))
    dialog = dashboard.get_by_role("dialog", name="Top pages")
    expect(dialog.locator("tbody tr")).to_have_count(4)
    dashboard.keyboard.press("/")
    dashboard.keyboard.type("PRIC")
    expect(dialog.locator("tbody tr")).to_have_count(1)
    expect(dialog.locator("tbody")).to_contain_text("/pricing")
    dialog.get_by_role("searchbox").fill("")
    dialog.get_by_role("button", name="Pageviews").click()
    expect(dialog.get_by_role("columnheader", name="Pageviews")).to_have_attribute("aria-sort", "descending")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    expect(dashboard).to_have_url(re.compile(f"/{DOMAIN}\\?period=7d"))


def test_a_modal_can_be_linked_to(ann: BrowserContext, server: Server) -> None:
    page = _open(ann, f"{server.url}/{DOMAIN}/sources?period=7d")
    expect(page.get_by_role("dialog", name="Sources").locator("tbody tr")).to_have_count(3)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_filter_is_made_with_the_keyboard_alone(dashboard: Page) -> None:
    dashboard.get_by_role("button", name="Filter").focus()
    dashboard.keyboard.press("Enter")
    dashboard.get_by_role("menuitem", name="Location").press("Enter")
    box = dashboard.get_by_role("combobox", name="Country", exact=True)
    expect(box).to_be_focused()
    dashboard.keyboard.type("fran")
    expect(dashboard.get_by_role("option", name="France")).to_be_visible()
    dashboard.keyboard.press("Enter")
    expect(dashboard.locator(".chip")).to_contain_text("France")
    dashboard.keyboard.press("Enter")
    expect(dashboard).to_have_url(re.compile(r"f=is,country,FR.*l=FR,France"))
    expect(dashboard.get_by_role("list", name="Filters")).to_contain_text("Country is France")


def test_the_graph_can_be_read_as_a_table(dashboard: Page) -> None:
    dashboard.get_by_role("button", name="Show the figures as a table").click()
    table = dashboard.locator(".graph-table")
    expect(table.locator("tbody tr")).to_have_count(7)
    figures = [int(cell.inner_text()) for cell in table.locator("tbody td.number").all()]
    assert sum(figures) == 4  # Nobody came on two days.
    table.get_by_role("button").last.click()
    expect(dashboard).to_have_url(re.compile(r"period=day&date="))


def test_a_country_opens_its_regions(dashboard: Page) -> None:
    locations = dashboard.get_by_role("region", name="Locations")
    locations.get_by_role("tab", name="Countries").click()
    locations.get_by_role("link", name="Germany").click()
    expect(locations.get_by_role("tab", name="Regions")).to_have_attribute("aria-selected", "true")
    dashboard.get_by_role("button", name="Remove filter Country").click()
    expect(locations.get_by_role("tab", name="Countries")).to_have_attribute("aria-selected", "true")


def test_a_failing_server_is_said_and_can_be_asked_again(ann: BrowserContext, server: Server) -> None:
    is_down = True
    page = ann.new_page()
    page.route(
        "**/api/stats/**/query",
        lambda route: route.fulfill(status=400, json={"error": "Not now."}) if is_down else route.continue_(),
    )
    page.goto(f"{server.url}/{DOMAIN}?period=7d")
    expect(page.get_by_role("alert").first).to_contain_text("Not now.")
    is_down = False
    page.get_by_role("button", name="Try again").first.click()
    expect(page.locator(".tile-value").first).to_be_visible()


def test_nothing_is_fetched_from_anywhere_else(ann: BrowserContext, server: Server) -> None:
    addresses: list[str] = []
    ann.on("request", lambda request: addresses.append(request.url))
    page = _open(ann, f"{server.url}/{DOMAIN}?period=7d")
    page.get_by_role("region", name="Behaviours").scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert addresses
    assert [url for url in addresses if not url.startswith(server.url)] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_needs_no_sideways_scrolling(chromium: Browser, session: Path, server: Server, theme: str) -> None:
    context = chromium.new_context(
        storage_state=session,
        viewport={"width": 390, "height": 844},
        color_scheme=theme,  # type: ignore[arg-type]  # One of the two words the parameter takes.
    )
    page = _open(
        context, f"{server.url}/{DOMAIN}?period=month&comparison=year_over_year&f=is,source,Google&f=is,country,DE"
    )
    page.get_by_role("region", name="Behaviours").scroll_into_view_if_needed()
    widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert widths[0] <= widths[1]
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert ground == ("rgb(246, 246, 249)" if theme == "light" else "rgb(15, 15, 22)")
    context.close()


def test_a_stranger_is_not_told_that_a_site_exists(context: BrowserContext, server: Server) -> None:
    page = context.new_page()
    known = page.goto(f"{server.url}/{DOMAIN}")
    text = page.locator("main").inner_text()
    unknown = page.goto(f"{server.url}/nowhere.example.com")
    assert known is not None
    assert unknown is not None
    assert (known.status, unknown.status) == (404, 404)
    assert page.locator("main").inner_text() == text
    expect(page.get_by_role("link", name="Log in")).to_have_attribute("href", re.compile("next=%2Fnowhere"))


def test_a_public_dashboard_is_open_and_offers_no_settings(
    ann: BrowserContext, context: BrowserContext, server: Server
) -> None:
    stranger = context.new_page()
    assert stranger.request.get(f"{server.url}/{PUBLIC_DOMAIN}").status == 404
    owner = ann.new_page()
    owner.goto(f"{server.url}/{PUBLIC_DOMAIN}/settings/visibility")
    owner.get_by_role("button", name="Make it public").click()
    page = _open(context, f"{server.url}/{PUBLIC_DOMAIN}")
    assert _total(page, "Unique visitors") == "0"
    expect(page.get_by_role("heading", level=1)).to_contain_text(PUBLIC_DOMAIN)
    expect(page.get_by_role("button", name=f"Site {PUBLIC_DOMAIN}")).to_have_count(0)


def test_a_shared_link_opens_after_its_password(ann: BrowserContext, context: BrowserContext, server: Server) -> None:
    owner = ann.new_page()
    owner.goto(f"{server.url}/{DOMAIN}/settings/visibility")
    owner.get_by_label("Name", exact=True).fill("For the board")
    owner.get_by_label("Password, if it shall have one").fill("open sesame")
    owner.get_by_role("button", name="Make a link").click()
    address = owner.get_by_label("Address of For the board").input_value()
    page = context.new_page()
    page.goto(address)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Show the dashboard").click()
    expect(page.get_by_text("That is not the password")).to_be_visible()
    page.get_by_label("Password").fill("open sesame")
    page.get_by_role("button", name="Show the dashboard").click()
    expect(page.locator(".tile-value").first).to_be_visible()
    page.keyboard.press("w")
    expect(_tile(page, "Unique visitors")).to_have_text("4")
    expect(page).to_have_url(re.compile(f"/share/{DOMAIN}\\?.*auth="))
