import pytest
from django.test import Client

from passerby.accounts.models import User
from passerby.errors import Refusal
from passerby.sites.models import Goal, Site
from passerby.sites.properties import allow_properties
from passerby.sites.services import change_site
from passerby.teams.roles import GuestRole, TeamRole
from tests.support import cast
from tests.support.cast import DOMAIN, Api
from tests.support.statistics import NoStatistics

DEFAULT_TRACKER = {
    "installation_type": None,
    "track_404_pages": False,
    "hash_based_routing": False,
    "outbound_links": False,
    "file_downloads": False,
    "revenue_tracking": False,
    "tagged_events": False,
    "form_submissions": False,
    "pageview_props": False,
}


def test_a_site_is_made_with_the_defaults_clients_know(api: Api) -> None:
    answer = api.post("/api/v1/sites", {"domain": "https://www.New.Example/", "timezone": "Europe/Tallinn"})

    made = answer.json()
    script_id = made["tracker_script_configuration"].pop("id")
    assert answer.status_code == 200
    assert made == {
        "domain": "new.example",
        "timezone": "Europe/Tallinn",
        "custom_properties": [],
        "tracker_script_configuration": DEFAULT_TRACKER,
    }
    assert script_id.startswith("pa-")
    assert len(script_id) == 24


def test_parameters_may_come_as_a_form_too(api: Api) -> None:
    answer = Client().post("/api/v1/sites", {"domain": "form.example"}, headers={"Authorization": f"Bearer {api.key}"})

    assert (answer.status_code, answer.json()["domain"]) == (200, "form.example")


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({}, "domain: can't be blank"),
        ({"domain": 123}, "domain: is invalid"),
        ({"domain": "a.example", "timezone": "Mars/Olympus"}, "timezone: is invalid"),
        ({"domain": "a.example", "timezone": 5}, "timezone: is invalid"),
        ({"domain": "exa mple"}, "domain: only letters, numbers, slashes and period allowed"),
        ({"domain": "login"}, "domain: is reserved"),
        (
            {"domain": "a.example", "tracker_script_configuration": {"installation_type": "floppy"}},
            "tracker_script_configuration.installation_type: is invalid",
        ),
        (
            {"domain": "a.example", "tracker_script_configuration": {"outbound_links": "yes"}},
            "tracker_script_configuration.outbound_links: is invalid",
        ),
    ],
)
def test_a_site_that_cannot_be_is_refused_and_nothing_is_left_behind(
    api: Api, given: dict[str, object], error: str
) -> None:
    answer = api.post("/api/v1/sites", given)

    assert (answer.status_code, answer.json()) == (400, {"error": error})
    assert not Site.objects.exists()
    assert not Goal.objects.exists()


def test_a_taken_domain_is_refused(api: Api, site: Site) -> None:
    answer = api.post("/api/v1/sites", {"domain": site.domain})

    assert answer.status_code == 400
    assert answer.json()["error"].startswith("domain: This domain cannot be registered")


def test_sites_are_listed_newest_first_and_page_by_page(api: Api, ann: User) -> None:
    for number in range(5):
        cast.site(ann, f"s{number}.example")

    first = api.get("/api/v1/sites", limit="2").json()
    second = api.get("/api/v1/sites", limit="2", after=first["meta"]["after"]).json()
    third = api.get("/api/v1/sites", limit="2", after=second["meta"]["after"]).json()
    back = api.get("/api/v1/sites", limit="2", before=third["meta"]["before"]).json()

    pages = [[row["domain"] for row in page["sites"]] for page in (first, second, third, back)]
    assert pages == [["s4.example", "s3.example"], ["s2.example", "s1.example"], ["s0.example"], pages[1]]
    assert first["meta"]["before"] is None
    assert third["meta"]["after"] is None


@pytest.mark.parametrize(
    "query", [{"limit": "0"}, {"limit": "1001"}, {"limit": "ten"}, {"after": "ü"}, {"before": "aWQ6"}]
)
def test_a_page_that_cannot_be_is_refused(api: Api, query: dict[str, str]) -> None:
    assert api.get("/api/v1/sites", **query).status_code == 400


