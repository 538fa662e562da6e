"""What the steps judge: one hit addressed to one site, with what was found out about its sender."""

from collections.abc import Callable

import msgspec

from passerby.ingest.bots import Bot
from passerby.ingest.client import Sender
from passerby.ingest.directory import Site
from passerby.ingest.geo import Place
from passerby.ingest.hit import Hit


class Candidate(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One hit for one site. It lives for one request and is never stored."""

    hit: Hit
    sender: Sender
    site: Site
    locate: Callable[[Sender], Place]
    bot: Bot | None
    now: int  # Unix seconds, UTC.

    @property
    def place(self) -> Place:
        """Where the sender is. Looked up when asked for: most hits continue a visit, and nobody asks."""
        return self.locate(self.sender)

    def __repr__(self) -> str:
        """Nothing about the visitor: a traceback may end in a log."""
        return f"Candidate(site={self.site.id})"
