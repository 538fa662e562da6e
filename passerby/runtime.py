"""What one running process holds: the store, the ingest pipeline and the site directory.

`asgi.py` opens it at start-up and closes it at shutdown; Django views reach it by `current()`. One per process.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from passerby.errors import Fault
from passerby.settings import Settings

if TYPE_CHECKING:  # Views import this module; only the front door loads the engine.
    from passerby.ingest.pipeline import Ingest
    from passerby.sites.directory import Directory
    from passerby.store.store import Store


@dataclass(frozen=True, slots=True)
class Runtime:
    """The long-lived parts, opened in this order and closed in reverse."""

    settings: Settings
    store: "Store"
    directory: "Directory"
    ingest: "Ingest"


_current: Runtime | None = None


def current() -> Runtime:
    """The running process's parts.

    Raises: Fault when no server is running in this process (a command-line tool, say).
    """
    if _current is None:
        raise Fault("The server is not running in this process.")
    return _current


def install(runtime: Runtime | None) -> None:
    """Make `runtime` the one that `current()` answers; None when it is closed."""
    global _current  # noqa: PLW0603 - One process, one runtime: that is what this module is for.
    _current = runtime
