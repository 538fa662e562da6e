from pathlib import Path

import pytest

from tests.pressure.conftest import Prepare
from tests.support.clickhouse_process import ClickHouse
from tests.support.pressure import Hits, assert_promises_kept, wait_until, waiting_segments


@pytest.mark.timeout(180)
def test_while_the_clickhouse_server_is_away_events_are_taken_and_arrive_once_it_is_back(
    prepare: Prepare, tmp_path: Path
) -> None:
    clickhouse = ClickHouse(tmp_path / "clickhouse")
    clickhouse.start()
    server, key = prepare(PASSERBY_CLICKHOUSE_URL=clickhouse.url)
    hits = Hits(server)
    try:
        with server:
            with hits.under_load(threads=2):
                wait_until(lambda: len(hits.acknowledged) > 50)
                clickhouse.kill()
                taken = len(hits.acknowledged)
                wait_until(lambda: len(hits.acknowledged) > taken + 100)
            wait_until(lambda: waiting_segments(server) > 0)
            clickhouse.start()
            assert_promises_kept(hits, key)
            assert hits.refused == []
    finally:
        clickhouse.kill()
