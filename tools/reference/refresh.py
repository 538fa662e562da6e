"""Make the committed reference data anew: `python tools/reference/refresh.py [part …]`; without a part, all of it.

For maintainers, a few times a year; docs/reference-data.md says how to prepare the environment. What it writes is
committed and reviewed as a difference; nothing of this runs in an installation.
"""

import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))  # The tables are packed by the reader's code.

PARTS = {
    "sources": ("sources", "write_source_hosts"),
    "crawlers": ("crawlers", "write_crawlers"),
    "currencies": ("money", "write_currencies"),
    "rates": ("money", "write_exchange_rates"),
    "places": ("geo_join", "write_geo_tables"),
    "user-agents": ("user_agents", "write_corpus"),
}


def main(wanted: list[str]) -> None:
    """Write each part that was asked for and print what it is now."""
    if unknown := set(wanted) - set(PARTS):
        raise SystemExit(f"Unknown: {', '.join(sorted(unknown))}. Parts: {', '.join(PARTS)}.")
    for part in wanted or PARTS:
        module, function = PARTS[part]
        write: Callable[[], Path | Iterable[Path]] = getattr(import_module(module), function)
        written = write()
        for path in [written] if isinstance(written, Path) else written:
            print(f"{part}: {path} ({path.stat().st_size:,} bytes)")


if __name__ == "__main__":
    main(sys.argv[1:])
