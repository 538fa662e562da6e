"""Whatever is done to a valid question, it is answered, or refused with a pointer to the part that is wrong."""

from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from passerby.accounts.models import User
from passerby.sites.models import Segment, Site
from passerby.store.store import Store
from tests.support.cast import DOMAIN, Api, keep_goals
from tests.support.mutations import WORDS, anything, encode, spoil
from tests.support.questions import question
from tests.support.stores import event_row, keep
from tests.support.worlds import GOALS, SEGMENTS

DAY, ZONE = "2026-01-15", "Etc/UTC"
EXAMPLES = 40  # Of each door; a question takes some ten milliseconds.
bounded = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

V1: dict[str, str] = {
    "site_id": DOMAIN,
    "period": "custom",
    "date": "2026-01-10,2026-01-16",
    "metrics": "visitors,pageviews",
    "filters": "event:page==/a|/b;visit:source!=Google;event:props:plan==p*",
    "property": "event:page",
    "interval": "day",
    "limit": "10",
    "page": "1",
    "with_imported": "true",
    "compare": "previous_period",
}
ADDRESS: dict[str, str] = {
    "period": "custom",
    "date": "2026-01-15",
    "from": "2026-01-10",
    "to": "2026-01-16",
    "filters": '[["is","visit:source",["Google"]]]',
    "comparison": "custom",
    "compare_from": "2025-01-10",
    "compare_to": "2025-01-16",
    "match_day_of_week": "true",
    "with_imported": "true",
    "interval": "day",
    "q": "a",
}
STEP = {"name": "pageview", "pathname": "/a", "includes_subpaths": False, "is_goal": False}
BODIES: dict[str, dict[str, Any]] = {
    f"/api/stats/{DOMAIN}/funnels": {
        "date_range": "month",
        "filters": [["is", "visit:source", ["Google"]]],
        "funnel": {
            "name": "Way in",
            "funnel_type": "strict",
            "steps": [{"page_path": "/a"}, {"event_name": "Signup", "custom_props": {"plan": "pro"}}],
        },
    },
    f"/api/stats/{DOMAIN}/exploration/next-with-funnel": {
        "date_range": "month",
        "filters": [["is", "visit:source", ["Google"]]],
        "journey": [STEP, {**STEP, "includes_subpaths": True}],
        "direction": "backward",
        "search_term": "docs",
        "include_funnel": True,
    },
    f"/{DOMAIN}/export": {
        "date_range": "month",
        "filters": [["is", "visit:source", ["Google"]]],
        "include": {"imports": True},
        "reports": {
            "pages.csv": {
                "dimensions": ["event:page"],
                "metrics": ["visitors", "pageviews"],
                "always_on_filters": [["is_not", "event:page", ["/b"]]],
            }
        },
    },
    f"/api/{DOMAIN}/segments": {
        "name": "Some",
        "type": "personal",
        "segment_data": {"filters": [["is", "event:page", ["/a"]]], "labels": {"EE": "Estonia"}},
    },
    f"/api/{DOMAIN}/annotations": {
        "note": "Release",
        "type": "personal",
        "datetime": "2026-01-15T12:00",
        "granularity": "minute",
    },
}
SUGGESTED = ("page", "source", "country", "goal", "prop_key", "hostname", "custom-prop-values/plan")


@pytest.fixture
def asked(counted: Store, ann: User, site: Site, monkeypatch: pytest.MonkeyPatch) -> Api:
    keep(counted, events=[event_row(site.pk, props={"plan": "pro"}), event_row(site.pk, name="Signup")])
    keep_goals(site, GOALS)
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    for number, filters in SEGMENTS.items():
        Segment.objects.create(
            pk=number,
            site=site,
            name=f"Segment {number}",
            type="site",
            segment_data={"filters": filters},
            owner=ann,
            inserted_at=moment,
            updated_at=moment,
        )
    # One journey after another is what is tested here; that there are not too many is tested elsewhere.
    monkeypatch.setattr("passerby.report.api.stats_journeys.LIMITS", ())
    return Api.of(ann)


def check(answer: Any, *, refused_with: tuple[int, ...] = (400,)) -> None:
    """Answered, or refused with a reason and a pointer."""
    if answer.status_code in {200, 201}:
        return
    assert answer.status_code in refused_with, answer.content[:500]
    assert answer.json()["error"]
    assert answer.headers["Error-Code"]
    if answer.status_code == 400:
        assert answer.headers.get("Error-Field"), answer.content[:500]


