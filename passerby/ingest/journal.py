"""Segments of the journal on disk: how they are written so that a 202 is a promise, and read after a crash.

A segment is a run of frames; a frame is what one fsync made durable: magic, length, CRC-32, then lines of JSON, an
event and the visit it made (empty when the visit did not change) in turn. A frame that was cut off by a crash does
not match its CRC; it was never acknowledged, and reading stops there.

Source: docs/decisions/0010-journal.md.
"""

import os
import secrets
import struct
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

SUFFIX = ".journal"
DRAFT_SUFFIX = ".draft"
FRAME_BYTES_MAX = 512 * 1024 * 1024

_MAGIC = b"PBJ1"
_HEADER = struct.Struct(">4sII")
_VISIT_KEY = b'"visit_id":'


class Segment(NamedTuple):
    """The rows of one segment, as the engine parses them. `visits` holds the last state of each."""

    token: str
    events: list[bytes]
    visits: list[bytes]


class SegmentWriter:
    """One open segment. Used by one thread; after an OSError it is closed at its last durable frame."""

    def __init__(self, folder: Path, *, first_arrival: int) -> None:
        self.path = folder / segment_name(first_arrival)
        self.bytes = 0  # Durable.
        self.rows = 0
        self._descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        try:
            sync_folder(folder)
        except OSError:
            self.abandon()
            raise

    def append(self, lines: Sequence[bytes]) -> None:
        """Make a frame of lines durable: when this returns they survive the machine.

        Raises: OSError; then nothing of the frame is left in the segment, and the segment takes no more.
        """
        data = frame(lines)
        try:
            written = 0
            while written < len(data):
                written += os.write(self._descriptor, data[written:] if written else data)
            os.fdatasync(self._descriptor)
        except OSError:
            self.abandon()
            raise
        self.bytes += len(data)
        self.rows += len(lines) // 2

    def close(self) -> None:
        """Take no more frames."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def abandon(self) -> None:
        """Cut back to the last durable frame and close; an empty segment is removed."""
        if self._descriptor < 0:
            return
        try:
            os.ftruncate(self._descriptor, self.bytes)
        except OSError:
            pass  # The frame's CRC or its missing end says the same to a reader.
        finally:
            self.close()
        if self.bytes == 0:
            remove_segment(self.path)


def segment_name(first_arrival: int) -> str:
    """Names sort in the order of arrival; the random part makes the token unique among processes."""
    return f"{first_arrival:020d}-{secrets.token_hex(6)}{SUFFIX}"


def frame(lines: Sequence[bytes]) -> bytes:
    """Lines as one checksummed frame."""
    payload = b"\n".join(lines)
    return _HEADER.pack(_MAGIC, len(payload), zlib.crc32(payload)) + payload


def list_segments(folder: Path) -> list[Path]:
    """Segments on disk, oldest first."""
    return sorted(folder.glob(f"*{SUFFIX}"))


def read_segment(path: Path) -> Segment:
    """Everything durable in a segment. Reading it twice gives the same rows under the same token."""
    events: list[bytes] = []
    visits: dict[bytes, bytes] = {}
    for payload in _payloads(path.read_bytes()):
        lines = payload.split(b"\n")
        events += lines[0::2]
        for line in lines[1::2]:
            if line:
                start = line.index(_VISIT_KEY)
                visits[line[start : line.index(b",", start)]] = line
    return Segment(path.name.removesuffix(SUFFIX), events, list(visits.values()))


def draft_segment(folder: Path, *, first_arrival: int, lines: Sequence[bytes]) -> Path:
    """A complete, durable segment under a name that a start does not replay; `publish_segment` gives it its own.

    Raises: OSError; then nothing is left.
    """
    draft = (folder / segment_name(first_arrival)).with_suffix(DRAFT_SUFFIX)
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(frame(lines))
            file.flush()
            os.fsync(descriptor)
        sync_folder(folder)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    return draft


def publish_segment(draft: Path) -> Path:
    """From here on a start replays the segment."""
    path = draft.with_suffix(SUFFIX)
    draft.rename(path)
    sync_folder(path.parent)
    return path


def list_drafts(folder: Path) -> list[Path]:
    """Segments that a crash left unpublished."""
    return sorted(folder.glob(f"*{DRAFT_SUFFIX}"))


def remove_segment(path: Path) -> None:
    """Forget a segment; one that cannot be removed is inserted again under its token, which changes nothing."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return


def sync_folder(folder: Path) -> None:
    """Make a new name in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _payloads(data: bytes) -> Iterator[bytes]:
    position = 0
    while position + _HEADER.size <= len(data):
        magic, length, checksum = _HEADER.unpack_from(data, position)
        position += _HEADER.size
        payload = data[position : position + length]
        if magic != _MAGIC or length > FRAME_BYTES_MAX or len(payload) < length or zlib.crc32(payload) != checksum:
            return
        position += length
        yield payload
