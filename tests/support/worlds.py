"""Small sites with a lot going on: random visits around a clock change, for comparing answers with the reference."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from passerby.query.site import Goal, QuerySite
from passerby.store.rows import EventRow, VisitRow
from passerby.store.store import Store
from tests.support.reference import World
from tests.support.stores import keep, number

# Zone and a day near which its clock changes, or something else is odd about it.
PLACES = (
    ("Etc/UTC", "2026-03-29"),
    ("Europe/Berlin", "2026-03-29"),
    ("America/Havana", "2026-11-01"),
    ("America/Santiago", "2026-09-06"),
    ("Asia/Kathmandu", "2026-02-28"),
    ("Australia/Lord_Howe", "2026-04-05"),
)
GOALS: dict[str, dict[str, Any]] = {
    "Signup": {"event": "Signup", "currency": "EUR"},
    "Paid signup": {"event": "Signup", "props": {"plan": "pro"}, "currency": "USD"},
    "Visit /a": {"page": "/a"},
    "Visit docs": {"page": "/docs/**"},
    "Scroll /a": {"page": "/a", "scroll": 50},
}
PAGES = ("/", "/a", "/docs/x", "/docs/x/y", "/Ünï code")
VISITS = 90
DAYS = 4


@dataclass(frozen=True)
class Kept:
    """A world that is also in the store."""

    world: World
    site: QuerySite
    day: str


def keep_world(store: Store, *, zone: str, day: str, seed: int) -> Kept:
    """Make a world and store its rows."""
    dice = random.Random(seed)
    site_id = number()
    begin = int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()) - DAYS * 43_200
    visits = [_visit(dice, begin + dice.randrange(DAYS * 86_400)) for _ in range(VISITS)]
    events = [_event_row(site_id, event) for visit in visits for event in visit["rows"]]
    dice.shuffle(events)
    keep(store, events=events, visits=[_visit_row(site_id, visit) for visit in visits])
    goals = tuple(_goal(index, name, goal) for index, (name, goal) in enumerate(GOALS.items(), start=1))
    site = QuerySite(id=site_id, domain="example.com", timezone=zone, goals=goals)
    return Kept(World(zone=zone, visits=visits, goals=GOALS), site, day)


def _visit(dice: random.Random, start: int) -> dict[str, Any]:
    visit_id, visitor_id = number(), dice.randrange(1, 40)
    attributes = {
        "referrer_source": dice.choice(["", "Google", "Bing", "google"]),
        "browser": dice.choice(["", "Chrome", "Firefox"]),
        "utm_medium": dice.choice(["", "", "cpc", "Direct mail"]),
        "country_code": dice.choice(["", "EE", "DE"]),
        "city_geoname_id": dice.choice([0, 588409, 2950159]),
    }
    moment, rows = start, []
    for index in range(dice.choice([1, 1, 2, 3, 5])):
        moment += dice.randrange(0, 1500) if index else 0
        name = dice.choice(
            ["pageview", "pageview", "pageview", "Signup", "engagement"]
            if index
            else ["pageview", "pageview", "Signup"]
        )
        is_engagement = name == "engagement"
        rows.append(
            {
                **attributes,
                "timestamp": moment,
                "name": name,
                "hostname": dice.choice(["a.example", "b.example"]),
                "pathname": dice.choice(PAGES),
                "visitor_id": visitor_id,
                "visit_id": visit_id,
                "props": dice.choice([{}, {"plan": "pro"}, {"plan": "Free"}, {"plan": "", "x": "1"}]),
                "scroll_depth": dice.choice([10, 50, 100, 255]) if is_engagement else 0,
                "revenue_reporting_amount": dice.choice([None, 10.5, 3.25, 100.0]) if name == "Signup" else None,
                "engagement_time_ms": dice.randrange(0, 90_000) if is_engagement else 0,
            }
        )
    return {**attributes, "visit_id": visit_id, "visitor_id": visitor_id, "rows": rows, **_state(rows)}


def _state(rows: list[dict[str, Any]]) -> dict[str, Any]:
    counted = [row for row in rows if row["name"] != "engagement"]
    pages = [row for row in rows if row["name"] == "pageview"]
    return {
        "start": rows[0]["timestamp"],
        "timestamp": rows[-1]["timestamp"],
        "duration": counted[-1]["timestamp"] - rows[0]["timestamp"],
        "is_bounce": len(counted) == 1 and rows[0]["name"] == "pageview",
        "pageviews": len(pages),
        "events": len(counted),
        "entry_page": pages[0]["pathname"] if pages else "",
        "hostname": pages[0]["hostname"] if pages else "",
        "exit_page": pages[-1]["pathname"] if pages else "",
        "exit_page_hostname": pages[-1]["hostname"] if pages else "",
    }


def _event_row(site_id: int, event: dict[str, Any]) -> EventRow:
    return EventRow(site_id=site_id, arrival=number(), **event)


def _visit_row(site_id: int, visit: dict[str, Any]) -> VisitRow:
    fields = {name: value for name, value in visit.items() if name != "rows"}
    return VisitRow(site_id=site_id, version=number(), **fields)


def _goal(index: int, name: str, goal: dict[str, Any]) -> Goal:
    return Goal(
        id=index,
        display_name=name,
        event_name=goal.get("event"),
        page_path=goal.get("page"),
        scroll_threshold=goal.get("scroll", -1),
        currency=goal.get("currency"),
        custom_props=goal.get("props", {}),
    )
