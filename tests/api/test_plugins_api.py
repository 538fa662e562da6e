import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from passerby.accounts.models import User
from passerby.sites.models import Goal, PluginToken, Site
from passerby.sites.plugin_tokens import create_token, revoke_token
from passerby.teams.keys import Scope
from tests.support import cast
from tests.support.cast import DOMAIN, Api

if TYPE_CHECKING:  # What the test client answers has a name in the stubs only.
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

ROOT = "/api/plugins/v1"
SIGNUP = {"goal_type": "Goal.CustomEvent", "goal": {"event_name": "Signup"}}
CHECKOUT = {"goal_type": "Goal.Pageview", "goal": {"path": "/checkout"}}
PURCHASE = {"goal_type": "Goal.Revenue", "goal": {"event_name": "Purchase", "currency": "EUR"}}


class Plugin:
    """A CMS plugin with a token."""

    def __init__(self, token: str) -> None:
        self.token = token

    def send(self, method: str, path: str, body: Any = None) -> "Answer":
        basic = base64.b64encode(f"WordPress:{self.token}".encode()).decode()
        return Client().generic(
            method,
            ROOT + path,
            "" if body is None else json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Basic {basic}"},
        )


@pytest.fixture
def plugin(site: Site) -> Plugin:
    return Plugin(create_token(site, "WordPress")[1])


def details(answer: "Answer") -> list[str]:
    return [error["detail"] for error in json.loads(answer.content)["errors"]]


def test_a_token_has_the_prefix_that_the_wordpress_plugin_looks_for_and_is_stored_hashed(plugin: Plugin) -> None:
    stored = PluginToken.objects.get()

    assert plugin.token.startswith("plausible-plugin-selfhost-")
    assert plugin.token not in str(PluginToken.objects.values().get())
    assert stored.hint == plugin.token[-4:]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/shared_links"),
        ("GET", "/shared_links/1"),
        ("PUT", "/shared_links"),
        ("GET", "/goals"),
        ("GET", "/goals/1"),
        ("PUT", "/goals"),
        ("DELETE", "/goals"),
        ("DELETE", "/goals/1"),
        ("GET", "/funnels"),
        ("GET", "/funnels/1"),
        ("PUT", "/funnels"),
        ("PUT", "/custom_props"),
        ("DELETE", "/custom_props"),
        ("GET", "/tracker_script_configuration"),
        ("PUT", "/tracker_script_configuration"),
    ],
)
def test_nothing_is_reached_without_a_token_or_with_a_revoked_one(
    plugin: Plugin, site: Site, method: str, path: str
) -> None:
    revoke_token(site, PluginToken.objects.get().pk)

    for answer in (Client().generic(method, ROOT + path), plugin.send(method, path, {})):
        assert answer.status_code == 401
        assert details(answer) == ["Plugins API: unauthorized"]
        assert answer.headers["WWW-Authenticate"] == 'Basic realm="Plugins API Access"'


def test_capabilities_answer_everybody_and_name_the_site_to_its_token(plugin: Plugin) -> None:
    stranger = Client().get(f"{ROOT}/capabilities").json()
    known = plugin.send("GET", "/capabilities").json()

    assert (stranger["authorized"], stranger["data_domain"], any(stranger["features"].values())) == (False, None, False)
    assert (known["authorized"], known["data_domain"]) == (True, DOMAIN)
    assert known["features"]["Goals"] is True
    assert set(known["features"]) == set(stranger["features"])


def test_goals_are_found_or_made_with_their_addresses(plugin: Plugin) -> None:
    body = {"goals": [SIGNUP, PURCHASE, CHECKOUT]}

    first, again = plugin.send("PUT", "/goals", body), plugin.send("PUT", "/goals", body)

    made = first.json()["goals"]
    assert (first.status_code, again.status_code) == (201, 201)
    assert made == again.json()["goals"]
    assert [goal["goal_type"] for goal in made] == ["Goal.CustomEvent", "Goal.Revenue", "Goal.Pageview"]
    assert made[1]["goal"] == {
        "id": made[1]["goal"]["id"],
        "display_name": "Purchase",
        "event_name": "Purchase",
        "currency": "EUR",
        "custom_props": {},
    }
    places = first.headers["Location"].split(", ")
    assert places == [f"http://testserver{ROOT}/goals/{goal['goal']['id']}" for goal in made]
    assert plugin.send("GET", f"/goals/{made[2]['goal']['id']}").json() == made[2]


