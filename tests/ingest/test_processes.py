"""The shape of several processes (docs/decisions/0013): split by address, two make the visits that one would."""

import asyncio
import multiprocessing
from collections import Counter
from hashlib import blake2b
from pathlib import Path
from typing import Any

from tests.support.ingest import FakeStore, Running, hit, sender

PEOPLE = [f"198.51.100.{number}" for number in range(40)]
HITS = [(PEOPLE[number * 7 % 40], f"https://example.com/{number % 9}") for number in range(240)]

Rows = tuple[list[dict[str, Any]], list[dict[str, Any]]]


def process_of(address: str, processes: int) -> int:
    """What a balancer does: the address alone decides, the same way each time."""
    return max(range(processes), key=lambda number: blake2b(f"{number}/{address}".encode()).digest())


def serve(folder: Path, number: int, processes: int) -> Rows:
    """One process: its own data folder, and the hits that the balancer sends it."""
    folder.mkdir()
    running = Running(folder)

    async def run() -> None:
        async with running as ingest:
            mine = [each for each in HITS if process_of(each[0], processes) == number]
            await asyncio.gather(*(ingest.collect(hit(url=url), sender(address)) for address, url in mine))

    asyncio.run(run())
    store: FakeStore = running.store
    return store.events, store.visits


def shape(visits: list[dict[str, Any]]) -> Counter[tuple[int, int, str, str]]:
    return Counter((each["pageviews"], each["events"], each["entry_page"], each["exit_page"]) for each in visits)


def test_two_processes_make_the_visits_that_one_would(tmp_path: Path) -> None:
    _, alone = serve(tmp_path / "alone", 0, 1)
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        parts = pool.starmap(serve, [(tmp_path / "first", 0, 2), (tmp_path / "second", 1, 2)])

    events = [event for part, _ in parts for event in part]
    visits = [visit for _, part in parts for visit in part]

    assert all(part for part, _ in parts)  # Both had work.
    assert len(events) == len(HITS)
    assert len(alone) == len(visits) == len(PEOPLE)
    assert shape(visits) == shape(alone)
    first, second = ({event["visitor_id"] for event in part} for part, _ in parts)
    assert not first & second
