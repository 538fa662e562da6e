"""Every metric, one entry each: its parts, how they combine, and what it is where nothing was counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from passerby.query.dimensions import Level


class Unit(StrEnum):
    """What a value is."""

    COUNT = "count"
    PERCENT = "percent"  # 0..100
    SECONDS = "seconds"
    RATIO = "ratio"
    MONEY = "money"


class Total(StrEnum):
    """A whole-question number that a metric is measured against."""

    VISITORS = "total_visitors"  # Same filters, no dimensions.
    UNCONVERTED = "unconverted_visitors"  # Without the filters on goals and properties, too.


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric. `sql` combines parts and totals by name; the compiler gives it the columns."""

    name: str
    level: Level
    parts: tuple[str, ...]
    sql: str
    unit: Unit
    meaning: str
    total: Total | None = None
    is_null_when_empty: bool = False  # No data is unknown rather than zero.
    is_internal: bool = False
    is_fraction: bool = False  # Carries decimals.
    short_label: str = ""  # What the dashboard calls it; by default its name, spelled out.

    @property
    def label(self) -> str:
        """What the dashboard calls it."""
        return self.short_label or self.name.replace("_", " ").capitalize()


def _share(of: str) -> str:
    return f"round(100 * visitors / {of}, 2)"


_ENTRIES = (
    Metric("visitors", Level.EITHER, ("visitors",), "visitors", Unit.COUNT, "Distinct visitors."),
    Metric("visits", Level.EITHER, ("visits",), "visits", Unit.COUNT, "Visits."),
    Metric("pageviews", Level.EVENT, ("pageviews",), "pageviews", Unit.COUNT, "Page views."),
    Metric(
        "views_per_visit",
        Level.VISIT,
        ("visit_pageviews", "timed_visits"),
        "if(timed_visits > 0, round(visit_pageviews / timed_visits, 2), 0)",
        Unit.RATIO,
        "Page views of a visit, on average.",
        is_fraction=True,
    ),
    Metric(
        "bounce_rate",
        Level.VISIT,
        ("bounces", "bounce_visits"),
        "if(bounce_visits > 0, round(100 * bounces / bounce_visits), 0)",
        Unit.PERCENT,
        "Share of visits that saw one page and did nothing else.",
    ),
    Metric(
        "visit_duration",
        Level.VISIT,
        ("duration", "timed_visits"),
        "if(timed_visits > 0, round(duration / timed_visits), 0)",
        Unit.SECONDS,
        "Seconds from first to last event of a visit, on average; a bounce counts as 0.",
        is_null_when_empty=True,
    ),
    Metric("events", Level.EVENT, ("events",), "events", Unit.COUNT, "Page views and custom events."),
    Metric(
        "percentage",
        Level.EITHER,
        ("visitors",),
        f"if({Total.VISITORS} > 0, {_share(Total.VISITORS)}, NULL)",
        Unit.PERCENT,
        "Share of all visitors of the same filters and period.",
        total=Total.VISITORS,
        is_fraction=True,
        short_label="%",
    ),
    Metric(
        "conversion_rate",
        Level.EITHER,
        ("visitors",),
        f"if({Total.UNCONVERTED} > 0, {_share(Total.UNCONVERTED)}, 0)",
        Unit.PERCENT,
        "Share of all visitors who completed the goal.",
        total=Total.UNCONVERTED,
        is_fraction=True,
        short_label="CR",
    ),
    Metric(
        "group_conversion_rate",
        Level.EITHER,
        ("visitors", "group_visitors"),
        f"if(group_visitors > 0, {_share('group_visitors')}, 0)",
        Unit.PERCENT,
        "Share of the row's own visitors who completed the goal.",
        is_fraction=True,
        short_label="CR",
    ),
    Metric(
        "time_on_page",
        Level.EVENT,
        ("engaged_ms", "engaged_visits"),
        "if(engaged_visits > 0, round(engaged_ms / 1000 / engaged_visits), NULL)",
        Unit.SECONDS,
        "Seconds a page was looked at, per visit that looked.",
        is_null_when_empty=True,
    ),
    Metric(
        "scroll_depth",
        Level.EVENT,
        ("scroll_depth", "scroll_visits"),
        "if(scroll_visits > 0, round(scroll_depth / scroll_visits), NULL)",
        Unit.PERCENT,
        "How far down a page was seen: the deepest point of each visit, on average.",
        is_null_when_empty=True,
    ),
    Metric(
        "total_revenue",
        Level.EVENT,
        ("revenue", "revenue_events"),
        "if(revenue_events > 0, round(revenue, 3), NULL)",
        Unit.MONEY,
        "Money of the revenue goals' events.",
        short_label="Revenue",
    ),
    Metric(
        "average_revenue",
        Level.EVENT,
        ("revenue", "revenue_events"),
        "if(revenue_events > 0, round(toFloat64(revenue) / revenue_events, 3), NULL)",
        Unit.MONEY,
        "Money of one event of a revenue goal, on average.",
        short_label="Average",
    ),
    Metric(
        "exit_rate",
        Level.VISIT,
        ("exits", "exit_pageviews"),
        "if(exit_pageviews > 0, round(100 * exits / exit_pageviews, 1), NULL)",
        Unit.PERCENT,
        "Share of a page's views that were the last of their visit.",
        is_null_when_empty=True,
        is_internal=True,
        is_fraction=True,
    ),
    Metric(
        "total_visitors",
        Level.EITHER,
        ("visitors",),
        f"{Total.UNCONVERTED}",
        Unit.COUNT,
        "The visitors that conversion_rate is measured against.",
        total=Total.UNCONVERTED,
        is_internal=True,
    ),
    Metric(
        "group_visitors",
        Level.EITHER,
        ("visitors", "group_visitors"),
        "group_visitors",
        Unit.COUNT,
        "The visitors that group_conversion_rate is measured against.",
        is_internal=True,
        short_label="Total visitors",
    ),
    Metric(
        "visit_pageviews",
        Level.VISIT,
        ("visit_pageviews",),
        "visit_pageviews",
        Unit.COUNT,
        "Page views of whole visits, for breakdowns that only visits know.",
        is_internal=True,
    ),
    Metric(
        "visit_events",
        Level.VISIT,
        ("visit_events",),
        "visit_events",
        Unit.COUNT,
        "Events of whole visits, for breakdowns that only visits know.",
        is_internal=True,
    ),
    Metric(
        "sample_percent",
        Level.EITHER,
        ("visits",),
        "100",
        Unit.PERCENT,
        "Always 100: nothing is sampled.",
        is_internal=True,
    ),
)
METRICS: Mapping[str, Metric] = {entry.name: entry for entry in _ENTRIES}
PUBLIC_METRICS = tuple(entry.name for entry in _ENTRIES if not entry.is_internal)
CONVERSION_METRICS = frozenset({"conversion_rate", "group_conversion_rate", "total_visitors", "group_visitors"})
COUNTED_WITHOUT_VISITORS = frozenset({"pageviews", "events", "total_revenue", "average_revenue", "sample_percent"})
REVENUE_METRICS = frozenset({"total_revenue", "average_revenue"})
