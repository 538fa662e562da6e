"""Notes about ids taken, in a file mapped into memory: they outlive the process at the cost of a copy of 16 bytes.

Two pages take turns: one is written while the other keeps the older ids, and turning empties the older one. A note is
made before its event is durable, so it names the event's arrival; a reader must drop what never became durable.

Source: docs/decisions/0061-event-ids-and-retries.md.
"""

import logging
import mmap
import os
import struct
from collections.abc import Iterator
from pathlib import Path

NOTE = struct.Struct("<QQ")  # Key and arrival; an arrival is never 0.
KEY_BYTES = 8

log = logging.getLogger("passerby.ingest")


class RepeatNotes:
    """One file of notes. Used by one thread at a time."""

    def __init__(self, memory: mmap.mmap, *, notes_per_page: int) -> None:
        self._memory = memory
        self._page_bytes = notes_per_page * NOTE.size
        self._page = 0
        self._used = 0  # Bytes of the page being written.

    @classmethod
    def open(cls, path: Path, *, notes_per_page: int) -> "RepeatNotes | None":
        """The notes at `path`. None, and a warning, where there is no room: a restart then forgets the ids."""
        size = 2 * notes_per_page * NOTE.size
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            try:
                # Room is taken now: a mapped page that the file system has no room for would end the process later.
                os.posix_fallocate(descriptor, 0, size)
                memory = mmap.mmap(descriptor, size)
            finally:
                os.close(descriptor)
        except OSError as problem:
            log.warning("Ids of events taken cannot be kept for the next start: %s", problem.strerror)
            return None
        return cls(memory, notes_per_page=notes_per_page)

    def read(self) -> Iterator[tuple[int, int]]:
        """Every note, in no order: key and arrival."""
        return ((key, arrival) for key, arrival in NOTE.iter_unpack(self._memory[:]) if arrival)

    def clear(self) -> None:
        """Forget everything."""
        self._memory[:] = bytes(len(self._memory))
        self._page = self._used = 0

    def add(self, key: int, arrival: int) -> None:
        """Note an id on the present page; a full page takes no more until it is turned."""
        if self._used < self._page_bytes:
            NOTE.pack_into(self._memory, self._page * self._page_bytes + self._used, key, arrival)
            self._used += NOTE.size

    def turn(self) -> None:
        """Empty the older page and write there from now on."""
        self._page ^= 1
        self._used = 0
        start = self._page * self._page_bytes
        self._memory[start : start + self._page_bytes] = bytes(self._page_bytes)

    def erase(self, key: int) -> None:
        """Take a note back; it is nearly always one of the last."""
        start = self._page * self._page_bytes
        other = self._page_bytes - start
        if not self._erase_between(key, start, start + self._used):
            self._erase_between(key, other, other + self._page_bytes)

    def _erase_between(self, key: int, start: int, end: int) -> bool:
        wanted = NOTE.pack(key, 0)[:KEY_BYTES]
        while (position := self._memory.rfind(wanted, start, end)) >= 0:
            if position % NOTE.size == 0:
                NOTE.pack_into(self._memory, position, 0, 0)
                return True
            end = position + KEY_BYTES - 1  # Another note's bytes happened to look alike.
        return False
