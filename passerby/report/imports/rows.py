"""The lines of one file as rows of its table: columns by name, values by kind, days outside the window left out."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from passerby.ingest.channels import channel_of
from passerby.report.imports.errors import ImportRefused
from passerby.report.imports.tables import TABLES, TEXT_CHARACTERS_MAX, Column, Kind
from passerby.report.imports.window import Window

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_COUNT_DIGITS_MAX = 20
VALUE_CHARACTERS_SHOWN_MAX = 50
IGNORED_EVENTS = frozenset({"engagement", "pageview"})  # Not events of the site's own; exports of old held them.

Row = dict[str, Any]


def parse_rows(lines: Iterable[str], table: str, *, file: str, window: Window) -> Iterator[Row]:
    """Every row of a file that lies in the window.

    Raises: ImportRefused naming file, line and column of the first cell that cannot be read.
    """
    reader = csv.reader(lines, strict=True)
    first, last = (day.isoformat() for day in window)
    try:
        header = next(reader, [])
        places = _places(header, table, file)
        for cells in reader:
            if not cells:
                continue
            row: Row = {name: parse(_cell(cells, index)) for name, index, parse in places}
            if first <= row["date"] <= last and (kept := _finished(row, table)) is not None:
                yield kept
    except csv.Error as problem:
        raise ImportRefused(f"{file}, line {reader.line_num}: {problem}.") from problem
    except ValueError as problem:
        raise ImportRefused(f"{file}, line {reader.line_num}: {problem}") from problem


def _places(header: list[str], table: str, file: str) -> list[tuple[str, int | None, Callable[[str], str | int]]]:
    """Where each column of the table stands in the file. A date is the one thing no row can do without."""
    found = {name.strip(): index for index, name in enumerate(header)}
    if "date" not in found:
        raise ImportRefused(f"{file}: the first line has no column `date`.")
    return [(column.name, found.get(column.name), _parser(column)) for column in TABLES[table]]


def _cell(cells: list[str], index: int | None) -> str:
    return cells[index] if index is not None and index < len(cells) else ""


def _parser(column: Column) -> Callable[[str], str | int]:
    match column.kind:
        case Kind.DATE:
            return _date
        case Kind.COUNT:
            return lambda text: _count(text, column)
        case Kind.TEXT:
            return lambda text: text[:TEXT_CHARACTERS_MAX]


def _date(text: str) -> str:
    if not _DATE.fullmatch(text):
        raise ValueError(f"date: {text[:VALUE_CHARACTERS_SHOWN_MAX]!r} is not a date such as 2026-01-31.")
    date.fromisoformat(text)  # A date that does not exist says so itself.
    return text


def _count(text: str, column: Column) -> int:
    if not text:
        return 0
    is_number = text.isascii() and text.isdigit() and len(text) <= _COUNT_DIGITS_MAX
    if not is_number or int(text) > column.count_max:
        shown = text[:VALUE_CHARACTERS_SHOWN_MAX]
        raise ValueError(f"{column.name}: {shown!r} is not a whole number from 0 to {column.count_max}.")
    return int(text)


def _finished(row: Row, table: str) -> Row | None:
    """The row with what follows from it; None for one that is not stored."""
    if table == "custom_events" and row["name"] in IGNORED_EVENTS:
        return None
    if table == "sources" and not row["channel"]:
        row["channel"] = _channel(row)
    return row


def _channel(row: Mapping[str, str]) -> str:
    return channel_of(
        referrer_source=row["source"],
        utm_medium=row["utm_medium"],
        utm_campaign=row["utm_campaign"],
        utm_source=row["utm_source"],
        click_id_param="",
    )
