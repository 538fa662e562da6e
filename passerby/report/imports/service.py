"""Imports of a site from beginning to end: the record, its rows in the store, and what is left when one fails.

A small archive is stored while the caller waits; a larger one in a thread of this process, and its record tells how
far it is. All or nothing: what fails leaves no row behind.
"""

import logging
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import IO
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone

from passerby import runtime
from passerby.errors import PasserbyError
from passerby.report.imports.archive import Archive
from passerby.report.imports.errors import ImportInProgress, ImportRefused, NoTimeWindow
from passerby.report.imports.rows import Row, parse_rows
from passerby.report.imports.window import Window, free_window
from passerby.sites.changes import lock_site
from passerby.sites.models import ImportRecord, Site
from passerby.sites.selectors import completed_imports
from passerby.store.imports import delete_import, first_event_since, has_rows, insert_imported
from passerby.store.store import Store

WAIT_BYTES_MAX = 10_000_000  # Unpacked; more is stored in the background. Two seconds on a small machine.
BLOCK_ROWS = 50_000
SILENT_MINUTES_MAX = 10  # An import that has not moved for so long died with its process.

PENDING, IMPORTING, COMPLETED, FAILED = "pending", "importing", "completed", "failed"
RUNNING = (PENDING, IMPORTING)
DIED = "The server stopped while the import was running. Nothing of it was kept: send it again."
BROKE = "The import failed on our side. Nothing of it was kept: send it again."

GONE = "The site was deleted or reset while the import was running. Nothing of it was kept."

log = logging.getLogger(__name__)


def start_import(site: Site, file: IO[bytes], *, label: str, now: datetime) -> ImportRecord:
    """Import an archive; the record is `completed` when this returns, or `importing` for a large one.

    Raises: ImportRefused, NoTimeWindow, ImportInProgress; StoreUnavailable.
    """
    archive = Archive(file)
    record = _reserve(site, archive, label=label, now=now)
    if archive.bytes_unpacked <= WAIT_BYTES_MAX:
        _store_or_purge(record, archive)
        return record
    kept = tempfile.TemporaryFile(dir=runtime.current().settings.data)  # noqa: SIM115 - The thread closes it.
    file.seek(0)
    shutil.copyfileobj(file, kept)
    threading.Thread(target=_in_background, args=(record, kept), name=f"import-{record.pk}", daemon=True).start()
    return record


def list_imports(site: Site, *, now: datetime) -> list[ImportRecord]:
    """A site's imports, newest first."""
    _bury_dead(site, now=now)
    return list(site.imports.order_by("-id"))


def find_import(site: Site, import_id: int, *, now: datetime) -> ImportRecord | None:
    """One import of a site."""
    _bury_dead(site, now=now)
    return site.imports.filter(pk=import_id).first()


def forget_import(record: ImportRecord) -> None:
    """Delete an import and its rows for good; nothing measured is touched.

    Raises: ImportInProgress; StoreUnavailable.
    """
    if record.status in RUNNING:
        raise ImportInProgress
    delete_import(runtime.current().store, site_id=record.site_id, import_id=record.pk)
    record.delete()


def _reserve(site: Site, archive: Archive, *, label: str, now: datetime) -> ImportRecord:
    """Take the days for this import, so that no other one can."""
    _bury_dead(site, now=now)
    asked = (min(member.first for member in archive.members), max(member.last for member in archive.members))
    # The store may be slow, and a locked site keeps others waiting: what it knows is asked before.
    until, empty = _measured_since(site, now=now), _without_rows(site)
    with transaction.atomic():
        lock_site(site)
        if site.imports.filter(status__in=RUNNING).exists():
            raise ImportInProgress
        taken = [_window(other) for other in completed_imports(site).exclude(pk__in=empty)]
        window = free_window(asked, until=until, taken=taken)
        if window is None:
            raise NoTimeWindow
        return ImportRecord.objects.create(
            site=site, source="csv", label=label, status=IMPORTING, start_on=window[0], end_on=window[1]
        )


def _without_rows(site: Site) -> set[int]:
    """The imports that brought no row: they have filled none of their days."""
    store = runtime.current().store
    return {other.pk for other in completed_imports(site) if not has_rows(store, site_id=site.pk, import_id=other.pk)}


def _measured_since(site: Site, *, now: datetime) -> date:
    """The local day of the first event since the site was made (or reset), else today.

    Events backfilled into the time before that are the owner's own doing and keep nobody from importing.
    """
    zone = ZoneInfo(site.timezone)
    running = runtime.current()
    running.ingest.settle()  # What was acknowledged before this request counts.
    made_on = site.stats_start_at.astimezone(zone).date()
    first = first_event_since(running.store, site.pk, datetime.combine(made_on, time(), tzinfo=zone))
    return (first or now).astimezone(zone).date()


def _in_background(record: ImportRecord, kept: IO[bytes]) -> None:
    with closing(kept), closing(connection):
        try:
            kept.seek(0)
            _store_or_purge(record, Archive(kept))
        except PasserbyError as problem:
            log.info("Import %s was refused: %s", record.pk, problem)


def _store_or_purge(record: ImportRecord, archive: Archive) -> None:
    store = runtime.current().store
    try:
        _store(record, archive, store)
        record.status = COMPLETED
        _save(record)
    except BaseException as problem:
        _fail(record, store, problem)
        raise


def _store(record: ImportRecord, archive: Archive, store: Store) -> None:
    window = _window(record)
    for member in archive.members:
        rows = parse_rows(archive.lines(member), member.table, file=member.name, window=window)
        for part, block in enumerate(_blocks(rows)):
            insert_imported(store, member.table, block, site_id=record.site_id, import_id=record.pk, part=part)
            _note(record, member.table, block)
            _save(record)  # Its date says that the import is alive.


def _note(record: ImportRecord, table: str, block: list[Row]) -> None:
    if table == "visitors":
        record.pageviews += sum(row["pageviews"] for row in block)
    if table == "pages" and any(row["total_scroll_depth_visits"] for row in block):
        record.has_scroll_depth = True


def _save(record: ImportRecord) -> None:
    """Keep how far the record is.

    Raises: ImportRefused when it was deleted meanwhile, with its site or in a reset: its rows must go as well.
    """
    if not _update(record):
        raise ImportRefused(GONE)


def _update(record: ImportRecord) -> bool:
    """Never an insert: a deleted record must not come back."""
    columns = ("status", "error", "pageviews", "has_scroll_depth")
    known = {name: getattr(record, name) for name in columns}
    return bool(ImportRecord.objects.filter(pk=record.pk).update(**known, updated_at=timezone.now()))


def _fail(record: ImportRecord, store: Store, problem: BaseException) -> None:
    record.status = FAILED
    record.error = str(problem) if isinstance(problem, PasserbyError) else BROKE
    _update(record)
    delete_import(store, site_id=record.site_id, import_id=record.pk)


def _bury_dead(site: Site, *, now: datetime) -> None:
    """Fail the imports whose process has gone, and remove what they left."""
    silent_since = now - timedelta(minutes=SILENT_MINUTES_MAX)
    for record in site.imports.filter(status__in=RUNNING, updated_at__lt=silent_since):
        record.status, record.error = FAILED, DIED
        _update(record)
        delete_import(runtime.current().store, site_id=record.site_id, import_id=record.pk)


def _window(record: ImportRecord) -> Window:
    if record.start_on is None or record.end_on is None:
        raise ValueError(record.pk)
    return record.start_on, record.end_on


def _blocks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while block := list(islice(rows, BLOCK_ROWS)):
        yield block
