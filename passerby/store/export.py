"""Raw rows out of the store, as the HTTP export shows them: whole, in order, and in bounded memory.

A day is read at a time, so that sorting never holds more than one site's one day.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from passerby.store.store import Store

SHARED_COLUMNS = (
    *("referrer", "referrer_source", "channel", "click_id_param"),
    *("utm_medium", "utm_source", "utm_campaign", "utm_content", "utm_term"),
    *("country_code", "subdivision1_code", "subdivision2_code", "city_geoname_id"),
    *("screen_size", "browser", "browser_version", "operating_system", "operating_system_version"),
)
EVENT_COLUMNS = (
    *("timestamp", "name", "visitor_id", "visit_id", "hostname", "pathname", *SHARED_COLUMNS),
    *("props", "scroll_depth", "engagement_time_ms", "interactive"),
    *("revenue_source_amount", "revenue_source_currency", "revenue_reporting_amount", "revenue_reporting_currency"),
)
VISIT_COLUMNS = (
    *("visit_id", "visitor_id", "start", "timestamp", "duration", "is_bounce", "pageviews", "events"),
    *("entry_page", "exit_page", "hostname", "exit_page_hostname", "entry_props", *SHARED_COLUMNS),
)
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2106, 1, 1, tzinfo=UTC)  # Just below what a column of 32-bit seconds holds.
DAY = timedelta(days=1)


def export_events(
    store: Store, site_id: int, *, first: datetime | None, last: datetime | None
) -> Iterator[Mapping[str, Any]]:
    """A site's events from `first` to before `last`, ordered by time, then arrival.

    Raises: StoreUnavailable.
    """
    sql = (
        f"SELECT {', '.join(EVENT_COLUMNS)} FROM events WHERE site_id = {{site:UInt64}} "
        "AND timestamp >= {first:DateTime('UTC')} AND timestamp < {last:DateTime('UTC')} ORDER BY timestamp, arrival"
    )
    days = _days(store, site_id, table="events", column="timestamp", first=first, last=last)
    for row in _rows(store, sql, site_id, days):
        yield _event(dict(zip(EVENT_COLUMNS, row, strict=True)))


def export_visits(
    store: Store, site_id: int, *, first: datetime | None, last: datetime | None
) -> Iterator[Mapping[str, Any]]:
    """A site's visits that began from `first` to before `last`, each once, ordered by start, then last arrival.

    Raises: StoreUnavailable.
    """
    sql = (
        f"SELECT {', '.join(VISIT_COLUMNS)} FROM visits FINAL WHERE site_id = {{site:UInt64}} "
        "AND start >= {first:DateTime('UTC')} AND start < {last:DateTime('UTC')} ORDER BY start, version"
    )
    days = _days(store, site_id, table="visits", column="start", first=first, last=last)
    for row in _rows(store, sql, site_id, days):
        yield _visit(dict(zip(VISIT_COLUMNS, row, strict=True)))


def _days(
    store: Store, site_id: int, *, table: str, column: str, first: datetime | None, last: datetime | None
) -> Iterator[tuple[datetime, datetime]]:
    """The bounds of every day that has rows, cut to what was asked for."""
    begin, end = within(first or EARLIEST), within(last or LATEST)
    days = store.query(
        f"SELECT DISTINCT toDate({column}) AS day FROM {table} WHERE site_id = {{site:UInt64}} "
        f"AND {column} >= {{first:DateTime('UTC')}} AND {column} < {{last:DateTime('UTC')}} ORDER BY day",
        {"site": site_id, "first": begin, "last": end},
    )
    for (day,) in days.rows:
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        yield max(begin, midnight), min(end, midnight + DAY)


def _rows(store: Store, sql: str, site_id: int, days: Iterator[tuple[datetime, datetime]]) -> Iterator[tuple[Any, ...]]:
    for first, last in days:
        for block in store.stream(sql, {"site": site_id, "first": first, "last": last}):
            yield from block


def within(instant: datetime) -> datetime:
    """The instant, or the end of what the columns can hold; whole seconds."""
    return min(max(instant, EARLIEST), LATEST).astimezone(UTC).replace(microsecond=0)


def _event(row: dict[str, Any]) -> dict[str, Any]:
    revenue = {
        "amount": _number(row.pop("revenue_source_amount")),
        "currency": row.pop("revenue_source_currency"),
        "reporting_amount": _number(row.pop("revenue_reporting_amount")),
        "reporting_currency": row.pop("revenue_reporting_currency"),
    }
    visitor, visit = row.pop("visitor_id"), row.pop("visit_id")
    row["engagement_time"] = row.pop("engagement_time_ms")
    row["timestamp"] = _iso(row["timestamp"])
    row["revenue"] = None if revenue["amount"] is None else revenue
    return {**row, "visit": _opaque(visit), "visitor": _opaque(visitor)}


def _visit(row: dict[str, Any]) -> dict[str, Any]:
    visit, visitor = row.pop("visit_id"), row.pop("visitor_id")
    row["start"], row["timestamp"] = _iso(row["start"]), _iso(row["timestamp"])
    return {"visit": _opaque(visit), "visitor": _opaque(visitor), **row}


def _opaque(identifier: int) -> str | None:
    """None for an event that was counted without a visitor."""
    return f"{identifier:016x}" if identifier else None


def _number(amount: Any) -> float | None:
    return None if amount is None else float(amount)


def _iso(instant: datetime) -> str:
    return instant.replace(tzinfo=None).isoformat() + "Z"
