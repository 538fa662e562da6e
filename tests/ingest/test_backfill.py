import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import pytest

from passerby.ingest import backfill as module
from passerby.ingest import series as series_module
from passerby.ingest.backfill import BackfillRefused, BackfillTooLarge
from passerby.ingest.directory import SiteId
from passerby.ingest.journal import list_drafts, list_segments
from passerby.ingest.pipeline import Ingest
from passerby.ingest.receipts import FILE_NAME, RECEIPTS_MAX, Receipts
from passerby.store.errors import StoreUnavailable
from tests.support.ingest import FakeStore, Sites, ingest_settings, site

NOW = datetime(2026, 2, 18, 12, 30, tzinfo=UTC)


def line(at: str = "2026-02-18T12:00:00Z", visitor: str | int = "ann", **fields: Any) -> dict[str, Any]:
    return {"timestamp": at, "visitor": visitor, **fields}


def take(ingest: Ingest, *lines: object, key: str | None = None, **rules: Any) -> int:
    body = b"\n".join(each if isinstance(each, bytes) else json.dumps(each).encode() for each in lines)
    return ingest.backfill(site(**rules), body, idempotency_key=key, now=NOW)


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def ingest(tmp_path: Path, store: FakeStore) -> Ingest:
    return Ingest.open(ingest_settings(tmp_path), store, Sites())  # type: ignore[arg-type] # The part that is used.


def test_events_are_stored_as_given_with_their_visits(ingest: Ingest, store: FakeStore) -> None:
    count = take(
        ingest,
        line(hostname="a.com", pathname="/in", browser="Firefox", props={"n": 1, "no": None}, utm_medium="email"),
        line("2026-02-18T12:10:00+00:00", pathname="/out", browser="Chrome"),
        line("2026-02-18T12:20:00", name="engagement", scroll_depth=40, engagement_time=900),
        line("2026-02-18T12:20:00Z", visitor=7, name="ping", interactive=False),
    )

    assert count == 4
    first, second, third, fourth = store.events
    assert (first["hostname"], first["browser"], first["channel"]) == ("a.com", "Firefox", "Email")
    assert (first["props"], first["scroll_depth"]) == ({"n": "1"}, 0)
    assert (second["browser"], second["hostname"]) == ("Firefox", "example.com")
    assert (third["scroll_depth"], third["engagement_time_ms"], third["visit_id"]) == (40, 900, first["visit_id"])
    assert fourth["interactive"] is False
    anns, seven = sorted(store.visits, key=lambda visit: visit["start"])
    assert (anns["pageviews"], anns["duration"], anns["exit_page"], anns["is_bounce"]) == (2, 600, "/out", False)
    assert (seven["is_bounce"], seven["events"]) == (True, 1)
    assert list_segments(ingest.folder) == []


def test_a_channel_that_is_given_is_kept(ingest: Ingest, store: FakeStore) -> None:
    take(ingest, line(channel="Carrier Pigeon", referrer_source="Google"))

    assert store.events[0]["channel"] == "Carrier Pigeon"


def test_engagement_of_nobody_is_not_stored(ingest: Ingest, store: FakeStore) -> None:
    assert take(ingest, line(name="engagement", scroll_depth=1)) == 0
    assert store.events == []


def test_a_depth_that_was_not_measured_stays_so(ingest: Ingest, store: FakeStore) -> None:
    take(ingest, line(), line(name="engagement", engagement_time=5))

    assert "scroll_depth" not in store.events[1]  # 255, the column's default.


def test_visitors_of_one_request_cannot_be_recognised_in_the_next(ingest: Ingest, store: FakeStore) -> None:
    take(ingest, line(), line())
    take(ingest, line())

    first, second, third = (event["visitor_id"] for event in store.events)
    assert first == second != third


def test_a_series_goes_on_across_requests(ingest: Ingest, store: FakeStore) -> None:
    take(ingest, line(visitor_scope="s"), line(visitor_scope="other"))
    take(ingest, line("2026-02-18T12:30:59Z", visitor_scope="s", pathname="/b"))
    take(ingest, line("2026-02-18T13:01:59Z", visitor_scope="s", pathname="/c"))

    assert len({event["visitor_id"] for event in store.events}) == 2
    assert sorted(visit["pageviews"] for visit in store.visits) == [1, 1, 2]


def test_a_series_goes_on_after_a_restart(tmp_path: Path, ingest: Ingest, store: FakeStore) -> None:
    take(ingest, line(visitor_scope="s"))
    reopened = Ingest.open(ingest_settings(tmp_path), store, Sites())  # type: ignore[arg-type] # As above.

    take(reopened, line(visitor_scope="s"))

    assert len({event["visitor_id"] for event in store.events}) == 1
    assert reopened.series.recalled


