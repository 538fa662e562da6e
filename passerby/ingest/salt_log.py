"""An append-only log of salts that were created and destroyed: times and fingerprints, never a salt.

Each line names the hash of the line before, so that a line cannot be taken out or changed unnoticed.
"""

import os
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal

import msgspec

FILE_NAME = "salts.log"
FIRST = "0" * 64

What = Literal["created", "destroyed"]


class SaltEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One line."""

    at: str  # ISO 8601, UTC.
    what: What
    fingerprint: str
    before: str  # SHA-256 of the line before, without its line end.


class SaltLog:
    """The log of one data folder."""

    def __init__(self, folder: Path, name: str = FILE_NAME) -> None:
        self._path = folder / name
        lines = self._path.read_bytes().splitlines() if self._path.exists() else []
        self._last = sha256(lines[-1]).hexdigest() if lines else FIRST

    def append(self, what: What, *, fingerprint: str, at: int) -> None:
        """Add a line. A disk that refuses it must not keep a salt alive, so that is left to the audit to notice."""
        event = SaltEvent(
            at=datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            what=what,
            fingerprint=fingerprint,
            before=self._last,
        )
        line = msgspec.json.encode(event)
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, line + b"\n")
            finally:
                os.close(descriptor)
        except OSError:
            return
        self._last = sha256(line).hexdigest()


def read_salt_log(folder: Path, name: str = FILE_NAME) -> list[SaltEvent]:
    """Every line, its chain checked.

    Raises: ValueError naming the first line that does not follow from the one before.
    """
    path = folder / name
    events: list[SaltEvent] = []
    before = FIRST
    for number, line in enumerate(path.read_bytes().splitlines() if path.exists() else [], start=1):
        try:
            event = msgspec.json.decode(line, type=SaltEvent)
        except msgspec.MsgspecError as problem:
            raise ValueError(f"line {number} cannot be read") from problem
        if event.before != before:
            raise ValueError(f"line {number} does not follow from the line before it")
        before = sha256(line).hexdigest()
        events.append(event)
    return events
