from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from passerby.store import erasure
from passerby.store.drops import BotHits, DayOfDrops, DropRow, bots, drops_by_day, encode_drops
from passerby.store.store import Store
from tests.support.stores import at, number

FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)


def put(store: Store, *rows: DropRow) -> None:
    store.insert_raw("drops", encode_drops(rows), format="JSONEachRow", token=f"drops-{number()}")


def row(site_id: int, hour: str, hits: int, *, reason: str = "block", **bot: str) -> DropRow:
    return DropRow(site_id=site_id, hour=at(hour), reason=reason, hits=hits, **bot)


def gptbot(site_id: int, hour: str, hits: int) -> DropRow:
    named = {"kind": "ai", "family": "GPTBot", "operator": "OpenAI", "purpose": "training"}
    return row(site_id, hour, hits, reason="bot", **named)


def test_counts_add_up_over_writes_and_come_by_local_day(store: Store, site_id: int) -> None:
    put(store, row(site_id, "2026-01-10 23:00", 2), gptbot(site_id, "2026-01-10 12:00", 3))
    put(store, row(site_id, "2026-01-10 23:00", 5), row(site_id + 1_000_000, "2026-01-10 23:00", 9))

    utc = drops_by_day(store, site_id, ZoneInfo("Etc/UTC"), first=FIRST, last=LAST)
    tokyo = drops_by_day(store, site_id, ZoneInfo("Asia/Tokyo"), first=FIRST, last=LAST)

    assert utc == (DayOfDrops(date(2026, 1, 10), {"block": 7, "bot": 3}, {"ai": 3}),)
    assert tokyo == (
        DayOfDrops(date(2026, 1, 10), {"bot": 3}, {"ai": 3}),
        DayOfDrops(date(2026, 1, 11), {"block": 7}, {}),
    )


def test_programs_come_with_who_runs_them_and_why(store: Store, site_id: int) -> None:
    put(store, gptbot(site_id, "2026-01-10 12:00", 3), gptbot(site_id, "2026-01-11 12:00", 4))
    put(store, row(site_id, "2026-01-10 12:00", 8, reason="bot", kind="library", family="curl"))
    put(store, gptbot(site_id, "2026-02-01 00:00", 100), row(site_id, "2026-01-10 12:00", 50))

    found = bots(store, site_id, first=FIRST, last=LAST)

    assert found == [BotHits("library", "curl", "", "", 8), BotHits("ai", "GPTBot", "OpenAI", "training", 7)]


def test_a_deleted_site_leaves_no_counts(store: Store, site_id: int) -> None:
    put(store, row(site_id, "2026-01-10 12:00", 2))

    erasure.delete_site(store, site_id)

    assert drops_by_day(store, site_id, ZoneInfo("Etc/UTC"), first=FIRST, last=LAST) == ()