def test_only_the_sites_one_may_see_are_listed(ann: User, bob: User, cy: User, site: Site) -> None:
    cast.guest(bob, site, GuestRole.VIEWER)

    listed = {user.name: len(Api.of(user).get("/api/v1/sites").json()["sites"]) for user in (ann, bob, cy)}

    assert listed == {"Ann": 1, "Bob": 1, "Cy": 0}


@pytest.mark.usefixtures("site")
def test_a_renamed_site_answers_to_its_old_domain_too(api: Api) -> None:
    renamed = api.put(f"/api/v1/sites/{DOMAIN}", {"domain": "new.example.com"})

    assert renamed.json()["domain"] == "new.example.com"
    assert api.get(f"/api/v1/sites/{DOMAIN}").json()["domain"] == "new.example.com"
    assert api.put(f"/api/v1/sites/{DOMAIN}", {"timezone": "Asia/Tokyo"}).json()["timezone"] == "Asia/Tokyo"


def test_what_is_counted_can_be_changed_and_shows_where_it_is_unusual(api: Api, site: Site) -> None:
    counting = {"counts_visitors": False, "rate_limit_events": 100, "rate_limit_seconds": 10}

    assert api.put(f"/api/v1/sites/{DOMAIN}", counting).json().items() >= counting.items()
    site.refresh_from_db()
    assert (site.counts_visitors, site.rate_limit_events, site.rate_limit_seconds) == (False, 100, 10)

    usual = {"counts_visitors": True, "rate_limit_events": None, "rate_limit_seconds": 60}
    assert api.put(f"/api/v1/sites/{DOMAIN}", usual).json().keys().isdisjoint(usual)


@pytest.mark.usefixtures("site")
def test_a_change_is_all_or_nothing(api: Api) -> None:
    configuration = {"form_submissions": True, "installation_type": "floppy"}
    answer = api.put(
        f"/api/v1/sites/{DOMAIN}", {"domain": "new.example.com", "tracker_script_configuration": configuration}
    )

    assert answer.json() == {"error": "tracker_script_configuration.installation_type: is invalid"}
    assert Site.objects.get().domain == DOMAIN
    assert not Goal.objects.exists()


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, "Payload must contain at least one of the parameters 'domain', 'tracker_script_configuration'"),
        ({"domain": DOMAIN}, "domain: New domain must be different than the current one"),
        ({"domain": None}, "domain: can't be blank"),
        ({"public": "yes"}, "public: is invalid"),
        ({"counts_visitors": None}, "counts_visitors: is invalid"),
        ({"rate_limit_events": -1}, "rate_limit_events: must be a whole number from 0 to 1000000000"),
        ({"rate_limit_events": True}, "rate_limit_events: must be a whole number from 0 to 1000000000"),
        ({"rate_limit_seconds": 0}, "rate_limit_seconds: must be a whole number from 1 to 86400"),
    ],
)
@pytest.mark.usefixtures("site")
def test_a_change_that_cannot_be_is_refused(api: Api, body: dict[str, object], error: str) -> None:
    answer = api.put(f"/api/v1/sites/{DOMAIN}", body)

    assert (answer.status_code, answer.json()) == (400, {"error": error})


def test_a_script_option_brings_its_goal_and_takes_it_away(api: Api, site: Site) -> None:
    path = f"/api/v1/sites/{DOMAIN}"

    api.put(path, {"tracker_script_configuration": {"outbound_links": True, "track_404_pages": True}})
    with_goals = set(site.goals.values_list("event_name", flat=True))
    api.put(path, {"tracker_script_configuration": {"outbound_links": False}})

    assert with_goals == {"Outbound Link: Click", "404"}
    assert list(site.goals.values_list("event_name", flat=True)) == ["404"]


