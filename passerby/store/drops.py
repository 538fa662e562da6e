"""Hits that were not counted, as sums per hour: in as rows, out by reason, by day, and by program.

An hour belongs to the local day that it begins in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import msgspec

from passerby.store.store import Store

TABLE = "drops"
_SPAN = "site_id = {site:UInt64} AND hour >= {first:DateTime('UTC')} AND hour < {last:DateTime('UTC')}"


class DropRow(msgspec.Struct, frozen=True, kw_only=True):
    """Hits of one hour that were dropped for one reason; of a program, with its name, who runs it and what for."""

    site_id: int
    hour: int  # Unix seconds of its beginning.
    reason: str
    kind: str = ""
    family: str = ""
    operator: str = ""
    purpose: str = ""
    hits: int


@dataclass(frozen=True, slots=True)
class DayOfDrops:
    """One local day: hits by reason, and those of programs by kind."""

    date: date
    drops: dict[str, int]
    bots: dict[str, int]


@dataclass(frozen=True, slots=True)
class BotHits:
    """Hits of one program in the whole span."""

    reason: str  # Its kind.
    family: str
    operator: str
    purpose: str
    hits: int


def encode_drops(rows: Sequence[DropRow]) -> bytes:
    """Rows as the engine parses them."""
    return msgspec.json.Encoder().encode_lines(rows)


def drops_by_day(
    store: Store, site_id: int, zone: ZoneInfo, *, first: datetime, last: datetime
) -> tuple[DayOfDrops, ...]:
    """The days from `first` to before `last` that dropped anything, oldest first.

    Raises: StoreUnavailable.
    """
    sql = (
        "SELECT toDate(hour, {zone:String}) AS day, reason, kind, sum(hits) AS count "
        f"FROM {TABLE} WHERE {_SPAN} GROUP BY day, reason, kind ORDER BY day, reason, kind"
    )
    days: dict[date, DayOfDrops] = {}
    for day, reason, kind, count in store.query(sql, {**_span(site_id, first, last), "zone": zone.key}).rows:
        of_day = days.setdefault(day, DayOfDrops(day, {}, {}))
        of_day.drops[reason] = of_day.drops.get(reason, 0) + int(count)
        if kind:
            of_day.bots[kind] = of_day.bots.get(kind, 0) + int(count)
    return tuple(days.values())


def bots(store: Store, site_id: int, *, first: datetime, last: datetime) -> list[BotHits]:
    """Programs from `first` to before `last`, most hits first.

    Raises: StoreUnavailable.
    """
    sql = (
        "SELECT kind, family, operator, purpose, sum(hits) AS count "
        f"FROM {TABLE} WHERE {_SPAN} AND kind != '' GROUP BY kind, family, operator, purpose "
        "ORDER BY count DESC, kind, family, operator, purpose"
    )
    rows = store.query(sql, _span(site_id, first, last)).rows
    return [BotHits(kind, family, operator, purpose, int(count)) for kind, family, operator, purpose, count in rows]


def _span(site_id: int, first: datetime, last: datetime) -> dict[str, object]:
    bounds = {"first": first, "last": last}
    return {"site": site_id, **{name: at.astimezone(UTC).replace(tzinfo=None) for name, at in bounds.items()}}
