"""Pageviews for one server on this machine, and how it took them.

Each connection has one request in flight. Without `--rate` it sends the next as soon as the last is answered; with a
rate, requests have a schedule, and an answer's time counts from when its request should have been sent, so that a
server that stalls cannot hide it.

    bench/load.py http://127.0.0.1:8000/api/event --domain example.com --seconds 10 --rate 2000
"""

import argparse
import asyncio
import bisect
import ipaddress
import itertools
import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

import uvloop

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{v}.0.0.0"
SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5"
AGENTS = (
    f"(Windows NT 10.0; Win64; x64) {WEBKIT} Safari/537.36",
    f"(Linux; Android 10; K) {WEBKIT} Mobile Safari/537.36",
    f"(iPhone; CPU iPhone OS 18_5 like Mac OS X) {SAFARI} Mobile/15E148 Safari/604.1",
    f"(Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Safari/537.36",
    f"(Macintosh; Intel Mac OS X 10_15_7) {SAFARI} Safari/605.1.15",
    f"(Windows NT 10.0; Win64; x64) {WEBKIT} Safari/537.36 Edg/{{v}}.0.0.0",
    "(Windows NT 10.0; Win64; x64; rv:{v}.0) Gecko/20100101 Firefox/{v}.0",
    "(X11; Linux x86_64; rv:{v}.0) Gecko/20100101 Firefox/{v}.0",
)
REFERRERS = (
    "https://www.google.com/",
    "https://news.ycombinator.com/",
    "https://duckduckgo.com/",
    "https://github.com/",
    "https://chatgpt.com/",
)
VISITORS = 20_000
PAGES = 2000
POOL_REQUESTS = 20_000  # Rendered before the run and sent in turn.
DIRECT_SHARE = 0.4
DRAIN_SECONDS_MAX = 20.0


@dataclass(frozen=True, kw_only=True)
class Report:
    """What came back in the measured time; `total` counts 202s from the first request to the last, warm-up too.

    Times are milliseconds, of answers with status 202 only.
    """

    total: int
    accepted: int
    accepted_per_second: float
    p50_ms: float
    p99_ms: float
    status: dict[str, int]


