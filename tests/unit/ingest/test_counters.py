import pytest

from passerby.ingest import counters as module
from passerby.ingest.bots import bot_of
from passerby.ingest.counters import UNKNOWN_SITE, Counters, RecentHit, Tally
from passerby.ingest.directory import SiteId
from passerby.ingest.drops import DropReason

NOON = 1_790_000_000
HOUR = NOON // 3600
SITE = SiteId(1)
GPTBOT = "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)"


def recent(reason: DropReason | None = None, *, at: int = NOON, path: str = "/") -> RecentHit:
    return RecentHit(at, "pageview", "example.com", path, reason)


def block(counters: Counters, site_id: SiteId = SITE, *, at: int = NOON) -> None:
    counters.drop(site_id, recent(DropReason.BLOCK, at=at), DropReason.BLOCK)


def test_drops_are_counted_by_site_hour_and_reason() -> None:
    counters = Counters()
    for at in (NOON, NOON, NOON + 3600):
        block(counters, at=at)
    counters.drop(SiteId(2), recent(DropReason.THROTTLE), DropReason.THROTTLE)
    counters.accept(SITE, recent())

    assert counters.take_tallies() == {
        Tally(SITE, HOUR, DropReason.BLOCK, None): 2,
        Tally(SITE, HOUR + 1, DropReason.BLOCK, None): 1,
        Tally(SiteId(2), HOUR, DropReason.THROTTLE, None): 1,
    }
    assert (counters.accepted_count, counters.dropped[DropReason.BLOCK]) == (1, 3)


def test_what_was_taken_to_be_stored_is_taken_once() -> None:
    counters = Counters()
    block(counters)

    assert len(counters.take_tallies()) == 1
    assert counters.take_tallies() == {}


def test_bots_are_counted_apart_by_who_runs_them_and_why() -> None:
    counters = Counters()
    bot = bot_of(GPTBOT)
    counters.drop(SITE, recent(DropReason.BOT), DropReason.BOT, bot)
    counters.drop(SITE, recent(DropReason.BOT), DropReason.BOT, bot)
    counters.drop(SITE, recent(DropReason.BLOCK), DropReason.BLOCK, bot)

    assert counters.take_tallies() == {
        Tally(SITE, HOUR, DropReason.BOT, bot): 2,
        Tally(SITE, HOUR, DropReason.BLOCK, None): 1,
    }


def test_what_waits_is_bounded_and_the_totals_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TALLIES_MAX", 1)
    counters = Counters()
    for site_id in (SITE, SiteId(2), SITE):
        block(counters, site_id)

    assert counters.take_tallies() == {Tally(SITE, HOUR, DropReason.BLOCK, None): 2}
    assert counters.dropped[DropReason.BLOCK] == 3


def test_hits_of_nobodys_site_are_in_the_totals_only() -> None:
    counters = Counters()
    counters.drop(UNKNOWN_SITE, recent(DropReason.NOT_FOUND), DropReason.NOT_FOUND)

    assert counters.dropped[DropReason.NOT_FOUND] == 1
    assert counters.take_tallies() == {}
    assert counters.recent_of(UNKNOWN_SITE) == []


def test_the_feed_shows_the_newest_first_and_is_short() -> None:
    counters = Counters()
    for number in range(module.RECENT_HITS_MAX + 5):
        counters.accept(SITE, recent(path=f"/{number}"))

    feed = counters.recent_of(SITE)

    assert len(feed) == module.RECENT_HITS_MAX
    assert feed[0].pathname == f"/{module.RECENT_HITS_MAX + 4}"
    assert counters.recent_of(SiteId(9)) == []


def test_quiet_sites_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SITES_MAX", 1)
    counters = Counters()
    block(counters)
    block(counters, SiteId(2))

    assert counters.recent_of(SITE) == []
    assert len(counters.recent_of(SiteId(2))) == 1


def test_a_site_is_forgotten_whole() -> None:
    counters = Counters()
    block(counters)
    block(counters, SiteId(2))

    counters.forget_site(SITE)

    assert [tally.site_id for tally in counters.take_tallies()] == [2]
    assert counters.recent_of(SITE) == []
