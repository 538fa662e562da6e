"""Rows as CSV files in a ZIP, written as they come: for people, who open them in a spreadsheet, or for programs."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

CHUNK_BYTES = 65_536
FORMULA = re.compile(r"[=+\-@\t\r]")
NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)

Rows = Iterable[Iterable[Any]]


def archive(files: Iterable[tuple[str, Rows]], *, now: datetime, is_for_people: bool) -> Iterator[bytes]:
    """A ZIP of CSV files, in pieces; each file's first row is its header.

    For people the files are packed and no cell is a formula; for programs they are plain and every value is exact.
    """
    sink = _Sink()
    method = zipfile.ZIP_DEFLATED if is_for_people else zipfile.ZIP_STORED
    show = cell if is_for_people else plain_cell
    with zipfile.ZipFile(sink, "w", method) as into:
        for name, rows in files:
            entry = zipfile.ZipInfo(name, date_time=now.timetuple()[:6])
            entry.compress_type = method
            with into.open(entry, "w", force_zip64=True) as member:
                for piece in _lines(rows, show):
                    member.write(piece)
                    yield from sink.take(CHUNK_BYTES)
    yield from sink.take(1)


def _lines(rows: Rows, show: Callable[[Any], Any]) -> Iterator[bytes]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([show(value) for value in row])
        if buffer.tell() > CHUNK_BYTES:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def cell(value: Any) -> Any:
    """A value as a cell. What a visitor sent must not become a formula: such text gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, str) and FORMULA.match(value) and not NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def plain_cell(value: Any) -> Any:
    """A value as a cell, exactly."""
    return "" if value is None else value


class _Sink:
    """Takes what the archive writes and hands it out in pieces; nobody can seek in it."""

    def __init__(self) -> None:
        self._pieces = bytearray()

    def write(self, data: bytes) -> int:
        self._pieces += data
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """There is nothing to close."""

    def take(self, bytes_min: int) -> Iterator[bytes]:
        if len(self._pieces) >= bytes_min:
            yield bytes(self._pieces)
            self._pieces.clear()
