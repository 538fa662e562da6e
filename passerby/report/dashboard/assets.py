"""Where the built dashboard's files are: Vite's manifest, read once per process."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from passerby.errors import Fault

STATIC = Path(__file__).parents[2] / "static"
MANIFEST = STATIC / "dashboard" / "manifest.json"
ENTRY = "src/main.tsx"


@dataclass(frozen=True, slots=True)
class Assets:
    """Addresses for the page's head."""

    script: str
    styles: tuple[str, ...]
    preloads: tuple[str, ...]


@lru_cache(maxsize=1)
def assets() -> Assets:
    """The entry's files.

    Raises: Fault when the dashboard has not been built.
    """
    try:
        manifest: dict[str, dict[str, Any]] = msgspec.json.decode(MANIFEST.read_bytes())
    except FileNotFoundError as problem:
        raise Fault("The dashboard is not built: run `npm ci && npm run build` in web/.") from problem
    entry = manifest[ENTRY]
    shared = [manifest[name] for name in entry.get("imports", ())]
    styles = [style for chunk in (*shared, entry) for style in chunk.get("css", ())]
    return Assets(
        script=_address(entry["file"]),
        styles=tuple(_address(style) for style in styles),
        preloads=tuple(_address(chunk["file"]) for chunk in shared),
    )


def _address(file: str) -> str:
    return f"/static/{file}"
