"""The Stats API v2 over HTTP: who may ask, what is answered, and how a refusal looks."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.example_site import DAY, DOMAIN, ExampleSite
from tests.support.server import Server

QUESTION = {"site_id": DOMAIN, "metrics": ["visitors", "pageviews"], "date_range": [DAY, DAY]}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExampleSite]:
    with Server(tmp_path_factory.mktemp("query")) as server:
        yield ExampleSite(server)


def test_a_question_is_answered_in_a_fixed_order_of_keys(site: ExampleSite) -> None:
    status, headers, body = site.raw("POST", "/api/v2/query", json.dumps(QUESTION))

    assert status == 200
    assert {name.lower(): value for name, value in headers.items()}["content-type"] == "application/json"
    assert body.startswith(b'{"results":[{"metrics":[3,5],"dimensions":[]}],"meta":{},"query":{"site_id":"example.com"')


def test_the_dashboard_and_the_api_agree(site: ExampleSite) -> None:
    asked = {**QUESTION, "dimensions": ["event:page"], "metrics": ["visitors", "bounce_rate"]}

    public = site.post("/api/v2/query", asked)[1]["results"]
    own = site.post(f"/api/stats/{DOMAIN}/query", {k: v for k, v in asked.items() if k != "site_id"})[1]["results"]

    assert public == own
    assert len(public) == 3


@pytest.mark.parametrize("path", ["/api/v2/query", f"/api/stats/{DOMAIN}/query"])
def test_who_brings_no_valid_key_is_refused(site: ExampleSite, path: str) -> None:
    missing, _, _ = site.raw("POST", path, json.dumps(QUESTION), key="")
    wrong, _, _ = site.raw("POST", path, json.dumps(QUESTION), key="x" * 64)

    assert (missing, wrong) == ((401, 401) if path == "/api/v2/query" else (404, 401))


def test_a_stranger_learns_nothing_about_a_site(site: ExampleSite) -> None:
    site.server.user("cy@example.com")
    key = site.server.key("cy@example.com", "stats:read")

    known, _, told = site.raw("POST", "/api/v2/query", json.dumps(QUESTION), key=key)
    unknown, _, same = site.raw("POST", "/api/v2/query", json.dumps({**QUESTION, "site_id": "no.example"}), key=key)

    assert (known, unknown) == (401, 401)
    assert told == same


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ("{", 400, "#: The body is not valid JSON."),
        ("[]", 400, "#: Type mismatch. Expected Object but got Array."),
        ("{}", 400, "Missing site ID. Please provide the required site_id parameter with your request."),
        (json.dumps({**QUESTION, "metrics": ["x"]}), 400, '#/metrics/0: Invalid metric "x"'),
        (json.dumps({**QUESTION, "filters": [["matches", "event:page", ["(("]]]}), 400, None),
        (json.dumps({**QUESTION, "site_id": ["a"]}), 400, None),
        (" " * 1_200_000, 400, "#: The body is longer than 1048576 bytes."),
    ],
)
def test_a_refusal_says_why_and_has_a_code(site: ExampleSite, body: str, status: int, error: str | None) -> None:
    got, headers, answer = site.raw("POST", "/api/v2/query", body)

    assert got == status
    assert {name.lower() for name in headers} >= {"error-code"}
    assert error is None or json.loads(answer) == {"error": error}


def test_other_methods_are_not_allowed(site: ExampleSite) -> None:
    assert site.raw("GET", "/api/v2/query")[0] == 405


def test_the_language_is_published_for_everyone(site: ExampleSite) -> None:
    status, _, body = site.raw("GET", "/api/docs/query/schema.json", key="")
    schema: dict[str, Any] = json.loads(body)

    assert status == 200
    assert schema["required"] == ["site_id", "metrics", "date_range"]
    assert {"const": "visitors", "description": "Distinct visitors."} in schema["properties"]["metrics"]["items"][
        "oneOf"
    ]


def test_the_manuals_own_door_needs_a_session_or_a_key(site: ExampleSite) -> None:
    assert site.raw("POST", "/api/docs/query", json.dumps(QUESTION), key="")[0] == 404
    assert site.post("/api/docs/query", QUESTION)[1]["results"] == [{"metrics": [3, 5], "dimensions": []}]
    assert site.post("/api/docs/query", {})[0] == 400


def test_nobody_is_there_right_now_on_a_day_long_past(site: ExampleSite) -> None:
    assert site.get(f"/api/stats/{DOMAIN}/current-visitors") == 0
    assert site.get("/api/v1/stats/realtime/visitors", site_id=DOMAIN) == 0
    assert site.raw("GET", "/api/v1/stats/realtime/visitors")[0] == 400
