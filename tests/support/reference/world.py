"""What happened at one site, in plain dictionaries whose keys are the stored columns."""

from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Imported:
    """One completed import: the days it covers (ISO dates), and the rows of its tables."""

    id: int
    start: str
    end: str
    has_scroll_depth: bool
    tables: dict[str, list[Row]]


@dataclass(frozen=True)
class World:
    """One site. A visit has its events under `rows`; a goal is `{"event" | "page", "props", "scroll", "currency"}`."""

    zone: str
    visits: list[Row]
    goals: dict[str, Row] = field(default_factory=dict)
    segments: dict[int, list[Any]] = field(default_factory=dict)
    imports: tuple[Imported, ...] = ()  # Newest first.
