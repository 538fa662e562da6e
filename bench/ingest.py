"""What taking an event costs, beside a handler that does nothing in the same HTTP server.

The two are loaded in turn, a few seconds each, so that what else the machine does meets both. Rates move with the
neighbours; CPU seconds per 1,000 events move far less, so those come first.

The peak is asked for by wrk where it is installed (Debian has it): a generator in Python takes a core of the machine
for itself, and measures how much of the rest it left. With few connections a peak tells how long a group commit
takes, not how many events a server can take; `CONNECTIONS` were chosen to keep both servers busy.
"""

import json
import math
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.figure import Figure
from bench.load import requests
from bench.process import cpu_seconds, resident_megabytes
from tests.support.server import Server, free_port

HERE = Path(__file__).parent
SETTLE_SECONDS = 1.5  # The flush to the engine belongs to the cost of an event.
NOOP_START_SECONDS = 3
CONNECTIONS = 128


@dataclass
class Side:
    """One of the two servers, and what was seen of it so far."""

    url: str
    pid: int
    rates: list[float] = field(default_factory=list)
    cpu_seconds: float = 0.0
    accepted: int = 0

    def slice(self, seconds: float) -> None:
        """Load it as hard as it takes for some seconds, and remember rate and CPU."""
        before = cpu_seconds(self.pid)
        report = peak(self.url, seconds=seconds)
        time.sleep(SETTLE_SECONDS)
        self.rates.append(report["accepted_per_second"])
        self.accepted += int(report["total"])
        self.cpu_seconds += cpu_seconds(self.pid) - before

    @property
    def rate(self) -> float:
        """Accepted events a second: the median slice."""
        return statistics.median(self.rates)

    @property
    def cpu_per_1000(self) -> float:
        """CPU seconds of the whole process for 1,000 events."""
        return 1000 * self.cpu_seconds / self.accepted


def peak(url: str, *, seconds: float) -> dict[str, float]:
    """As many events as the server takes, one in flight on each connection."""
    wrk = shutil.which("wrk")
    if wrk is None:
        return load(url, seconds=seconds)
    with tempfile.NamedTemporaryFile() as pool:
        for request in requests(url, domain="example.com"):
            pool.write(b"%d\n%b" % (len(request), request))
        pool.flush()
        command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{math.ceil(seconds)}s", "-s", str(HERE / "peak.lua"), url]
        output = subprocess.run([*command, "--", pool.name], check=True, capture_output=True).stdout
    report: dict[str, float] = json.loads(output.splitlines()[-1])
    return report


def load(url: str, *, seconds: float, rate: float = 0.0) -> dict[str, float]:
    """Run our own load generator, which keeps to a schedule, as a process of its own."""
    command = [sys.executable, str(HERE / "load.py"), url, "--warmup", "0", "--connections", str(CONNECTIONS)]
    command += ["--seconds", str(seconds), "--rate", str(rate)]
    report: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return report


@contextmanager
def noop_server() -> Iterator[Side]:
    """The reference, running."""
    port = free_port()
    with subprocess.Popen([sys.executable, "-m", "bench.noop", str(port)], cwd=HERE.parent) as process:
        time.sleep(NOOP_START_SECONDS)
        try:
            yield Side(f"http://127.0.0.1:{port}/api/event", process.pid)
        finally:
            process.terminate()


@contextmanager
def product_server() -> Iterator[Side]:
    """The product with one site, running."""
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)) as server:
        server.site(server.admin())
        assert server.process is not None
        yield Side(f"{server.url}/api/event", server.process.pid)


def measure(*, rounds: int, slice_seconds: float) -> list[Figure]:
    """Peak rate and CPU of both, then latency of both at half of the product's peak."""
    with noop_server() as noop, product_server() as product:
        for side in (noop, product):
            peak(side.url, seconds=slice_seconds)  # Caches, imports, allocators.
        for _ in range(rounds):
            noop.slice(slice_seconds)
            product.slice(slice_seconds)
        half = product.rate / 2
        calm = load(product.url, seconds=slice_seconds * 2, rate=half)
        calm_noop = load(noop.url, seconds=slice_seconds * 2, rate=half)
        resident = resident_megabytes(product.pid, peak=True)
    return [
        Figure(name="ingest: CPU per 1,000 events", value=product.cpu_per_1000, unit="s", at_most=0.15),
        Figure(name="ingest: CPU per 1,000 requests, no-op handler", value=noop.cpu_per_1000, unit="s"),
        Figure(name="ingest: peak rate against no-op", value=100 * product.rate / noop.rate, unit="%", at_least=50),
        Figure(name="ingest: peak rate", value=product.rate, unit="/s"),
        Figure(name="ingest: peak rate, no-op handler", value=noop.rate, unit="/s"),
        Figure(name="ingest: p50 at half of peak", value=calm["p50_ms"], unit="ms"),
        Figure(name="ingest: p99 at half of peak", value=calm["p99_ms"], unit="ms", at_most=60),
        Figure(name="ingest: p99 at the same rate, no-op handler", value=calm_noop["p99_ms"], unit="ms"),
        Figure(name="ingest: peak resident memory under load", value=resident, unit="MB"),
    ]
