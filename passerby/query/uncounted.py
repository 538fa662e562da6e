"""Where visitors were not counted, what rests on them is not known: null, never zero and never a guess.

A site in no-identifier mode stores events of nobody (visitor 0) and no visits. A period with such an event, or one in
which the mode still runs, knows no visitors; earlier and later periods do. Sites that always counted are not asked.
Source: docs/decisions/0016-no-identifiers.md.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from passerby.query.conditions import Scope, Table
from passerby.query.dimensions import Level, level_of
from passerby.query.errors import QueryRefused
from passerby.query.filters import leaves
from passerby.query.language import Query
from passerby.query.metrics import COUNTED_WITHOUT_VISITORS
from passerby.query.ranges import Range
from passerby.query.site import QuerySite
from passerby.store.store import Store

CODE = "visitors_not_counted"
TEXT = "Visitors were not counted in all of this period, so nothing that rests on them is known"
INSTEAD = "events"  # What rows are found and ordered by, where the metric asked for is not known.


class VisitorsNotCounted(QueryRefused):
    """The whole question is about visitors, of a period that knows none."""

    code = CODE

    def __init__(self) -> None:
        super().__init__(f"{TEXT}.")


def knows_visitors(span: Range, site: QuerySite, store: Store, *, now: datetime) -> bool:
    """Whether every event of the period was counted with its visitor.

    Raises: StoreUnavailable.
    """
    if site.counts_visitors and not site.has_uncounted:
        return True
    if not site.counts_visitors and span.last >= now:
        return False
    scope = Scope(site=site, range=span)
    sql = f"SELECT 1 FROM events WHERE {scope.where(Table.EVENTS, ())} AND visitor_id = 0 LIMIT 1"
    return not store.query_shared(sql, scope.params.values).rows


def check_visitors_known(query: Query, site: QuerySite, store: Store) -> None:
    """For questions that are about visitors and nothing else.

    Raises: VisitorsNotCounted.
    """
    spans = (query.range,) if query.compared is None else (query.range, query.compared)
    if not all(knows_visitors(span, site, store, now=query.now) for span in spans):
        raise VisitorsNotCounted


def unknown_metrics(query: Query, site: QuerySite, store: Store) -> frozenset[str]:
    """The metrics that are null in every row."""
    if knows_visitors(query.range, site, store, now=query.now):
        return frozenset()
    return frozenset(query.metrics) - (frozenset() if rests_on_visits(query) else COUNTED_WITHOUT_VISITORS)


def rests_on_visits(query: Query) -> bool:
    """Whether rows or filters are about visits, so that not even events can be told apart by them."""
    places = tuple(leaves(query.filters))
    named = (*query.dimensions, *(place.leaf.dimension for place in places))
    return any(level_of(name) is Level.VISIT for name in named) or any(place.is_done for place in places)


def counted_instead(query: Query, unknown: frozenset[str]) -> Query:
    """The question without what is not known: its rows are those of events, most events first."""
    metrics = (INSTEAD if name in unknown else name for name in query.metrics)
    order = ((INSTEAD if name in unknown else name, direction) for name, direction in query.order_by)
    return replace(query, metrics=tuple(dict.fromkeys(metrics)), order_by=tuple(dict(order).items()))


def warnings_of(names: Mapping[str, str], unknown: frozenset[str]) -> dict[str, dict[str, str]]:
    """What an answer says about them; `names` maps what the caller calls a metric to the engine's name."""
    return {shown: {"code": CODE, "warning": TEXT} for shown, name in names.items() if name in unknown}
