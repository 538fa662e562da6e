import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from passerby.query import v1
from passerby.query.api import answer_v2
from passerby.query.site import Import, QuerySite
from passerby.store.store import Store
from tests.support.stores import event_row, keep, number, visit_row
from tests.support.worlds import PLACES, Kept, keep_world

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
METRICS = ("visitors", "visits", "pageviews", "bounce_rate", "visit_duration")


@pytest.fixture(params=PLACES, ids=lambda place: str(place[0]))
def kept(request: pytest.FixtureRequest, store: Store) -> Kept:
    zone, day = request.param
    return keep_world(store, zone=zone, day=day, seed=number())


def newer(kept: Kept, store: Store, *dimensions: str) -> list[dict[str, Any]]:
    asked = {"site_id": "example.com", "metrics": METRICS, "date_range": [kept.day, kept.day], "dimensions": dimensions}
    answer: list[dict[str, Any]] = json.loads(answer_v2(json.dumps(asked).encode(), kept.site, store, now=NOW))[
        "results"
    ]
    return answer


def older(kept: Kept) -> dict[str, str]:
    return {"period": "day", "date": kept.day, "metrics": ",".join(METRICS)}


def test_totals_are_those_of_the_newer_language(kept: Kept, store: Store) -> None:
    results = v1.aggregate(older(kept), kept.site, store, now=NOW)["results"]

    assert [results[name]["value"] for name in METRICS] == newer(kept, store)[0]["metrics"]


@pytest.mark.parametrize("name", ["event:page", "visit:source", "visit:browser"])
def test_rows_are_those_of_the_newer_language(kept: Kept, store: Store, name: str) -> None:
    rows = v1.breakdown({**older(kept), "property": name}, kept.site, store, now=NOW)["results"]

    assert [[row[name.partition(":")[2]], *(row[metric] for metric in METRICS)] for row in rows] == [
        [*row["dimensions"], *row["metrics"]] for row in newer(kept, store, name)
    ]


def test_a_series_has_every_hour_of_the_day_and_the_newer_language_those_with_visitors(
    kept: Kept, store: Store
) -> None:
    rows = v1.timeseries(older(kept), kept.site, store, now=NOW)["results"]
    full = {row["dimensions"][0]: row["metrics"] for row in newer(kept, store, "time:hour")}

    assert {row["date"]: [row[name] for name in METRICS] for row in rows if row["date"] in full} == full
    assert all(row["visitors"] == 0 for row in rows if row["date"] not in full)
    assert len(rows) in {23, 24, 25}


def ask(store: Store, site: QuerySite, **parameters: str) -> Any:
    given = {"period": "month", "date": "2026-01-20", **parameters}
    return v1.breakdown(given, site, store, now=NOW)


def test_time_on_page_alone_is_ordered_by_visitors(store: Store, site_id: int) -> None:
    site = QuerySite(id=site_id, domain="example.com", timezone="Etc/UTC")
    one = number()
    rows = [event_row(site_id, pathname=path) for path in ("/often", "/often", "/b", "/b", "/b")]
    rows += [event_row(site_id, pathname="/long", visitor_id=one, visit_id=one)]
    long = {"pathname": "/long", "visitor_id": one, "visit_id": one, "engagement_time_ms": 90_000}
    keep(store, events=[*rows, event_row(site_id, name="engagement", **long)])

    assert ask(store, site, property="event:page", metrics="time_on_page")["results"] == [
        {"page": "/b", "time_on_page": None},
        {"page": "/often", "time_on_page": None},
        {"page": "/long", "time_on_page": 90},
    ]


def test_a_compared_row_carries_what_it_was(store: Store, site_id: int) -> None:
    site = QuerySite(id=site_id, domain="example.com", timezone="Etc/UTC")
    keep(store, events=[event_row(site_id, browser="Lynx")], visits=[visit_row(site_id, browser="Lynx")])

    assert ask(store, site, property="visit:browser", compare="previous_period")["results"] == [
        {"browser": "Lynx", "visitors": 1, "comparison": {"visitors": 0, "change": {"visitors": 100}}}
    ]


def test_imports_that_cannot_join_are_missed_aloud(store: Store, site_id: int) -> None:
    imports = (Import(id=number(), start_on=date(2026, 1, 1), end_on=date(2026, 1, 31)),)
    site = QuerySite(id=site_id, domain="example.com", timezone="Etc/UTC", imports=imports)

    unsupported = ask(store, site, property="visit:browser", filters="visit:source==Google", with_imported="true")
    hourly = v1.timeseries({"period": "day", "date": "2026-01-20", "with_imported": "true"}, site, store, now=NOW)

    assert unsupported["warning"].startswith("Imported stats are not included in the results because query parameters")
    assert "(i.e. the interval) is too short." in hourly["warning"]
    assert "warning" not in ask(store, site, property="visit:browser", with_imported="true")
    assert "warning" not in ask(store, site, property="visit:browser", filters="visit:source==Google")
