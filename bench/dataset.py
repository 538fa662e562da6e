"""The data set as the product's backfill takes it. Sources and channels come from the product's own look-ups."""

import itertools
import json
import time
import zlib
from collections.abc import Iterator

from bench.gen_events import Shape, generate, rows
from passerby.ingest.sources import acquisition_of
from tests.support.server import Server

DOMAIN = "example.com"
BODY_LINES = 50_000
SERIES = "bench"  # One series of visitors, so that visits run across bodies.


def lines(shape: Shape) -> Iterator[bytes]:
    """One event a line. The generator knows cities by name only; a number made of the name stands in for their id."""
    for moment, visitor, host, page, referrer, country, region, city, browser, system, device, name in rows(
        generate(shape)
    ):
        came = acquisition_of({}, referrer, host)
        event = {
            "timestamp": moment,
            "visitor": visitor,
            "visitor_scope": SERIES,
            "name": name,
            "hostname": host,
            "pathname": page,
            "referrer": came.referrer,
            "referrer_source": came.referrer_source,
            "channel": came.channel,
            "country_code": country,
            "subdivision1_code": region,
            "city_geoname_id": zlib.crc32(city.encode()) % 10_000_000,
            "browser": browser,
            "operating_system": system,
            "screen_size": device.title(),
        }
        yield json.dumps(event).encode()


def fill(server: Server, key: str, shape: Shape) -> float:
    """Send the data set to a running server. Returns the seconds the server took, the generator's time left out."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/x-ndjson"}
    source, seconds = lines(shape), 0.0
    while body := b"\n".join(itertools.islice(source, BODY_LINES)):
        began = time.perf_counter()
        status, _, answer = server.request("POST", f"/api/v1/sites/{DOMAIN}/events", body, headers)
        seconds += time.perf_counter() - began
        if status != 200:
            raise SystemExit(f"The backfill was refused: {status} {answer[:500]!r}")
    return seconds