def test_a_deleted_site_takes_its_rows_along_and_frees_its_domain(
    api: Api, site: Site, statistics: NoStatistics
) -> None:
    answer = api.delete(f"/api/v1/sites/{DOMAIN}")

    assert answer.json() == {"deleted": True}
    assert statistics.erased == statistics.forgotten == [site.pk]
    assert api.post("/api/v1/sites", {"domain": DOMAIN}).status_code == 200
    assert Site.objects.get().pk > site.pk


def test_only_the_owner_deletes_by_api(bob: User, site: Site, statistics: NoStatistics) -> None:
    cast.member(bob, site, TeamRole.ADMIN)

    answer = Api.of(bob).delete(f"/api/v1/sites/{DOMAIN}")

    assert (answer.status_code, answer.json()) == (404, {"error": "Site could not be found"})
    assert Site.objects.exists()
    assert statistics.erased == []


def test_a_newcomer_has_no_team_and_a_site_makes_one(api: Api) -> None:
    before = api.get("/api/v1/sites/teams").json()
    api.post("/api/v1/sites", {"domain": "first.example"})
    after = api.get("/api/v1/sites/teams").json()

    assert before == {"teams": [], "meta": {"after": None, "before": None, "limit": 100}}
    assert [(team["name"], team["api_available"]) for team in after["teams"]] == [("My personal sites", True)]


def test_a_viewer_adds_no_site_to_the_team(bob: User, site: Site) -> None:
    cast.member(bob, site, TeamRole.VIEWER)

    answer = Api.of(bob).post("/api/v1/sites", {"domain": "b.example", "team_id": str(site.team.identifier)})

    assert (answer.status_code, answer.json()) == (403, {"error": "You can't add sites to the selected team."})


def test_an_editor_adds_a_site_to_the_team(bob: User, site: Site) -> None:
    cast.member(bob, site, TeamRole.EDITOR)

    Api.of(bob).post("/api/v1/sites", {"domain": "b.example", "team_id": str(site.team.identifier)})

    assert Site.objects.get(domain="b.example").team == site.team


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'"text"', b"\xff", b'{"domain": "a\\u0000b"}', b"[" * 5000, b'{"domain":' + b"[" * 900]
)
def test_a_body_that_is_no_object_is_refused(api: Api, body: bytes) -> None:
    answer = Client().generic(
        "POST",
        "/api/v1/sites",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {api.key}"},
    )

    assert answer.status_code == 400
    assert set(answer.json()) == {"error"}


def test_an_unknown_method_and_an_unknown_path_answer_in_json(api: Api) -> None:
    wrong = api.request("PATCH", "/api/v1/sites")
    unknown = api.get("/api/v1/nothing")

    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "GET, POST")
    assert (unknown.status_code, unknown.json()) == (404, {"error": "Not found"})


def test_a_change_undoes_no_other_that_came_in_between(site: Site) -> None:
    stale = Site.objects.select_related("tracker").get(pk=site.pk)
    allow_properties(site, ["author"])

    change_site(stale, {"public": True}, now=cast.NOON)

    assert Site.objects.values_list("is_public", "allowed_props").get() == (True, ["author"])


def test_a_refused_change_leaves_the_site_at_hand_as_it_was(ann: User, site: Site) -> None:
    cast.site(ann, "taken.example")
    for changes in ({"domain": "taken.example", "timezone": "Asia/Tokyo"}, {"domain": "b.example", "timezone": "Mars"}):
        with pytest.raises(Refusal):
            change_site(site, changes, now=cast.NOON)

    assert (site.domain, site.timezone) == (DOMAIN, "Etc/UTC")


@pytest.mark.parametrize("zone", ["localtime", "../etc/passwd", "europe/paris", 1])
def test_a_time_zone_is_one_that_the_store_knows(api: Api, zone: object) -> None:
    answer = api.post("/api/v1/sites", {"domain": "zone.example", "timezone": zone})

    assert (answer.status_code, answer.json()) == (400, {"error": "timezone: is invalid"})
