"""Ann's site with six hits on one day, for tests that ask about it over HTTP."""

import json
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from tests.support.server import Server

DOMAIN = "example.com"
DAY = "2025-06-10"
SIGNUP = {"site_id": DOMAIN, "goal_type": "event", "event_name": "Signup"}
PRICING = {"site_id": DOMAIN, "goal_type": "page", "page_path": "/pricing"}


def line(visitor: str, minute: int, **fields: Any) -> str:
    moment = datetime(2025, 6, 10, 12, tzinfo=UTC) + timedelta(minutes=minute)
    given = {"timestamp": moment.isoformat(), "name": "pageview", "visitor": visitor, "hostname": DOMAIN}
    return json.dumps({**given, **fields})


EVENTS = (
    line("ann", 0, pathname="/", referrer_source="Google", browser="Firefox", browser_version="140"),
    line("ann", 5, pathname="/pricing"),
    line("ann", 6, pathname="/pricing", name="Signup", props={"plan": "pro"}),
    line("bob", 0, pathname="/", country_code="EE", utm_medium="email"),
    line("bob", 1, pathname="/pricing"),
    line("cy", 0, pathname="/docs", country_code="DE"),
)


class ExampleSite:
    """Ann's site with one day of traffic, and her key."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.key = server.admin()
        server.site(self.key, DOMAIN)
        for goal in (SIGNUP, PRICING):
            server.json("PUT", "/api/v1/sites/goals", goal, self.key)
        steps = [
            {"goal_type": "Goal.Pageview", "goal": {"path": "/pricing"}},
            {"goal_type": "Goal.CustomEvent", "goal": {"event_name": "Signup"}},
        ]
        funnel = {"funnel": {"name": "Way in", "steps": steps}}
        made = server.json("PUT", f"/api/plugins/v1/funnels?site_id={DOMAIN}", funnel, self.key)
        self.funnel_id = made["funnel"]["id"]
        status, _, answer = self.raw("POST", f"/api/v1/sites/{DOMAIN}/events", "\n".join(EVENTS))
        assert status == 200, answer

    @cached_property
    def segment_id(self) -> int:
        """A segment of visits that came from Google."""
        data = {"filters": [["is", "visit:source", ["Google"]]]}
        segment = {"name": "From Google", "type": "site", "segment_data": data}
        made: int = self.server.json("POST", f"/api/{DOMAIN}/segments", segment, self.key)["id"]
        return made

    def raw(self, method: str, path: str, body: str = "", key: str | None = None) -> tuple[int, dict[str, str], bytes]:
        headers = {"Authorization": f"Bearer {self.key if key is None else key}"}
        return self.server.request(method, path, body, headers if key != "" else {})

    def get(self, path: str, **query: str) -> Any:
        status, _, body = self.raw("GET", f"{path}?{urlencode(query)}")
        assert status == 200, body
        return json.loads(body)

    def v1(self, what: str, **query: str) -> Any:
        return self.get(f"/api/v1/stats/{what}", site_id=DOMAIN, period="day", date=DAY, **query)

    def post(self, path: str, document: Any) -> tuple[int, Any]:
        status, _, body = self.raw("POST", path, json.dumps(document))
        return status, json.loads(body)

    def suggest(self, name: str, q: str = "", **query: str) -> list[str]:
        found = self.get(f"/api/stats/{DOMAIN}/suggestions/{name}", q=q, period="day", date=DAY, **query)
        return [one["label"] for one in found]
