"""What was asked, as values: a `Query` is complete, resolved and valid. What we do about it is plan.py's."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from passerby.query.filters import Filter, render_filter
from passerby.query.ranges import Compare, Period, Range

# Bounds. Each is refused with a pointer to the part that is over it.
BODY_BYTES_MAX = 1_048_576
FILTERS_MAX = 200  # Leaves in the whole tree.
FILTER_DEPTH_MAX = 12
FILTER_VALUES_MAX = 10_000  # Over all leaves.
PATTERNS_MAX = 100  # Regular expressions and wildcards, over all leaves.
VALUE_CHARACTERS_MAX = 2_000
PATTERN_CHARACTERS_MAX = 500
METRICS_MAX = 20
DIMENSIONS_MAX = 10
LIMIT_MAX = 10_000
LIMIT_DEFAULT = 10_000
OFFSET_MAX = 10_000_000
SEGMENTS_MAX = 10
YEAR_MIN, YEAR_MAX = 1900, 2200  # Of either end of a range.


@dataclass(frozen=True, slots=True)
class Include:
    """The extras of an answer."""

    imports: bool = False
    time_labels: bool = False
    total_rows: bool = False
    trim_relative_date_range: bool = False
    # Of the dashboard's own door:
    imports_meta: bool = False
    compare: Compare | None = None
    dashboard_metric_labels: bool = False
    time_label_result_indices: bool = False
    empty_metrics: bool = False
    present_index: bool = False
    partial_time_labels: bool = False
    drop_unavailable_time_on_page: bool = False
    drop_unavailable_revenue_metrics: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """The body as parsed: right in shape, not yet checked against the site or the clock."""

    site_id: str
    metrics: tuple[str, ...]
    period: Period
    dimensions: tuple[str, ...]
    filters: tuple[Filter, ...]
    order_by: tuple[tuple[str, str], ...] | None
    include: Include
    limit: int
    offset: int
    is_internal: bool
    relative_on: date | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """One valid question about one site."""

    site_id: str
    metrics: tuple[str, ...]
    dimensions: tuple[str, ...]
    filters: tuple[Filter, ...]
    range: Range
    period: Period
    order_by: tuple[tuple[str, str], ...]
    include: Include
    limit: int
    offset: int
    now: datetime
    compared: Range | None = None

    @property
    def time_dimension(self) -> str | None:
        """The time dimension, of which there is at most one in practice."""
        return next((name for name in self.dimensions if name.startswith("time:")), None)

    def echo(self) -> dict[str, Any]:
        """The question as it was understood, in the language it was asked in."""
        return {
            "site_id": self.site_id,
            "metrics": list(self.metrics),
            "date_range": self.range.iso(),
            "filters": [render_filter(node) for node in self.filters],
            "dimensions": list(self.dimensions),
            "order_by": [list(entry) for entry in self.order_by],
            "include": self._echo_include(),
            "pagination": {"offset": self.offset, "limit": self.limit},
        }

    def _echo_include(self) -> dict[str, Any]:
        names = ("imports", "time_labels", "total_rows", "trim_relative_date_range")
        return {name: True for name in names if getattr(self.include, name)}
