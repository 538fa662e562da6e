"""What the dashboard calls a metric in the question at hand."""

from passerby.query.dimensions import GOAL
from passerby.query.filters import top
from passerby.query.language import Query
from passerby.query.metrics import METRICS

# By dimension of the question: a visitor of an entry page entered by it.
_OF_PAGES = {
    ("visitors", "visit:entry_page"): "Unique entrances",
    ("visitors", "visit:exit_page"): "Unique exits",
    ("visits", "visit:entry_page"): "Total entrances",
    ("visits", "visit:exit_page"): "Total exits",
}
_OF_GOALS = {"visitors": "Conversions", "events": "Total conversions"}
_OF_EACH_GOAL = {"visitors": "Uniques", "events": "Total"}


def metric_label(name: str, query: Query) -> str:
    """The label of one metric."""
    if name == "visitors" and query.period.is_realtime:
        return "Current visitors"
    if GOAL in query.dimensions and name in _OF_EACH_GOAL:
        return _OF_EACH_GOAL[name]
    if top(query.filters, GOAL) and name in _OF_GOALS:
        return _OF_GOALS[name]
    by_page = (_OF_PAGES.get((name, dimension)) for dimension in query.dimensions)
    return next(filter(None, by_page), METRICS[name].label)
