"""Every benchmark, and a table of figures beside their targets. A few minutes; `--quick` shows only that it works.

python bench/run.py [--quick] [--events 1000000] [--only ingest|query]
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # Run as a file, Python looks for modules beside it.

from bench import ingest, query, storage
from bench.dataset import DOMAIN, fill
from bench.figure import Figure, table
from bench.gen_events import Shape
from bench.process import cpu_seconds
from passerby.query.site import QuerySite
from passerby.settings import read_settings
from passerby.store.store import Store
from tests.support.server import Server


def stored(*, events: int, repeats: int) -> Iterator[Figure]:
    """Fill a data folder through the backfill, ask it over HTTP, then look at it from inside."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        with server:
            key = server.admin()
            server.site(key)
            assert server.process is not None
            before = cpu_seconds(server.process.pid)
            seconds = fill(server, key, Shape(events=events))
            cpu = cpu_seconds(server.process.pid) - before
        yield Figure(name="backfill: events a second", value=events / seconds, unit="/s")
        yield Figure(name="backfill: CPU per 1,000 events", value=1000 * cpu / events, unit="s")
        _settle(server)
        with server:
            yield from query.over_http(server, key, repeats=repeats)
        store = Store.open(read_settings({"PASSERBY_DATA": str(server.data)}))
        try:
            site_id = int(store.query("SELECT min(site_id) FROM events").rows[0][0])
            site = QuerySite(id=site_id, domain=DOMAIN, timezone="Etc/UTC")
            yield from query.beside_sql(store, site, repeats=repeats)
            yield from storage.measure(store)
        finally:
            store.close()


def _settle(server: Server) -> None:
    """Merge what was written in minutes, as the engine does by itself in hours."""
    store = Store.open(read_settings({"PASSERBY_DATA": str(server.data)}))
    try:
        storage.settle(store)
    finally:
        store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="20,000 events and one short round: a smoke run")
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--only", choices=("ingest", "query"))
    chosen = parser.parse_args()
    figures: list[Figure] = []
    if chosen.only != "query":
        figures += ingest.measure(rounds=1 if chosen.quick else 5, slice_seconds=1 if chosen.quick else 4)
    if chosen.only != "ingest":
        figures += stored(events=20_000 if chosen.quick else chosen.events, repeats=1 if chosen.quick else 7)
    print(table(figures))


if __name__ == "__main__":
    main()
