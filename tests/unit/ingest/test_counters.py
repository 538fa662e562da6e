import pytest

from passerby.ingest import counters as module
from passerby.ingest.bots import bot_of
from passerby.ingest.counters import BotCount, Counters, RecentHit
from passerby.ingest.directory import SiteId
from passerby.ingest.drops import DropReason

NOON = 1_790_000_000
SITE = SiteId(1)
GPTBOT = "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)"


def recent(reason: DropReason | None = None, *, at: int = NOON, path: str = "/") -> RecentHit:
    return RecentHit(at, "pageview", "example.com", path, reason)


def test_drops_are_counted_by_site_and_reason() -> None:
    counters = Counters()
    for _ in range(2):
        counters.drop(SITE, recent(DropReason.BLOCK), DropReason.BLOCK)
    counters.drop(SiteId(2), recent(DropReason.THROTTLE), DropReason.THROTTLE)
    counters.accept(SITE, recent())

    assert counters.drops_of(SITE) == {"block": 2}
    assert counters.drops_of(SiteId(3)) == {}
    assert (counters.accepted_count, counters.dropped[DropReason.THROTTLE]) == (1, 1)


def test_bots_are_counted_apart_by_who_runs_them_and_why() -> None:
    counters = Counters()
    bot = bot_of(GPTBOT)
    assert bot is not None
    counters.drop(SITE, recent(DropReason.BOT), DropReason.BOT, bot)
    counters.drop(SITE, recent(DropReason.BOT), DropReason.BOT, bot)
    counters.drop(SITE, recent(DropReason.BLOCK), DropReason.BLOCK, bot)

    assert counters.bots_of(SITE) == [BotCount(bot.reason, bot.family, bot.operator, bot.purpose, 2)]
    assert counters.bots_of(SiteId(2)) == []


def test_kinds_of_bots_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BOT_KINDS_MAX", 0)
    counters = Counters()

    counters.drop(SITE, recent(DropReason.BOT), DropReason.BOT, bot_of(GPTBOT))

    assert counters.bots_of(SITE) == []


def test_the_feed_shows_the_newest_first_and_is_short() -> None:
    counters = Counters()
    for number in range(module.RECENT_HITS_MAX + 5):
        counters.accept(SITE, recent(path=f"/{number}"))

    feed = counters.recent_of(SITE)

    assert len(feed) == module.RECENT_HITS_MAX
    assert feed[0].pathname == f"/{module.RECENT_HITS_MAX + 4}"
    assert counters.recent_of(SiteId(9)) == []


def test_old_days_and_quiet_sites_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SITES_MAX", 1)
    counters = Counters()
    counters.drop(SITE, recent(DropReason.BLOCK), DropReason.BLOCK)
    later = NOON + 40 * 86_400
    counters.drop(SiteId(2), recent(DropReason.BLOCK, at=later), DropReason.BLOCK)

    assert counters.drops_of(SITE) == {}
    assert counters.recent_of(SITE) == []
