"""Who may put a question to which door, and what a link that is limited to a segment is told."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from passerby.accounts.models import User
from passerby.sites.models import Segment, SharedLink, Site
from passerby.store.store import Store
from passerby.teams.roles import GuestRole, TeamRole
from tests.support import cast
from tests.support.cast import DOMAIN, Api
from tests.support.stores import at, event_row, keep

NOW = datetime(2026, 1, 20, 12, 30, tzinfo=UTC)
QUESTION = {"site_id": DOMAIN, "metrics": ["visitors"], "date_range": "day"}


def post(client: Client, path: str, body: Any, **headers: str) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(path, text, content_type="application/json", headers=headers)


@pytest.mark.usefixtures("counted")
def test_the_manuals_own_door_is_for_those_who_may_set_the_site_up(ann: User, bob: User, cy: User, site: Site) -> None:
    eve = cast.person("Eve")
    cast.guest(bob, site, GuestRole.VIEWER)
    cast.member(eve, site, TeamRole.EDITOR)

    got = {
        name: post(cast.browser(person), "/api/docs/query", QUESTION).status_code
        for name, person in {"nobody": None, "stranger": cy, "viewer": bob, "editor": eve, "owner": ann}.items()
    }

    assert got == {"nobody": 404, "stranger": 404, "viewer": 404, "editor": 200, "owner": 200}


@pytest.mark.usefixtures("counted")
def test_the_manuals_own_door_is_closed_to_the_public(site: Site) -> None:
    Site.objects.filter(pk=site.pk).update(is_public=True)

    assert post(Client(), f"/api/stats/{DOMAIN}/query", QUESTION).status_code == 200
    assert post(Client(), "/api/docs/query", QUESTION).status_code == 404


@pytest.mark.parametrize("body", ["{", "[]", "{}", "x" * 2_000])
@pytest.mark.usefixtures("counted", "site")
def test_without_a_key_the_key_is_missed_before_the_question_is_read(body: str) -> None:
    assert post(Client(), "/api/v2/query", body).status_code == 401
    assert post(Client(), "/api/v2/query", body, Authorization="Bearer nonsense").status_code == 401


@time_machine.travel(NOW, tick=False)
def test_a_link_that_is_limited_to_a_segment_is_told_of_that_segments_visitors(
    counted: Store, ann: User, site: Site
) -> None:
    moment = at("2026-01-20 12:28")
    keep(counted, events=[event_row(site.pk, timestamp=moment, browser=name) for name in ("Firefox", "Chrome")])
    data = {"filters": [["is", "visit:browser", ["Firefox"]]]}
    segment = Segment.objects.create(
        site=site, name="Firefox", type="site", segment_data=data, owner=ann, inserted_at=NOW, updated_at=NOW
    )
    link = SharedLink.objects.create(site=site, name="Limited", segment=segment)
    path = f"/api/stats/{DOMAIN}/current-visitors"

    assert Client().get(path, query_params={"auth": link.slug}).json() == 1
    assert cast.browser(ann).get(path).json() == 2
    assert Api.of(ann).get("/api/v1/stats/realtime/visitors", site_id=DOMAIN).json() == 2


@pytest.mark.usefixtures("counted")
def test_a_strangers_key_sees_what_everybody_sees_and_the_public_api_nothing(cy: User, site: Site) -> None:
    key, path = Api.of(cy), f"/api/stats/{DOMAIN}/query"
    assert key.post(path, QUESTION).status_code == 404

    Site.objects.filter(pk=site.pk).update(is_public=True)

    assert key.post(path, QUESTION).status_code == 200
    assert key.post("/api/v2/query", QUESTION).status_code == 401
    assert key.post(f"/api/{DOMAIN}/segments", {"name": "Mine", "type": "personal"}).status_code in {400, 403}
