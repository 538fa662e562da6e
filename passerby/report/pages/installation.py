"""The page that helps to install a site's script: the snippet, what is in it, and whether it works."""

import threading
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from passerby import runtime
from passerby.accounts.throttle import is_over
from passerby.ingest.directory import SiteId
from passerby.report.address import base_url
from passerby.report.api.http import json_answer
from passerby.report.install_check import Finding, Installation, Verdict, check_installation
from passerby.report.pages.forms import open_site, reader
from passerby.sites.access import Capability, SiteAccess
from passerby.sites.directory import tracker_config
from passerby.tracker.scripts import Encoding, Script, Scripts, ScriptsMissing

RECENT_HITS_SHOWN = 5
ADDRESS_CHARACTERS_MAX = 2000
CHECKS_MAX = 10  # By one person in one window.
CHECKS_WINDOW_SECONDS = 600
# A check may wait half a minute for a slow page; more at once would take the threads that answer everybody else.
CHECKS_AT_ONCE_MAX = 2

_free = threading.BoundedSemaphore(CHECKS_AT_ONCE_MAX)


@require_GET
def installation(request: HttpRequest, domain: str) -> HttpResponse:
    """GET /{domain}/installation: the snippet, and a line that says when the first page view is in."""
    return _show(request, open_site(request, domain, Capability.READ_RULES))


@require_GET
def installation_state(request: HttpRequest, domain: str) -> HttpResponse:
    """GET /{domain}/installation/state: whether a page view is in, and what became of the latest hits if not."""
    access = open_site(request, domain, Capability.READ_RULES)
    running = runtime.current()
    counted = running.store.query(
        "SELECT count() FROM (SELECT 1 FROM events WHERE site_id = {site:UInt64} LIMIT 1)", {"site": access.site.pk}
    )
    has_pageview = bool(counted.rows[0][0])
    recent = [] if has_pageview else running.ingest.recent(SiteId(access.site.pk))[:RECENT_HITS_SHOWN]
    return json_answer({"has_pageview": has_pageview, "recent": recent})


@require_POST
def check(request: HttpRequest, domain: str) -> HttpResponse:
    """POST /{domain}/installation/check: the same page, with what was found at the address in `url`."""
    access = open_site(request, domain, Capability.SET_UP)
    address = _address(request.POST.get("url", ""))
    if not address or len(address) > ADDRESS_CHARACTERS_MAX:
        return _show(request, access, status=400, address=address, problem="Name the address of a page.")
    bucket, now = f"installation-check:{reader(request).pk}", timezone.now()
    if is_over(bucket, limit=CHECKS_MAX, window_seconds=CHECKS_WINDOW_SECONDS, now=now):
        problem = "These were many checks. Wait a few minutes before the next one."
        return _show(request, access, status=429, address=address, problem=problem)
    if not _free.acquire(blocking=False):
        problem = "Other pages are being checked right now. Try again in a moment."
        return _show(request, access, status=429, address=address, problem=problem)
    try:
        finding = check_installation(address, _wanted(request, access))
    finally:
        _free.release()
    return _show(request, access, address=address, finding=finding, is_well=finding.verdict is Verdict.INSTALLED)


def _address(text: str) -> str:
    """What people type as an address: `example.com` means its secure page."""
    text = text.strip()
    return f"https://{text}" if text and "://" not in text else text


def _wanted(request: HttpRequest, access: SiteAccess) -> Installation:
    site = access.site
    return Installation(
        domain=site.domain,
        script_id=site.tracker.script_id,
        base_url=base_url(request),
        # Otherwise the address is the caller's own word.
        is_base_url_trusted=settings.PASSERBY.has_base_url,
    )


def _show(
    request: HttpRequest,
    access: SiteAccess,
    *,
    status: int = 200,
    address: str = "",
    problem: str = "",
    finding: Finding | None = None,
    is_well: bool = False,
) -> HttpResponse:
    site, script = access.site, _script(access)
    shown: dict[str, Any] = {
        "site": site,
        "base_url": base_url(request),
        "script_url": f"{base_url(request)}/js/{site.tracker.script_id}.js",
        "script": script,
        "script_size": f"{len(script.body):,}" if script else "",
        "can_set_up": access.can(Capability.SET_UP),
        "address": address or f"https://{site.domain}",
        "problem": problem,
        "finding": finding,
        "is_well": is_well,
    }
    return render(request, "sites/installation.html", shown, status=status)


def _script(access: SiteAccess) -> Script | None:
    """The site's script as browsers get it; None where the package was not built."""
    endpoint = f"{settings.PASSERBY.base_url}/api/event"
    try:
        return _scripts().site(tracker_config(access.site), Encoding.BROTLI, endpoint=endpoint)
    except ScriptsMissing:
        return None


@lru_cache(1)
def _scripts() -> Scripts:
    return Scripts()
