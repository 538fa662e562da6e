import json

import pytest

from passerby.ingest import drop_log as module
from passerby.ingest.bots import Bot, BotReason
from passerby.ingest.counters import Tally
from passerby.ingest.directory import SiteId
from passerby.ingest.drop_log import DropLog
from passerby.ingest.drops import DropReason
from passerby.store.errors import StoreFault, StoreUnavailable

SITE = SiteId(1)
GPTBOT = Bot(BotReason.AI, "GPTBot", "OpenAI", "training")


class Sink:
    """Takes rows, refuses them, or takes them and loses the confirmation."""

    def __init__(self) -> None:
        self.trouble: Exception | None = None
        self.takes_it_all_the_same = False
        self.by_token: dict[str, list[dict[str, object]]] = {}

    def insert_raw(self, table: str, data: bytes, *, format: str, token: str) -> None:  # noqa: A002 - The store's word.
        assert (table, format) == ("drops", "JSONEachRow")
        if self.trouble is None or self.takes_it_all_the_same:
            self.by_token[token] = [json.loads(line) for line in data.splitlines()]
        if self.trouble is not None:
            raise self.trouble

    @property
    def hits(self) -> int:
        return sum(int(str(row["hits"])) for rows in self.by_token.values() for row in rows)


def tally(site_id: SiteId = SITE, reason: DropReason = DropReason.BLOCK, bot: Bot | None = None) -> Tally:
    return Tally(site_id, 10, reason, bot)


def test_a_row_names_the_hour_the_reason_and_the_program() -> None:
    sink = Sink()
    DropLog(sink).write({tally(): 2, tally(reason=DropReason.BOT, bot=GPTBOT): 3})

    nobody = {"kind": "", "family": "", "operator": "", "purpose": ""}
    program = {"kind": "ai", "family": "GPTBot", "operator": "OpenAI", "purpose": "training"}
    (rows,) = sink.by_token.values()
    assert rows == [
        {"site_id": 1, "hour": 36_000, "reason": "block", **nobody, "hits": 2},
        {"site_id": 1, "hour": 36_000, "reason": "bot", **program, "hits": 3},
    ]


def test_counts_wait_while_the_store_is_away_and_are_stored_once() -> None:
    sink = Sink()
    drops = DropLog(sink)
    sink.trouble = StoreUnavailable("away")
    for _ in range(3):
        with pytest.raises(StoreUnavailable):
            drops.write({tally(): 1})
    assert sink.hits == 0

    sink.trouble = None
    drops.write({tally(): 1})
    drops.write({})

    assert sink.hits == 4


def test_a_batch_whose_confirmation_was_lost_is_sent_again_as_the_same() -> None:
    sink = Sink()
    drops = DropLog(sink)
    sink.trouble, sink.takes_it_all_the_same = StoreUnavailable("away"), True
    with pytest.raises(StoreUnavailable):
        drops.write({tally(): 5})

    sink.trouble = None
    drops.write({tally(): 1})

    assert len(sink.by_token) == 2
    assert sink.hits == 6


def test_counts_that_the_store_refuses_for_good_do_not_hold_up_others() -> None:
    sink = Sink()
    drops = DropLog(sink)
    sink.trouble = StoreFault(27)
    drops.write({tally(): 5})

    sink.trouble = None
    drops.write({tally(): 1})

    assert sink.hits == 1


def test_what_waits_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TALLIES_MAX", 1)
    sink = Sink()
    drops = DropLog(sink)
    sink.trouble = StoreUnavailable("away")
    for site in (1, 2, 3, 2):  # The first is being sent, the second waits.
        with pytest.raises(StoreUnavailable):
            drops.write({tally(SiteId(site)): 1})

    sink.trouble = None
    drops.write({})

    assert sink.hits == 3


def test_a_forgotten_site_is_not_stored() -> None:
    sink = Sink()
    drops = DropLog(sink)
    sink.trouble = StoreUnavailable("away")
    for site in (9, 1, 2):
        with pytest.raises(StoreUnavailable):
            drops.write({tally(SiteId(site)): 1})

    drops.forget_site(SITE)
    sink.trouble = None
    drops.write({})

    assert sorted(int(str(row["site_id"])) for rows in sink.by_token.values() for row in rows) == [2, 9]
