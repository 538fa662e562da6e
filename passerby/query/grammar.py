"""The two doors of the language and the words each lets through. schema.py spells them out for validators."""

from dataclasses import dataclass

PUBLIC_INCLUDES = ("imports", "time_labels", "total_rows", "trim_relative_date_range")
INTERNAL_FLAGS = (
    "imports_meta",
    "dashboard_metric_labels",
    "time_label_result_indices",
    "empty_metrics",
    "present_index",
    "partial_time_labels",
    "drop_unavailable_time_on_page",
    "drop_unavailable_revenue_metrics",
)
PERIOD_WORDS = frozenset({"day", "24h", "month", "year", "all"})
REALTIME_WORDS = frozenset({"realtime", "realtime_30m"})
COMPARE_MODES = ("previous_period", "year_over_year")


@dataclass(frozen=True, slots=True)
class Grammar:
    """Which words are allowed."""

    is_internal: bool

    @property
    def required(self) -> tuple[str, ...]:
        """The members the body cannot do without."""
        return ("metrics", "date_range") if self.is_internal else ("site_id", "metrics", "date_range")


PUBLIC = Grammar(is_internal=False)
INTERNAL = Grammar(is_internal=True)
