from typing import Any

import pytest

from passerby.accounts.models import User
from passerby.sites import goals as goal_service
from passerby.sites.goals import parse_goal
from passerby.sites.models import Funnel, GuestInvitation, Site
from passerby.teams.roles import GuestRole, TeamRole
from tests.support import cast
from tests.support.cast import DOMAIN, Api

GOALS = "/api/v1/sites/goals"
PROPS = "/api/v1/sites/custom-props"
GUESTS = "/api/v1/sites/guests"
LINKS = "/api/v1/sites/shared-links"
SHIELDS = "/api/v1/sites/shields"


def goal(**fields: Any) -> dict[str, Any]:
    return {"site_id": DOMAIN, "goal_type": "event", "event_name": "Signup", **fields}


def test_a_goal_is_found_or_made(api: Api, site: Site) -> None:
    first = api.put(GOALS, goal(custom_props={"tier": "pro"}))
    again = api.put(GOALS, goal(custom_props={"tier": "pro"}))

    assert first.status_code == 200
    assert (
        first.json()
        == again.json()
        == {
            "domain": DOMAIN,
            "id": site.goals.get().pk,
            "goal_type": "event",
            "display_name": "Signup",
            "event_name": "Signup",
            "page_path": None,
            "custom_props": {"tier": "pro"},
        }
    )


def test_a_page_goal_gets_its_slash_and_a_scroll_goal_its_threshold(api: Api, site: Site) -> None:
    page = api.put(GOALS, {"site_id": DOMAIN, "goal_type": "page", "page_path": "thanks"}).json()
    scroll = {"goal_type": "page", "page_path": "/long", "scroll_threshold": 75, "display_name": "Read it"}
    api.put(GOALS, {"site_id": DOMAIN, **scroll})

    assert (page["page_path"], page["display_name"]) == ("/thanks", "Visit /thanks")
    listed = api.get(GOALS, site_id=DOMAIN).json()["goals"]
    assert [(row["goal_type"], row["display_name"]) for row in listed] == [
        ("scroll", "Read it"),
        ("page", "Visit /thanks"),
    ]
    assert site.goals.get(display_name="Read it").scroll_threshold == 75


@pytest.mark.usefixtures("site")
def test_goals_of_one_event_differ_by_their_properties(api: Api) -> None:
    plain = api.put(GOALS, goal()).json()
    paid = api.put(GOALS, goal(custom_props={"tier": "pro"}, display_name="Paid signup")).json()

    assert plain["id"] != paid["id"]


@pytest.mark.usefixtures("site")
def test_naming_only_the_event_finds_the_goal_that_is_called_so(api: Api) -> None:
    made = api.put(GOALS, goal(custom_props={"tier": "pro"})).json()

    assert api.put(GOALS, goal()).json()["id"] == made["id"]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"goal_type": None}, "Parameter `goal_type` is required to create a goal"),
        ({"event_name": None}, "Parameter `event_name` is required to create a goal"),
        ({"goal_type": "page"}, "Parameter `page_path` is required to create a goal"),
        ({"site_id": None}, "Missing site ID. Please provide the required site_id parameter with your request."),
        (
            {"event_name": "engagement"},
            "event_name: The event name 'engagement' is reserved and cannot be used as a goal",
        ),
        ({"event_name": "x" * 121}, "event_name: should be at most 120 character(s)"),
        ({"custom_props": {"a": None}}, "custom_props: must be a map with string keys and string values"),
        ({"custom_props": {"count": 42}}, "custom_props: must be a map with string keys and string values"),
        ({"custom_props": dict.fromkeys("abcd", "1")}, "custom_props: use at most 3 properties per goal"),
        ({"custom_props": {"": "1"}}, "custom_props: key length is 1..300 characters"),
        ({"custom_props": {"a": "x" * 2001}}, "custom_props: value length is 1..2000 characters"),
        ({"currency": "XXL"}, "currency: is invalid"),
        ({"scroll_threshold": 50}, "scroll_threshold: page_path field missing for page scroll goal"),
    ],
)
def test_a_goal_that_cannot_be_is_refused(api: Api, site: Site, fields: dict[str, Any], error: str) -> None:
    answer = api.put(GOALS, goal(**fields))

    assert (answer.status_code, answer.json()) == (400, {"error": error})
    assert not site.goals.exists()


@pytest.mark.usefixtures("site")
def test_an_unknown_goal_type_says_which_there_are(api: Api) -> None:
    assert api.put(GOALS, goal(goal_type="visit")).json()["error"].startswith("Something went wrong: ")


def test_the_currency_of_a_goal_stays(api: Api, site: Site) -> None:
    api.put(GOALS, goal(event_name="Purchase", currency="usd"))

    answer = api.put(GOALS, goal(event_name="Purchase", currency="EUR"))

    assert answer.json() == {"error": "event_name: 'Purchase' (with currency: USD) has already been taken"}
    assert site.goals.get().currency == "USD"