def test_a_series_that_was_idle_for_a_week_is_forgotten(tmp_path: Path, ingest: Ingest) -> None:
    then = int(NOW.timestamp())
    before = ingest.series.key_of(SiteId(1), "s", now=then)
    assert ingest.series.key_of(SiteId(1), "s", now=then + series_module.KEEP_SECONDS) == before
    assert ingest.series.key_of(SiteId(2), "s", now=then + 2 * series_module.KEEP_SECONDS) != before

    assert ingest.series.key_of(SiteId(1), "s", now=then + 9 * 86_400) != before
    log = (tmp_path / "data" / "series.log").read_text()
    assert [json.loads(each)["what"] for each in log.splitlines()] == ["created", "destroyed", "created"]


def test_a_secret_of_series_dies_after_a_week_even_if_no_other_series_comes(tmp_path: Path, ingest: Ingest) -> None:
    then = int(NOW.timestamp())
    ingest.series.key_of(SiteId(1), "s", now=then)
    (vault,) = [path for path in tmp_path.rglob("series") if path.is_file()]

    ingest.series.retire(then + series_module.IDLE_SECONDS_MAX - 1)
    assert vault.exists()
    ingest.series.retire(then + series_module.IDLE_SECONDS_MAX)
    assert not vault.exists()

    log = (tmp_path / "data" / "series.log").read_text()
    assert [json.loads(each)["what"] for each in log.splitlines()] == ["created", "destroyed"]


def test_a_series_that_cannot_be_read_begins_anew(tmp_path: Path, store: FakeStore, ingest: Ingest) -> None:
    take(ingest, line(visitor_scope="s"))
    (vault,) = [path for path in tmp_path.rglob("series") if path.is_file()]
    vault.write_bytes(b"broken")

    assert not Ingest.open(ingest_settings(tmp_path), store, Sites()).series.recalled  # type: ignore[arg-type] # As above.


def test_a_forgotten_site_begins_anew(ingest: Ingest, store: FakeStore) -> None:
    take(ingest, line(visitor_scope="s"))
    ingest.forget_site(SiteId(1))
    take(ingest, line(visitor_scope="s"))

    assert len(store.visits) == 2


def test_no_identifier_mode_holds_for_backfill_too(ingest: Ingest, store: FakeStore) -> None:
    take(ingest, line(browser="Firefox"), line(name="engagement", scroll_depth=5), counts_visitors=False)

    assert [(event["visitor_id"], event["visit_id"]) for event in store.events] == [(0, 0), (0, 0)]
    assert store.visits == []


@pytest.mark.parametrize(
    ("revenue", "rules", "stored"),
    [
        ({"amount": 10, "currency": "EUR"}, {}, (10.0, "EUR", 10.0, "EUR")),
        ({"amount": "9.9", "currency": "EUR"}, {"revenue_currencies": {"pageview": "EUR"}}, (9.9, "EUR", 9.9, "EUR")),
        (
            {"amount": 10, "currency": "EUR", "reporting_amount": "12.5", "reporting_currency": "USD"},
            {},
            (10.0, "EUR", 12.5, "USD"),
        ),
        ({"amount": 10, "currency": "EUR"}, {"revenue_currencies": {"pageview": "???"}}, (10.0, "EUR", None, "")),
    ],
)
def test_money_is_kept_as_given_or_converted(
    ingest: Ingest, store: FakeStore, revenue: object, rules: dict[str, Any], stored: tuple[object, ...]
) -> None:
    take(ingest, line(revenue=revenue), **rules)

    event = store.events[0]
    names = ("source_amount", "source_currency", "reporting_amount", "reporting_currency")
    defaults = (None, "", None, "")
    assert tuple(event.get(f"revenue_{n}", d) for n, d in zip(names, defaults, strict=True)) == stored


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"{", "truncated"),
        (b"\xff", "invalid"),
        ({"visitor": 1}, "`timestamp`"),
        (line(colour="red"), "`colour`"),
        (line("yesterday"), "RFC3339"),
        (line("1969-01-01T00:00:00Z"), "out of range"),
        (line(scroll_depth=300), "scroll_depth"),
        (line(name=""), "name"),
        (line(revenue={"amount": 1, "currency": "euro"}), "not a currency"),
        (line(revenue={"amount": "many", "currency": "EUR"}), "not a number"),
        (line(props={str(n): "x" for n in range(31)}), "more than 30"),
        (line(props={"a": "x" * 2001}), "2000 bytes"),
        (b'{"pathname": "\xff"}', "not JSON"),
    ],
)
def test_one_bad_line_refuses_all_and_is_named(ingest: Ingest, store: FakeStore, bad: object, reason: str) -> None:
    with pytest.raises(BackfillRefused) as refused:
        take(ingest, line(), b"", bad)

    ((number, told),) = refused.value.problems
    assert number == 3
    assert reason.lower() in told.lower()
    assert store.events == []


