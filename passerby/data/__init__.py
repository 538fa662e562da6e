"""The reference data that ships with Passerby: plain tables, each with source and licence in its first lines.

A table is UTF-8 text, a row a line, fields divided by tabs; lines that begin with `# ` are its header; a name that
ends in `.gz` is compressed. Nothing here is ever fetched while the server runs. See docs/reference-data.md.
"""

import gzip
from collections.abc import Iterator
from pathlib import Path

from passerby.settings import SettingRefused

FOLDER = Path(__file__).parent
OPERATOR_FILE_BYTES_MAX = 16_000_000


def read_table(name: str) -> Iterator[tuple[str, ...]]:
    """The rows of one packaged table, in file order, one at a time."""
    path = FOLDER / name
    with path.open("rb") as file:
        lines = gzip.GzipFile(fileobj=file) if path.suffix == ".gz" else file
        for line in lines:
            if not line.startswith(b"# "):
                yield tuple(line.decode().rstrip("\n").split("\t"))


def read_pairs(name: str) -> dict[str, str]:
    """A packaged table of two columns as a dictionary; the last row of a key wins."""
    return {row[0]: row[1] for row in read_table(name)}


def read_operator_lines(path: Path, *, setting: str) -> Iterator[tuple[int, str]]:
    """The lines of an operator's own list with their numbers; `#` begins a comment, empty lines are skipped.

    Raises: SettingRefused when the file cannot be read or is over 16 MB.
    """
    try:
        if path.stat().st_size > OPERATOR_FILE_BYTES_MAX:
            raise SettingRefused(f"{setting}: {path} is over {OPERATOR_FILE_BYTES_MAX} bytes.")
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise SettingRefused(f"{setting}={path}: not a readable text file ({problem}).") from problem
    for number, line in enumerate(text.splitlines(), start=1):
        if content := line.partition("#")[0].strip():
            yield number, content
