"""What is shown when nothing else is: a page for people, JSON for programs."""

import logging
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from passerby.report.api.http import json_answer
from passerby.store.errors import StoreUnavailable

log = logging.getLogger(__name__)

NOT_FOUND = 404
CODES = {  # Of docs/errors.md; a 500 has none, nobody can do anything about it.
    400: "bad_request",
    403: "forbidden",
    NOT_FOUND: "not_found",
    429: "too_many_requests",
    503: "store_unavailable",
}


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    del exception
    return _answer(request, 400, "Bad request", "The request could not be understood.")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    del exception
    return _answer(request, 403, "Forbidden", "You may not do this.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without the token our pages carry."""
    del reason
    return _answer(request, 403, "The form is out of date", "Go back, load the page again, and send it once more.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, the same for what does not exist and for what is not yours."""
    del exception
    return _answer(request, 404, "Not found", "There is nothing here, or nothing that you may see.")


@login_not_required
@csrf_exempt
def unknown_api(request: HttpRequest, rest: str) -> HttpResponse:
    """404 for an API path that no route has; a site's domain never begins with `api/`."""
    del rest
    return not_found(request)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: ours to fix. What happened is in the log."""
    return _answer(request, 500, "Something broke", "It is our fault, and it has been logged.")


class StoreAwayMiddleware:
    """A page that needs the statistics says that they are away. The JSON APIs say so themselves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """503 for a store that is away; everything else is somebody else's."""
        if not isinstance(exception, StoreUnavailable):
            return None
        log.warning("The store is away: %s", exception)
        message = "The statistics cannot be read right now. Events are still taken. Try again in a minute."
        response = _answer(request, 503, "Statistics are away", message)
        response.headers["Retry-After"] = "5"
        return response


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """429 of the login pages."""
    message = "Too many login attempts. Wait a minute before trying again."
    response = _answer(request, 429, "Too many attempts", message)
    response.headers["Retry-After"] = "60"
    return response


def _answer(request: HttpRequest, status: int, title: str, message: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        headers = {"Error-Code": CODES[status]} if status in CODES else {}
        return json_answer({"error": message if status != NOT_FOUND else "Not found"}, status=status, headers=headers)
    return render(request, "error.html", {"title": title, "message": message}, status=status)