def test_bulk_creation_is_all_or_nothing(plugin: Plugin) -> None:
    plugin.send("PUT", "/goals", {**PURCHASE, "goal": {"event_name": "Purchase", "currency": "USD"}})

    answer = plugin.send("PUT", "/goals", {"goals": [SIGNUP, PURCHASE]})

    assert answer.status_code == 422
    assert details(answer) == ["event_name: 'Purchase' (with currency: USD) has already been taken"]
    assert Goal.objects.count() == 1


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("PUT", "/goals", {"goal_type": "Goal.SomeTypo", "goal": {"event_name": "Signup"}}, "Invalid value for enum"),
        ("PUT", "/goals", {}, "Missing field: goal_type"),
        ("PUT", "/goals", {"goals": []}, "Array length 0 is smaller than minItems: 1"),
        ("PUT", "/goals", {"goals": [SIGNUP] * 9}, "Array length 9 is larger than maxItems: 8"),
        ("PUT", "/goals", {"goals": "x"}, "Invalid array. Got: string"),
        ("PUT", "/goals", {**SIGNUP, "goal": 5}, "Invalid object. Got: integer"),
        ("PUT", "/goals", {**SIGNUP, "goal": {"event_name": 5}}, "Invalid string. Got: integer"),
        (
            "PUT",
            "/goals",
            {**SIGNUP, "goal": {"event_name": "S", "custom_props": dict.fromkeys("abcd", "1")}},
            "Object property count 4 is greater than maxProperties: 3",
        ),
        ("PUT", "/goals", {**PURCHASE, "goal": {"event_name": "P", "currency": "XXL"}}, "currency: is invalid"),
        ("DELETE", "/goals", {"goal_ids": ["1"]}, "Invalid integer. Got: string"),
        ("DELETE", "/goals", {"goal_ids": [True]}, "Invalid integer. Got: boolean"),
        ("PUT", "/shared_links", {}, "Missing field: shared_link"),
        ("PUT", "/shared_links", {"shared_link": {"name": None}}, "Invalid string. Got: null"),
        ("PUT", "/custom_props", {}, "Missing field: custom_prop"),
        ("PUT", "/funnels", {"funnel": {"name": "f", "steps": [SIGNUP]}}, "Array length 1 is smaller than minItems: 2"),
        (
            "PUT",
            "/funnels",
            {"funnel": {"name": "f", "steps": [SIGNUP, SIGNUP]}},
            "steps: a goal can be in a funnel only once",
        ),
        (
            "PUT",
            "/tracker_script_configuration",
            {"tracker_script_configuration": {}},
            "Missing field: installation_type",
        ),
    ],
)
def test_a_body_that_does_not_fit_is_refused_and_nothing_is_made(
    plugin: Plugin, method: str, path: str, body: dict[str, Any], expected: str
) -> None:
    answer = plugin.send(method, path, body)

    assert (answer.status_code, details(answer)) == (422, [expected])
    assert not Goal.objects.exists()


def test_every_fault_of_a_tracker_configuration_is_told(plugin: Plugin) -> None:
    asked = {"hash_based_routing": "1234", "installation_type": "unknown"}

    answer = plugin.send("PUT", "/tracker_script_configuration", {"tracker_script_configuration": asked})

    assert details(answer) == ["Invalid value for enum", "Invalid boolean. Got: string"]


def test_a_tracker_configuration_is_changed_and_brings_its_goals(plugin: Plugin, site: Site) -> None:
    asked = {"installation_type": "wordpress", "file_downloads": True}

    before = plugin.send("GET", "/tracker_script_configuration").json()["tracker_script_configuration"]
    after = plugin.send("PUT", "/tracker_script_configuration", {"tracker_script_configuration": asked}).json()

    assert (before["id"], before["installation_type"]) == (site.tracker.script_id, "manual")
    assert after == {"tracker_script_configuration": {**before, **asked}}
    assert site.goals.get().event_name == "File Download"


def test_goals_are_deleted_one_by_one_or_together_and_again_without_error(plugin: Plugin) -> None:
    made = plugin.send("PUT", "/goals", {"goals": [SIGNUP, PURCHASE, CHECKOUT]}).json()["goals"]
    ids = [goal["goal"]["id"] for goal in made]

    for _ in range(2):
        assert plugin.send("DELETE", f"/goals/{ids[0]}").status_code == 204
        assert plugin.send("DELETE", "/goals", {"goal_ids": ids[1:]}).status_code == 204
    assert plugin.send("GET", f"/goals/{ids[0]}").status_code == 404
    assert not Goal.objects.exists()