def post(api: Api, path: str, document: Any) -> Any:
    headers = {"Authorization": f"Bearer {api.key}"}
    return Client().post(path, encode(document), content_type="application/json", headers=headers)


@bounded
@given(dice=st.randoms(use_true_random=False))
def test_a_spoiled_question_is_answered_or_refused_with_a_pointer(asked: Api, dice: Random) -> None:
    whole = question(dice, DAY, ZONE)
    body = spoil({**whole.body, "site_id": DOMAIN}, dice)

    with time_machine.travel(whole.now, tick=False):
        check(post(asked, f"/api/stats/{DOMAIN}/query", body))
        if not whole.is_internal:
            check(post(asked, "/api/v2/query", body), refused_with=(400, 401))


@bounded
@given(dice=st.randoms(use_true_random=False), path=st.sampled_from(sorted(BODIES)))
def test_a_spoiled_body_is_answered_or_refused_with_a_pointer(asked: Api, dice: Random, path: str) -> None:
    check(post(asked, path, spoil(BODIES[path], dice)))


@bounded
@given(dice=st.randoms(use_true_random=False), what=st.sampled_from(("aggregate", "timeseries", "breakdown")))
def test_spoiled_parameters_of_v1_are_answered_or_refused_with_a_pointer(asked: Api, dice: Random, what: str) -> None:
    parameters = {name: value for name, value in V1.items() if dice.random() < 0.7}

    check(asked.get(f"/api/v1/stats/{what}", **spoiled_text({**parameters, "site_id": DOMAIN}, dice, keep="site_id")))


@bounded
@given(dice=st.randoms(use_true_random=False), name=st.sampled_from(SUGGESTED))
def test_spoiled_addresses_are_answered_or_refused_with_a_pointer(asked: Api, dice: Random, name: str) -> None:
    parameters = spoiled_text({key: value for key, value in ADDRESS.items() if dice.random() < 0.7}, dice)
    doors: tuple[Callable[[], Any], ...] = (
        lambda: asked.get(f"/api/stats/{DOMAIN}/suggestions/{name}", **parameters),
        lambda: asked.get(f"/{DOMAIN}/export", **parameters),
    )

    for ask in doors:
        check(ask())


@pytest.mark.parametrize(
    ("name", "pointer"),
    [("\r\n\r\n", "#/%0D%0A%0D%0A"), ("é", "#/%C3%A9"), ("a/b~c", "#/a~1b~0c"), ("x" * 5000, "#/" + "x" * 198)],
)
def test_a_pointer_fits_into_a_header_whatever_the_caller_called_the_part(asked: Api, name: str, pointer: str) -> None:
    answer = post(asked, f"/api/stats/{DOMAIN}/query", {"metrics": ["visitors"], "date_range": "day", name: 1})

    assert (answer.status_code, answer.headers["Error-Field"]) == (400, pointer)


def test_whatever_is_named_in_an_address_is_not_there_or_is_answered(asked: Api) -> None:
    for word in WORDS:
        named = quote(word.encode(errors="replace") or "x", safe="")
        for path in (
            f"/api/stats/{DOMAIN}/suggestions/{named}?q=a",
            f"/api/stats/{DOMAIN}/suggestions/custom-prop-values/{named}?q=a",
            f"/api/stats/{DOMAIN}/funnels/{named}",
            f"/api/{DOMAIN}/segments/{named}",
            f"/api/stats/{named}/current-visitors",
        ):
            assert asked.get(path).status_code in {200, 400, 404}, path


def spoiled_text(parameters: dict[str, str], dice: Random, *, keep: str = "") -> dict[str, str]:
    """Parameters of which one or two say something else."""
    names = [name for name in parameters if name != keep]
    changed = dict(parameters)
    for name in dice.sample(names, min(len(names), dice.randint(1, 2))):
        value, word = changed[name], dice.choice(WORDS)
        cut = value[: dice.randint(0, len(value))]
        ways = (str(anything(dice)), value + word, word + value, cut, f"{value},{value};{value}|{value}")
        changed[name] = dice.choice(ways).replace("\x00", "").encode(errors="replace").decode()
    return changed  # Without zero bytes: those are refused before any address is looked at.
