import asyncio
import subprocess
import sys
import time

from bench.load import Report, load, requests
from bench.process import resident_megabytes
from tests.pressure.conftest import Prepare
from tests.support.pressure import Hits, assert_promises_kept, wait_until, waiting_segments
from tests.support.server import Server, free_port

CROWD_CONNECTIONS = 600
GROWTH_MEGABYTES_MAX = 300


def test_a_second_process_on_the_same_data_folder_is_refused_and_harms_nothing(prepare: Prepare) -> None:
    server, key = prepare()
    hits = Hits(server)
    with server:
        hits.post(10)
        second = subprocess.run(
            [sys.executable, "-m", "passerby", "serve", "--port", str(free_port())],
            env=server.environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        assert second.returncode == 1
        assert "One data folder has one owner" in second.stderr
        hits.post(10)
        assert len(hits.acknowledged) == 20
        assert_promises_kept(hits, key)


def test_a_server_told_to_stop_under_load_loses_nothing_and_ends_with_status_0(prepare: Prepare) -> None:
    server, key = prepare()
    hits = Hits(server)
    server.start()
    with hits.under_load():
        wait_until(lambda: len(hits.acknowledged) > 100)
        assert server.stop() == 0
    assert list((server.data / "journal").glob("*.journal")) == []
    with server:
        assert_promises_kept(hits, key)


async def crowd(server: Server, *, seconds: float) -> Report:
    """Many more clients than are good for it, each sending again as soon as it is answered."""
    url = f"{server.url}/api/event"
    pool = requests(url, domain="example.com", count=2000)
    return await load(url, pool, connections=CROWD_CONNECTIONS, seconds=seconds, warmup=0)


def test_a_crowd_is_answered_in_turn_with_bounded_memory_and_every_202_kept(prepare: Prepare) -> None:
    server, key = prepare()
    with server:
        assert server.process is not None
        before = resident_megabytes(server.process.pid)
        report = asyncio.run(crowd(server, seconds=4))
        assert resident_megabytes(server.process.pid, peak=True) - before < GROWTH_MEGABYTES_MAX
        assert set(report.status) <= {"202", "503"}
        began = time.monotonic()
        assert server.request("GET", "/api/system/health/live")[0] == 200
        assert time.monotonic() - began < 2
        wait_until(lambda: waiting_segments(server) == 0)
        assert len(server.export(key)) == report.total > 100
