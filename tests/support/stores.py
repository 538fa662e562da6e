"""A real store for tests: the embedded engine has room for one folder a process, so all tests of a worker share it.

Tests keep apart by the number of their site. `rows` builders spell out only what a test is about.
"""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from passerby.settings import Settings, read_settings
from passerby.store.rows import EventRow, VisitRow
from passerby.store.store import Store

_numbers = itertools.count(1)


@contextmanager
def open_store() -> Iterator[Store]:
    """The engine in a folder of its own, with every table."""
    folder = Path(tempfile.mkdtemp(prefix="passerby-store-"))
    try:
        store = Store.open(store_settings(folder))
        store.migrate()
        yield store
        store.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def store_settings(folder: Path, **changes: Any) -> Settings:
    """Settings of a data folder, with room for small questions only."""
    return replace(read_settings({"PASSERBY_DATA": str(folder)}), query_seconds_max=20, **changes)


def number() -> int:
    """A number nobody else uses in this process: a site, a visit, a token."""
    return next(_numbers)


def at(text: str) -> int:
    """Unix seconds of `2026-01-31 12:00` (UTC)."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def event_row(site_id: int, **fields: Any) -> EventRow:
    """A page view of a fresh visitor."""
    one = number()
    given = {
        "timestamp": at("2026-01-15 12:00"),
        "arrival": one,
        "name": "pageview",
        "hostname": "example.com",
        "pathname": "/",
        "visitor_id": one,
        "visit_id": one,
    }
    return EventRow(site_id=site_id, **{**given, **fields})


def visit_row(site_id: int, **fields: Any) -> VisitRow:
    """A bounce of a fresh visitor."""
    one, start = number(), fields.get("start", at("2026-01-15 12:00"))
    given = {
        "visit_id": one,
        "visitor_id": one,
        "version": one,
        "start": start,
        "timestamp": start,
        "duration": 0,
        "is_bounce": True,
        "pageviews": 1,
        "events": 1,
        "hostname": "example.com",
        "entry_page": "/",
        "exit_page": "/",
        "exit_page_hostname": "example.com",
    }
    return VisitRow(site_id=site_id, **{**given, **fields})


def keep(store: Store, *, events: list[EventRow] = [], visits: list[VisitRow] = []) -> None:  # noqa: B006 - Read only.
    """Insert rows under tokens of their own."""
    if events:
        store.insert_events(events, token=f"events-{number()}")
    if visits:
        store.insert_visits(visits, token=f"visits-{number()}")
