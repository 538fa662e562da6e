"""The reference data that ships with Passerby: plain tables, each with source and licence in its first lines.

A table is UTF-8 text, a row a line, fields divided by tabs; lines that begin with `# ` are its header; a name that
ends in `.gz` is compressed. Nothing here is ever fetched while the server runs. See docs/reference-data.md.
"""

import gzip
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parent


def read_table(name: str) -> Iterator[tuple[str, ...]]:
    """The rows of one packaged table, in file order, one at a time."""
    path = FOLDER / name
    with path.open("rb") as file:
        lines = gzip.GzipFile(fileobj=file) if path.suffix == ".gz" else file
        for line in lines:
            if not line.startswith(b"# "):
                yield tuple(line.decode().rstrip("\n").split("\t"))
