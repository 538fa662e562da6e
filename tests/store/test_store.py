"""What the store promises, on the embedded engine and through the client of a server."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from passerby.store.errors import PatternRefused, QueryTooExpensive, StoreFault, StoreLocked, StoreUnavailable
from passerby.store.store import INSERT_ROWS_MAX, Store
from tests.support.stores import at, event_row, keep, number, store_settings, visit_row


def count(store: Store, table: str, site_id: int) -> int:
    sql = f"SELECT count() FROM {table} WHERE site_id = {{site:UInt64}}"
    return int(store.query(sql, {"site": site_id}).rows[0][0])


def test_migrating_again_changes_nothing(store: Store) -> None:
    assert store.migrate() == []


def test_a_row_comes_back_as_it_was_stored(store: Store, site_id: int) -> None:
    row = event_row(
        site_id,
        timestamp=at("2026-01-02 03:04"),
        name="Purchase",
        pathname="/Ünï/it's\\\n",
        visitor_id=2**64 - 1,
        props={"a": 'b"', "": "x"},
        revenue_reporting_amount=12.345,
        scroll_depth=7,
        city_geoname_id=588409,
    )
    keep(store, events=[row])

    columns = "toUnixTimestamp(timestamp), name, pathname, visitor_id, props, scroll_depth"
    revenue = "toFloat64(revenue_reporting_amount)"
    found = store.query(
        f"SELECT {columns}, {revenue} FROM events WHERE site_id = {{site:UInt64}}", {"site": site_id}
    ).rows[0]

    assert tuple(found) == (
        row.timestamp,
        "Purchase",
        "/Ünï/it's\\\n",
        2**64 - 1,
        {"a": 'b"', "": "x"},
        7,
        12.345,
    )


def test_what_is_left_out_has_the_rows_default(store: Store, site_id: int) -> None:
    store.insert_raw(
        "events", b'{"site_id": %d, "timestamp": 1}\n' % site_id, format="JSONEachRow", token=f"d-{number()}"
    )

    sql = "SELECT name, interactive, scroll_depth, revenue_source_amount FROM events WHERE site_id = {site:UInt64}"

    assert tuple(store.query(sql, {"site": site_id}).rows[0]) == ("pageview", True, 255, None)


def test_a_repeated_token_inserts_nothing(store: Store, site_id: int) -> None:
    rows, token = [event_row(site_id) for _ in range(3)], f"token-{number()}"

    store.insert_events(rows, token=token)
    store.insert_events(rows, token=token)
    store.insert_events(rows, token=f"token-{number()}")

    assert count(store, "events", site_id) == 6


def test_a_batch_over_months_and_blocks_is_stored_once(embedded: Store, site_id: int) -> None:
    rows = [event_row(site_id, timestamp=at(f"2026-{1 + n % 3:02d}-01 00:00")) for n in range(INSERT_ROWS_MAX + 10)]
    token = f"token-{number()}"

    embedded.insert_events(rows, token=token)
    embedded.insert_events(rows, token=token)

    assert count(embedded, "events", site_id) == len(rows)


def test_of_a_visit_the_highest_version_wins_whatever_the_order_of_arrival(store: Store, site_id: int) -> None:
    states = [visit_row(site_id, visit_id=9, visitor_id=9, version=n, pageviews=n) for n in (1, 3, 2)]
    for state in states:
        keep(store, visits=[state])

    sql = "SELECT pageviews FROM visits FINAL WHERE site_id = {site:UInt64}"

    assert [tuple(row) for row in store.query(sql, {"site": site_id}).rows] == [(3,)]


def test_a_stream_gives_every_row_in_blocks(store: Store) -> None:
    blocks = list(store.stream("SELECT number FROM numbers(200000)"))

    assert len(blocks) > 1
    assert sum(len(block) for block in blocks) == 200_000
    assert blocks[-1][-1] == (199_999,)


def test_a_stream_given_up_leaves_the_store_usable(store: Store) -> None:
    stream = store.stream("SELECT number FROM numbers(1000000)")
    next(stream)
    stream.close()  # type: ignore[attr-defined]  # A generator.

    assert store.query("SELECT 1").rows[0][0] == 1


@pytest.mark.parametrize(
    ("sql", "settings"),
    [
        ("SELECT count() FROM numbers(100000000000)", {"max_execution_time": 1}),
        ("SELECT groupArray(number) FROM numbers(100000000)", {"max_memory_usage": 10_000_000}),
        ("SELECT count() FROM numbers(1000000)", {"max_rows_to_read": 1000}),
    ],
)
def test_a_question_over_a_limit_is_refused_with_advice(store: Store, sql: str, settings: dict[str, int]) -> None:
    with pytest.raises(QueryTooExpensive, match="shorter period"):
        store.query(sql, settings=settings)


def test_a_pattern_that_is_none_is_refused(store: Store) -> None:
    with pytest.raises(PatternRefused):
        store.query("SELECT match('a', {p:String})", {"p": "(("})


def test_a_mistake_of_ours_is_a_fault_without_values(store: Store) -> None:
    with pytest.raises(StoreFault) as fault:
        store.query("SELECT nonsense FROM events WHERE name = {n:String}", {"n": "secret"})

    assert fault.value.code == 47
    assert "secret" not in str(fault.value)


def test_an_insert_that_is_short_of_memory_may_be_tried_again(embedded: Store, site_id: int) -> None:
    rows = [event_row(site_id) for _ in range(10)]
    with embedded.client() as client:
        client.set_client_setting("max_memory_usage", 1000)
        held = client
    try:
        with pytest.raises(StoreUnavailable):
            embedded.insert_events(rows, token=f"token-{number()}")
    finally:
        held.set_client_setting("max_memory_usage", 0)


def test_a_second_owner_of_the_folder_is_turned_away_with_the_reason(tmp_path: Path) -> None:
    from passerby.store.engine import _lock

    held = _lock(tmp_path / "events.lock")

    with pytest.raises(StoreLocked, match=r"in use by another Passerby process \(pid \d+\)\. Stop that one"):
        _lock(tmp_path / "events.lock")
    held.close()
    _lock(tmp_path / "events.lock").close()


def test_a_server_that_is_away_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        Store.open(store_settings(tmp_path, clickhouse_url="http://default@127.0.0.1:1/default"))


def test_the_first_event_is_found(store: Store, site_id: int) -> None:
    assert store.first_event_at(site_id) is None
    keep(store, events=[event_row(site_id, timestamp=at(f"2026-0{n}-03 0{n}:00")) for n in (5, 2, 4)])

    first = store.first_event_at(site_id)

    assert first is not None
    assert first.isoformat() == "2026-02-03T02:00:00+00:00"


def test_places_have_names(embedded: Store) -> None:
    found = dict(tuple(row) for row in embedded.query("SELECT kind, count() FROM locations GROUP BY kind").rows)
    name = embedded.query("SELECT name FROM locations WHERE kind = 'country' AND id = 'EE'").rows[0][0]

    assert found["country"] > 200
    assert found["region"] > 3000
    assert found["city"] > 100_000
    assert name == "Estonia"


def test_questions_that_do_not_fit_in_memory_together_are_answered_one_by_one(embedded: Store) -> None:
    heavy = "SELECT uniqExact(number) FROM numbers(1000000)"
    one_fits = {"max_memory_usage_for_user": 120_000_000}
    with ThreadPoolExecutor(6) as pool:
        answers = [pool.submit(embedded.query, heavy, settings=one_fits) for _ in range(6)]

        assert [answer.result().rows[0][0] for answer in answers] == [1_000_000] * 6


def test_a_question_that_does_not_fit_in_memory_alone_is_refused(embedded: Store) -> None:
    with pytest.raises(QueryTooExpensive):
        embedded.query("SELECT uniqExact(number) FROM numbers(1000000)", settings={"max_memory_usage": 10_000_000})
