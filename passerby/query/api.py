"""The query room's door: bytes in, bytes out. Everything that counts comes in here."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from passerby.query.answer import answer
from passerby.query.conditions import Scope, Table
from passerby.query.dimensions import SEGMENT, props_key
from passerby.query.errors import QueryRefused
from passerby.query.filters import Leaf, Operator
from passerby.query.grammar import INTERNAL, PUBLIC, Grammar
from passerby.query.language import Query
from passerby.query.metrics import REVENUE_METRICS
from passerby.query.parse import parse_request
from passerby.query.parts import DISTINCT_VISITORS
from passerby.query.ranges import Range
from passerby.query.revenue import revenue_of
from passerby.query.segments import expand_segments
from passerby.query.site import QuerySite
from passerby.query.uncounted import knows_visitors
from passerby.query.validate import validate
from passerby.store.store import Store

CURRENT_SECONDS = 300  # A visitor is current for five minutes after an event.


def answer_v2(body: bytes, site: QuerySite, store: Store, *, now: datetime) -> bytes:
    """POST /api/v2/query: the body's question answered as JSON.

    Raises: QueryRefused with the reason; QueryTooExpensive or PatternRefused from the engine; StoreUnavailable.
    """
    query = parse_query(body, site, store, now=now, grammar=PUBLIC)
    return msgspec.json.encode(answer(query, site, store))


def answer_dashboard(body: bytes, site: QuerySite, store: Store, *, now: datetime) -> bytes:
    """The dashboard's question: the same language with comparisons, realtime ranges and more to include.

    Raises: as `answer_v2`.
    """
    query = parse_query(body, site, store, now=now, grammar=INTERNAL)
    check_shown(query, site)
    return msgspec.json.encode(answer(_without_unavailable(query, site), site, store))


def parse_query(body: bytes, site: QuerySite, store: Store, *, now: datetime, grammar: Grammar) -> Query:
    """The valid question in a body.

    Raises: QueryRefused.
    """
    request = parse_request(body, grammar)
    return validate(request, site, now=now, first_stats_on=lambda: first_stats_on(site, store))


def check_shown(query: Query, site: QuerySite) -> None:
    """Refuse to list a property that the site's owner does not show on the dashboard.

    Raises: QueryRefused.
    """
    for index, name in enumerate(query.dimensions):
        key = props_key(name)
        if key is not None and site.allowed_props is not None and key not in site.allowed_props:
            raise QueryRefused(
                f"#/dimensions/{index}: The property `{key}` is not shown on this dashboard. "
                "Allow it in the site's settings.",
                field=f"#/dimensions/{index}",
            )


def _without_unavailable(query: Query, site: QuerySite) -> Query:
    """Leave out what the dashboard would have to hide anyway."""
    if not query.include.drop_unavailable_revenue_metrics or revenue_of(query, site).warning is None:
        return query
    metrics = tuple(name for name in query.metrics if name not in REVENUE_METRICS)
    kept = {*metrics, *query.dimensions}
    order_by = tuple(entry for entry in query.order_by if entry[0] in kept)
    return replace(query, metrics=metrics, order_by=order_by) if metrics else query


def first_stats_on(site: QuerySite, store: Store) -> date | None:
    """The local date of the first event or imported day, None before there is any."""
    first = store.first_event_at(site.id)
    days: list[date] = [one.start_on for one in site.imports]
    if first is not None:
        days.append(first.astimezone(ZoneInfo(site.timezone)).date())
    return min(days, default=None)


def current_visitors(site: QuerySite, store: Store, *, now: datetime, segment_id: int | None = None) -> int | None:
    """Distinct visitors with an event in the last five minutes, whatever the dashboard is filtered by.

    None where visitors were not counted. Who may see one segment only is told of that one's visitors.
    Raises: QueryRefused for a segment that is not the site's.
    """
    now = now.astimezone(UTC)
    span = Range(now - timedelta(seconds=CURRENT_SECONDS), now + timedelta(seconds=5), ZoneInfo("UTC"))
    if not knows_visitors(span, site, store, now=now):
        return None
    limits = () if segment_id is None else (Leaf(Operator.IS, SEGMENT, (segment_id,)),)
    scope = Scope(site=site, range=span)
    where = scope.where(Table.EVENTS, expand_segments(limits, site))
    sql = f"SELECT {DISTINCT_VISITORS} FROM events WHERE {where} AND name != 'engagement'"
    rows: Any = store.query(sql, scope.params.values).rows
    return int(rows[0][0])
