"""Whatever is thrown at the event endpoint: an answer that is not a fault, and exactly what was accepted is stored."""

import http.client
import json
import os
import secrets
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.pressure.conftest import Prepare
from tests.support.hostile import COPIES, TEXTS, Attempt, attempts
from tests.support.pressure import AGENT, wait_until, waiting_segments
from tests.support.server import Server

REQUESTS = 1500
REQUESTS_FULL = int(os.environ.get("PASSERBY_FUZZ_REQUESTS", "100000"))
BATCH = 100  # Examples of one run of Hypothesis: it remembers all it tried.
THREADS = 3
HUNG_UP = 0  # In place of an answer that got lost while the request was still being sent.
ANSWERS = {200, 202, 400, 413, HUNG_UP}


@dataclass
class Tally:
    """What the server said, over all connections."""

    statuses: "Counter[int]" = field(default_factory=Counter)
    stored: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, attempt: Attempt, status: int, dropped: int) -> None:
        """Count an answer, and the events that it acknowledges."""
        with self.lock:
            self.statuses[status] += 1
            if status == 202:
                assert 0 <= dropped <= max(attempt.sites, dropped and 50)
                self.stored += max(attempt.sites - dropped, 0)


class Attacker:
    """One connection, kept for as long as the server keeps it."""

    def __init__(self, server: Server, tally: Tally) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=40)
        self._tally = tally

    def strike(self, attempt: Attempt) -> None:
        """Send one attempt; its answer must be one of those that a client can cause."""
        try:
            status, dropped = self._ask(attempt)
        except (http.client.HTTPException, OSError):
            self._connection.close()
            assert attempt.may_be_cut_off, "The connection broke."
            status, dropped = HUNG_UP, 0
        assert status in ANSWERS
        self._tally.add(attempt, status, dropped)

    def close(self) -> None:
        self._connection.close()

    def _ask(self, attempt: Attempt) -> tuple[int, int]:
        body = iter((attempt.body[:1000], attempt.body[1000:])) if attempt.chunked else attempt.body
        self._connection.request(
            "POST",
            "/api/event",
            body,
            attempt.headers,
            encode_chunked=attempt.chunked,
        )
        answer = self._connection.getresponse()
        answer.read()
        return answer.status, int(answer.getheader("x-plausible-dropped") or 0)


def attack(server: Server, tally: Tally, *, batch: int) -> None:
    """One run of Hypothesis over one connection."""
    with closing(Attacker(server, tally)) as attacker:
        assault(attacker, batch=batch)


def assault(attacker: Attacker, *, batch: int) -> None:
    """Whatever Hypothesis thinks of; it makes a failure short."""

    @seed(batch)
    @settings(
        max_examples=BATCH,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(attempts())
    def strike(attempt: Attempt) -> None:
        for each in attempt.with_copies():
            attacker.strike(each)

    strike()


def contents(server: Server, key: str) -> tuple["Counter[str]", "Counter[str]"]:
    """Every event and visit, once the store has all of the journal."""
    wait_until(lambda: waiting_segments(server) == 0)
    events, visits = (
        Counter(json.dumps(row, sort_keys=True) for row in server.export(key, what)) for what in ("events", "visits")
    )
    return events, visits


def refused_segments(server: Server) -> int:
    """Segments of the journal that the store could not read."""
    text = server.request("GET", "/metrics")[2].decode()
    lines = (line.split() for line in text.splitlines() if line.startswith("passerby_journal_refused_segments_total "))
    return int(next(lines)[1])


def assert_nothing_breaks(server: Server, key: str, *, requests: int, first_batch: int) -> Tally:
    """Attack, crash with the journal full of it, attack again, crash again: all that was accepted, and no more."""
    tally = Tally()
    batches = [first_batch + number for number in range(-(-requests // (BATCH * (1 + COPIES))))]
    half = len(batches) // 2
    with server:
        for some in (batches[:half], batches[half:]):
            with ThreadPoolExecutor(THREADS) as pool:
                list(pool.map(lambda batch: attack(server, tally, batch=batch), some))
            server.kill()
            server.start()
        before = contents(server, key)
        server.kill()
        server.start()
        after = contents(server, key)
        assert refused_segments(server) == 0
    events, visits = before
    assert after == before
    assert events.total() == tally.stored
    assert sum(json.loads(visit)["events"] for visit in visits) == sum(
        json.loads(event)["name"] != "engagement" for event in events.elements()
    )
    assert "Traceback" not in server.log_path.read_text()
    return tally


@pytest.mark.timeout(180)
def test_hostile_requests_break_nothing(prepare: Prepare) -> None:
    server, key = prepare()

    tally = assert_nothing_breaks(server, key, requests=REQUESTS, first_batch=1)

    assert tally.stored > REQUESTS // 40  # Or the strategies have lost their teeth.
    assert tally.statuses[400] > REQUESTS // 10


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_hundred_thousand_hostile_requests_break_nothing(prepare: Prepare) -> None:
    server, key = prepare()
    first_batch = secrets.randbelow(2**32)
    print(f"first batch {first_batch}")  # noqa: T201 - To repeat a failure.

    tally = assert_nothing_breaks(server, key, requests=REQUESTS_FULL, first_batch=first_batch)

    told = ", ".join(f"{count:,} times {status}" for status, count in sorted(tally.statuses.items()))
    print(f"{tally.statuses.total():,} requests: {told}; {tally.stored:,} events stored")  # noqa: T201 - Its figures.


@pytest.mark.timeout(120)
def test_hostile_texts_are_stored_as_they_were_sent(prepare: Prepare) -> None:
    wanted = [text for text in TEXTS if (text.strip() and len(text) <= 2000 and text.isprintable()) or text == "a\x00b"]
    server, key = prepare()
    with server:
        for number, text in enumerate(wanted):
            event = {"n": "Odd", "u": "https://example.com/", "d": "example.com", "p": {"text": text, "n": number}}
            status, headers, _ = server.request("POST", "/api/event", json.dumps(event), {"User-Agent": AGENT})
            assert (status, headers.get("x-plausible-dropped")) == (202, None), text
        wait_until(lambda: waiting_segments(server) == 0)
        rows = server.export(key)

    stored = {int(row["props"]["n"]): row["props"]["text"] for row in rows}
    assert [stored[number] for number in range(len(wanted))] == wanted
