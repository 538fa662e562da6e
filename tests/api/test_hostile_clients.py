"""Whatever a client sends, the answer is an answer or a refusal, never a fault of ours."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from passerby.accounts.models import User
from passerby.sites.models import Site
from tests.support import cast
from tests.support.cast import DOMAIN, Api

FILTER = ["is", "visit:source", ["Google"]]
EVENT_GOAL = {"goal_type": "Goal.Revenue", "goal": {"event_name": "Buy", "currency": "EUR", "custom_props": {"a": "b"}}}
PAGE_GOAL = {"goal_type": "Goal.Pageview", "goal": {"path": "/a"}}
TRACKER = {"installation_type": "npm", "outbound_links": True}

REQUESTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("POST", "/api/v1/sites", {"domain": "a.example", "timezone": "Etc/UTC", "tracker_script_configuration": TRACKER}),
    (
        "PUT",
        f"/api/v1/sites/{DOMAIN}",
        {"public": True, "timezone": "Etc/UTC", "tracker_script_configuration": TRACKER},
    ),
    (
        "PUT",
        "/api/v1/sites/goals",
        {
            "goal_type": "page",
            "page_path": "/a",
            "scroll_threshold": 50,
            "custom_props": {"a": "b"},
            "display_name": "A",
        },
    ),
    ("PUT", "/api/v1/sites/goals", {"goal_type": "event", "event_name": "Buy", "currency": "EUR"}),
    ("PUT", "/api/v1/sites/custom-props", {"property": "author"}),
    ("PUT", "/api/v1/sites/shields", {"kind": "ip", "value": "192.0.2.1"}),
    ("PUT", "/api/v1/sites/shields", {"kind": "page", "value": "/a/**"}),
    ("PUT", "/api/v1/sites/shared-links", {"name": "Client"}),
    ("PUT", "/api/v1/sites/guests", {"email": "cy@example.com", "role": "viewer"}),
    (
        "POST",
        f"/api/{DOMAIN}/segments",
        {"name": "G", "type": "site", "segment_data": {"filters": [FILTER], "labels": {"a": 1}}},
    ),
    ("PUT", f"/api/{DOMAIN}/disable-feature", {"feature": "funnels"}),
    ("PUT", "/api/plugins/v1/goals", {"goals": [EVENT_GOAL, PAGE_GOAL]}),
    ("PUT", "/api/plugins/v1/goals", EVENT_GOAL),
    ("DELETE", "/api/plugins/v1/goals", {"goal_ids": [1, 2]}),
    ("PUT", "/api/plugins/v1/funnels", {"funnel": {"name": "F", "steps": [EVENT_GOAL, PAGE_GOAL]}}),
    ("PUT", "/api/plugins/v1/shared_links", {"shared_link": {"name": "WordPress", "password": "x"}}),
    ("PUT", "/api/plugins/v1/custom_props", {"custom_props": [{"custom_prop": {"key": "author"}}]}),
    ("PUT", "/api/plugins/v1/tracker_script_configuration", {"tracker_script_configuration": TRACKER}),
)
ODD: tuple[Any, ...] = (
    *(None, True, 0, 2**63, 10**30, 1e308, "", "a\x00b", "\ud800", "x" * 20_000, "9" * 5000, "::1/200", "localtime"),
    *([], {}, [[]], {"a": {"b": {}}}, [10**30, "\x00"]),
)


def spoiled(value: Any) -> Iterator[Any]:
    """Every copy of a body with one of its parts, or one of its names, replaced by something odd."""
    yield from ODD
    if isinstance(value, dict):
        for name, part in value.items():
            rest = {other: kept for other, kept in value.items() if other != name}
            yield rest
            yield {**rest, "\x00": part}
            yield from ({**rest, name: odd} for odd in spoiled(part))
    elif isinstance(value, list):
        yield value * 40
        for at, part in enumerate(value):
            yield from ([*value[:at], odd, *value[at + 1 :]] for odd in spoiled(part))


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(("method", "path", "body"), REQUESTS)
def test_no_part_of_a_body_breaks_anything(api: Api, method: str, path: str, body: dict[str, Any]) -> None:
    assert api.request(method, path, {**body, "site_id": DOMAIN}, site_id=DOMAIN).status_code < 300
    for odd in spoiled(body):
        whole = {**odd, "site_id": DOMAIN} if isinstance(odd, dict) else odd
        status = api.request(method, path, whole, site_id=DOMAIN).status_code
        assert status < 500, (odd, status)


BODIES = (
    *(b"\xff\xfe", b"{", b"[]", b"null", b'"x"', b'{"a":"\\ud800"}', b"[" * 50_000, b'{"a":' * 50_000, b'{"a":1e999}'),
    *(b'{"a":' + b"9" * 5000 + b"}", b"\xef\xbb\xbf{}", b"a=%00", b"%ff=%ff&" * 2000, b"--x\r\n\r\n--x--"),
    b'--x\r\nContent-Disposition: form-data; name="\x00"\r\n\r\n\x00\r\n--x--',
)
KINDS = (
    "application/json",
    "",
    "x/y;;;=",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
)


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v1/sites"),
        ("PUT", "/api/plugins/v1/goals"),
        ("POST", f"/api/{DOMAIN}/segments"),
        ("POST", f"/api/v1/sites/{DOMAIN}/imports"),
    ],
)
def test_no_kind_of_body_breaks_anything(api: Api, method: str, path: str, kind: str) -> None:
    headers = {"Authorization": f"Bearer {api.key}"}
    for body in BODIES:
        answer = Client().generic(
            method, path, body, content_type=kind, headers=headers, query_params={"site_id": DOMAIN}
        )
        assert answer.status_code < 500, body


@pytest.mark.parametrize("path", ["/sites?filter_text=%00", "/a%00b", f"/{DOMAIN}/settings/%00", "/api/a%00b/segments"])
def test_a_zero_byte_in_an_address_is_refused(ann: User, path: str) -> None:
    assert cast.browser(ann).get(path).status_code == 400


def test_a_zero_byte_in_a_form_is_refused(ann: User, site: Site) -> None:
    answer = cast.browser(ann).post(f"/{DOMAIN}/settings/goals", {"action": "add", "event_name": "a\x00b"})

    assert answer.status_code == 400
    assert not site.goals.exists()
