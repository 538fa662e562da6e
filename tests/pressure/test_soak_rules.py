"""What a site's owner changes while the server runs, as its visitors notice it."""

import json
import time
from typing import Any

import pytest

from tests.pressure.conftest import Prepare
from tests.support.pressure import AGENT
from tests.support.server import Server

EFFECT_SECONDS_MAX = 5.0
ADDRESS = "81.2.69.142"  # In the United Kingdom, says every database.
SITES = "/api/v1/sites"


def counts(server: Server, domain: str = "example.com") -> bool:
    event = {"n": "pageview", "u": "https://example.com/secret/x", "d": domain}
    headers = {"User-Agent": AGENT, "X-Forwarded-For": ADDRESS}
    status, answered, _ = server.request("POST", "/api/event", json.dumps(event), headers)
    assert status == 202
    return "x-plausible-dropped" not in answered


def drops(server: Server, key: str) -> Any:
    return server.json("GET", f"{SITES}/new.example/drops", None, key)


def takes_effect(server: Server, key: str, reason: str) -> bool:
    until = time.monotonic() + EFFECT_SECONDS_MAX
    while time.monotonic() < until:
        if not counts(server) and drops(server, key)["drops"].get(reason):
            return True
        time.sleep(0.05)
    return False


def counts_again(server: Server) -> bool:
    until = time.monotonic() + EFFECT_SECONDS_MAX
    while not (counted := counts(server)) and time.monotonic() < until:
        time.sleep(0.05)
    return counted


@pytest.mark.timeout(150)
def test_rules_take_effect_within_seconds_and_the_owner_sees_what_they_dropped(prepare: Prepare) -> None:
    server, key = prepare()
    # Each is judged before the one above it, so the reason tells that it is in force.
    rules = {
        ("country", "GB"): "site_country_blocklist",
        ("ip", ADDRESS): "site_ip_blocklist",
        ("page", "/secret/**"): "site_page_blocklist",
        ("hostname", "other.example"): "site_hostname_allowlist",
    }
    with server:
        assert counts(server)
        server.json("PUT", f"{SITES}/example.com", {"domain": "new.example"}, key)
        assert counts(server, "new.example")
        assert counts(server, "example.com")
        assert not counts(server, "nobody.example")

        server.json("PUT", f"{SITES}/new.example", {"rate_limit_events": 0}, key)
        assert takes_effect(server, key, "block")
        server.json("PUT", f"{SITES}/new.example", {"rate_limit_events": None}, key)
        for (kind, value), reason in rules.items():
            server.json("PUT", f"{SITES}/shields", {"site_id": "new.example", "kind": kind, "value": value}, key)
            assert takes_effect(server, key, reason), kind

        for kind, value in rules:
            server.json("DELETE", f"{SITES}/shields", {"site_id": "new.example", "kind": kind, "value": value}, key)
        assert counts_again(server)

        told = drops(server, key)
        assert {hit["reason"] for hit in told["recent"]} >= {None, "block", *rules.values()}
        assert ADDRESS not in json.dumps(told)
        assert "Firefox" not in json.dumps(told)
