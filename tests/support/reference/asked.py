"""A question as it is understood: ranges resolved, segments spelled out, defaults filled in."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.support.reference import periods
from tests.support.reference.conditions import Node, expanded, top
from tests.support.reference.periods import Span
from tests.support.reference.words import HOST_OF
from tests.support.reference.world import World


@dataclass(frozen=True)
class Asked:
    """One question about one period."""

    world: World
    now: datetime
    span: Span
    metrics: list[str]
    dimensions: list[str]
    filters: list[Node]
    order_by: list[list[str]] = field(default_factory=list)
    include: dict[str, Any] = field(default_factory=dict)
    limit: int = 10_000
    offset: int = 0
    other: Span | None = None  # The period to compare with.
    is_realtime: bool = False

    @property
    def attributed(self) -> list[Node]:
        """With the conditions that a filter on the host puts on visits in their breakdowns."""
        added = [
            [host[0], HOST_OF[name], *host[2:]]
            for name in self.dimensions
            if name in HOST_OF
            for host in top(self.filters, "event:hostname")
        ]
        return [*self.filters, *added]

    @property
    def time(self) -> str | None:
        return next((name for name in self.dimensions if name.startswith("time:")), None)

    def only_visitors(self, filters: list[Node], dimensions: list[str]) -> "Asked":
        return replace(self, metrics=["visitors"], filters=filters, dimensions=dimensions)


def understand(world: World, body: dict[str, Any], *, now: datetime, is_internal: bool) -> Asked:
    """The question in a body."""
    zone, asked = ZoneInfo(world.zone), body["date_range"]
    today = _date(body.get("relative_date")) or now.astimezone(zone).date()
    span = periods.span_of(asked, today=today, now=now, zone=zone, first_stats_on=_first_stats_on(world, zone))
    include = {"imports": is_internal, **body.get("include", {})}
    if include.get("trim_relative_date_range") and not (asked == "day" and include.get("compare")):
        span = periods.trimmed(asked, span, now=now)
    is_realtime = asked in ("realtime", "realtime_30m")
    other = None
    if include.get("compare") and not is_realtime:
        match_weekday = include.get("compare_match_day_of_week", True)
        other = periods.compared(include["compare"], span, asked, match_weekday=match_weekday, now=now)
    bucket = periods.time_dimension(span)
    dimensions = [bucket if name == "time" else name for name in body.get("dimensions", [])]
    time = [[name, "asc"] for name in dimensions if name.startswith("time:")][:1]
    order_by = body.get("order_by") or [*time, [body["metrics"][0], "desc"]]
    return Asked(
        world=world,
        now=now,
        span=span,
        metrics=body["metrics"],
        dimensions=dimensions,
        filters=expanded(list(body.get("filters", [])), world),
        order_by=[[bucket if name == "time" else name, direction] for name, direction in order_by],
        include=include,
        **body.get("pagination", {}),
        other=other,
        is_realtime=is_realtime,
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _first_stats_on(world: World, zone: ZoneInfo) -> date | None:
    moments = [event["timestamp"] for visit in world.visits for event in visit["rows"]]
    counted = [datetime.fromtimestamp(min(moments), UTC).astimezone(zone).date()] if moments else []
    return min([*counted, *(date.fromisoformat(one.start) for one in world.imports)], default=None)
