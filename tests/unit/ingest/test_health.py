import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from passerby.errors import PasserbyError
from passerby.ingest.health import Health
from passerby.store.errors import MemoryShort, StoreFault, StoreUnavailable


@pytest.mark.parametrize("trouble", [StoreUnavailable("away"), MemoryShort("short"), StoreFault(1)])
def test_a_store_that_cannot_answer_is_told_whatever_its_reason(trouble: PasserbyError) -> None:
    def refuse(_sql: str) -> None:
        raise trouble

    ingest: Any = SimpleNamespace(store=SimpleNamespace(query=refuse), committer=SimpleNamespace(failing=False))

    is_ready, report = asyncio.run(Health(ingest).report())

    assert (is_ready, report["clickhouse"], report["sessions"]) == (False, "error", "ok")