@pytest.mark.usefixtures("site")
def test_a_full_site_takes_no_more_goals(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(goal_service, "GOALS_MAX", 1)
    api.put(GOALS, goal())

    answer = api.put(GOALS, goal(event_name="Another"))

    assert answer.json() == {
        "error": "page_path: Maximum number of goals reached, event_name: Maximum number of goals reached"
    }
    assert api.put(GOALS, goal()).status_code == 200  # Found, not made.


def test_deleting_a_goal_shortens_its_funnels_and_deletes_those_left_with_one_step(api: Api, site: Site) -> None:
    from passerby.sites.funnels import find_or_create_funnel

    a, b, c = (parse_goal({"event_name": name}) for name in "ABC")
    find_or_create_funnel(site, name="long", steps=[a, b, c])
    find_or_create_funnel(site, name="short", steps=[a, b])

    answer = api.delete(f"{GOALS}/{site.goals.get(event_name='A').pk}", {"site_id": DOMAIN})

    assert answer.json() == {"deleted": True}
    left = Funnel.objects.get()
    assert (left.name, [step.goal.event_name for step in left.steps.all()]) == ("long", ["B", "C"])


@pytest.mark.parametrize("goal_id", ["999999", "abc", "9" * 40, "-1"])
@pytest.mark.usefixtures("site")
def test_a_goal_that_is_not_there_cannot_be_deleted(api: Api, goal_id: str) -> None:
    answer = api.delete(f"{GOALS}/{goal_id}", {"site_id": DOMAIN})

    assert (answer.status_code, answer.json()) == (404, {"error": "Goal could not be found"})


def test_renaming_a_goal_renames_it_in_saved_segments(site: Site, ann: User) -> None:
    made = goal_service.find_or_create_goal(site, parse_goal({"event_name": "Signup"}))
    filters = [["is", "event:goal", ["Signup", "Other"]], ["has_not_done", ["is", "event:goal", ["Signup"]]]]
    site.segments.create(
        name="s", type="site", owner=ann, inserted_at=cast.NOON, updated_at=cast.NOON, segment_data={"filters": filters}
    )

    goal_service.rename_goal(made, "Joined")

    assert site.segments.get().segment_data["filters"] == [
        ["is", "event:goal", ["Joined", "Other"]],
        ["has_not_done", ["is", "event:goal", ["Joined"]]],
    ]


@pytest.mark.usefixtures("site")
def test_properties_are_listed_sorted_and_adding_twice_changes_nothing(api: Api) -> None:
    for name in ("prop2", "prop1", "prop2"):
        assert api.put(PROPS, {"site_id": DOMAIN, "property": name}).json() == {"created": True}

    listed = api.get(PROPS, site_id=DOMAIN).json()
    assert listed == {"custom_properties": [{"property": "prop1"}, {"property": "prop2"}]}


@pytest.mark.usefixtures("site")
def test_a_property_with_a_slash_is_removed_and_removing_twice_is_no_error(api: Api) -> None:
    api.put(PROPS, {"site_id": DOMAIN, "property": "a/b"})

    for _ in range(2):
        assert api.delete(f"{PROPS}/a/b", {"site_id": DOMAIN}).json() == {"deleted": True}
    assert api.get(PROPS, site_id=DOMAIN).json() == {"custom_properties": []}


@pytest.mark.parametrize(
    ("name", "error"),
    [
        (None, "Parameter `property` is required to create a custom property"),
        ("p" * 301, "Parameter `property` is too long"),
        (["p"], "Parameter `property` is invalid"),
        ("   ", "Parameter `property` is invalid"),
    ],
)
@pytest.mark.usefixtures("site")
def test_a_property_that_cannot_be_is_refused(api: Api, name: object, error: str) -> None:
    answer = api.put(PROPS, {"site_id": DOMAIN, "property": name})

    assert (answer.status_code, answer.json()) == (400, {"error": error})


def test_a_full_list_takes_no_more_properties(api: Api, site: Site) -> None:
    site.allowed_props = [f"prop{number}" for number in range(300)]
    site.save()

    answer = api.put(PROPS, {"site_id": DOMAIN, "property": "one more"})

    assert answer.json() == {"error": "Can't add any more custom properties"}


def test_a_shared_link_is_found_or_made_by_name(api: Api, site: Site) -> None:
    first = api.put(LINKS, {"site_id": DOMAIN, "name": "Client"}).json()
    again = api.put(LINKS, {"site_id": DOMAIN, "name": "Client"}).json()

    assert first == again
    assert first["url"] == f"http://testserver/share/{DOMAIN}?auth={site.shared_links.get().slug}"


@pytest.mark.parametrize(
    ("name", "error"),
    [
        (None, "Parameter `name` is required to create a shared link"),
        ("WordPress - Shared Dashboard", "name: This name is reserved. Please choose another one"),
    ],
)
@pytest.mark.usefixtures("site")
def test_a_shared_link_that_cannot_be_is_refused(api: Api, name: object, error: str) -> None:
    assert api.put(LINKS, {"site_id": DOMAIN, "name": name}).json() == {"error": error}


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        ("ip", "203.0.113.7", "203.0.113.7"),
        ("ip", "203.0.113.0/24", "203.0.113.0/24"),
        ("ip", "2001:DB8::1", "2001:db8::1"),
        ("country", "fr", "FR"),
        ("page", "/admin/**", "/admin/**"),
        ("hostname", "*.Example.com", "*.example.com"),
    ],
)
def test_a_shield_is_stored_in_the_form_that_ingest_compares(
    api: Api, site: Site, kind: str, value: str, stored: str
) -> None:
    for _ in range(2):
        answer = api.put(SHIELDS, {"site_id": DOMAIN, "kind": kind, "value": value})
        assert answer.json() == {"domain": DOMAIN, "kind": kind, "value": stored}
    assert site.shields.get().value == stored


