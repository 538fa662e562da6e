"""Questions are for the client that asked; everything else is carried out whoever waits."""

import threading
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from passerby.report.questions import QuestionsEndWithTheirClientMiddleware
from passerby.store.errors import StoreUnavailable
from passerby.store.stopping import Stopper

FREE = b"nobody in particular"
LABELLED = b"for the client"


def _ask(_: HttpRequest) -> HttpResponse:
    with Stopper(lambda _: None).watched() as label:
        return HttpResponse(LABELLED if label else FREE)


def _answer(path: str, gone: threading.Event | None) -> bytes:
    extra: dict[str, Any] = {} if gone is None else {"passerby.client_gone": gone}
    return QuestionsEndWithTheirClientMiddleware(_ask)(RequestFactory().post(path, **extra)).content


@pytest.mark.parametrize(
    "path", ["/api/stats/example.com/query", "/api/v2/query", "/api/docs/query", "/api/v1/stats/breakdown"]
)
def test_the_store_learns_of_the_client_of_a_question(path: str) -> None:
    gone = threading.Event()
    assert _answer(path, gone) == LABELLED

    gone.set()
    with pytest.raises(StoreUnavailable):
        _answer(path, gone)


@pytest.mark.parametrize("path", ["/api/v1/sites/example.com", "/example.com/settings/danger-zone/delete-stats"])
def test_what_changes_something_is_carried_out_without_its_client(path: str) -> None:
    gone = threading.Event()
    gone.set()

    assert _answer(path, gone) == FREE


def test_a_server_that_tells_nothing_is_answered_all_the_same() -> None:
    assert _answer("/api/v2/query", None) == FREE
