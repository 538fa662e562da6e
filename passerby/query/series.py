"""A time series with nothing left out: neither silence nor, on the day the clock changes, an hour."""

from typing import Any

from passerby.query.comparison import filled, render
from passerby.query.language import Query
from passerby.query.run import Rows


def whole_series(query: Query, found: Rows) -> list[dict[str, Any]]:
    """A row for every label of the range and for every bucket that counted something, oldest first.

    Labels are counted off without regard to the clock change, as Plausible's are: when it jumps ahead, the day's last
    hour has no label of its own. What was measured in it is shown all the same.
    """
    rows = {row["dimensions"][0]: row for row in filled(query, found)}
    rows |= {row.dimensions[0]: render(row) for row in found.rows}
    return [rows[label] for label in sorted(rows)]