@pytest.mark.parametrize(
    ("kind", "value"),
    [("ip", "nonsense"), ("country", "France"), ("page", ""), ("hostname", None), ("moon", "x"), (1, 2)],
)
def test_a_shield_that_cannot_be_is_refused(api: Api, site: Site, kind: object, value: object) -> None:
    assert api.put(SHIELDS, {"site_id": DOMAIN, "kind": kind, "value": value}).status_code == 400
    assert not site.shields.exists()


def test_a_shield_is_listed_and_removed_by_what_added_it_however_that_is_written(api: Api, site: Site) -> None:
    api.put(SHIELDS, {"site_id": DOMAIN, "kind": "ip", "value": "2001:DB8::1"})
    api.put(SHIELDS, {"site_id": DOMAIN, "kind": "country", "value": "FR"})
    listed = api.get(SHIELDS, site_id=DOMAIN).json()
    assert listed == {"shields": [{"kind": "ip", "value": "2001:db8::1"}, {"kind": "country", "value": "FR"}]}

    asked = {"site_id": DOMAIN, "kind": "ip", "value": "2001:0db8:0::1"}
    assert api.delete(SHIELDS, asked).json() == {"deleted": True}

    assert site.shields.get().value == "FR"
    again = api.delete(SHIELDS, asked)
    assert (again.status_code, again.json()) == (404, {"error": "Shield could not be found"})


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("asked", [{}, {"kind": "moon", "value": "x"}, {"kind": "ip"}, {"kind": "ip", "value": "x"}])
def test_a_shield_that_cannot_be_cannot_be_removed_either(api: Api, asked: dict[str, str]) -> None:
    assert api.delete(SHIELDS, {"site_id": DOMAIN, **asked}).status_code == 400


@pytest.mark.usefixtures("site")
def test_guests_are_asked_once_and_listed(api: Api) -> None:
    asked = {"site_id": DOMAIN, "email": "Guest@Example.com", "role": "viewer"}

    first = api.put(GUESTS, asked).json()
    again = api.put(GUESTS, {**asked, "role": "editor"}).json()

    assert first == again == {"role": "viewer", "email": "guest@example.com", "status": "invited"}
    assert api.get(GUESTS, site_id=DOMAIN).json()["guests"] == [
        {"email": "guest@example.com", "role": "viewer", "status": "invited"}
    ]


def test_removing_a_guest_ends_access_and_leaves_members_alone(api: Api, ann: User, bob: User, site: Site) -> None:
    cast.guest(bob, site, GuestRole.EDITOR)
    GuestInvitation.objects.create(site=site, email="later@example.com", role="viewer", inviter=ann)

    for email in (bob.email, "later@example.com", ann.email, "nobody@example.com"):
        assert api.delete(f"{GUESTS}/{email}", {"site_id": DOMAIN}).json() == {"deleted": True}

    assert api.get(GUESTS, site_id=DOMAIN).json()["guests"] == []
    assert Api.of(bob).get(f"/api/v1/sites/{DOMAIN}").status_code == 404
    assert api.get(f"/api/v1/sites/{DOMAIN}").status_code == 200


@pytest.mark.parametrize("role", ["owner", None, 3, ""])
@pytest.mark.usefixtures("site")
def test_a_guest_is_a_viewer_or_an_editor(api: Api, role: object) -> None:
    answer = api.put(GUESTS, {"site_id": DOMAIN, "email": "a@example.com", "role": role})

    assert answer.json() == {
        "error": "Parameter `role` is required to create guest. Possible values: `viewer` or `editor`"
    }


def test_a_member_is_not_asked_to_be_a_guest(api: Api, bob: User, site: Site) -> None:
    cast.member(bob, site, TeamRole.VIEWER)

    assert api.put(GUESTS, {"site_id": DOMAIN, "email": bob.email, "role": "viewer"}).status_code == 409


@pytest.mark.parametrize(
    ("path", "error"),
    [
        (GOALS, "Parameter `site_id` is required to list goals"),
        (PROPS, "Parameter `site_id` is required to list custom properties"),
        (GUESTS, "Parameter `site_id` is required to list goals"),
    ],
)
def test_a_list_needs_a_site(api: Api, path: str, error: str) -> None:
    assert api.get(path).json() == {"error": error}
    assert api.get(path, site_id="does.not.exist").json() == {"error": "Site could not be found"}
