"""What is left when an import ends badly: nothing, and a record that says why."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from passerby import runtime
from passerby.report.imports.errors import ImportInProgress, ImportRefused
from passerby.report.imports.service import SILENT_MINUTES_MAX, find_import, forget_import, list_imports, start_import
from passerby.sites.models import ImportRecord, Site
from passerby.store.errors import StoreUnavailable
from tests.support.archives import archive
from tests.support.cast import NOON

ARCHIVE = archive(visitors=["date,visitors", "2025-01-02,7"])


class Interrupted:
    """A store in which something happens at the first insert; it remembers from which tables rows were removed."""

    def __init__(self) -> None:
        self.happens: Callable[[], None] = lambda: None
        self.purged: list[str] = []
        self.asked_within: set[int] = set()  # So many transactions.

    def insert_raw(self, *_: Any, **__: Any) -> None:
        self.happens()

    def query(self, sql: str, parameters: dict[str, Any]) -> Any:
        del parameters
        self.asked_within.add(len(connection.savepoint_ids))
        return SimpleNamespace(rows=[(None, 0)] if "min(timestamp)" in sql else [(1,)])

    def command(self, sql: str, parameters: dict[str, Any]) -> None:
        del parameters
        self.purged.append(sql.split()[2])

    def settle(self) -> bool:
        return True


@pytest.fixture
def store(settings: Any) -> Iterator[Interrupted]:
    double: Any = Interrupted()
    runtime.install(runtime.Runtime(settings=settings.PASSERBY, store=double, directory=double, ingest=double))
    yield double
    runtime.install(None)


def send(site: Site) -> ImportRecord:
    return start_import(site, io.BytesIO(ARCHIVE), label="", now=NOON)


def test_no_site_is_locked_while_a_slow_store_is_asked(store: Interrupted, site: Site) -> None:
    completed = {"source": "csv", "status": "completed", "start_on": "2024-01-01", "end_on": "2024-02-01"}
    ImportRecord.objects.create(site=site, **completed)

    send(site)

    assert store.asked_within == {len(connection.savepoint_ids)}


def test_an_import_does_not_outlive_its_site(store: Interrupted, site: Site) -> None:
    store.happens = lambda: site.imports.all().delete()  # type: ignore[assignment] # What it returns is nobody's.

    with pytest.raises(ImportRefused, match="deleted or reset while the import was running"):
        send(site)

    assert "imported_visitors" in store.purged
    assert list(site.imports.all()) == []


def test_an_import_that_breaks_leaves_no_row_and_says_so(store: Interrupted, site: Site) -> None:
    def fail() -> None:
        raise StoreUnavailable("The engine is away.")

    store.happens = fail

    with pytest.raises(StoreUnavailable):
        send(site)

    assert "imported_visitors" in store.purged
    assert [record.status for record in list_imports(site, now=NOON)] == ["failed"]


def test_an_import_whose_process_died_is_buried_by_the_next_look(store: Interrupted, site: Site) -> None:
    record = ImportRecord.objects.create(site=site, status="importing")
    ImportRecord.objects.filter(pk=record.pk).update(updated_at=NOON)
    almost, later = (NOON + timedelta(minutes=SILENT_MINUTES_MAX, seconds=more) for more in (0, 1))

    with pytest.raises(ImportInProgress):
        send(site)
    with pytest.raises(ImportInProgress):
        forget_import(record)
    assert [one.status for one in list_imports(site, now=almost)] == ["importing"]
    found = find_import(site, record.pk, now=later)

    assert found is not None
    assert (found.status, found.error[:19]) == ("failed", "The server stopped ")
    assert "imported_visitors" in store.purged
