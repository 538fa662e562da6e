"""Small sites with a lot going on: random visits around a clock change, for comparing answers with the reference."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

from passerby.query.site import Goal, Import, QuerySite
from passerby.store.imports import insert_imported
from passerby.store.rows import EventRow, VisitRow
from passerby.store.store import Store
from tests.support.reference.world import Imported, World
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
    "Read docs as pro": {"page": "/docs/*", "props": {"plan": "pro"}},
    "Scroll /a": {"page": "/a", "scroll": 50},
    "Scroll as Free": {"page": "/*", "scroll": 20, "props": {"plan": "Free"}},
    "Outbound": {"event": "Outbound Link: Click"},
    "404": {"event": "404"},
}
SEGMENTS: dict[int, list[Any]] = {
    1: [["is", "visit:browser", ["Chrome", "(not set)"]], ["contains", "event:page", ["/a", "docs"]]],
    2: [["matches_wildcard", "event:page", ["/docs/**|/"]]],
    3: [["is_not", "visit:country", ["EE"]], ["is", "event:props:plan", ["pro", "(none)"]]],
    4: [["or", [["is", "visit:source", ["Google"]], ["has_not_done", ["is", "event:name", ["Signup"]]]]]],
}
PAGES = ("/", "/a", "/docs/x", "/docs/x/y", "/Ünï code")
SOURCES = ("", "Google", "Bing", "google", "Direct / None")
ATTRIBUTES: dict[str, tuple[Any, ...]] = {
    "referrer_source": SOURCES,
    "referrer": ("", "google.com/search", "news.example"),
    "channel": ("", "Direct", "Paid Search", "Email"),
    "utm_medium": ("", "", "cpc", "Direct mail"),
    "utm_source": ("", "", "Google", "letter"),
    "utm_campaign": ("", "Spring", "spring", "(not set)"),
    "utm_content": ("", "button"),
    "utm_term": ("", "shoes", "Shoes and none"),
    "country_code": ("", "EE", "DE"),
    "subdivision1_code": ("", "EE-37", "DE-BE", "XX-99"),
    "city_geoname_id": (0, 588409, 2950159, 999999999),
    "screen_size": ("", "Desktop", "Mobile"),
    "browser": ("", "Chrome", "Firefox"),
    "browser_version": ("", "120.0", "9.1"),
    "operating_system": ("", "Windows", "iOS"),
    "operating_system_version": ("", "10", "18.2"),
}
PROPS: tuple[dict[str, str], ...] = ({}, {"plan": "pro"}, {"plan": "Free"}, {"plan": "", "x": "1"})
URLS = ("https://a.example/", "https://b.example/x")
VISITS = 90
DAYS = 4
IMPORTED_DAYS = 6
IMPORTED_ROWS = 14  # Of a table of an import.
IMPORTED_KEYS: dict[str, dict[str, tuple[Any, ...]]] = {
    "visitors": {},
    "sources": {
        "source": SOURCES,
        **{name: values for name, values in ATTRIBUTES.items() if name.startswith("utm_") or name == "referrer"},
        "channel": ATTRIBUTES["channel"],
    },
    "pages": {"hostname": ("a.example", "b.example", ""), "page": (*PAGES, "/old")},
    "entry_pages": {"entry_page": (*PAGES, "/old", "")},
    "exit_pages": {"exit_page": (*PAGES, "/old", "")},
    "custom_events": {
        "name": ("Signup", "Outbound Link: Click", "404", "Old"),
        "link_url": ("", *URLS),
        "path": ("", *PAGES[:2]),
    },
    "locations": {
        "country": ("", "ZZ", "EE", "DE"),
        "region": ("", "EE-37", "DE-BE"),
        "city": (0, 588409, 2950159),
    },
    "devices": {"device": ATTRIBUTES["screen_size"]},
    "browsers": {name: ATTRIBUTES[name] for name in ("browser", "browser_version")},
    "operating_systems": {name: ATTRIBUTES[name] for name in ("operating_system", "operating_system_version")},
}
VISIT_COUNTERS = ("visitors", "visits", "pageviews", "bounces", "visit_duration")
COUNTERS: dict[str, tuple[str, ...]] = {
    "pages": (
        "visitors",
        "visits",
        "pageviews",
        "total_scroll_depth",
        "total_scroll_depth_visits",
        "total_time_on_page",
        "total_time_on_page_visits",
    ),
    "entry_pages": ("visitors", "entrances", "pageviews", "bounces", "visit_duration"),
    "exit_pages": ("visitors", "exits", "pageviews", "bounces", "visit_duration"),
    "custom_events": ("visitors", "events"),
}


class Kept:
    """A world that is also in the store. No dataclass: a failing test would print all of its rows."""

    def __init__(self, world: World, site: QuerySite, day: str) -> None:
        self.world = world
        self.site = site
        self.day = day

    def __repr__(self) -> str:
        return f"Kept({self.world.zone!r})"


def keep_world(store: Store, *, zone: str, day: str, seed: int, imports: int = 0) -> Kept:
    """Make a world and store its rows."""
    dice = random.Random(seed)
    site_id = number()
    begin = int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()) - DAYS * 43_200
    visits = [_visit(dice, begin + dice.randrange(DAYS * 86_400)) for _ in range(VISITS)]
    events = [_event_row(site_id, event) for visit in visits for event in visit["rows"]]
    dice.shuffle(events)
    keep(store, events=events, visits=[_visit_row(site_id, visit) for visit in visits])
    goals = tuple(
        Goal(id=index, **goal_fields(name, goal)) for index, (name, goal) in enumerate(GOALS.items(), start=1)
    )
    imported = tuple(_import(dice, date.fromisoformat(day)) for _ in range(imports))
    for one in imported:
        for table, rows in one.tables.items():
            insert_imported(store, table, rows, site_id=site_id, import_id=one.id, part=number())
    site = QuerySite(
        id=site_id,
        domain="example.com",
        timezone=zone,
        goals=goals,
        segments=SEGMENTS,
        imports=tuple(
            Import(one.id, date.fromisoformat(one.start), date.fromisoformat(one.end), one.has_scroll_depth)
            for one in imported
        ),
    )
    return Kept(World(zone=zone, visits=visits, goals=GOALS, segments=SEGMENTS, imports=imported), site, day)


# --- Visits ------------------------------------------------------------------------------------------------------


def _visit(dice: random.Random, start: int) -> dict[str, Any]:
    visit_id, visitor_id = number(), dice.randrange(1, 40)
    attributes = {name: dice.choice(values) for name, values in ATTRIBUTES.items()}
    moment, rows = start, []
    for index in range(dice.choice([1, 1, 2, 3, 5])):
        moment += dice.randrange(0, 1500) if index else 0
        own = {"timestamp": moment, "arrival": number(), "visitor_id": visitor_id, "visit_id": visit_id}
        rows.append({**attributes, **own, **_event(dice, is_first=not index)})
    return {**attributes, "visit_id": visit_id, "visitor_id": visitor_id, "rows": rows, **_state(rows)}


def _event(dice: random.Random, *, is_first: bool) -> dict[str, Any]:
    later = ["pageview", "pageview", "pageview", "Signup", "engagement", "engagement", "Outbound Link: Click", "404"]
    name = dice.choice(["pageview", "pageview", "Signup"] if is_first else later)
    is_engagement = name == "engagement"
    page = dice.choice(PAGES)
    special = {"Outbound Link: Click": {"url": dice.choice(URLS)}, "404": {"path": page}}.get(name, {})
    return {
        "name": name,
        "hostname": dice.choice(["a.example", "b.example"]),
        "pathname": page,
        "props": {**dice.choice(PROPS), **(special if dice.random() < 0.8 else {})},
        "scroll_depth": dice.choice([10, 50, 100, 255]) if is_engagement else 0,
        "revenue_reporting_amount": dice.choice([None, 10.5, 3.25, 100.0, 0.001]) if name == "Signup" else None,
        "engagement_time_ms": dice.randrange(0, 90_000) if is_engagement else 0,
    }


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
    return EventRow(site_id=site_id, **event)


def _visit_row(site_id: int, visit: dict[str, Any]) -> VisitRow:
    fields = {name: value for name, value in visit.items() if name != "rows"}
    return VisitRow(site_id=site_id, version=number(), **fields)


def goal_fields(name: str, goal: dict[str, Any]) -> dict[str, Any]:
    """A described goal as the fields that the query's goal and the stored one have in common."""
    return {
        "display_name": name,
        "event_name": goal.get("event"),
        "page_path": goal.get("page"),
        "scroll_threshold": goal.get("scroll", -1),
        "currency": goal.get("currency"),
        "custom_props": goal.get("props", {}),
    }


# --- Imports -----------------------------------------------------------------------------------------------------


def _import(dice: random.Random, day: date) -> Imported:
    first = day + timedelta(days=dice.randint(-12, 2))
    every = [(first + timedelta(days=n)).isoformat() for n in range(IMPORTED_DAYS)]
    tables = {
        table: [_imported_row(dice, every, table, keys) for _ in range(IMPORTED_ROWS)]
        for table, keys in IMPORTED_KEYS.items()
    }
    has_scroll_depth = dice.random() < 0.5
    return Imported(id=number(), start=every[0], end=every[-1], has_scroll_depth=has_scroll_depth, tables=tables)


def _imported_row(
    dice: random.Random, every: list[str], table: str, keys: dict[str, tuple[Any, ...]]
) -> dict[str, Any]:
    counters = COUNTERS.get(table, VISIT_COUNTERS)
    named = {name: dice.choice(values) for name, values in keys.items()}
    return {"date": dice.choice(every), **named, **{name: dice.choice([0, 1, 2, 5, 40]) for name in counters}}
