"""The engine stops working on a question when whoever asked it has left."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from passerby.store.errors import StoreUnavailable
from passerby.store.stopping import until
from passerby.store.store import Store

# Takes minutes; left alone, it ends with QueryTooExpensive after the 20 seconds of the tests' settings.
SLOW = "SELECT count() FROM numbers(100000000000) WHERE sipHash64(number) % 7 = 3"
SHORT = "SELECT count() FROM numbers(100000000) WHERE sipHash64(number) % 7 < 7"
NO_LIMIT = {"max_rows_to_read": 0}


def _leaving_after(seconds: float) -> threading.Event:
    gone = threading.Event()
    timer = threading.Timer(seconds, gone.set)
    timer.daemon = True
    timer.start()
    return gone


def _asked_by(gone: threading.Event, store: Store, sql: str) -> Callable[[], object]:
    def ask() -> object:
        with until(gone):
            return store.query(sql, settings=NO_LIMIT).rows[0][0]

    return ask


def test_a_question_ends_when_its_asker_leaves(store: Store) -> None:
    with pytest.raises(StoreUnavailable):
        _asked_by(_leaving_after(0.5), store, SLOW)()


def test_questions_of_others_go_on(store: Store) -> None:
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(_asked_by(_leaving_after(0.3), store, SLOW))
        other = pool.submit(_asked_by(threading.Event(), store, SHORT))

        with pytest.raises(StoreUnavailable):
            slow.result()
        assert other.result() == 100_000_000


def test_a_question_of_somebody_gone_is_not_begun(store: Store) -> None:
    gone = threading.Event()
    gone.set()

    with pytest.raises(StoreUnavailable, match="left"):
        _asked_by(gone, store, "SELECT 1")()
