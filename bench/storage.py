"""Bytes an event takes on disk, its visit included, once the engine has merged what it holds."""

from collections.abc import Iterable

from bench.figure import Figure
from passerby.store.store import Store

TABLES = ("events", "visits")
SIZES = """
    SELECT table, sum(bytes_on_disk), sum(rows) FROM system.parts
    WHERE active AND database = currentDatabase() AND table IN ('events', 'visits') GROUP BY table
"""


def settle(store: Store) -> None:
    """Merge each month into one part, as the engine does by itself with parts older than four hours."""
    for table in TABLES:
        store.command(f"OPTIMIZE TABLE {table} FINAL")


def measure(store: Store) -> Iterable[Figure]:
    """Merge, then ask the engine."""
    settle(store)
    sizes = {str(table): (int(size), int(rows)) for table, size, rows in store.query(SIZES).rows}
    for table in TABLES:
        yield Figure(name=f"storage: {table}, bytes a row", value=sizes[table][0] / sizes[table][1], unit="B")
    total = sum(size for size, _ in sizes.values())
    name = "storage: bytes an event, visit included"
    yield Figure(name=name, value=total / sizes["events"][1], unit="B", at_most=25)
