from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from passerby.accounts.models import User
from passerby.sites.models import Site
from passerby.sites.services import change_site
from passerby.teams.keys import KeyRefused, Scope, create_key
from passerby.teams.models import ApiKey, Team
from passerby.teams.roles import TeamRole
from tests.support.cast import DOMAIN, NOON, Api

MISSING = "Missing API key. Please use a valid Plausible API key as a Bearer Token."
INVALID = "Invalid API key. Please make sure you're using a valid API key with access to the resource you've requested."


def test_a_key_is_stored_as_a_hash_and_its_first_characters(ann: User) -> None:
    key, secret = create_key(ann, scopes=["stats:read"])

    stored = ApiKey.objects.values().get()
    assert len(secret) == 64
    assert secret not in str(stored)
    assert key.key_prefix == secret[:6]


@pytest.mark.parametrize("scope", ["stats:write", "", "*", "sites"])
def test_a_key_has_no_scope_that_does_not_exist(ann: User, scope: str) -> None:
    with pytest.raises(KeyRefused):
        create_key(ann, scopes=[scope])


def test_the_scopes_of_plausible_are_understood(ann: User) -> None:
    assert create_key(ann, scopes=["stats:read:*", "sites:provision:*"])[0].scopes == ["sites:provision", "stats:read"]


@pytest.mark.parametrize("header", [None, "", "Basic abc", "bearer abc", "Bearer", "Bearer   "])
def test_without_a_key_the_answer_says_so(header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}

    answer = Client().get("/api/v1/sites", headers=headers)

    assert (answer.status_code, answer.json()) == (401, {"error": MISSING})


@pytest.mark.parametrize("key", ["nonsense", "x" * 5000, "ü", "a\x00b"])
def test_an_unknown_key_is_invalid(key: str) -> None:
    answer = Client().get("/api/v1/sites", headers={"Authorization": f"Bearer {key}"})

    assert (answer.status_code, answer.json()) == (401, {"error": INVALID})


def test_spaces_around_a_key_do_not_matter(api: Api) -> None:
    answer = Client().get("/api/v1/sites", headers={"Authorization": f"Bearer  {api.key} "})

    assert answer.status_code == 200


@pytest.mark.usefixtures("site")
def test_every_key_reads_sites_and_only_provisioning_keys_change_them(ann: User) -> None:
    reader = Api.of(ann, Scope.STATS_READ)

    assert reader.get(f"/api/v1/sites/{DOMAIN}").status_code == 200
    for answer in (
        reader.put(f"/api/v1/sites/{DOMAIN}", {"domain": "x.example"}),
        reader.post("/api/v1/sites", {"domain": "y.example"}),
        reader.delete("/api/v1/sites/custom-props/p", {"site_id": DOMAIN}),
        reader.post(f"/api/v1/sites/{DOMAIN}/events", {}),
        reader.get(f"/api/v1/sites/{DOMAIN}/events"),
    ):
        assert (answer.status_code, answer.json()) == (401, {"error": INVALID})


def test_a_key_of_one_team_does_not_reach_another(ann: User, site: Site) -> None:
    elsewhere = Team.objects.create(name="Elsewhere", is_set_up=True)
    elsewhere.memberships.create(user=ann, role=TeamRole.ADMIN)
    key = Api.of(ann, team=elsewhere)

    assert key.get("/api/v1/sites/goals", site_id=DOMAIN).json() == {"error": INVALID}
    assert key.get("/api/v1/sites").json()["sites"] == []
    assert len(key.get("/api/v1/sites/teams").json()["teams"]) == 1
    key.post("/api/v1/sites", {"domain": "new.example", "team_id": str(site.team.identifier)})
    assert Site.objects.get(domain="new.example").team == elsewhere


def test_a_key_dies_with_its_owner(ann: User, api: Api) -> None:
    ann.is_active = False
    ann.save()

    assert api.get("/api/v1/sites").status_code == 401


def test_the_hourly_limit_counts_refused_requests_and_says_when_to_return(ann: User) -> None:
    limited = Api.of(ann, hourly_limit=2)
    with time_machine.travel(NOON, tick=False):
        limited.get("/api/v1/sites/nowhere.example")
        limited.get("/api/v1/sites")
        answer = limited.get("/api/v1/sites")
    with time_machine.travel(NOON + timedelta(minutes=31), tick=False):
        later = limited.get("/api/v1/sites")

    assert answer.status_code == 429
    assert answer.json()["error"].startswith("Too many API requests. The limit is 2 per hour.")
    assert answer.headers["Retry-After"] == "1800"
    assert later.status_code == 200


def test_sixty_requests_in_ten_seconds_are_a_burst(ann: User) -> None:
    limited = Api.of(ann, hourly_limit=600)
    with time_machine.travel(NOON, tick=False):
        answers = [limited.get("/api/v1/sites") for _ in range(61)]

    assert {answer.status_code for answer in answers[:60]} == {200}
    assert answers[60].json()["error"] == (
        "Too many API requests in a short period of time. The limit is 60 per 10 seconds. "
        "Please throttle your requests."
    )


@pytest.mark.usefixtures("ann")
def test_using_a_key_is_noted(api: Api) -> None:
    api.get("/api/v1/sites")

    assert (timezone.now() - (ApiKey.objects.get().last_used_at or NOON)).total_seconds() < 60


def test_an_old_domain_works_for_72_hours_and_no_longer(api: Api, site: Site) -> None:
    change_site(site, {"domain": "new.example.com"}, now=NOON)

    with time_machine.travel(NOON + timedelta(hours=71), tick=False):
        during = api.get(f"/api/v1/sites/{DOMAIN}").status_code
    with time_machine.travel(NOON + timedelta(hours=73), tick=False):
        after = api.get(f"/api/v1/sites/{DOMAIN}").status_code

    assert (during, after) == (200, 404)
