"""Which currency an answer's money is in, or why it has none."""

from dataclasses import dataclass

from passerby.query.dimensions import GOAL
from passerby.query.filters import top
from passerby.query.goals import selected_goals
from passerby.query.language import Query
from passerby.query.metrics import REVENUE_METRICS
from passerby.query.site import QuerySite

SEVERAL = (
    "no_single_revenue_currency",
    "Revenue metrics are null as there are multiple currencies for the selected event:goals.",
)
NONE_MATCH = ("no_revenue_goals_matching", "Revenue metrics are null as there are no matching revenue goals.")


@dataclass(frozen=True, slots=True)
class Revenue:
    """The currency of every row, or by goal; and the warning when there is none."""

    currency: str | None = None
    by_goal: dict[str, str] | None = None
    warning: tuple[str, str] | None = None

    def of(self, goal: str | None) -> str | None:
        """The currency of a row."""
        return self.by_goal.get(goal or "") if self.by_goal is not None else self.currency


def revenue_of(query: Query, site: QuerySite) -> Revenue:
    """The currencies of the goals the question is about."""
    if not REVENUE_METRICS & set(query.metrics):
        return Revenue()
    is_about_goals = GOAL in query.dimensions or bool(top(query.filters, GOAL))
    goals = selected_goals(query.filters, site) if is_about_goals else ()
    currencies = {goal.display_name: goal.currency for goal in goals if goal.currency}
    if not currencies:
        return Revenue(warning=NONE_MATCH)
    if GOAL in query.dimensions:
        return Revenue(by_goal=currencies)
    if len(set(currencies.values())) > 1:
        return Revenue(warning=SEVERAL)
    return Revenue(currency=next(iter(currencies.values())))
