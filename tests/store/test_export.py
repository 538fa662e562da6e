from datetime import UTC, datetime, timedelta

import pytest

from passerby.store.erasure import delete_site
from passerby.store.export import export_events, export_visits
from passerby.store.rows import EventRow, VisitRow
from passerby.store.store import Store
from tests.support.stores import number

NOON = datetime(2026, 2, 18, 12, tzinfo=UTC)


def event(site_id: int, minutes: int, arrival: int, **fields: object) -> EventRow:
    row = {
        "name": "pageview",
        "hostname": "a.example",
        "pathname": f"/{arrival}",
        "visitor_id": 2**64 - 1,
        "visit_id": 7,
        **fields,
    }
    at = int((NOON + timedelta(minutes=minutes)).timestamp())
    return EventRow(site_id=site_id, timestamp=at, arrival=arrival, **row)  # type: ignore[arg-type]  # A builder.


def visit(site_id: int, visit_id: int, version: int, minutes: int = 0, **fields: object) -> VisitRow:
    at = int((NOON + timedelta(minutes=minutes)).timestamp())
    row = {"duration": 0, "is_bounce": True, "pageviews": 1, "events": 1, **fields}
    return VisitRow(
        site_id=site_id,
        visit_id=visit_id,
        visitor_id=1,
        version=version,
        start=at,
        timestamp=at,
        **row,  # type: ignore[arg-type]  # A builder.
    )


def test_events_come_by_time_then_arrival_across_days(store: Store, site_id: int) -> None:
    late, early, tied = event(site_id, 24 * 60, 1), event(site_id, 0, 3), event(site_id, 0, 2)
    store.insert_events([late, early, tied, event(number(), 0, 4)], token=f"e{site_id}")

    rows = list(export_events(store, site_id, first=None, last=None))

    assert [row["pathname"] for row in rows] == ["/2", "/3", "/1"]


def test_an_event_is_shown_whole(store: Store, site_id: int) -> None:
    money = {"revenue_source_amount": 7.14, "revenue_source_currency": "EUR", "revenue_reporting_amount": 8.0}
    stored = event(site_id, 0, 1, props={"a": "b"}, engagement_time_ms=1500, **money)
    store.insert_events([stored], token=f"w{site_id}")

    (row,) = export_events(store, site_id, first=None, last=None)

    assert (row["timestamp"], row["props"], row["engagement_time"]) == ("2026-02-18T12:00:00Z", {"a": "b"}, 1500)
    assert (row["visitor"], row["visit"]) == ("ffffffffffffffff", "0000000000000007")
    assert row["revenue"] == {
        "amount": 7.14,
        "currency": "EUR",
        "reporting_amount": 8.0,
        "reporting_currency": "",
    }
    assert not {"site_id", "visitor_id", "visit_id", "arrival"} & set(row)


@pytest.mark.parametrize(
    ("first", "last", "paths"),
    [
        (NOON, NOON + timedelta(minutes=1), ["/1"]),
        (NOON + timedelta(minutes=1), None, ["/2"]),
        (None, NOON, []),
        (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC), ["/1", "/2"]),
    ],
)
def test_the_bounds_are_from_and_before(
    store: Store, site_id: int, first: datetime | None, last: datetime | None, paths: list[str]
) -> None:
    store.insert_events([event(site_id, 0, 1), event(site_id, 1, 2)], token=f"b{site_id}")

    assert [row["pathname"] for row in export_events(store, site_id, first=first, last=last)] == paths


def test_a_visit_comes_once_as_of_its_last_event_and_visits_come_by_start(store: Store, site_id: int) -> None:
    states = [visit(site_id, 5, version, pageviews=version, is_bounce=version < 2) for version in (1, 2)]
    store.insert_visits([visit(site_id, 6, 9, minutes=5), *states], token=f"v{site_id}")

    rows = list(export_visits(store, site_id, first=None, last=None))

    assert [(row["visit"], row["pageviews"], row["is_bounce"]) for row in rows] == [
        ("0000000000000005", 2, False),
        ("0000000000000006", 1, True),
    ]


def test_a_deleted_site_leaves_nothing_and_takes_nobody_along(store: Store, site_id: int) -> None:
    other = number()
    store.insert_events([event(site_id, 0, 1), event(other, 0, 2)], token=f"d{site_id}")
    store.insert_visits([visit(site_id, 1, 1), visit(other, 2, 1)], token=f"d{site_id}")

    delete_site(store, site_id)

    assert list(export_events(store, site_id, first=None, last=None)) == []
    assert list(export_visits(store, site_id, first=None, last=None)) == []
    assert len(list(export_events(store, other, first=None, last=None))) == 1
    assert len(list(export_visits(store, other, first=None, last=None))) == 1
