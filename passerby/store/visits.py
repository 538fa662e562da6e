"""What ingest asks the store for: visits that may still go on, and how far arrival numbers got."""

from collections.abc import Sequence
from typing import NamedTuple

from passerby.store.rows import VisitRow
from passerby.store.store import Store

PARTITION_SECONDS = 32 * 86_400  # A visit active now began in this month's partition or the last.

_COLUMNS = ", ".join(
    f"toUnixTimestamp({name}) AS {name}" if name in {"start", "timestamp"} else name
    for name in VisitRow.__struct_fields__
)
_STATES = ", ".join(VisitRow.__struct_fields__)


class LastSeen(NamedTuple):
    """A visit's last state, and when its visitor last showed any sign of life, engagement included."""

    row: VisitRow
    last_activity: int


def latest_arrival(store: Store) -> int:
    """The highest arrival number stored; 0 in an empty store."""
    return int(store.query("SELECT max(arrival) FROM events").rows[0][0])


def visits_since(store: Store, *, since: int, visits_max: int) -> list[LastSeen]:
    """Visits of all sites with a sign of life after `since` (Unix seconds), the latest `visits_max` of them."""
    return _found(
        store,
        where="WHERE start > {earliest:Int64} AND visit_id IN (SELECT visit_id FROM events "
        "WHERE timestamp > {since:Int64} AND visit_id > 0)",
        activity="WHERE timestamp > {since:Int64}",
        parameters={"since": since, "earliest": max(since - PARTITION_SECONDS, 0), "rows": visits_max},
    )


def latest_visits(store: Store, *, site_id: int, visitor_ids: Sequence[int]) -> list[LastSeen]:
    """The latest visit of each of these visitors of one site."""
    found = _found(
        store,
        where="WHERE site_id = {site_id:UInt64} AND visitor_id IN {visitor_ids:Array(UInt64)}",
        activity="WHERE site_id = {site_id:UInt64} AND visitor_id IN {visitor_ids:Array(UInt64)}",
        parameters={"site_id": site_id, "visitor_ids": list(visitor_ids), "rows": 4 * len(visitor_ids) + 1000},
    )
    latest: dict[int, LastSeen] = {}
    for seen in found:
        known = latest.get(seen.row.visitor_id)
        if known is None or seen.row.version > known.row.version:
            latest[seen.row.visitor_id] = seen
    return list(latest.values())


def _found(store: Store, *, where: str, activity: str, parameters: dict[str, object]) -> list[LastSeen]:
    """Last states first, then the last event of each visit: engagement moves a visit on without a new state."""
    table = store.query(
        f"SELECT {_COLUMNS}, last_activity FROM (SELECT {_STATES} FROM visits {where} "
        "ORDER BY version DESC LIMIT 1 BY site_id, visit_id LIMIT {rows:UInt64}) AS states "
        "LEFT JOIN (SELECT visit_id, toUnixTimestamp(argMax(timestamp, arrival)) AS last_activity "
        f"FROM events {activity} GROUP BY visit_id) AS activity USING visit_id",
        parameters,
    )
    return [
        LastSeen(VisitRow(**dict(zip(VisitRow.__struct_fields__, row[:-1], strict=True))), max(row[-1], 0) or 0)
        for row in table.rows
    ]
