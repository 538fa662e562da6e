"""The uploaded ZIP, distrusted: which files in it count, and their lines, a bounded piece at a time.

A small archive may unpack to anything and a small directory may list millions of files, so every length is checked
where it is read and none is believed.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import IO

from passerby.report.imports.errors import ImportRefused
from passerby.report.imports.tables import FILE_NAME, TABLES

FILE_BYTES_MAX = 1_000_000_000  # Of one file, unpacked.
LINE_CHARACTERS_MAX = 100_000
READ_BYTES_MAX = 1_000_000  # Of one read by the archive library: its directory is read at once.
RATIO_MAX = 200  # Text of numbers packs 10 to 40 times; a bomb packs a thousand times.
RATIO_FREE_BYTES = 10_000_000
ENCRYPTED = 0x1
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the archive that will be read: its name says the table and the days."""

    entry: zipfile.ZipInfo
    table: str
    first: date
    last: date

    @property
    def name(self) -> str:
        """The file's own name."""
        return PurePosixPath(self.entry.filename).name


class Archive:
    """An archive that is open for reading."""

    def __init__(self, file: IO[bytes]) -> None:
        """Read the archive's directory.

        Raises: ImportRefused when it is not a ZIP, or lists more than anybody exports.
        """
        try:
            self._zip = zipfile.ZipFile(_Bounded(file))
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as problem:
            raise ImportRefused("The file is not a ZIP archive that can be read.", field="file") from problem
        self.members = tuple(_members(self._zip.infolist()))
        if not self.members:
            raise ImportRefused(
                "The archive holds no file to import. "
                "Names look like imported_visitors_20260101_20260131.csv; see docs/imports.md.",
                field="file",
            )

    @property
    def bytes_unpacked(self) -> int:
        """How large its files say they are."""
        return sum(member.entry.file_size for member in self.members)

    def lines(self, member: Member) -> Iterator[str]:
        """The lines of a file, with their ends.

        Raises: ImportRefused for what is too long, damaged, or not UTF-8.
        """
        try:
            with self._zip.open(member.entry) as packed:
                counted = io.BufferedReader(_Counted(packed, member))
                text = io.TextIOWrapper(counted, encoding="utf-8-sig", newline="")
                while line := text.readline(LINE_CHARACTERS_MAX + 1):
                    if len(line) > LINE_CHARACTERS_MAX:
                        raise ImportRefused(f"{member.name}: a line is longer than {LINE_CHARACTERS_MAX} characters.")
                    yield line
        except UnicodeDecodeError as problem:
            raise ImportRefused(f"{member.name}: the file is not in UTF-8.") from problem
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as problem:
            raise ImportRefused(f"{member.name}: the archive is damaged.") from problem


def _members(entries: list[zipfile.ZipInfo]) -> Iterator[Member]:
    """The files whose names we know; of several for one table, the last. Others are passed over in silence."""
    found: dict[str, Member] = {}
    for entry in entries:
        match = FILE_NAME.fullmatch(PurePosixPath(entry.filename).name)
        if match is None or match["table"] not in TABLES:
            continue
        try:
            first, last = (date.fromisoformat(match[name]) for name in ("first", "last"))
        except ValueError:
            continue
        _check(entry)
        found[match["table"]] = Member(entry, match["table"], min(first, last), max(first, last))
    yield from found.values()


def _check(entry: zipfile.ZipInfo) -> None:
    name = PurePosixPath(entry.filename).name
    if entry.flag_bits & ENCRYPTED or entry.compress_type not in METHODS:
        raise ImportRefused(f"{name}: only plain and deflated files can be read.", field="file")
    if entry.file_size > FILE_BYTES_MAX:
        raise ImportRefused(f"{name}: is too large (max size is 1 gigabyte)", field="file")


class _Bounded:
    """A file of which nobody reads much at once."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(READ_BYTES_MAX + 1 if size < 0 else min(size, READ_BYTES_MAX + 1))
        if len(piece) > READ_BYTES_MAX:
            raise zipfile.BadZipFile("The archive's directory is too long.")
        return piece

    def close(self) -> None:
        """The caller opened it and closes it."""


class _Counted(io.RawIOBase):
    """An unpacked file that stops being read once it is larger than it may be, whatever its header says."""

    def __init__(self, packed: IO[bytes], member: Member) -> None:
        self._packed = packed
        self._name = member.name
        by_ratio = max(RATIO_FREE_BYTES, RATIO_MAX * member.entry.compress_size)
        self._left = min(FILE_BYTES_MAX, by_ratio)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]  # Narrower than any buffer, enough here.
        piece = self._packed.read(len(buffer))
        self._left -= len(piece)
        if self._left < 0:
            raise ImportRefused(f"{self._name}: unpacks to more than it may (1 gigabyte, {RATIO_MAX} times its size).")
        buffer[: len(piece)] = piece
        return len(piece)
