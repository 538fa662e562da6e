"""Who is calling an API, and may they? Keys, their limits and scopes, and the dashboard's own callers.

The order of checks and the texts are Plausible's (spec of the Sites API, section 1): token, key, hourly limit, burst
limit, scope, site. A request that is refused later still counts against the limits.
"""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

from passerby.accounts.throttle import is_over, seconds_left
from passerby.report.api import refusals
from passerby.report.api.http import enforce_csrf
from passerby.report.api.refusals import BadRequest, NotFound, TooManyRequests, Unauthorized
from passerby.sites.access import Capability, SiteAccess, access_of_anyone, access_of_key, access_of_request
from passerby.sites.selectors import find_site
from passerby.teams.keys import HOURLY_LIMIT_DEFAULT, Scope, allows, find_key
from passerby.teams.models import ApiKey

HOUR_SECONDS = 3600
BURST_SECONDS = 10
BURST_LIMIT_MIN = 60
BURSTS_AN_HOUR = 60  # A burst may use a sixtieth of the hour's allowance, and never less than BURST_LIMIT_MIN.
USED_SECONDS = 300  # `last_used_at` is written at most this often.


def authorize_key(request: HttpRequest, scope: Scope, named: Callable[[], object]) -> SiteAccess:
    """The site a stats caller may read. `named` is asked which one that is once the key is known to be good.

    Raises: Unauthorized, TooManyRequests, BadRequest without a site id, and what `named` raises.
    """
    key = _limited_key(request, refusals.INVALID_KEY_OR_SITE)
    if not allows(key, scope):
        raise Unauthorized(refusals.INVALID_KEY_OR_SITE)
    site_id = named()
    if not isinstance(site_id, str) or not site_id:
        raise BadRequest(refusals.MISSING_SITE_ID, field="site_id")
    access = _access(key, site_id)
    if access is None or not access.can(Capability.VIEW):
        raise Unauthorized(refusals.INVALID_KEY_OR_SITE)
    return access


def authorize_scope(request: HttpRequest, scope: Scope) -> ApiKey:
    """The key of a caller of the Sites API, for routes that name no site.

    Raises: Unauthorized, TooManyRequests.
    """
    key = _limited_key(request, refusals.INVALID_KEY)
    if not allows(key, scope):
        raise Unauthorized(refusals.INVALID_KEY)
    return key


def authorize_site(
    request: HttpRequest,
    scope: Scope,
    site_id: object,
    capability: Capability,
    *,
    missing: str = refusals.MISSING_SITE_ID,
) -> SiteAccess:
    """The site a caller of the Sites API may do something with.

    Raises: Unauthorized, TooManyRequests, BadRequest without a site id, NotFound for a site that does not exist or is
    not theirs to touch: which of the two is nobody's business.
    """
    key = authorize_scope(request, scope)
    if not isinstance(site_id, str) or not site_id:
        raise BadRequest(missing, field="site_id")
    site = find_site(site_id, now=timezone.now())
    if site is not None and key.team_id is not None and key.team_id != site.team_id:
        raise Unauthorized(refusals.INVALID_KEY)
    access = None if site is None else access_of_key(key, site)
    if access is None or not access.can(capability):
        raise NotFound(refusals.SITE_NOT_FOUND)
    return access


def authorize_dashboard(
    request: HttpRequest,
    domain: str,
    capability: Capability = Capability.VIEW,
    *,
    scope: Scope = Scope.STATS_READ,
) -> SiteAccess:
    """The site a dashboard may ask about: by session, shared link, publicity, or a key with `scope`.

    Raises: NotFound; for a caller with a key also Unauthorized and TooManyRequests.
    """
    site = find_site(domain, now=timezone.now())
    if has_bearer(request):
        key = _limited_key(request, refusals.INVALID_KEY_OR_SITE)
        if not allows(key, scope):
            raise Unauthorized(refusals.INVALID_KEY)
        access = None if site is None else access_of_key(key, site) or access_of_anyone(site)
    else:
        access = None if site is None else access_of_request(request, site)
    if access is None or not access.can(capability):
        raise NotFound(refusals.SITE_HIDDEN)
    return access


def authorize_writer(request: HttpRequest, domain: str) -> SiteAccess:
    """The site on whose dashboard somebody writes: by a session with our CSRF token, or by a key that may change sites.

    Raises: NotFound, Forbidden; for a caller with a key also Unauthorized and TooManyRequests.
    """
    if has_bearer(request):
        return authorize_dashboard(request, domain, scope=Scope.SITES_PROVISION)
    access = authorize_dashboard(request, domain)
    enforce_csrf(request)
    return access


def has_bearer(request: HttpRequest) -> bool:
    """Whether a request brings a key, so that its session (if any) does not count."""
    return bool(_bearer(request))


def segment_limit(access: SiteAccess) -> int | None:
    """The segment outside which the caller's shared link shows nothing."""
    return None if access.shared_link is None else access.shared_link.segment_id


def check_segment_limit(access: SiteAccess, filters: object) -> None:
    """A link that is limited to a segment must carry that segment as the first filter of every question.

    Raises: BadRequest.
    """
    segment_id = segment_limit(access)
    if segment_id is None:
        return
    first = filters[0] if isinstance(filters, list) and filters else None
    if first != ["is", "segment", [segment_id]]:
        raise BadRequest(f"The first filter must be for the segment with id {segment_id}", field="filters")


def _bearer(request: HttpRequest) -> str:
    header = request.headers.get("Authorization", "")
    return header.removeprefix("Bearer ").strip() if header.startswith("Bearer ") else ""


def _access(key: ApiKey, site_id: str) -> SiteAccess | None:
    site = find_site(site_id, now=timezone.now())
    return None if site is None else access_of_key(key, site)


def _limited_key(request: HttpRequest, invalid: str) -> ApiKey:
    secret = _bearer(request)
    if not secret:
        raise Unauthorized(refusals.MISSING_KEY)
    key = find_key(secret)
    if key is None:
        raise Unauthorized(invalid)
    now = timezone.now()
    _count(key, now=now)
    if key.last_used_at is None or abs((now - key.last_used_at).total_seconds()) > USED_SECONDS:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
    return key


def _count(key: ApiKey, *, now: datetime) -> None:
    hourly = key.hourly_limit or HOURLY_LIMIT_DEFAULT
    if is_over(f"key:{key.pk}", limit=hourly, window_seconds=HOUR_SECONDS, now=now):
        raise TooManyRequests(
            f"Too many API requests. The limit is {hourly} per hour. Please contact us to request more capacity.",
            retry_after_seconds=seconds_left(window_seconds=HOUR_SECONDS, now=now),
        )
    burst = max(BURST_LIMIT_MIN, hourly // BURSTS_AN_HOUR)
    if is_over(f"key:{key.pk}", limit=burst, window_seconds=BURST_SECONDS, now=now):
        raise TooManyRequests(
            "Too many API requests in a short period of time. "
            f"The limit is {burst} per {BURST_SECONDS} seconds. Please throttle your requests.",
            retry_after_seconds=seconds_left(window_seconds=BURST_SECONDS, now=now),
        )
