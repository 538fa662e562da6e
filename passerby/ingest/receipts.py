"""Which backfill requests were already taken: `Idempotency-Key` → how many events, across restarts.

The line in this file is the moment a keyed request becomes true: its segment lies ready on disk before, and is
published after, so that a crash between the two is completed by the next start.
"""

import os
import threading
from hashlib import sha256
from pathlib import Path

import msgspec

from passerby.ingest.directory import SiteId
from passerby.ingest.journal import sync_folder

FILE_NAME = "backfills.log"
RECEIPTS_MAX = 10_000  # The latest are kept; a key repeated after so many others counts as new.


class Receipt(msgspec.Struct, frozen=True):
    """One request that was taken."""

    key: str  # A hash of site and key: a key may be anything its sender likes.
    imported: int
    segment: str  # File name without suffix.


class Receipts:
    """The receipts of one data folder. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._lock = threading.Lock()
        self._by_key: dict[str, Receipt] = {}
        for line in self._path.read_bytes().splitlines() if self._path.exists() else []:
            try:
                receipt = msgspec.json.decode(line, type=Receipt)
            except msgspec.MsgspecError:
                continue  # Cut off by a crash: that request was never answered.
            self._by_key[receipt.key] = receipt
        if len(self._by_key) > RECEIPTS_MAX:
            self._rewrite()

    def imported(self, site_id: SiteId, key: str) -> int | None:
        """How many events this request brought when it was taken; None when it never was."""
        receipt = self._by_key.get(_hashed(site_id, key))
        return receipt.imported if receipt else None

    def add(self, site_id: SiteId, key: str, *, imported: int, segment: str) -> None:
        """Take a request, durably.

        Raises: OSError; then it was not taken.
        """
        receipt = Receipt(_hashed(site_id, key), imported, segment)
        with self._lock:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                # A line end first: what a crash cut off before must not swallow this line.
                os.write(descriptor, b"\n" + msgspec.json.encode(receipt) + b"\n")
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            self._by_key[receipt.key] = receipt

    def names_segment(self, segment: str) -> bool:
        """Was a request taken whose rows are in this segment?"""
        return any(receipt.segment == segment for receipt in self._by_key.values())

    def _rewrite(self) -> None:
        self._by_key = dict(list(self._by_key.items())[-RECEIPTS_MAX:])
        fresh = self._path.with_suffix(".new")
        fresh.write_bytes(b"".join(msgspec.json.encode(receipt) + b"\n" for receipt in self._by_key.values()))
        fresh.replace(self._path)
        sync_folder(self._path.parent)


def _hashed(site_id: SiteId, key: str) -> str:
    return sha256(f"{site_id}:{key}".encode()).hexdigest()[:32]
