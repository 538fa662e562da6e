"""Where did my event go? What an owner can ask about hits that were not counted, across restarts."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.support.server import Server

GPTBOT = "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)"
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
DOMAIN = "example.com"


class Owned:
    """A server with Ann's site."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.key = server.admin()
        server.site(self.key, DOMAIN)

    def hit(self, user_agent: str, **fields: str) -> None:
        event = {"n": "pageview", "u": f"https://{DOMAIN}/x", "d": DOMAIN, **fields}
        headers = {"User-Agent": user_agent, "X-Forwarded-For": "198.51.100.7"}
        assert self.server.request("POST", "/api/event", json.dumps(event), headers)[0] == 202

    def asked(self, **query: str) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.key}"}
        status, _, body = self.server.request(
            "GET", f"/api/v1/sites/{DOMAIN}/drops?{urlencode(query)}", headers=headers
        )
        return status, json.loads(body)

    def drops(self, **query: str) -> Any:
        status, answer = self.asked(**query)
        assert status == 200, answer
        return answer


@pytest.fixture(scope="module")
def owned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Owned]:
    with Server(tmp_path_factory.mktemp("drops")) as server:
        owned = Owned(server)
        server.json("PUT", "/api/v1/sites/shields", {"site_id": DOMAIN, "kind": "page", "value": "/secret"}, owned.key)
        for user_agent in (GPTBOT, GPTBOT, GOOGLEBOT, FIREFOX):
            owned.hit(user_agent)
        owned.hit(FIREFOX, u=f"https://{DOMAIN}/secret")
        yield owned


def counted(answer: Any) -> Any:
    return {name: answer[name] for name in ("drops", "days", "bots")}


def test_drops_are_told_by_reason_day_and_program(owned: Owned) -> None:
    answer = owned.drops()

    assert answer["drops"] == {"bot": 3, "site_page_blocklist": 1}
    today = datetime.now(UTC).date()
    (day,) = answer["days"]
    assert day["date"] in {str(today), str(today - timedelta(days=1))}  # Midnight may have passed since.
    assert (day["drops"], day["bots"]) == (answer["drops"], {"ai": 2, "bot": 1})
    assert answer["bots"] == [
        {"reason": "ai", "family": "GPTBot", "operator": "OpenAI", "purpose": "training", "hits": 2},
        {"reason": "bot", "family": "Googlebot", "operator": "Google", "purpose": "search", "hits": 1},
    ]
    assert [hit["reason"] for hit in answer["recent"]] == ["site_page_blocklist", None, "bot", "bot", "bot"]


def test_the_span_can_be_chosen(owned: Owned) -> None:
    nothing: dict[str, Any] = {"drops": {}, "days": [], "bots": []}
    tomorrow = str(datetime.now(UTC).date() + timedelta(days=1))

    assert counted(owned.drops(**{"from": tomorrow, "to": tomorrow})) == nothing
    assert counted(owned.drops(**{"from": "2020-01-01", "to": "2020-12-31"})) == nothing
    assert counted(owned.drops(to=tomorrow)) == counted(owned.drops())


@pytest.mark.parametrize(
    "query",
    [
        {"from": "never"},
        {"from": "2020-01-01"},  # Until now: more than a year.
        {"from": "2020-01-01", "to": "2021-01-02"},
        {"from": "0001-01-01"},
    ],
)
def test_a_span_that_makes_no_sense_or_is_too_long_is_refused(owned: Owned, query: dict[str, str]) -> None:
    assert owned.asked(**query)[0] == 400


@pytest.mark.parametrize(
    "query",
    [{"to": "0001-01-01"}, {"from": "9999-12-31"}, {"from": "2026-01-02", "to": "2026-01-01"}],
)
def test_a_span_outside_of_all_that_is_stored_holds_nothing(owned: Owned, query: dict[str, str]) -> None:
    assert owned.drops(**query)["days"] == []


def test_counts_outlive_the_process_and_die_with_the_statistics(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        owned = Owned(server)
        owned.hit(GOOGLEBOT)
        assert owned.drops()["drops"] == {"bot": 1}

        owned.hit(GOOGLEBOT)
        assert server.stop() == 0  # What was not stored yet is stored on the way out.
        server.start()
        after = owned.drops()
        assert (after["drops"], after["recent"]) == ({"bot": 2}, [])  # The feed is in memory only.

        server.kill()
        server.start()
        assert counted(owned.drops()) == counted(after)

        owned.hit(GPTBOT)
        assert server.json("DELETE", f"/api/v1/sites/{DOMAIN}", {}, owned.key) == {"deleted": True}
        server.site(owned.key, DOMAIN)
        assert counted(owned.drops()) == {"drops": {}, "days": [], "bots": []}
