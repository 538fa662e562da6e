"""A server with one measured site, for tests that look at the dashboard in a browser."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.server import Server

DOMAIN = "shop.example.com"
PUBLIC_DOMAIN = "open.example.com"
EMAIL = "ann@example.com"


@dataclass(frozen=True)
class Visitor:
    """Who passed by, when, and through which pages."""

    name: str
    days_ago: int
    pages: tuple[str, ...]
    source: str = ""
    country: str = "DE"
    browser: str = "Chrome"
    screen: str = "Desktop"
    author: str = ""
    event: str = ""


VISITORS = (
    Visitor("a", 1, ("/", "/pricing"), source="Google", author="Jane", event="Signup"),
    Visitor("b", 1, ("/",), country="US", browser="Firefox", screen="Mobile"),
    Visitor("c", 1, ("/blog/hello, world",), source="Hacker News", country="FR"),
    Visitor("d", 3, ("/", "/docs"), source="Google"),
    Visitor("e", 9, ("/",), source="Bing"),
)


def events(now: datetime) -> list[dict[str, Any]]:
    """Backfill lines: everyone's page views, a minute apart, and what they did at the end."""
    return [line for visitor in VISITORS for line in _lines(visitor, now)]


def _lines(visitor: Visitor, now: datetime) -> list[dict[str, Any]]:
    noon = (now - timedelta(days=visitor.days_ago)).replace(hour=12, minute=0, second=0, microsecond=0)
    shared: dict[str, Any] = {
        "visitor": visitor.name,
        "hostname": DOMAIN,
        "country_code": visitor.country,
        "browser": visitor.browser,
        "screen_size": visitor.screen,
        "referrer_source": visitor.source,
    }
    steps = [("pageview", page) for page in visitor.pages]
    if visitor.event:
        steps.append((visitor.event, visitor.pages[-1]))
    props = {"props": {"author": visitor.author}} if visitor.author else {}
    return [
        {**shared, **props, "name": name, "pathname": page, "timestamp": _time(noon + timedelta(minutes=at))}
        for at, (name, page) in enumerate(steps)
    ]


def _time(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def fill(server: Server) -> None:
    """Ann, her site with a goal and a property, and a week and a half of visitors."""
    key = server.admin(EMAIL)
    server.site(key, DOMAIN)
    server.site(key, PUBLIC_DOMAIN)
    goal = {"site_id": DOMAIN, "goal_type": "event", "event_name": "Signup"}
    server.json("PUT", "/api/v1/sites/goals", goal, key)
    server.json("PUT", "/api/v1/sites/custom-props", {"site_id": DOMAIN, "property": "author"}, key)
    body = "\n".join(json.dumps(line) for line in events(datetime.now(UTC)))
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/x-ndjson"}
    status, _, answer = server.request("POST", f"/api/v1/sites/{DOMAIN}/events", body.encode(), headers)
    assert status == 200, answer
