"""What the dashboard asks when somebody opens it on thirty days: ten questions, as its code sends them."""

import json
from typing import Any

DATE_RANGE = ["2026-10-02", "2026-10-31"]  # All of the default data set.
LIST_ROWS = 9


def _question(metrics: list[str], **more: Any) -> dict[str, Any]:
    include = {"imports": True, "imports_meta": True, **more.pop("include", {})}
    return {"date_range": DATE_RANGE, "metrics": metrics, "dimensions": [], "filters": [], "include": include, **more}


def _list(dimension: str) -> dict[str, Any]:
    page = {"limit": LIST_ROWS, "offset": 0}
    order = [["visitors", "desc"], [dimension, "asc"]]
    return _question(["visitors", "percentage"], dimensions=[dimension], pagination=page, order_by=order)


PANELS: dict[str, dict[str, Any]] = {
    "top_stats": _question(
        ["visitors", "visits", "pageviews", "views_per_visit", "bounce_rate", "visit_duration"],
        include={"compare": "previous_period", "compare_match_day_of_week": True},
    ),
    "graph": _question(["visitors"], dimensions=["time:day"], include={"time_labels": True}),
    "sources": _list("visit:source"),
    "channels": _list("visit:channel"),
    "pages": _list("event:page"),
    "entry_pages": _list("visit:entry_page"),
    "countries": _list("visit:country"),
    "browsers": _list("visit:browser"),
    "operating_systems": _list("visit:os"),
    "screen_sizes": _list("visit:device"),
}

BODIES = {name: json.dumps(question).encode() for name, question in PANELS.items()}