def requests(url: str, *, domain: str, count: int = POOL_REQUESTS, seed: int = 1) -> list[bytes]:
    """Complete HTTP requests: visitors with an address and a browser each, pages by Zipf. One seed, one list."""
    rng = random.Random(seed)
    weights = list(itertools.accumulate(1 / rank**1.05 for rank in range(1, PAGES + 1)))
    target = urlsplit(url)
    made = []
    for _ in range(count):
        visitor = rng.randrange(VISITORS)
        page = bisect.bisect(weights, rng.random() * weights[-1])
        referrer = None if rng.random() < DIRECT_SHARE else rng.choice(REFERRERS)
        address = f"https://{domain}/{f'page/{page}' if page else ''}"
        body = json.dumps({"n": "pageview", "u": address, "d": domain, "r": referrer}).encode()
        agent = AGENTS[visitor % len(AGENTS)].replace("{v}", str(128 + visitor // 16 % 12))
        head = (
            f"POST {target.path} HTTP/1.1\r\nHost: {target.netloc}\r\nContent-Type: text/plain\r\n"
            f"User-Agent: Mozilla/5.0 {agent}\r\nX-Forwarded-For: {public_address(visitor)}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        made.append(head.encode() + body)
    return made


def public_address(number: int) -> str:
    """The address of a visitor: a fixed walk over the public part of IPv4."""
    bits = (number * 2654435761 + 12345) & 0xFFFFFFFF
    while True:
        address = ipaddress.IPv4Address(bits)
        if address.is_global and not address.is_multicast:
            return str(address)
        bits = (bits * 1664525 + 1013904223) & 0xFFFFFFFF


class Run:
    """One run: what to send next, and the tally of what came back."""

    def __init__(self, pool: Sequence[bytes], *, connections: int, rate: float) -> None:
        self.requests: Iterator[bytes] = itertools.cycle(pool)
        self.interval = connections / rate if rate else 0.0  # Seconds between two requests of one connection.
        self.is_over = False
        self.is_measuring = False
        self.open_count = 0
        self.is_quiet = asyncio.Event()  # Every connection is closed.
        self.total = 0
        self.latencies: list[float] = []
        self.status: Counter[str] = Counter()

    def record(self, status: str, seconds: float) -> None:
        """Count an answer."""
        self.total += status == "202"
        if self.is_measuring:
            self.status[status] += 1
            if status == "202":
                self.latencies.append(seconds)

    def report(self, seconds: float) -> Report:
        """The tally."""
        times = sorted(self.latencies) or [float("nan")]
        return Report(
            total=self.total,
            accepted=len(self.latencies),
            accepted_per_second=round(len(self.latencies) / seconds, 1),
            p50_ms=round(1000 * times[len(times) // 2], 2),
            p99_ms=round(1000 * times[int(0.99 * len(times))], 2),
            status=dict(self.status),
        )


class Connection(asyncio.Protocol):
    """One keep-alive connection with one request in flight."""

    def __init__(self, run: Run, *, phase: float) -> None:
        self._run = run
        self._loop = asyncio.get_running_loop()
        self._buffer = bytearray()
        self._due = self._loop.time() + phase * run.interval

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # TCP has both ways.
        """Begin."""
        self._transport = transport
        self._run.open_count += 1
        self._schedule()

    def _schedule(self) -> None:
        now = self._loop.time()
        if not self._run.interval:
            self._due = now
        if self._run.is_over:
            self._transport.close()
        elif self._due > now:
            self._loop.call_at(self._due, self._send)
        else:
            self._send()

    def _send(self) -> None:
        if self._run.is_over:
            self._transport.close()
        elif not self._transport.is_closing():
            self._transport.write(next(self._run.requests))

    def data_received(self, data: bytes) -> None:
        """Count the answer once it is whole."""
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0 or len(self._buffer) < end + 4 + content_length(head := bytes(self._buffer[:end]).lower()):
            return
        self._buffer.clear()
        self._run.record(head[9:12].decode(), self._loop.time() - self._due)
        self._due += self._run.interval
        self._schedule()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature.
        """The server hung up: a busy server may, and the tally says so."""
        self._run.open_count -= 1
        if not self._run.open_count:
            self._run.is_quiet.set()
        if not self._run.is_over:
            self._run.record("closed", 0.0)


def content_length(head: bytes) -> int:
    """Bytes of the body that a lower-cased response head announces."""
    _, found, rest = head.partition(b"\r\ncontent-length:")
    return int(rest.split(b"\r\n", 1)[0]) if found else 0


async def load(
    url: str, pool: Sequence[bytes], *, connections: int, seconds: float, warmup: float, rate: float = 0.0
) -> Report:
    """Send for `warmup` + `seconds`, and report the second part. `rate` is requests a second of all connections."""
    target = urlsplit(url)
    run = Run(pool, connections=connections, rate=rate)
    loop = asyncio.get_running_loop()
    for number in range(connections):
        phase = number / connections

        def connection(phase: float = phase) -> Connection:
            return Connection(run, phase=phase)

        await loop.create_connection(connection, target.hostname or "127.0.0.1", target.port or 80)
    await asyncio.sleep(warmup)
    run.is_measuring, began = True, time.perf_counter()
    await asyncio.sleep(seconds)
    run.is_measuring, elapsed = False, time.perf_counter() - began
    run.is_over = True
    await asyncio.wait_for(run.is_quiet.wait(), DRAIN_SECONDS_MAX)
    return run.report(elapsed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--domain", default="example.com")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--warmup", type=float, default=2)
    parser.add_argument("--rate", type=float, default=0, help="requests a second; 0 is as many as the server takes")
    chosen = parser.parse_args()
    if urlsplit(chosen.url).hostname not in ("127.0.0.1", "localhost"):
        parser.error("only a server on this machine")
    pool = requests(chosen.url, domain=chosen.domain)
    work = load(
        chosen.url,
        pool,
        connections=chosen.connections,
        seconds=chosen.seconds,
        warmup=chosen.warmup,
        rate=chosen.rate,
    )
    print(json.dumps(asdict(uvloop.run(work))))


if __name__ == "__main__":
    main()
