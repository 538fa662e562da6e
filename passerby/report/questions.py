"""Questions are for the client that asked: when it goes away, the engine stops."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from passerby.store.stopping import until

# Only what reads: a deletion or an import, once asked for, is carried out whoever still waits.
QUESTION_PATHS = ("/api/stats/", "/api/v1/stats/", "/api/v2/query", "/api/docs/query")


class QuestionsEndWithTheirClientMiddleware:
    """Lets the store know when the client of a question has gone, where the server tells (passerby/bridge.py)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, for as long as somebody waits."""
        gone = request.META.get("passerby.client_gone")
        if gone is None or not request.path_info.startswith(QUESTION_PATHS):
            return self.get_response(request)
        with until(gone):
            return self.get_response(request)
