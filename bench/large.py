"""Ten million events of one site within a hundred million of many: does a question's cost follow what it asks for?

python bench/large.py [--folder DIR] [--sites 90] [--times 10]

The data set of bench/run.py, copied inside the engine: `--times` over for one site, each copy with visitors and visits
of its own, and once for each of `--sites` others. With `--folder` the data set is kept and taken again the next time.
Half an hour, 4 GB of disk.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # Run as a file, Python looks for modules beside it.

from bench import query, storage
from bench.dataset import DOMAIN, fill
from bench.figure import Figure, table
from bench.gen_events import Shape
from bench.panels import BODIES
from passerby.query import api
from passerby.query.site import QuerySite
from passerby.settings import read_settings
from passerby.store.store import Store
from tests.support.server import Server

EVENTS = 1_000_000
REPEATS = 5
READERS = 4
ROUNDS = 10  # Dashboards each reader opens.
BIG_SITE, FIRST_OTHER = 1_000_001, 2_000_001
# Copies keep the order of their visits, and no two share a visitor, a visit or an arrival.
COPY_EVENTS = """
    INSERT INTO events SELECT * REPLACE (
        {target:UInt64} AS site_id, cityHash64(visitor_id, {copy:UInt64}) AS visitor_id,
        visit_id * 16 + {copy:UInt64} AS visit_id, arrival * 16 + {copy:UInt64} AS arrival
    ) FROM events AS kept WHERE kept.site_id = {source:UInt64}
"""
COPY_VISITS = """
    INSERT INTO visits SELECT * REPLACE (
        {target:UInt64} AS site_id, cityHash64(visitor_id, {copy:UInt64}) AS visitor_id,
        visit_id * 16 + {copy:UInt64} AS visit_id
    ) FROM visits AS kept FINAL WHERE kept.site_id = {source:UInt64}
"""


def build(folder: Path, *, sites: int, times: int) -> Store:
    """The store with its copies, merged; what a folder has already is not made again."""
    server = Server(folder)
    is_new = not server.data.exists()
    if is_new:
        with server:
            key = server.admin()
            server.site(key)
            fill(server, key, Shape(events=EVENTS))
    store = Store.open(read_settings({"PASSERBY_DATA": str(server.data), "PASSERBY_STORE_MEMORY_MB_MAX": "4096"}))
    if is_new:
        source = int(store.query("SELECT any(site_id) FROM events").rows[0][0])
        targets = [BIG_SITE] * times + [FIRST_OTHER + number for number in range(sites)]
        for number, target in enumerate(targets):
            for statement in (COPY_EVENTS, COPY_VISITS):
                store.command(statement, {"source": source, "target": target, "copy": number % 16})
        storage.settle(store)
    return store


def measure(store: Store) -> Iterable[Figure]:
    """The big site's panels, beside hand-written SQL and beside a site of a tenth; then readers side by side."""
    yield Figure(name="large: events stored", value=int(store.query("SELECT count() FROM events").rows[0][0]))
    big, *others = (_site(number) for number in (BIG_SITE, *range(FIRST_OTHER, FIRST_OTHER + READERS)))
    yield from query.beside_sql(store, big, repeats=REPEATS)
    of_big = _open_dashboards(store, [big])
    yield Figure(name="large: all panels at once, site of 10 M, median", value=statistics.median(of_big), unit="ms")
    alone = _open_dashboards(store, others[:1])
    yield Figure(name="large: all panels at once, site of 1 M, median", value=statistics.median(alone), unit="ms")
    together = _open_dashboards(store, others)
    name = f"large: p95 of {READERS} readers of as many sites against p95 alone"
    yield Figure(name=name, value=_p95(together) / _p95(alone), unit="times", at_most=5)
    yield from storage.measure(store)


def _site(number: int) -> QuerySite:
    return QuerySite(id=number, domain=DOMAIN, timezone="Etc/UTC")


def _open_dashboards(store: Store, sites: Sequence[QuerySite]) -> list[float]:
    """A reader of each site opens all panels at once, again and again. The milliseconds of each opening."""
    with ThreadPoolExecutor(len(sites)) as readers, ThreadPoolExecutor(len(sites) * len(BODIES)) as panels:

        def read(site: QuerySite) -> list[float]:
            times = []
            for _ in range(ROUNDS):
                store.forget_answers()
                began = time.perf_counter()
                asks = [partial(api.answer_dashboard, body, site, store, now=query.NOW) for body in BODIES.values()]
                for answer in [panels.submit(ask) for ask in asks]:
                    answer.result()
                times.append(1000 * (time.perf_counter() - began))
            return times

        return [each for times in readers.map(read, sites) for each in times]


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, help="keep the data set here")
    parser.add_argument("--sites", type=int, default=90)
    parser.add_argument("--times", type=int, default=10)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        folder = chosen.folder or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        store = build(folder, sites=chosen.sites, times=chosen.times)
        try:
            print(table(measure(store)))
        finally:
            store.close()


if __name__ == "__main__":
    main()
