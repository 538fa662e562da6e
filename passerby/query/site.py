"""What a question needs to know about its site. `report` fills it in; query reads no database but the store."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal as its owner defined it; exactly one of `event_name` and `page_path` is set."""

    id: int
    display_name: str
    event_name: str | None = None
    page_path: str | None = None
    scroll_threshold: int = -1  # Percent; -1 means it is not a scroll goal.
    currency: str | None = None
    custom_props: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Import:
    """One completed import of aggregates. Dates are inclusive, in the site's time zone."""

    id: int
    start_on: date
    end_on: date
    has_scroll_depth: bool = False


@dataclass(frozen=True, slots=True)
class QuerySite:
    """One site as a question sees it."""

    id: int
    domain: str
    timezone: str
    goals: tuple[Goal, ...] = ()
    imports: tuple[Import, ...] = ()  # Newest five, completed.
    segments: Mapping[int, list[object]] = field(default_factory=dict)  # Id → its filters, as stored JSON.
    allowed_props: tuple[str, ...] | None = None  # None: every property may be shown on the dashboard.
    allowed_hostnames: tuple[str, ...] = ()
    legacy_time_on_page_cutoff: date | None = None
    counts_visitors: bool = True  # Now.
    has_uncounted: bool = False  # Whether events without a visitor may be stored, of a time when it did not.
