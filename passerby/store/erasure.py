"""Deleting a site's rows for good, in every table that has any."""

from passerby.store.store import Store


def delete_site(store: Store, site_id: int) -> None:
    """Rewrite every table without this site's rows; they are gone from the disk when this returns.

    Raises: StoreUnavailable.
    """
    tables = store.query(
        "SELECT table FROM system.columns WHERE database = currentDatabase() AND name = 'site_id' ORDER BY table"
    )
    for (table,) in tables.rows:
        # mutations_sync: wait for all replicas. A mutation, not a lightweight delete, which would only hide the rows.
        store.command(
            f"ALTER TABLE {table} DELETE WHERE site_id = {{site:UInt64}} SETTINGS mutations_sync = 2",
            {"site": site_id},
        )
