"""Which ClickHouse we talk to: the engine in the data folder, or a server. Everything above sees clients only.

Embedded, the folder has one owner: a lock beside it turns a second process away before the engine is touched,
because the engine's own refusal names neither the reason nor the remedy.
"""

import fcntl
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import parse_qs, urlsplit

import clickhouse_connect
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from passerby.settings import Settings
from passerby.store.errors import StoreLocked, StoreUnavailable

EMBEDDED_CONFIG = """\
<clickhouse>
  <logger><level>none</level></logger>
  <max_server_memory_usage>{memory_bytes}</max_server_memory_usage>
  <mark_cache_size>16777216</mark_cache_size>
  <index_mark_cache_size>1048576</index_mark_cache_size>
  <primary_index_cache_size>16777216</primary_index_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <index_uncompressed_cache_size>0</index_uncompressed_cache_size>
  <query_condition_cache_size>1048576</query_condition_cache_size>
  <compiled_expression_cache_size>8388608</compiled_expression_cache_size>
  <mmap_cache_size>64</mmap_cache_size>
  <max_thread_pool_size>512</max_thread_pool_size>
  <max_thread_pool_free_size>8</max_thread_pool_free_size>
  <background_pool_size>2</background_pool_size>
  <background_schedule_pool_size>2</background_schedule_pool_size>
</clickhouse>
"""


@dataclass(frozen=True, slots=True)
class Engine:
    """How to get one more client, and what the migrations need to know about the other side."""

    connect: Callable[[], Client]
    cluster: str
    lock: IO[str] | None

    @property
    def is_embedded(self) -> bool:
        """Whether the engine is inside this process: it has the lock of its folder, and no other writers."""
        return self.lock is not None


def open_engine(settings: Settings) -> Engine:
    """The server at `settings.clickhouse_url` when there is one, else the engine inside this process.

    Raises: StoreLocked when another process owns the data folder; StoreUnavailable when a server is away.
    """
    return _server(settings.clickhouse_url) if settings.clickhouse_url else _embedded(settings)


def _embedded(settings: Settings) -> Engine:
    folder = settings.data / "events"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = _lock(settings.data / "events.lock")
    config = settings.data / "events.xml"
    config.write_text(EMBEDDED_CONFIG.format(memory_bytes=settings.store_memory_bytes_max), encoding="utf-8")

    def connect() -> Client:
        return clickhouse_connect.get_client(
            interface="chdb", path=str(folder), chdb_options={"config-file": str(config)}
        )

    return Engine(connect=connect, cluster="", lock=lock)


def _lock(path: Path) -> IO[str]:
    handle = path.open("a+", encoding="ascii")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as problem:
        handle.seek(0)
        owner = handle.read(16).strip() or "unknown"
        handle.close()
        raise StoreLocked(
            f"The data folder {path.parent} is in use by another Passerby process (pid {owner}). "
            "Stop that one, or point PASSERBY_DATA at another folder."
        ) from problem
    handle.truncate(0)
    handle.write(str(os.getpid()))
    handle.flush()
    return handle


def _server(url: str) -> Engine:
    parts = urlsplit(url)
    cluster = parse_qs(parts.query).get("cluster", [""])[0]
    dsn = parts._replace(query="").geturl()

    def connect() -> Client:
        try:
            return clickhouse_connect.get_client(
                dsn=dsn,
                autogenerate_session_id=False,
                form_encode_query_params=True,  # Ten thousand values do not fit in an address.
            )
        except (ClickHouseError, OSError) as problem:
            raise StoreUnavailable("The ClickHouse server cannot be reached.") from problem

    return Engine(connect=connect, cluster=cluster, lock=None)
