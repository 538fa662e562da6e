"""Is the snippet on the page, and could it work? Answers in plain words, for the owner of the site.

It reads the page as a program does, without running scripts: what a tag manager or a consent banner adds later cannot
be seen, and the answer says so. Deciding is pure (`check_page`); only `check_installation` touches the network.
"""

from dataclasses import dataclass
from enum import StrEnum
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from passerby.report.content_policy import allows_connection, allows_script
from passerby.report.page_fetch import FetchedPage, PageUnreachable, fetch_page

HTTP_ERROR_MIN = 400
INLINE_SCRIPT_CHARACTERS_MAX = 200_000
SITE_SCRIPT_PREFIX = "pa-"


class Verdict(StrEnum):
    """What was found. The values are part of the API."""

    INSTALLED = "installed"
    UNREACHABLE = "unreachable"
    PAGE_ERROR = "page_error"
    SNIPPET_MISSING = "snippet_missing"
    OTHER_SERVER = "other_server"
    OTHER_SITE = "other_site"
    NOT_STARTED = "not_started"
    SCRIPT_BLOCKED = "script_blocked"
    EVENTS_BLOCKED = "events_blocked"
    SCRIPT_BROKEN = "script_broken"


@dataclass(frozen=True, slots=True)
class Installation:
    """What should be on the page."""

    domain: str
    script_id: str  # With its `pa-`.
    base_url: str
    is_base_url_trusted: bool = False  # The operator named it, so it may lead to a private address.


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict in words: what is so, and what to do about it."""

    verdict: Verdict
    message: str
    advice: str = ""
    script_url: str = ""


@dataclass(frozen=True, slots=True)
class _Script:
    src: str
    domain: str | None
    api: str | None
    nonce: str


def check_installation(url: str, wanted: Installation, *, allow_private: bool = False) -> Finding:
    """Visit a page and say whether the tracker works there. `allow_private` is for tests."""
    try:
        page = fetch_page(url, allow_private=allow_private)
    except PageUnreachable as problem:
        return Finding(
            Verdict.UNREACHABLE, str(problem), "Check the address, or name another page that has the snippet."
        )
    finding = check_page(page, wanted)
    if finding.verdict is not Verdict.INSTALLED:
        return finding
    return _check_script(finding, allow_private=allow_private or _is_our_own(finding.script_url, wanted))


def check_page(page: FetchedPage, wanted: Installation) -> Finding:
    """Look for the snippet and for what would stop it."""
    if page.status >= HTTP_ERROR_MIN:
        return Finding(
            Verdict.PAGE_ERROR,
            f"The page answered with status {page.status}.",
            "Check the address. A page behind a login cannot be looked at from here.",
        )
    seen = _PageReader(page.url)
    seen.feed(page.text)
    script = _tracker_of(seen.scripts, wanted)
    if script is None:
        return _missing(seen, page.text)
    return _wrong_target(script, seen, wanted) or _blocked(script, seen, page, wanted) or _installed(script, wanted)


def _tracker_of(scripts: list[_Script], wanted: Installation) -> _Script | None:
    """Our script before any other tracker's; behind a proxy of the site's own it is known by its attribute."""
    marked = [script for script in scripts if script.domain is not None or _is_tracker_name(script.src)]
    ours = [script for script in marked if script.src.startswith(f"{wanted.base_url}/js/")]
    return next(iter(ours or marked), None)


def _is_tracker_name(src: str) -> bool:
    name = urlsplit(src).path.rpartition("/")[2]
    return name.endswith(".js") and (
        name.startswith(SITE_SCRIPT_PREFIX) or name.split(".")[0] in ("plausible", "analytics")
    )


def _missing(seen: "_PageReader", text: str) -> Finding:
    if "googletagmanager.com/gtm.js" in text:
        advice = (
            "The page uses Google Tag Manager. If the snippet is in there, publish the container and open the site."
        )
    elif any(mark in text for mark in ("wp-content", "wp-includes", "wp-json")):
        advice = "This is a WordPress site: put the snippet into the head of the theme, then clear the page cache."
    elif seen.starts_tracker:
        advice = "The page calls plausible.init(), but no script before it is known as the tracker. If a proxy gave it \
another name, send yourself a visit and watch the dashboard instead."
    else:
        advice = "Put the snippet into the <head> of every page, publish, and clear any page cache."
    return Finding(Verdict.SNIPPET_MISSING, "The snippet is not in the page's HTML.", advice)


def _wrong_target(script: _Script, seen: "_PageReader", wanted: Installation) -> Finding | None:
    host, own_host = urlsplit(script.src).hostname, urlsplit(seen.url).hostname
    if host not in (urlsplit(wanted.base_url).hostname, own_host):
        return Finding(
            Verdict.OTHER_SERVER,
            f"The page loads its tracker from {host}, not from this server.",
            f"Change the script's address to {wanted.base_url}, or check that {host} is a proxy to it.",
            script.src,
        )
    if script.domain is not None:
        return _wrong_domain(script, wanted)
    return _wrong_site_script(script, seen, wanted)


def _wrong_domain(script: _Script, wanted: Installation) -> Finding | None:
    domains = [part.strip().removeprefix("www.") for part in (script.domain or "").split(",")]
    if wanted.domain in domains:
        return None
    message = f"The snippet counts for {script.domain}."
    return Finding(Verdict.OTHER_SITE, message, f"Set data-domain to {wanted.domain}.", script.src)


def _wrong_site_script(script: _Script, seen: "_PageReader", wanted: Installation) -> Finding | None:
    if urlsplit(script.src).path.rpartition("/")[2] != f"{wanted.script_id}.js":
        advice = f"Copy the snippet of {wanted.domain} again."
        return Finding(Verdict.OTHER_SITE, "The page has the snippet of another site.", advice, script.src)
    if seen.starts_tracker or seen.has_more_scripts:
        return None
    return _not_started(script)


def _not_started(script: _Script) -> Finding:
    return Finding(
        Verdict.NOT_STARTED,
        "The script is there, but nothing starts it.",
        "Copy the whole snippet: its second part calls plausible.init().",
        script.src,
    )


def _blocked(script: _Script, seen: "_PageReader", page: FetchedPage, wanted: Installation) -> Finding | None:
    policies = [*page.header("content-security-policy"), *seen.policies]
    if not allows_script(policies, script.src, page_url=page.url, nonce=script.nonce):
        return Finding(
            Verdict.SCRIPT_BLOCKED,
            "The page's Content-Security-Policy does not let the script run.",
            f"Add {_origin(script.src)} to script-src, or give the script element the page's nonce.",
            script.src,
        )
    endpoint = urljoin(page.url, script.api) if script.api else f"{_origin(script.src)}/api/event"
    if script.domain is None:
        endpoint = f"{wanted.base_url}/api/event"
    if not allows_connection(policies, endpoint, page_url=page.url):
        return Finding(
            Verdict.EVENTS_BLOCKED,
            "The page's Content-Security-Policy does not let the script send events.",
            f"Add {_origin(endpoint)} to connect-src.",
            script.src,
        )
    return None


def _installed(script: _Script, wanted: Installation) -> Finding:
    if script.src.startswith(f"{wanted.base_url}/"):
        return Finding(Verdict.INSTALLED, "The snippet is in place.", script_url=script.src)
    return Finding(
        Verdict.INSTALLED,
        "The snippet is in place, and loads from the site's own host (a proxy).",
        script_url=script.src,
    )


def _is_our_own(url: str, wanted: Installation) -> bool:
    """Whether the address is this server's by the operator's word; many a server resolves its own name to itself."""
    return wanted.is_base_url_trusted and url.startswith(f"{wanted.base_url}/js/")


def _check_script(finding: Finding, *, allow_private: bool) -> Finding:
    """The script's address must answer with a script: a proxy that was set up wrongly answers with a page."""
    try:
        script = fetch_page(finding.script_url, allow_private=allow_private)
    except PageUnreachable as problem:
        reason = str(problem)
    else:
        if script.status < HTTP_ERROR_MIN and "javascript" in "".join(script.header("content-type")):
            return finding
        reason = f"Its address answered with status {script.status} and no JavaScript."
    return Finding(
        Verdict.SCRIPT_BROKEN,
        f"The snippet is in place, but the script does not load. {reason}",
        "Open the script's address in a browser. Behind a proxy, check its rules against the proxy guide.",
        finding.script_url,
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class _PageReader(HTMLParser):
    """Collects scripts, policies in meta elements, and whether something calls `init`."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.scripts: list[_Script] = []
        self.policies: list[str] = []
        self.starts_tracker = False
        self.has_more_scripts = False  # Any of them may call `init`; we do not read them.
        self._is_in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A script or a policy."""
        given = {name: value or "" for name, value in attrs}
        if tag == "script":
            self._is_in_script = True
            if "src" in given:
                self._add_script(given)
        elif tag == "meta" and given.get("http-equiv", "").lower() == "content-security-policy":
            self.policies.append(given.get("content", ""))

    def handle_endtag(self, tag: str) -> None:
        """The end of a script."""
        if tag == "script":
            self._is_in_script = False

    def handle_data(self, data: str) -> None:
        """A script's own text."""
        if self._is_in_script and "init(" in data[:INLINE_SCRIPT_CHARACTERS_MAX]:
            self.starts_tracker |= "plausible.init(" in data or "passerby.init(" in data

    def _add_script(self, given: dict[str, str]) -> None:
        src = urljoin(self.url, given["src"].strip())
        script = _Script(src, given.get("data-domain"), given.get("data-api"), given.get("nonce", ""))
        self.scripts.append(script)
        self.has_more_scripts |= script.domain is None and not _is_tracker_name(src)
