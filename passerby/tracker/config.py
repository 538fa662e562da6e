"""What the tracker room asks of the sites room: the configuration behind one script id.

The directory is in memory, so that serving a script never waits for a database. No Django here.
"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class TrackerConfig:
    """What is written into a site's own script. Equal values give equal bytes, so this is also the cache's key."""

    script_id: str  # `pa-` and 21 characters of A-Za-z0-9_-.
    domain: str
    outbound_links: bool = False
    file_downloads: bool = False
    form_submissions: bool = False


class TrackerDirectory(Protocol):
    """Finds a site's script configuration by the id in its address."""

    def tracker_config_of(self, script_id: str) -> TrackerConfig | None:
        """The configuration, or None when no site has this id."""
        ...
