"""Bytes an event takes on disk, its visit included, once the engine has merged what it holds."""

from collections.abc import Iterable
from pathlib import Path

from bench.figure import Figure
from passerby.settings import read_settings
from passerby.store.store import Store

TABLES = ("events", "visits")
SIZES = """
    SELECT table, sum(bytes_on_disk), sum(rows) FROM system.parts
    WHERE active AND database = currentDatabase() AND table IN ('events', 'visits') GROUP BY table
"""


def measure(data: Path) -> Iterable[Figure]:
    """Merge, then ask the engine. The data folder must not be in use."""
    store = Store.open(read_settings({"PASSERBY_DATA": str(data)}))
    try:
        for table in TABLES:
            store.command(f"OPTIMIZE TABLE {table} FINAL")
        sizes = {str(table): (int(size), int(rows)) for table, size, rows in store.query(SIZES).rows}
    finally:
        store.close()
    events = sizes["events"][1]
    for table in TABLES:
        yield Figure(name=f"storage: {table}, bytes a row", value=sizes[table][0] / sizes[table][1], unit="B")
    total = sum(size for size, _ in sizes.values())
    yield Figure(name="storage: bytes an event, visit included", value=total / events, unit="B", at_most=25)
