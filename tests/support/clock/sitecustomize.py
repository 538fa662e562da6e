"""Gives a server started by a test a clock that the test can set, also while it runs.

Python imports this by itself when PYTHONPATH names this folder. The file that PASSERBY_TEST_CLOCK names holds seconds
to add to the real time; a change is followed within `POLL_SECONDS`. The monotonic clock stays real, as on a machine.
"""

import os
import threading
import time
from pathlib import Path

import time_machine

POLL_SECONDS = 0.02


def follow(file: Path) -> None:
    """Shift this process's clock as the file says, from now on."""
    real_minus_monotonic = time.time() - time.monotonic()
    shift = file.read_text()
    clock = time_machine.travel(time.time() + float(shift)).start()

    def poll() -> None:
        known = shift
        while True:
            time.sleep(POLL_SECONDS)
            wanted = file.read_text()
            if wanted != known:
                clock.move_to(time.monotonic() + real_minus_monotonic + float(wanted))
                known = wanted

    threading.Thread(target=poll, daemon=True).start()


if "PASSERBY_TEST_CLOCK" in os.environ:
    follow(Path(os.environ["PASSERBY_TEST_CLOCK"]))
