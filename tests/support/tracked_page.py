"""Pages with the tracker on them, and what a visitor does there."""

import json
from typing import Any

from playwright.sync_api import Page, Request

from tests.support.collector import DOMAIN, Collector, Pages

STUB = """<script>
window.plausible = window.passerby = window.plausible || function () {
  (plausible.q = plausible.q || []).push(arguments)
}
plausible.init = plausible.init || function (options) { plausible.o = options || {} }
</script>"""


def site_page(collector: Collector, body: str = "", *, init: str = "{}", head: str = "") -> str:
    """A page with the site's own script, started with `init` (JavaScript)."""
    script = f'<script async src="{collector.script()}"></script>'
    return f"<!doctype html><head>{head}{script}{STUB}<script>plausible.init({init})</script></head><body>{body}</body>"


def legacy_page(
    collector: Collector, extensions: str = "", body: str = "", *, attributes: str = "", head: str = ""
) -> str:
    """A page with a legacy script, such as `.hash.manual`."""
    script = (
        f'<script defer data-domain="{DOMAIN}" {attributes} src="{collector.script(f"script{extensions}")}"></script>'
    )
    return f"<!doctype html><head>{head}{script}</head><body>{body}</body>"


def visit(page: Page, pages: Pages, html: str, path: str = "/") -> None:
    """Publish a page and go there; the tracker has started when this returns."""
    pages.put(html)
    page.goto(f"{pages.url}{path}")
    page.wait_for_function("window.plausible && window.plausible.l")


def sent_by(page: Page) -> list[dict[str, Any]]:
    """The events in the order in which the page sends them; they may arrive in another, on connections of their own."""
    sent: list[dict[str, Any]] = []

    def record(request: Request) -> None:
        if request.method == "POST":
            sent.append(json.loads(request.post_data or ""))

    page.on("request", record)
    return sent


def without_id(event: dict[str, Any]) -> dict[str, Any]:
    """An event as the page meant it."""
    return {key: value for key, value in event.items() if key != "id"}


def hide(page: Page) -> None:
    """What a page sees when its tab goes to the background; headless Chromium never hides one."""
    _set_visibility(page, "hidden")


def show(page: Page) -> None:
    """The tab comes back."""
    _set_visibility(page, "visible")


def _set_visibility(page: Page, state: str) -> None:
    page.evaluate(
        """state => {
            Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
            Object.defineProperty(document, 'hidden', { value: state === 'hidden', configurable: true })
            document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
        }""",
        state,
    )


def call(page: Page, name: str, options: dict[str, object] | None = None) -> None:
    """`plausible(name, options)` in the page."""
    page.evaluate(f"plausible({json.dumps(name)}, {json.dumps(options or {})})")
