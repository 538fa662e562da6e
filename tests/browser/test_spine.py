"""The whole path: a page with the snippet on another origin, and what its owner sees on the dashboard."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.collector import Pages
from tests.support.server import PASSWORD, Server

pytestmark = pytest.mark.browser

DOMAIN = "shop.test"
PAGE = """<!doctype html><title>Shop</title>
<script async src="{script}"></script>
<script>
  window.plausible = window.plausible || function () {{ (plausible.q = plausible.q || []).push(arguments) }};
  plausible.init = plausible.init || function (i) {{ plausible.o = i || {{}} }};
  plausible.init();
</script>
<h1>Shop</h1>
<button id="next" onclick="history.pushState({{}}, '', '/second')">Next</button>
<button id="signup" onclick="plausible('Signup', {{ props: {{ plan: 'pro' }} }})">Sign up</button>
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path) as server:
        yield server


def visit_the_shop(page: Page, pages: Pages, *, script: str) -> None:
    """Land, go on without a page load, sign up: as a person would."""
    shop = pages.put(PAGE.format(script=script))
    with page.expect_request_finished(lambda request: "/api/event" in request.url):
        page.goto(shop)
    page.get_by_role("button", name="Next").click()
    with page.expect_request_finished(lambda request: '"Signup"' in (request.post_data or "")):
        page.get_by_role("button", name="Sign up").click()


def log_in(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/login")
    page.get_by_label("E-mail").fill("ann@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"{server.url}/sites")


def test_a_visit_is_seen_on_the_dashboard_from_landing_to_sign_up(
    server: Server, pages: Pages, context: BrowserContext, page: Page
) -> None:
    key = server.admin()
    server.site(key, DOMAIN)
    server.json("PUT", "/api/v1/sites/goals", {"site_id": DOMAIN, "goal_type": "event", "event_name": "Signup"}, key)
    config = server.json("GET", f"/api/v1/sites/{DOMAIN}", None, key)["tracker_script_configuration"]

    visit_the_shop(page, pages, script=f"{server.url}/js/{config['id']}.js")

    assert context.cookies() == []
    owner = context.new_page()
    log_in(owner, server)
    owner.goto(f"{server.url}/{DOMAIN}?period=day")
    totals = owner.get_by_role("region", name="Totals and graph")
    expect(totals.get_by_role("button", name="Unique visitors")).to_contain_text("1")
    expect(totals.get_by_role("button", name="Total pageviews")).to_contain_text("2")
    expect(owner.get_by_text("1 current visitor")).to_be_visible()
    seen = owner.get_by_role("region", name="Pages")
    expect(seen.get_by_text("/second", exact=True)).to_be_visible()
    behaviours = owner.get_by_role("region", name="Behaviours")
    behaviours.scroll_into_view_if_needed()
    expect(behaviours.get_by_text("Signup")).to_be_visible()

    seen.get_by_text("/second", exact=True).click()
    expect(owner).to_have_url(re.compile("f=is,page,/second"))
    expect(totals.get_by_role("button", name="Total pageviews")).to_contain_text("1")
