"""What the dashboard's questions cost: over HTTP, one by one and all at once, and beside hand-written SQL.

The SQL in bench/sql is the best we know for the same answer on the same tables; the program stops if answers differ.
"""

import http.client
import json
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from operator import truediv
from pathlib import Path
from typing import Any

from bench.dataset import DOMAIN
from bench.figure import Figure
from bench.panels import BODIES, PANELS
from bench.process import resident_megabytes
from passerby.query import api
from passerby.query.compile import compile_plan
from passerby.query.grammar import INTERNAL
from passerby.query.plan import plan_query
from passerby.query.site import QuerySite
from passerby.store.store import Store
from tests.support.server import Server

WARM_UPS = 2
SQL = {path.stem: path.read_text() for path in (Path(__file__).parent / "sql").glob("*.sql")}
PERIODS = {"from": "2026-10-02 00:00:00", "to": "2026-10-31 23:59:59"}
PERIODS |= {"before_from": "2026-09-04 00:00:00", "before_to": "2026-10-03 23:59:59"}  # Matched by day of the week.
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
COMPILE_REPEATS = 50
ELSEWHERE = "elsewhere.example"
WRITTEN_SECONDS = 1.5  # After so long, an event that was acknowledged is stored.
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


def median_ms(work: Callable[[], object], *, repeats: int, before: Callable[[], object] | None = None) -> float:
    """The median time of some calls, the first few left out. `before` each call is not counted."""
    times = []
    for _ in range(WARM_UPS + repeats):
        if before is not None:
            before()
        times.append(_milliseconds(work))
    return statistics.median(times[WARM_UPS:])


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def over_http(server: Server, key: str, *, repeats: int) -> Iterable[Figure]:
    """Each panel alone, then all at once, each over a connection that stays open, as a browser does it.

    Small answers are kept until something is written, so an event of another site is sent before each round.
    """
    assert server.process is not None
    yield Figure(
        name="memory: resident after the start", value=resident_megabytes(server.process.pid), unit="MB", at_most=350
    )
    askers = {name: _asker(server, key, body) for name, body in BODIES.items()}
    server.json("POST", "/api/v1/sites", {"domain": ELSEWHERE}, key)
    write = partial(_write_elsewhere, server)
    alone = {name: median_ms(ask, repeats=repeats, before=write) for name, ask in askers.items()}
    for name, value in alone.items():
        yield Figure(name=f"query: {name} over HTTP", value=value, unit="ms")
    askers = {name: _asker(server, key, body) for name, body in BODIES.items()}  # The server closes idle connections.
    with ThreadPoolExecutor(len(askers)) as pool:

        def all_at_once() -> None:
            for answer in [pool.submit(ask) for ask in askers.values()]:
                answer.result()

        together = median_ms(all_at_once, repeats=repeats, before=write)
        again = median_ms(all_at_once, repeats=repeats)
    yield Figure(name="query: all panels at once over HTTP", value=together, unit="ms", at_most=150)
    yield Figure(name="query: the same, nothing written since", value=again, unit="ms")
    yield Figure(
        name="memory: resident after all panels", value=resident_megabytes(server.process.pid), unit="MB", at_most=800
    )


def _write_elsewhere(server: Server) -> None:
    event = {"name": "pageview", "domain": ELSEWHERE, "url": f"https://{ELSEWHERE}/"}
    headers = {"Content-Type": "text/plain", "User-Agent": BROWSER}
    status, _, answer = server.request("POST", "/api/event", json.dumps(event), headers)
    if status != 202:
        raise SystemExit(f"An event was refused: {status} {answer[:500]!r}")
    time.sleep(WRITTEN_SECONDS)


def _asker(server: Server, key: str, body: bytes) -> Callable[[], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def ask() -> bytes:
        connection.request("POST", f"/api/stats/{DOMAIN}/query", body, headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise SystemExit(f"A panel was refused: {answer.status} {content[:500]!r}")
        return content

    return ask


def beside_sql(store: Store, site: QuerySite, *, repeats: int) -> Iterable[Figure]:
    """A dashboard inside this process, one panel after the other, and hand-written SQL on the same engine after it.

    What panels share is computed once a dashboard: everything kept is forgotten before each.
    """
    for name, body in BODIES.items():
        _check_equal(name, body, site, store)

    def ask_all() -> None:
        for body in BODIES.values():
            api.answer_dashboard(body, site, store, now=NOW)

    def run_all() -> None:
        for name in BODIES:
            _run_sql(name, site, store)

    ours, by_hand = [], []
    for _ in range(repeats):
        store.forget_answers()
        ours.append(_milliseconds(ask_all))
        by_hand.append(_milliseconds(run_all))
    yield Figure(name="query: sum of all panels", value=statistics.median(ours), unit="ms")
    yield Figure(name="query: sum of hand-written SQL", value=statistics.median(by_hand), unit="ms")
    ratio = statistics.median(map(truediv, ours, by_hand))
    yield Figure(name="query: panels against hand-written SQL", value=ratio, unit="times", at_most=1.3)
    yield Figure(name="query: parse, plan and compile a panel", value=_compile_ms(site, store), unit="ms", at_most=3)


def _run_sql(name: str, site: QuerySite, store: Store) -> Sequence[Sequence[Any]]:
    return store.query(SQL[name], {"site": site.id, **PERIODS}).rows


def _check_equal(name: str, body: bytes, site: QuerySite, store: Store) -> None:
    """A faster query with another answer is not a reference."""
    results = json.loads(api.answer_dashboard(body, site, store, now=NOW))["results"]
    if name == "top_stats":
        answered = [results[0]["metrics"], results[0]["comparison"]["metrics"]]
    else:
        answered = [[*row["dimensions"], row["metrics"][0]] for row in results]
    expected = [[str(v) if hasattr(v, "isoformat") else v for v in row] for row in _run_sql(name, site, store)]
    if answered != expected:
        raise SystemExit(f"{name}: the product says {answered}, the SQL says {expected}.")


def _compile_ms(site: QuerySite, store: Store) -> float:
    """What a question costs before the engine sees it: the mean over all panels."""

    def compile_all() -> None:
        for body in BODIES.values():
            plan = plan_query(api.parse_query(body, site, store, now=NOW, grammar=INTERNAL), site)
            compile_plan(plan, site, totals=dict.fromkeys(plan.totals, 1))

    return median_ms(compile_all, repeats=COMPILE_REPEATS) / len(PANELS)
