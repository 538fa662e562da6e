import time

from passerby.ops.audit_traces import search_store
from passerby.store.rows import EventRow, VisitRow
from passerby.store.store import Store
from passerby.store.visits import latest_arrival, latest_visits, visits_since

NOW = int(time.time())


def event(site_id: int, *, at: int, arrival: int, visit: int = 5, **fields: object) -> EventRow:
    own = {"name": "pageview", "hostname": "example.com", "pathname": "/", "visitor_id": visit + 1, "visit_id": visit}
    return EventRow(site_id=site_id, timestamp=at, arrival=arrival, **{**own, **fields})  # type: ignore[arg-type] # Built by name.


def visit(site_id: int, *, at: int, version: int, visit_id: int = 5, **fields: object) -> VisitRow:
    own = {"visitor_id": visit_id + 1, "start": at, "duration": 0, "is_bounce": True, "pageviews": 1, "events": 1}
    return VisitRow(site_id=site_id, visit_id=visit_id, version=version, timestamp=at, **{**own, **fields})  # type: ignore[arg-type] # As above.


def test_a_live_visit_is_found_in_its_last_state_with_its_last_sign_of_life(store: Store, site_id: int) -> None:
    visit_id = 10**9 + site_id
    store.insert_events(
        [
            event(site_id, at=NOW - 600, arrival=1, visit=visit_id),
            event(site_id, at=NOW - 300, arrival=2, visit=visit_id, name="engagement"),
            event(site_id, at=NOW - 90_000, arrival=3, visit=visit_id + 1_000_000),
        ],
        token=f"{site_id}:live:events",
    )
    store.insert_visits(
        [
            visit(site_id, at=NOW - 600, version=1, visit_id=visit_id, entry_page="/"),
            visit(site_id, at=NOW - 600, version=2, visit_id=visit_id, pageviews=2, entry_props={"a": "b"}),
            visit(site_id, at=NOW - 90_000, version=3, visit_id=visit_id + 1_000_000),
        ],
        token=f"{site_id}:live:visits",
    )

    found = [seen for seen in visits_since(store, since=NOW - 1860, visits_max=100) if seen.row.site_id == site_id]

    (seen,) = found
    assert (seen.row.version, seen.row.pageviews, seen.row.entry_props) == (2, 2, {"a": "b"})
    assert (seen.row.start, seen.last_activity) == (NOW - 600, NOW - 300)


def test_the_latest_visit_of_a_visitor_is_found(store: Store, site_id: int) -> None:
    rows = [visit(site_id, at=NOW - 9000, version=1, visit_id=1), visit(site_id, at=NOW - 500, version=2, visit_id=2)]
    both = [VisitRow(**{**{n: getattr(r, n) for n in VisitRow.__struct_fields__}, "visitor_id": 77}) for r in rows]
    store.insert_visits(both, token=f"{site_id}:latest:visits")
    store.insert_events([event(site_id, at=NOW - 500, arrival=2, visit=2)], token=f"{site_id}:latest:events")

    (seen,) = latest_visits(store, site_id=site_id, visitor_ids=[77, 78])

    assert (seen.row.visit_id, seen.row.visitor_id) == (2, 77)


def test_arrival_numbers_go_on_where_they_stopped(store: Store, site_id: int) -> None:
    store.insert_events([event(site_id, at=NOW, arrival=2**40 + site_id)], token=f"{site_id}:arrival")

    assert latest_arrival(store) >= 2**40 + site_id


def test_an_address_planted_in_a_table_is_found(store: Store, site_id: int) -> None:
    planted = event(site_id, at=NOW, arrival=9, utm_term="203.0.113.9", props={"agent": "Mozilla/5.0 (X11)"})
    store.insert_events([planted], token=f"{site_id}:planted")

    found = set(search_store(store))

    assert ("table events, column utm_term", "an IP address") in found
    assert ("table events, column props", "a User-Agent") in found
    store.command("ALTER TABLE events DELETE WHERE site_id = {id:UInt64} SETTINGS mutations_sync = 1", {"id": site_id})
