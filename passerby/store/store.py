"""The one door to ClickHouse: events and visits go in, rows come out. It knows no rule of counting.

Clients are pooled: a client serialises its calls, so side by side means one client each. The embedded engine and
a server take the same statements; values are always bound.
"""

import logging
import os
import queue
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError, DatabaseError, OperationalError

from passerby.settings import Settings
from passerby.store.cores import Cores
from passerby.store.engine import Engine, open_engine
from passerby.store.errors import MemoryShort, PatternRefused, QueryTooExpensive, StoreFault, StoreUnavailable
from passerby.store.locations import load_locations
from passerby.store.migrate import migrate
from passerby.store.rows import EventRow, VisitRow
from passerby.store.shared import SharedAnswers
from passerby.store.stopping import Stopper

INSERT_ROWS_MAX = 100_000  # Rows of one block: a block is what a deduplication token stands for.
CLIENTS_IDLE_MAX = 16  # Clients kept for the next caller.
SHARED_VALUES_MAX = 1_000  # Of an answer that is kept for the next asker; `shared.ANSWERS_MAX` of these are kept.
SHARED_CHARACTERS_MAX = 100_000

# ClickHouse's error numbers, by what the caller should do about them.
_MEMORY = 241
_TOO_EXPENSIVE = frozenset({158, 159, 160, _MEMORY, 307, 396})  # rows, timeout, too slow, memory, bytes, result rows
_PATTERN = frozenset({427})
_UNAVAILABLE = frozenset({3, 74, 75, 76, 202, 209, 210, 243, 252, 425, 439, 999, 242, 285, 394})
_EXPENSIVE_ADVICE = (
    "The question needs more work than this server allows. Ask for a shorter period or fewer dimensions."
)

