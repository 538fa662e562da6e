"""Imported aggregates: their rows go in, and out again as a whole."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from passerby.store.store import Store

IMPORTED_TABLES = (
    "visitors",
    "sources",
    "pages",
    "entry_pages",
    "exit_pages",
    "custom_events",
    "locations",
    "devices",
    "browsers",
    "operating_systems",
    "custom_props",
)


def insert_imported(
    store: Store, table: str, rows: Sequence[Mapping[str, Any]], *, site_id: int, import_id: int, part: int
) -> None:
    """Store rows of one imported table (its name without `imported_`). The same `part` twice is stored once.

    Raises: StoreUnavailable.
    """
    encoder = msgspec.json.Encoder()
    data = encoder.encode_lines({"site_id": site_id, "import_id": import_id, **row} for row in rows)
    token = f"import:{import_id}:{table}:{part}"
    store.insert_raw(f"imported_{table}", data, format="JSONEachRow", token=token)


def has_rows(store: Store, *, site_id: int, import_id: int) -> bool:
    """Whether an import brought anything.

    Raises: StoreUnavailable.
    """
    where = "site_id = {site:UInt64} AND import_id = {import:UInt64}"
    each = " UNION ALL ".join(f"SELECT 1 FROM imported_{table} WHERE {where} LIMIT 1" for table in IMPORTED_TABLES)
    return bool(store.query(f"SELECT 1 FROM ({each}) LIMIT 1", {"site": site_id, "import": import_id}).rows)


def delete_import(store: Store, *, site_id: int, import_id: int) -> None:
    """Rewrite the imported tables without one import's rows; they are gone from the disk when this returns.

    Raises: StoreUnavailable.
    """
    for table in IMPORTED_TABLES:
        where = "site_id = {site:UInt64} AND import_id = {import:UInt64}"
        values = {"site": site_id, "import": import_id}
        if store.query(f"SELECT 1 FROM imported_{table} WHERE {where} LIMIT 1", values).rows:
            store.command(f"ALTER TABLE imported_{table} DELETE WHERE {where} SETTINGS mutations_sync = 2", values)


def first_event_since(store: Store, site_id: int, since: datetime) -> datetime | None:
    """When a site's first event at or after an instant happened; None before there is one."""
    sql = "SELECT min(timestamp), count() FROM events WHERE site_id = {site:UInt64} AND timestamp >= {since:DateTime}"
    ((first, count),) = store.query(sql, {"site": site_id, "since": since.astimezone(UTC).replace(tzinfo=None)}).rows
    return first.replace(tzinfo=UTC) if count else None
