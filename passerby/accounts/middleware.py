"""What every page carries: safe headers, and a session that lasts while it is used."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

Handler = Callable[[HttpRequest], HttpResponse]

SESSION_TOUCH_SECONDS = 3600  # A session is written at most this often just because it was used.
TOUCHED = "touched_at"
HSTS_SECONDS = 365 * 24 * 3600

CONTENT_SECURITY_POLICY = "; ".join(  # noqa: FLY002 - One directive a line, some with a reason.
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "style-src 'self' 'unsafe-inline'",  # The dashboard's popovers measure and place themselves by style elements.
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


class SafeHeadersMiddleware:
    """Adds the headers a page has not set itself. A page that may be framed (a shared link) says so on its own."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with every header the answer lacks."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), browsing-topics=()"
        )
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "private, no-store"
        if settings.PASSERBY.is_https:  # TLS ends at the proxy, so Django's own middleware sees plain http.
            response.headers["Strict-Transport-Security"] = f"max-age={HSTS_SECONDS}"
        return response


class NoZeroBytesMiddleware:
    """Refuses addresses and forms with a zero byte: no page means one, and PostgreSQL stores none."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, unless there is a zero byte. Bodies of the JSON APIs are their own business."""
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest
        is_form = request.method == "POST" and not request.path.startswith("/api/")
        if is_form and any("\x00" in value for values in request.POST.lists() for value in values[1]):
            raise BadRequest
        return self.get_response(request)


class SlidingSessionMiddleware:
    """A session ends 14 days after its last use. The row is touched at most once an hour."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, having noted that the session is in use."""
        if "_auth_user_id" in request.session:
            now = timezone.now().timestamp()
            if now - request.session.get(TOUCHED, 0) > SESSION_TOUCH_SECONDS:
                request.session[TOUCHED] = now
        return self.get_response(request)
