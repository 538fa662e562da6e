"""A question reads the rows of its site and its days, not the history stored nor other sites."""

from datetime import UTC, datetime

import pytest

from passerby.query.compile import compile_plan
from passerby.query.plan import plan_query
from passerby.store.store import Store
from tests.support.asking import site, valid
from tests.support.stores import at, event_row, keep, number, visit_row

DAYS = 120


@pytest.fixture(scope="module")
def filled(embedded: Store) -> tuple[Store, int]:
    ours, others = number(), [number() for _ in range(5)]
    for each in [ours, *others]:
        stamps = [at("2026-01-01 12:00") + 86_400 * (n % DAYS) for n in range(12_000)]
        keep(
            embedded,
            events=[event_row(each, timestamp=stamp) for stamp in stamps],
            visits=[visit_row(each, start=stamp) for stamp in stamps],
        )
    return embedded, ours


@pytest.mark.parametrize(("metrics", "table"), [(["pageviews"], "events"), (["bounce_rate"], "visits")])
def test_one_day_of_one_site_is_a_small_part_of_what_is_read(
    filled: tuple[Store, int], metrics: list[str], table: str
) -> None:
    store, ours = filled
    asked = site(ours)
    query = valid(asked, metrics=metrics, date_range=["2026-03-10", "2026-03-10"], now=datetime(2026, 6, 1, tzinfo=UTC))
    statement = compile_plan(plan_query(query, asked), asked, totals={})

    plan = [str(row[0]) for row in store.query(f"EXPLAIN indexes = 1 {statement.sql}", statement.values).rows]

    text = "\n".join(plan)
    assert table in text
    assert "toDate" in text
    read, stored = _granules(plan)
    assert read <= max(2, stored / 4), text


def _granules(plan: list[str]) -> tuple[int, int]:
    """Granules left after the last index, and before the first."""
    found = [line.split("Granules:")[1].strip() for line in plan if "Granules:" in line and "/" in line]
    left, _, _ = found[-1].partition("/")
    _, _, before = found[0].partition("/")
    return int(left), int(before)