log = logging.getLogger("passerby.store")
_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Table:
    """An answer: one sequence per row, values in the order of `columns`."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]


class Store:
    """Events and visits, kept by ClickHouse. Thread-safe."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._settings = settings
        self._idle: queue.LifoQueue[Client] = queue.LifoQueue(CLIENTS_IDLE_MAX)
        self._closed = False
        self._awaits_migration = False
        self._migrating = threading.Lock()
        self._shared: SharedAnswers[Table] = SharedAnswers(_is_small)
        self._stopper = Stopper(self._end)
        self._cores = Cores((os.cpu_count() or 1) if engine.is_embedded else None)  # A server divides its own.

    @classmethod
    def open(cls, settings: Settings) -> "Store":
        """Open the engine of `settings`; call `migrate` before anything else.

        Raises: StoreLocked when another process owns the data folder; StoreUnavailable when a server is away.
        """
        store = cls(open_engine(settings), settings)
        with store.client():
            return store

    @classmethod
    def open_for_serving(cls, settings: Settings) -> "Store":
        """Open and migrate. A server that is away is no reason not to start: whoever reaches it first migrates it.

        Raises: StoreLocked when another process owns the data folder.
        """
        store = cls(open_engine(settings), settings)
        try:
            store.migrate()
        except StoreUnavailable:
            if store._engine.is_embedded:
                raise  # The engine inside this process is either here or broken.
            log.warning("The ClickHouse server cannot be reached. Events wait in the journal until it can.")
            store._awaits_migration = True
        return store

    def migrate(self) -> list[str]:
        """Bring the tables and the names of places up to date. Returns the names of the migrations applied now."""
        now = int(time.time())
        with self._lend() as client:
            applied = migrate(client, cluster=self._engine.cluster, now=now)
            load_locations(client, now=now)
            return applied

    def insert_events(self, rows: Sequence[EventRow], *, token: str) -> None:
        """Store events: when this returns they survive the process. A repeated `token` inserts nothing."""
        self._insert_rows("events", rows, token=token)

    def insert_visits(self, rows: Sequence[VisitRow], *, token: str) -> None:
        """Store states of visits; of one visit the highest version wins. A repeated `token` inserts nothing."""
        self._insert_rows("visits", rows, token=token)

    def insert_raw(self, table: str, data: bytes, *, format: str, token: str) -> None:  # noqa: A002 - Its word.
        """Store a block that the engine itself parses, e.g. `JSONEachRow` with one row's fields a line.

        At most `INSERT_ROWS_MAX` rows: a token stands for one block.
        Raises: StoreUnavailable, also when memory is short for the moment: nothing is stored then.
        """
        with self.client(is_insert=True) as client:
            client.raw_insert(
                table,
                insert_block=data,
                fmt=format,
                settings={
                    "insert_deduplication_token": token,
                    "insert_deduplicate": 1,
                    "max_partitions_per_insert_block": 0,  # A backfill may span years.
                    "max_insert_block_size": 2 * INSERT_ROWS_MAX,
                    "min_insert_block_size_rows": 2 * INSERT_ROWS_MAX,
                    "input_format_parallel_parsing": 0,
                },
            )
        self.forget_answers()

    def query(
        self,
        sql: str,
        parameters: Mapping[str, object] | None = None,
        *,
        settings: Mapping[str, object] | None = None,
    ) -> Table:
        """Run a statement with its values bound (`{name:Type}`), within the limits for seconds and memory.

        Raises: QueryTooExpensive over a limit; PatternRefused for a pattern RE2 cannot read;
            StoreUnavailable, also when whoever asked has left (`stopping.until`).
        """
        with self._stopper.watched() as label:
            chosen = {**self._limits(), **label, **(settings or {})}
            try:
                return self._ask(sql, parameters or {}, chosen)
            except MemoryShort:
                if not self._cores.are_shared:
                    raise
            with self._cores.alone(self._settings.query_seconds_max):
                return self._ask(sql, parameters or {}, {**chosen, "max_threads": 1})

    def _ask(self, sql: str, parameters: Mapping[str, object], settings: Mapping[str, object]) -> Table:
        with self.client() as client, self._cores.share() as threads:
            result = client.query(sql, parameters=dict(parameters), settings={**threads, **settings})
            return Table(tuple(result.column_names), result.result_rows)

    def query_shared(self, sql: str, parameters: Mapping[str, object]) -> Table:
        """As `query`, for an answer that several callers want: a small one is computed once until something is written.

        Raises: as `query`.
        """
        if not self._engine.is_embedded:
            return self.query(sql, parameters)  # A server has other writers, of which we would not know.
        return self._shared.ask(sql, parameters, lambda: self.query(sql, parameters))

    def forget_answers(self) -> None:
        """Compute every answer anew. Whatever writes through this store does so by itself."""
        self._shared.forget()

    def stream(self, sql: str, parameters: Mapping[str, object] | None = None) -> Iterator[list[tuple[Any, ...]]]:
        """Run a statement and give its rows block by block, for answers of any length."""
        with (
            self.client() as client,
            client.query_row_block_stream(sql, parameters=dict(parameters or {})) as blocks,
        ):
            for block in blocks:
                yield [tuple(row) for row in block]

    def first_event_at(self, site_id: int) -> datetime | None:
        """When a site's first stored event happened. Reads one day of the site, not its history."""
        of_site = "FROM events WHERE site_id = {site:UInt64}"
        first_day = f"SELECT toDate(timestamp) {of_site} ORDER BY toDate(timestamp) LIMIT 1"
        sql = f"SELECT min(timestamp), count() {of_site} AND toDate(timestamp) = ({first_day})"
        (first, count), *_ = self.query(sql, {"site": site_id}).rows
        return first.replace(tzinfo=UTC) if count else None

    def command(self, sql: str, parameters: Mapping[str, object] | None = None) -> None:
        """Run a statement that answers nothing."""
        with self.client() as client:
            client.command(sql, parameters=dict(parameters or {}))
        self.forget_answers()

    def close(self) -> None:
        """Close every idle client and give the data folder back; a caller still inside closes its own."""
        self._closed = True
        self._stopper.close()
        while True:
            try:
                self._idle.get_nowait().close()
            except queue.Empty:
                break
        if self._engine.lock is not None:
            self._engine.lock.close()

    @contextmanager
    def client(self, *, is_insert: bool = False) -> Iterator[Client]:
        """A client nobody else uses meanwhile. Its errors come out as ours."""
        if self._awaits_migration:
            self._catch_up()
        with self._lend(is_insert=is_insert) as client:
            yield client

    def _catch_up(self) -> None:
        if not self._migrating.acquire(blocking=False):  # A silent server takes seconds to fail: one thread is enough.
            raise StoreUnavailable("The tables are being brought up to date.")
        try:
            if self._awaits_migration:
                self.migrate()
                self._awaits_migration = False
        finally:
            self._migrating.release()

    @contextmanager
    def _lend(self, *, is_insert: bool = False) -> Iterator[Client]:
        if self._closed:
            raise StoreUnavailable("The store is closed.")
        client = self._take()
        try:
            yield client
        except ClickHouseError as problem:
            raise _translated(problem, is_insert=is_insert) from problem
        finally:
            self._give_back(client)

    def _end(self, label: str) -> None:
        with self.client() as client:
            client.command(f"KILL QUERY WHERE Settings['log_comment'] = '{label}' ASYNC")

    def _take(self) -> Client:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            return self._engine.connect()

    def _give_back(self, client: Client) -> None:
        if self._closed:
            client.close()
            return
        try:
            self._idle.put_nowait(client)
        except queue.Full:
            client.close()

    def _insert_rows(self, table: str, rows: Sequence[EventRow] | Sequence[VisitRow], *, token: str) -> None:
        for part, first in enumerate(range(0, len(rows), INSERT_ROWS_MAX)):
            data = _encoder.encode_lines(rows[first : first + INSERT_ROWS_MAX])
            self.insert_raw(table, data, format="JSONEachRow", token=f"{token}:{part}")

    def _limits(self) -> dict[str, object]:
        return {
            "max_execution_time": self._settings.query_seconds_max,
            "max_memory_usage": self._settings.query_memory_bytes_max,
            "max_rows_to_read": self._settings.query_rows_max,
            # A visit never changes its month, so its states meet inside one partition: FINAL need not look further.
            "do_not_merge_across_partitions_select_final": 1,
        }


def _is_small(table: Table) -> bool:
    if len(table.rows) * len(table.columns) > SHARED_VALUES_MAX:
        return False
    return sum(len(value) for row in table.rows for value in row if isinstance(value, str)) <= SHARED_CHARACTERS_MAX


def _translated(problem: ClickHouseError, *, is_insert: bool) -> Exception:
    code = problem.code if isinstance(problem, DatabaseError) else None
    if code == _MEMORY and not is_insert:
        return MemoryShort(_EXPENSIVE_ADVICE)
    if code in _TOO_EXPENSIVE and is_insert:
        return StoreUnavailable(f"The engine is short of memory or time (code {code}).")
    if code in _TOO_EXPENSIVE:
        return QueryTooExpensive(_EXPENSIVE_ADVICE)
    if code in _PATTERN:
        return PatternRefused("A pattern is not a valid RE2 regular expression.")
    if code in _UNAVAILABLE or (code is None and isinstance(problem, OperationalError)):
        return StoreUnavailable(f"The engine cannot take this now (code {code}).")
    return StoreFault(code)
