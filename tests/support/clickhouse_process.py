"""A ClickHouse server that a test can kill: the HTTP interface of `clickhouse_http`, in a process of its own."""

import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.support.server import free_port

START_SECONDS_MAX = 40.0


class ClickHouse:
    """`url` stays the same when it is killed and started again, and so does what it stored."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """What PASSERBY_CLICKHOUSE_URL takes."""
        return f"http://default@127.0.0.1:{self._port}/default"

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", __name__, str(self._folder), str(self._port)]
        self._process = subprocess.Popen(command, cwd=Path(__file__).parents[2])
        deadline = time.monotonic() + START_SECONDS_MAX
        while not self._answers():
            assert time.monotonic() < deadline, "The stand-in for ClickHouse did not start."
            time.sleep(0.1)

    def kill(self) -> None:
        """SIGKILL: connections break in the middle of what they did."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(10)

    def freeze(self) -> None:
        """It still takes connections, and never answers."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on where it stopped."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def _answers(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self._port}/?query=SELECT%201", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False


if __name__ == "__main__":
    from passerby.store.store import Store
    from tests.support.clickhouse_http import serve_engine
    from tests.support.stores import store_settings

    with serve_engine(Store.open(store_settings(Path(sys.argv[1]))), port=int(sys.argv[2])):
        signal.pause()