def test_a_refusal_is_short_however_much_is_wrong(ingest: Ingest) -> None:
    with pytest.raises(BackfillRefused, match="and 30 more lines") as refused:
        take(ingest, *[b"{}"] * 50)

    assert len(refused.value.problems) == 20


def test_a_request_has_a_size(ingest: Ingest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LINES_MAX", 2)
    with pytest.raises(BackfillTooLarge):
        take(ingest, *[line()] * 4)
    monkeypatch.setattr(module, "BYTES_MAX", 2)
    with pytest.raises(BackfillTooLarge):
        take(ingest, line())


def test_a_repeated_key_imports_once(tmp_path: Path, ingest: Ingest, store: FakeStore) -> None:
    assert take(ingest, line(), line(), key="once") == 2
    assert take(ingest, line(), key="once") == 2
    assert take(ingest, line(), key="once", id=SiteId(2)) == 1
    reopened = Ingest.open(ingest_settings(tmp_path), store, Sites())  # type: ignore[arg-type] # As above.

    assert take(reopened, line(), key="once") == 2
    assert len(store.events) == 3


def test_a_crash_after_the_receipt_is_completed_by_the_next_start(
    tmp_path: Path, ingest: Ingest, store: FakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "publish_segment", crash)
    with pytest.raises(KeyboardInterrupt):
        take(ingest, line(), key="once")
    with pytest.raises(KeyboardInterrupt):
        take(ingest, line(visitor="never answered"))
    assert len(list_drafts(ingest.folder)) == 2

    reopened = Ingest.open(ingest_settings(tmp_path), store, Sites())  # type: ignore[arg-type] # As above.

    assert len(store.events) == 1
    assert list_drafts(reopened.folder) == []
    assert take(reopened, line(), key="once") == 1
    assert len(store.events) == 1


def test_a_disk_that_refuses_leaves_nothing(ingest: Ingest, store: FakeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ingest.receipts, "add", full)
    with pytest.raises(OSError, match="No space"):
        take(ingest, line(), key="once")

    assert (list_drafts(ingest.folder), list_segments(ingest.folder), store.events) == ([], [], [])


def test_a_store_that_is_away_for_a_moment_is_waited_for(
    ingest: Ingest, store: FakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.away = True
    monkeypatch.setattr(time, "sleep", lambda _: setattr(store, "away", False))

    assert take(ingest, line()) == 1
    assert len(store.events) == 1


def test_a_store_that_stays_away_gets_the_rows_later(
    ingest: Ingest, store: FakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STORE_SECONDS_MAX", 0.0)
    monkeypatch.setattr(module, "STORE_RETRY_SECONDS", 0.0)
    store.away = True
    assert take(ingest, line()) == 1
    assert ingest.flusher.segments == 1

    store.away = False
    ingest.flusher.start()
    assert ingest.flusher.stop(5)

    assert len(store.events) == 1


def test_a_series_that_needs_the_store_says_when_it_is_away(tmp_path: Path, ingest: Ingest, store: FakeStore) -> None:
    take(ingest, line(visitor_scope="s"))
    reopened = Ingest.open(ingest_settings(tmp_path), store, Sites())  # type: ignore[arg-type] # As above.
    store.away = True

    with pytest.raises(StoreUnavailable):
        take(reopened, line(visitor_scope="s"))


def test_receipts_are_bounded_and_survive_a_torn_line(tmp_path: Path) -> None:
    receipts = Receipts(tmp_path)
    receipts.add(SiteId(1), "a", imported=1, segment="s")
    with (tmp_path / FILE_NAME).open("ab") as file:
        file.write(b'{"key": "cut of')
    again = Receipts(tmp_path)
    again.add(SiteId(1), "b", imported=2, segment="t")
    known = Receipts(tmp_path)
    assert [known.imported(SiteId(1), key) for key in ("a", "b", "c")] == [1, 2, None]

    line_of = '{"key":"%d","imported":1,"segment":"x"}\n'
    (tmp_path / FILE_NAME).write_text("".join(line_of % number for number in range(RECEIPTS_MAX + 5)))
    Receipts(tmp_path)

    assert len((tmp_path / FILE_NAME).read_text().splitlines()) == RECEIPTS_MAX
