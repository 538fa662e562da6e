"""Every answer of the stats APIs is one that docs/openapi/stats.json describes: its status, its headers, its shape."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
import time_machine
from django.test import Client
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from jsonschema_rs import validator_for

from passerby.accounts.models import User
from passerby.query.grammar import PUBLIC
from passerby.query.schema import query_schema
from passerby.sites.models import Site
from passerby.store.errors import StoreUnavailable
from passerby.store.store import Store
from tests.support.cast import DOMAIN, Api, keep_goals
from tests.support.mutations import WORDS, encode, spoil
from tests.support.questions import question
from tests.support.stores import event_row, keep, visit_row
from tests.support.worlds import GOALS

DOCUMENT = json.loads((Path(__file__).parents[2] / "docs" / "openapi" / "stats.json").read_text(encoding="utf-8"))
QUESTION = {"site_id": DOMAIN, "metrics": ["visitors"], "date_range": ["2026-01-14", "2026-01-16"]}
WHEN = {"period": "custom", "date": "2026-01-14,2026-01-16"}
V1: dict[str, dict[str, str]] = {
    "realtime/visitors": {},
    "aggregate": {**WHEN, "metrics": "visitors,bounce_rate,views_per_visit", "compare": "previous_period"},
    "timeseries": {**WHEN, "metrics": "visitors,visit_duration", "interval": "day"},
    "breakdown": {**WHEN, "metrics": "visitors,pageviews", "property": "event:page", "with_imported": "true"},
}
bounded = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def program(counted: Store, ann: User, site: Site) -> Api:
    paid = event_row(site.pk, name="Signup", revenue_reporting_amount=9.5)
    keep(counted, events=[event_row(site.pk, props={"plan": "pro"}), paid], visits=[visit_row(site.pk)])
    keep_goals(site, GOALS)
    return Api.of(ann)


def described(answer: Any, path: str, method: str) -> int:
    """The status of an answer that fits its description."""
    operation = DOCUMENT["paths"][path].get(method) or next(iter(DOCUMENT["paths"][path].values()))
    promised = operation["responses"][str(answer.status_code)]
    if "$ref" in promised:
        promised = DOCUMENT["components"]["responses"][promised["$ref"].rpartition("/")[2]]
    for name, header in promised.get("headers", {}).items():
        assert name in answer.headers or not header.get("required"), name
        assert name not in answer.headers or fits(answer.headers[name], header["schema"]), answer.headers
    if "content" in promised:
        assert answer.headers["Content-Type"] == "application/json"
        assert fits(answer.json(), promised["content"]["application/json"]["schema"]), answer.content[:2_000]
    return int(answer.status_code)


def fits(value: Any, schema: dict[str, Any]) -> bool:
    return bool(validator_for({**schema, "components": DOCUMENT["components"]}).is_valid(value))


def ask(program: Api, body: Any) -> int:
    headers = {"Authorization": f"Bearer {program.key}"}
    answer = Client().post("/api/v2/query", encode(body), content_type="application/json", headers=headers)
    return described(answer, "/api/v2/query", "post")


@bounded
@given(seed=st.integers(0, 2**32))
def test_a_question_right_or_wrong_is_answered_as_described(program: Api, seed: int) -> None:
    dice = Random(seed)
    whole = question(dice, "2026-01-15", "Etc/UTC")
    body = {**whole.body, "site_id": DOMAIN, "filters": [f for f in whole.body["filters"] if f[1] != "segment"]}
    note(json.dumps(body))

    with time_machine.travel(whole.now, tick=False):
        is_right = ask(program, body) == 200
        ask(program, spoil(body, dice))

    assert is_right or whole.is_internal


@bounded
@given(seed=st.integers(0, 2**32), what=st.sampled_from(sorted(V1)))
def test_the_older_api_answers_as_described(program: Api, seed: int, what: str) -> None:
    dice, path = Random(seed), f"/api/v1/stats/{what}"
    right = {**V1[what], "site_id": DOMAIN}
    wrong = {**right, dice.choice(list(right)): dice.choice(WORDS).encode(errors="replace").decode()}

    assert described(program.get(path, **right), path, "get") == 200
    described(program.get(path, **wrong), path, "get")


@pytest.mark.parametrize("path", sorted(DOCUMENT["paths"]))
def test_every_described_refusal_is_given(
    path: str, program: Api, ann: User, counted: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ((method, operation),) = DOCUMENT["paths"][path].items()
    is_question = method == "post"
    query: dict[str, str] = (
        {} if is_question else {**V1.get(path.removeprefix("/api/v1/stats/"), {}), "site_id": DOMAIN}
    )

    def status(api: Api, *, send: Any = QUESTION, verb: str = method, **more: str) -> int:
        body = send if is_question else None
        return described(api.request(verb.upper(), path, body, **{**query, **more}), path, method)

    limited = Api.of(ann, hourly_limit=1)
    seen = {
        status(program),
        status(program, verb="delete"),
        status(Api("x" * 64)),
        status(program, send={}, site_id=""),
        status(program, send={**QUESTION, "filters": ["x" * 1_100_000]}),
        *(status(limited) for _ in range(2)),
    }
    monkeypatch.setattr(counted, "client", away)
    fresh = "2026-01-13"  # Answers that were given stay known.
    seen.add(status(program, send={**QUESTION, "date_range": [fresh, fresh]}, date=f"{fresh},{fresh}"))

    assert seen == {int(code) for code in operation["responses"]}


def away(**_: Any) -> Any:
    raise StoreUnavailable("The store is away.")


def test_the_described_language_is_the_one_that_is_published(program: Api) -> None:
    answer = program.get("/api/docs/query/schema.json")

    assert described(answer, "/api/docs/query/schema.json", "get") == 200
    assert answer.json() == json.loads(json.dumps(query_schema(PUBLIC)))
