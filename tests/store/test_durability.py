"""A row that was handed over is there after the process was killed."""

import subprocess
import sys
from pathlib import Path

WRITE = """
import os, signal, sys
from pathlib import Path
from passerby.store.store import Store
from tests.support.stores import event_row, store_settings
store = Store.open(store_settings(Path(sys.argv[1])))
store.migrate()
store.insert_events([event_row(1) for _ in range(7)], token="t")
os.kill(os.getpid(), signal.SIGKILL)
"""
READ = """
import sys
from pathlib import Path
from passerby.store.store import Store
from tests.support.stores import event_row, store_settings
store = Store.open(store_settings(Path(sys.argv[1])))
store.insert_events([event_row(1) for _ in range(7)], token="t")
print(store.query("SELECT count() FROM events").rows[0][0])
store.close()
"""


def test_rows_and_tokens_survive_a_kill(tmp_path: Path) -> None:
    written = subprocess.run([sys.executable, "-c", WRITE, str(tmp_path)], check=False)
    read = subprocess.run([sys.executable, "-c", READ, str(tmp_path)], check=True, capture_output=True, text=True)

    assert written.returncode == -9
    assert read.stdout.strip() == "7"  # The repetition under the same token inserted nothing.
