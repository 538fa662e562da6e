"""Looks for what must never be stored: addresses and User-Agents, in files, in the accounts database, in the store."""

import ipaddress
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from passerby.store.store import Store

ENGINE_FOLDER = "events"  # The engine's files are compressed: their tables are searched by query instead.
CHUNK_BYTES = 4 * 1024 * 1024
OVERLAP_BYTES = 1024
FINDINGS_MAX = 20

# Values that are addresses of sites and pages, not of visitors: a site may be reached by its address.
HOST_COLUMNS = frozenset({"hostname", "exit_page_hostname", "referrer", "referrer_source", "domain"})
# What an owner entered to be refused or found again; never a visitor's.
OWNER_COLUMNS = frozenset({("sites_shield", "value"), ("sites_shield", "description"), ("sites_site", "domain")})

_USER_AGENT = re.compile(rb"(?:Mozilla/[0-9]\.[0-9]|AppleWebKit/[0-9]|Gecko/[0-9]|Opera/[0-9]\.)")
_IPV4 = re.compile(rb"(?<![\w.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w.])")
_IPV6 = re.compile(rb"(?<![\w:.])[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{2,}(?![\w:])")
_HOST_FIELDS = re.compile(rb'"(?:hostname|exit_page_hostname|referrer|referrer_source)":"[^"]*"')
_SQL_IPV4 = r"(^|[^0-9A-Za-z.])([0-9]{1,3}\.){3}[0-9]{1,3}($|[^0-9A-Za-z.])"
_SQL_USER_AGENT = r"(Mozilla|AppleWebKit|Gecko|Opera)/[0-9]"


class Finding(NamedTuple):
    """Where something was found that must not be there. It says what kind, never what."""

    place: str
    kind: str


def search_files(folder: Path, pattern: str = "*") -> Iterator[Finding]:
    """Every file under a folder's matching entries, byte by byte; the engine's and SQLite's only for User-Agents."""
    entries = [each for entry in folder.glob(pattern) for each in (entry, *entry.rglob("*"))]
    for path in sorted(set(entries)):
        if not path.is_file() or path.is_symlink():
            continue
        within = path.relative_to(folder)
        is_database = within.parts[0] == ENGINE_FOLDER or ".sqlite3" in path.name
        kinds = {kind for chunk in _chunks(path) for kind in traces_in(chunk, addresses=not is_database)}
        yield from (Finding(str(within), kind) for kind in sorted(kinds))


def traces_in(data: bytes, *, addresses: bool = True) -> set[str]:
    """What kinds of traces a piece of data holds."""
    kinds = {"a User-Agent"} if _USER_AGENT.search(data) else set()
    if addresses:
        plain = _HOST_FIELDS.sub(b"", data)
        if any(_is_visitors(match[0]) for pattern in (_IPV4, _IPV6) for match in pattern.finditer(plain)):
            kinds.add("an IP address")
    return kinds


def search_accounts(path: Path) -> Iterator[Finding]:
    """Every text of the accounts database, except what owners entered themselves."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]
            for column in columns:
                if (table, column) not in OWNER_COLUMNS:
                    yield from _search_column(database, table, column)


def search_store(store: Store) -> Iterator[Finding]:
    """Every text column of every table, by the engine itself; and columns made to hold addresses."""
    columns = store.query(
        "SELECT table, name, type FROM system.columns WHERE database = currentDatabase() ORDER BY table, position"
    ).rows
    for table, name, kind in columns:
        if "IPv4" in kind or "IPv6" in kind:
            yield Finding(f"table {table}, column {name}", "a type for IP addresses")
        elif "String" in kind:
            yield from _search_store_column(store, table, name, kind)


def _search_store_column(store: Store, table: str, name: str, kind: str) -> Iterator[Finding]:
    column = f"`{name}`"
    text = (
        f"arrayStringConcat(arrayConcat(mapKeys({column}), mapValues({column})), ' ')"
        if "Map" in kind
        else f"toString({column})"
    )
    agents, addresses = store.query(
        f"SELECT countIf(match({text}, {{agent:String}})), "
        f"countIf(match({text}, {{address:String}}) OR isIPv6String({text})) FROM `{table}`",
        {"agent": _SQL_USER_AGENT, "address": _SQL_IPV4},
        settings={"max_execution_time": 0},
    ).rows[0]
    if agents:
        yield Finding(f"table {table}, column {name}", "a User-Agent")
    if addresses and name not in HOST_COLUMNS:
        yield Finding(f"table {table}, column {name}", "an IP address")


def _search_column(database: sqlite3.Connection, table: str, column: str) -> Iterator[Finding]:
    kinds: set[str] = set()
    for (value,) in database.execute(
        f'SELECT "{column}" FROM "{table}" WHERE typeof("{column}") IN (\'text\', \'blob\')'
    ):
        kinds |= traces_in(value if isinstance(value, bytes) else value.encode("utf-8", "replace"))
    yield from (Finding(f"accounts table {table}, column {column}", kind) for kind in sorted(kinds))


def _chunks(path: Path) -> Iterator[bytes]:
    """The file piece by piece, overlapping, so that nothing hides on a seam."""
    try:
        with path.open("rb") as file:
            tail = b""
            while piece := file.read(CHUNK_BYTES):
                yield tail + piece
                tail = piece[-OVERLAP_BYTES:]
    except OSError:
        return  # A file that went away while we looked; the next audit sees what took its place.


def _is_visitors(text: bytes) -> bool:
    """Is it an address that could be somebody's? This machine's own and "any" are not."""
    try:
        address = ipaddress.ip_address(text.decode())
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified)
