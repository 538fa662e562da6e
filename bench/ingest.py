"""What taking an event costs, beside a handler that does nothing in the same HTTP server.

The two are loaded in turn, a few seconds each, so that what else the machine does meets both. Rates move with the
neighbours; CPU seconds per 1,000 events move far less, so those come first.
"""

import json
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
from bench.process import cpu_seconds, resident_megabytes
from tests.support.server import Server, free_port

HERE = Path(__file__).parent
SETTLE_SECONDS = 1.5  # The flush to the engine belongs to the cost of an event.
NOOP_START_SECONDS = 3


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
        report = load(self.url, seconds=seconds)
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


def load(url: str, *, seconds: float, rate: float = 0.0) -> dict[str, float]:
    """Run the load generator as a process of its own."""
    command = [sys.executable, str(HERE / "load.py"), url, "--warmup", "0"]
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
            load(side.url, seconds=slice_seconds)  # Caches, imports, allocators.
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
