"""Series of the days on which a zone's clock jumps: every hour that counted is there, and is compared with its own."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from passerby.query.api import answer_dashboard
from passerby.query.site import QuerySite
from passerby.store.store import Store
from tests.support.stores import event_row, keep

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
JUMP = datetime(2026, 3, 28, 23, tzinfo=UTC)  # Midnight in Berlin; the clock jumps from 02:00 to 03:00.


def hourly(store: Store, site_id: int, first: str, **include: Any) -> Any:
    site = QuerySite(id=site_id, domain="example.com", timezone="Europe/Berlin")
    asked = {
        "metrics": ["pageviews"],
        "date_range": [first, first],
        "dimensions": ["time:hour"],
        "include": {"time_labels": True, "time_label_result_indices": True, **include},
    }
    return json.loads(answer_dashboard(json.dumps(asked).encode(), site, store, now=NOW))


def keep_hours(store: Store, site_id: int) -> None:
    hours = (JUMP - timedelta(hours=1), JUMP, JUMP + timedelta(hours=22))  # 23:00 the day before, 00:00, 23:00.
    keep(store, events=[event_row(site_id, timestamp=int(hour.timestamp())) for hour in hours])


def test_the_last_hour_of_a_short_day_is_compared_with_the_last_hour_before(store: Store, site_id: int) -> None:
    keep_hours(store, site_id)

    answer = hourly(store, site_id, "2026-03-29", compare="previous_period", compare_match_day_of_week=False)

    last = answer["results"][-1]
    assert (last["dimensions"], last["metrics"]) == (["2026-03-29 23:00:00"], [1])
    assert last["comparison"] == {"dimensions": ["2026-03-28 23:00:00"], "metrics": [1], "change": [0]}
    assert answer["meta"]["time_labels"][-1] == "2026-03-29 23:00:00"
    assert answer["meta"]["time_label_result_indices"][-1] == len(answer["results"]) - 1


def test_the_last_hour_of_a_short_day_that_is_compared_with_is_not_lost(store: Store, site_id: int) -> None:
    keep_hours(store, site_id)

    answer = hourly(store, site_id, "2026-03-30", compare="previous_period", compare_match_day_of_week=False)

    assert answer["results"][23]["comparison"]["metrics"] == [1]
    assert answer["comparison_results"][-1] == {"dimensions": ["2026-03-29 23:00:00"], "metrics": [1]}
    assert answer["meta"]["comparison_time_labels"][-1] == "2026-03-29 23:00:00"


def test_a_short_day_whose_last_hour_was_silent_has_23_labels(store: Store, site_id: int) -> None:
    keep(store, events=[event_row(site_id, timestamp=int(JUMP.timestamp()))])

    assert len(hourly(store, site_id, "2026-03-29")["meta"]["time_labels"]) == 23