def test_a_funnel_is_found_or_made_with_its_goals_in_order(plugin: Plugin) -> None:
    body = {"funnel": {"name": "Buy", "steps": [SIGNUP, CHECKOUT, PURCHASE]}}

    first, again = plugin.send("PUT", "/funnels", body), plugin.send("PUT", "/funnels", body)

    assert first.status_code == 201
    assert (
        first.json()
        == again.json()
        == plugin.send("GET", first.headers["Location"].removeprefix(f"http://testserver{ROOT}")).json()
    )
    steps = first.json()["funnel"]["steps"]
    assert [step["goal"]["display_name"] for step in steps] == ["Signup", "Visit /checkout", "Purchase"]


def test_a_shared_link_is_found_or_made_even_under_the_plugins_own_name(plugin: Plugin, site: Site) -> None:
    body = {"shared_link": {"name": "WordPress - Shared Dashboard", "password": "secret"}}

    first, again = plugin.send("PUT", "/shared_links", body), plugin.send("PUT", "/shared_links", body)

    link = site.shared_links.get()
    assert first.json() == again.json()
    assert first.json()["shared_link"] == {
        "id": link.pk,
        "name": "WordPress - Shared Dashboard",
        "password_protected": True,
        "href": f"http://testserver/share/{DOMAIN}?auth={link.slug}",
    }
    assert plugin.send("GET", f"/shared_links/{link.pk}").json() == first.json()


def test_properties_are_listed_and_taken_off_the_list(plugin: Plugin, site: Site) -> None:
    many = {"custom_props": [{"custom_prop": {"key": key}} for key in ("author", "category")]}

    listed = plugin.send("PUT", "/custom_props", many)
    plugin.send("PUT", "/custom_props", {"custom_prop": {"key": "third"}})
    gone = plugin.send("DELETE", "/custom_props", many)

    site.refresh_from_db()
    assert (listed.status_code, listed.json()) == (201, many)
    assert (gone.status_code, site.allowed_props) == (204, ["third"])


def test_lists_come_in_pages_with_links_to_their_neighbours(plugin: Plugin, site: Site) -> None:
    for number in range(12):
        site.goals.create(event_name=f"E{number}", display_name=f"E{number}")

    first = plugin.send("GET", "/goals").json()
    next_url = first["meta"]["pagination"]["links"]["next"]["url"]
    second = plugin.send("GET", next_url.removeprefix(f"http://testserver{ROOT}")).json()

    assert (len(first["goals"]), len(second["goals"])) == (10, 2)
    assert first["meta"]["pagination"]["has_prev_page"] is False
    assert second["meta"]["pagination"]["has_next_page"] is False
    assert set(second["meta"]["pagination"]["links"]) == {"prev"}


def test_a_token_reaches_its_own_site_only(plugin: Plugin, ann: User) -> None:
    other = cast.site(ann, "other.example.com")
    foreign = other.goals.create(event_name="Foreign", display_name="Foreign")

    assert details(plugin.send("GET", f"/goals/{foreign.pk}")) == ["Plugins API: resource not found"]
    assert plugin.send("DELETE", f"/goals/{foreign.pk}").status_code == 204
    assert Goal.objects.filter(pk=foreign.pk).exists()


def test_links_to_neighbours_keep_the_site_of_a_key(ann: User, site: Site) -> None:
    for number in range(2):
        site.goals.create(event_name=f"E{number}", display_name=f"E{number}")

    page = Api.of(ann).get(f"{ROOT}/goals", site_id=DOMAIN, limit="1").json()["meta"]["pagination"]

    assert f"site_id={DOMAIN}" in page["links"]["next"]["url"]


@pytest.mark.usefixtures("site")
def test_a_provisioning_key_and_a_site_id_do_instead_of_a_token(ann: User) -> None:
    full, reader = Api.of(ann), Api.of(ann, Scope.STATS_READ)

    assert full.request("PUT", f"{ROOT}/goals?site_id={DOMAIN}", SIGNUP).status_code == 201
    assert reader.request("PUT", f"{ROOT}/goals?site_id={DOMAIN}", CHECKOUT).status_code == 401
    assert full.request("GET", f"{ROOT}/goals").status_code == 400
    assert full.request("GET", f"{ROOT}/goals?site_id=nowhere.example").status_code == 404
