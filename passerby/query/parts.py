"""The additive pieces that metrics are made of, one entry each: how a piece is counted in every table.

A metric is an expression over parts (metrics.py). Because parts add up, whatever tables a question needs are counted
on their own, stacked, and summed per group: events, visits and imported aggregates meet in one place. Distinct counts
come from one native table only; imported visitors are simply added (docs/stats-api.md, "Imported data").
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

IS_VIEW = "name = 'pageview'"
IS_ENGAGEMENT = "name = 'engagement'"
# A site that counts no visitors stores events of nobody: id 0, and no visit. Counting 0 and taking it off again costs a
# quarter less than asking each row; `max` of no rows is 0.
DISTINCT_VISITORS = "uniqExact(visitor_id) - max(visitor_id = 0)"
DISTINCT_VISITS = "uniqExact(visit_id) - max(visit_id = 0)"


@dataclass(frozen=True, slots=True)
class Part:
    """One additive piece. A table that cannot count it has no entry and adds zero."""

    name: str
    events: str | None = None
    visits: str | None = None
    smeared: str | None = None
    scrolled: str | None = None
    imported: Mapping[str, str] = field(default_factory=dict)  # By table; "" is every other table.
    is_money: bool = False

    def in_import(self, table: str) -> str | None:
        """How an imported table counts it; None where it cannot."""
        return self.imported.get(table, self.imported.get(""))


# Visits of imported rows: entry and exit pages count entrances and exits; pages and custom events know no visit.
_NO_VISITS = {"pages": "0", "custom_events": "0"}
_VISITS = {"": "sum(visits)", "entry_pages": "sum(entrances)", "exit_pages": "sum(exits)"}
_VISIT_COUNT = {**_VISITS, **_NO_VISITS}

_ENTRIES = (
    Part(
        "visitors",
        events=DISTINCT_VISITORS,
        visits="uniqExact(visitor_id)",
        smeared="uniqExact(visitor_id)",
        imported={"": "sum(visitors)"},
    ),
    Part(
        "visits",
        events=DISTINCT_VISITS,
        visits="count()",
        smeared="uniqExact(visit_id)",
        imported={**_VISITS, "custom_events": "0"},
    ),
    Part("pageviews", events=f"countIf({IS_VIEW})", imported={"": "sum(pageviews)", "custom_events": "0"}),
    Part(
        "events",
        events=f"countIf(NOT {IS_ENGAGEMENT})",
        imported={"": "sum(pageviews)", "custom_events": "sum(events)"},
    ),
    # Parts of session metrics. `{entered}` narrows bounces to visits that entered by the filtered page.
    Part("bounces", visits="countIf(is_bounce AND {entered})", imported={"": "sum(bounces)", **_NO_VISITS}),
    Part("bounce_visits", visits="countIf({entered})", imported=_VISIT_COUNT),
    Part("duration", visits="sum(duration)", imported={"": "sum(visit_duration)", **_NO_VISITS}),
    Part("timed_visits", visits="count()", imported=_VISIT_COUNT),
    Part("visit_pageviews", visits="sum(pageviews)", imported={"": "sum(pageviews)", **_NO_VISITS}),
    Part("visit_events", visits="sum(events)", imported={"": "sum(pageviews)", **_NO_VISITS}),
    Part("exits", visits="count()", imported={"exit_pages": "sum(exits)"}),
    Part("exit_pageviews", events=f"countIf({IS_VIEW})", imported={"pages": "sum(pageviews)"}),
    # Engagement. 255 means "not measured".
    Part("scroll_depth", scrolled="sum(depth)", imported={"pages": "sum(total_scroll_depth)"}),
    Part("scroll_visits", scrolled="count()", imported={"pages": "sum(total_scroll_depth_visits)"}),
    Part("engaged_ms", events="sum(engagement_time_ms)", imported={"pages": "sum(total_time_on_page) * 1000"}),
    Part(
        "engaged_visits",
        events=f"uniqExactIf(visit_id, {IS_ENGAGEMENT} AND visit_id > 0)",
        imported={"pages": "sum(total_time_on_page_visits)"},
    ),
    Part("revenue", events="sum(revenue_reporting_amount)", is_money=True),
    Part("revenue_events", events="count(revenue_reporting_amount)"),
    Part(
        "group_visitors",
        events=DISTINCT_VISITORS,
        visits="uniqExact(visitor_id)",
        smeared="uniqExact(visitor_id)",
        imported={"": "sum(visitors)"},
    ),
)
PARTS: Mapping[str, Part] = {entry.name: entry for entry in _ENTRIES}
