"""What tests of ingest need: settings of a temporary folder, a directory of sites, a store that can be away."""

import asyncio
import json
import threading
from collections import Counter
from pathlib import Path
from typing import Any

from passerby.ingest.client import Sender
from passerby.ingest.directory import Site, SiteId
from passerby.ingest.hit import Hit, parse_hit
from passerby.ingest.pipeline import Ingest
from passerby.settings import Settings, read_settings
from passerby.store.errors import StoreUnavailable
from passerby.store.store import Table

DOMAIN = "example.com"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
)
ADDRESS = "198.51.100.7"


def ingest_settings(folder: Path, **environ: str) -> Settings:
    """Settings of a data folder; salts stay inside it."""
    salts = folder / "memory"
    salts.mkdir(exist_ok=True)
    data = folder / "data"
    data.mkdir(exist_ok=True)
    return read_settings({"PASSERBY_DATA": str(data), "PASSERBY_SALT_FOLDER": str(salts), **environ})


def site(**rules: Any) -> Site:
    """The site `example.com`."""
    return Site(**{"id": SiteId(1), "domain": DOMAIN, **rules})


class Sites:
    """A directory of the given sites."""

    def __init__(self, *sites: Site) -> None:
        self.by_domain = {each.domain: each for each in sites or (site(),)}

    def site_of(self, domain: str) -> Site | None:
        return self.by_domain.get(domain)


class FakeStore:
    """Takes rows as the engine would: once per token. `away` refuses, as an engine that is down does."""

    def __init__(self) -> None:
        self.away = False
        self.tokens: Counter[str] = Counter()
        self.rows: dict[str, list[dict[str, Any]]] = {"events": [], "visits": [], "drops": []}
        self._lock = threading.Lock()

    def insert_raw(self, table: str, data: bytes, *, format: str, token: str) -> None:  # noqa: A002 - The store's word.
        assert format == "JSONEachRow"
        with self._lock:
            if self.away:
                raise StoreUnavailable("away")
            self.tokens[token] += 1
            if self.tokens[token] == 1:
                self.rows[table] += [json.loads(line) for line in data.splitlines()]

    def query(self, sql: str, parameters: object = None, **_: object) -> Table:
        del parameters
        if self.away:
            raise StoreUnavailable("away")
        latest = max((row["arrival"] for row in self.events), default=0)
        rows = {"SELECT 1": [(1,)], "SELECT max(arrival) FROM events": [(latest,)]}
        return Table((), rows.get(sql, []))

    @property
    def events(self) -> list[dict[str, Any]]:
        return self.rows["events"]

    @property
    def drops(self) -> list[dict[str, Any]]:
        return self.rows["drops"]

    @property
    def visits(self) -> list[dict[str, Any]]:
        """The last state of each visit, as the engine shows them."""
        latest: dict[int, dict[str, Any]] = {}
        for row in self.rows["visits"]:
            known = latest.get(row["visit_id"])
            if known is None or row["version"] > known["version"]:
                latest[row["visit_id"]] = row
        return list(latest.values())


def hit(name: str = "pageview", url: str = "https://example.com/", **fields: Any) -> Hit:
    """A valid hit."""
    parsed = parse_hit(json.dumps({"n": name, "u": url, "d": DOMAIN, **fields}).encode(), "text/plain")
    assert isinstance(parsed, Hit), parsed
    return parsed


def sender(ip: str = ADDRESS, user_agent: str = CHROME, **fields: Any) -> Sender:
    """A visitor's browser."""
    return Sender(ip=ip, user_agent=user_agent, **fields)


class Running:
    """`async with Running(...) as ingest`: a pipeline that is started, and stopped at the end."""

    def __init__(self, folder: Path, store: Any = None, sites: Sites | None = None, **environ: str) -> None:
        self.store: Any = store or FakeStore()
        self.settings = ingest_settings(folder, **environ)
        self.sites = sites or Sites()
        self.ingest: Ingest | None = None

    async def __aenter__(self) -> Ingest:
        ingest = await asyncio.to_thread(Ingest.open, self.settings, self.store, self.sites)
        await ingest.start()
        self.ingest = ingest
        return ingest

    async def __aexit__(self, *_: object) -> None:
        assert self.ingest is not None
        await self.ingest.stop()
