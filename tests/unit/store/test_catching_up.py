"""A server that was away when we started: who brings its tables up to date, and what the others hear meanwhile."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from clickhouse_connect.driver.client import Client

from passerby.store import store as module
from passerby.store.engine import Engine
from passerby.store.errors import StoreUnavailable
from passerby.store.store import Store
from tests.support.stores import store_settings

SECONDS_MAX = 5.0


def test_one_caller_waits_for_a_silent_server_and_the_others_hear_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_asked, is_over = threading.Event(), threading.Event()
    is_over.set()

    def connect() -> Client:
        is_asked.set()
        is_over.wait()
        raise StoreUnavailable("away")

    monkeypatch.setattr(module, "open_engine", lambda _: Engine(connect=connect, cluster="", lock=None))
    store = Store.open_for_serving(store_settings(tmp_path))
    is_asked.clear()
    is_over.clear()

    with ThreadPoolExecutor() as callers:
        first = callers.submit(store.query, "SELECT 1")
        assert is_asked.wait(SECONDS_MAX)
        others = [callers.submit(store.query, "SELECT 1") for _ in range(3)]
        try:
            assert all(isinstance(other.exception(SECONDS_MAX), StoreUnavailable) for other in others)
            assert not first.done()
        finally:
            is_over.set()
        assert isinstance(first.exception(SECONDS_MAX), StoreUnavailable)
