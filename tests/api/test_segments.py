from typing import Any

import pytest

from passerby.accounts.models import User
from passerby.sites.models import Segment, Site
from passerby.sites.sharing import find_or_create_link
from passerby.teams.roles import GuestRole
from tests.support import cast
from tests.support.cast import DOMAIN, NOON, Api

URL = f"/api/{DOMAIN}/segments"
FILTERS = [["is", "visit:entry_page", ["/blog"]]]


def body(**fields: Any) -> dict[str, Any]:
    return {"name": "Blog", "type": "site", "segment_data": {"filters": FILTERS}, **fields}


def segment(site: Site, owner: User | None, **fields: Any) -> Segment:
    defaults: dict[str, Any] = {"name": "any", "type": "site", "segment_data": {"filters": FILTERS}}
    return Segment.objects.create(site=site, owner=owner, inserted_at=NOON, updated_at=NOON, **{**defaults, **fields})


def test_a_segment_is_made_and_answered_whole(api: Api, ann: User, site: Site) -> None:
    site.timezone = "Europe/Tallinn"
    site.save()

    made = api.post(URL, body()).json()

    assert made == {
        "id": Segment.objects.get().pk,
        "name": "Blog",
        "type": "site",
        "segment_data": {"filters": FILTERS},
        "owner_id": ann.pk,
        "owner_name": "Ann",
        "inserted_at": made["updated_at"],
        "updated_at": made["updated_at"],
    }
    assert len(made["updated_at"]) == len("2026-02-18T12:30:00")


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"name": ""}, "name can't be blank"),
        ({"name": "ü" * 128}, "name should be at most 255 byte(s)"),
        ({"type": "team"}, "type is invalid"),
        ({"type": ["site"]}, "type is invalid"),
        ({"segment_data": None}, "segment_data is invalid"),
        (
            {"segment_data": {"filters": []}},
            'segment_data property "filters" must be an array with at least one member',
        ),
        (
            {"segment_data": {"filters": FILTERS, "more": 1}},
            'segment_data must not contain any other property except "filters" and "labels"',
        ),
        ({"segment_data": {"filters": FILTERS, "labels": []}}, 'segment_data property "labels" must be map or nil'),
        (
            {"segment_data": {"filters": [["foo", "bar"]]}},
            'segment_data Unknown operator for filter \'["foo", "bar"]\'.',
        ),
        (
            {"segment_data": {"filters": [["or", [["is", "visit:source", ["a"]], ["is", "visit:source", ["b"]]]]]}},
            "segment_data Invalid filters. Deep filters are not supported.",
        ),
        (
            {"segment_data": {"filters": [["is", "visit:source", ["x" * 6000]]]}},
            "segment_data should be at most 5120 byte(s)",
        ),
    ],
)
@pytest.mark.usefixtures("site")
def test_a_segment_that_cannot_be_is_refused(api: Api, fields: dict[str, Any], error: str) -> None:
    answer = api.post(URL, body(**fields))

    assert (answer.status_code, answer.json()) == (400, {"error": error})
    assert not Segment.objects.exists()


@pytest.mark.parametrize("filters", [[["is", "visit:moon", ["a"]]], [["is"]], [[["is"]]], ["is"], [{}], [None], [7]])
@pytest.mark.usefixtures("site")
def test_filters_that_no_question_could_use_are_refused(api: Api, filters: list[Any]) -> None:
    answer = api.post(URL, body(segment_data={"filters": filters}))

    assert answer.status_code == 400
    assert answer.json()["error"].startswith("segment_data ")


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (["is", "visit:country", ["USA"]], "Invalid visit:country filter, visit:country needs to be a valid 2-letter"),
        (["is", "event:page", [7]], 'Invalid filter \'["is", "event:page", [7]]\'.'),
        (["matches", "event:page", ["x" * 501]], "#/filters: Invalid filters. A query may have patterns of at most"),
        (["has_not_done", ["is", "visit:source", ["a"]]], "Invalid filters. Behavioral filters (has_done,"),
        (["has_not_done", ["has_not_done", ["is", "event:page", ["/"]]]], "Invalid filters. Behavioral filters"),
        (["is", "segment", [1]], "Invalid filters. A segment cannot be made of segments."),
    ],
)
@pytest.mark.usefixtures("site")
def test_a_segment_keeps_the_rules_of_the_questions_it_is_for(api: Api, node: list[Any], text: str) -> None:
    answer = api.post(URL, body(segment_data={"filters": [node]}))

    assert answer.status_code == 400
    assert answer.json()["error"].startswith(f"segment_data {text}")


@pytest.mark.usefixtures("site")
def test_a_segment_may_name_a_goal_that_is_made_later(api: Api) -> None:
    assert api.post(URL, body(segment_data={"filters": [["is", "event:goal", ["Later"]]]})).status_code == 200


@pytest.mark.parametrize(
    ("role", "kind", "status"),
    [
        (GuestRole.VIEWER, "personal", 200),
        (GuestRole.VIEWER, "site", 403),
        (GuestRole.EDITOR, "personal", 200),
        (GuestRole.EDITOR, "site", 200),
    ],
)
def test_viewers_keep_segments_to_themselves_and_editors_share_them(
    bob: User, site: Site, role: GuestRole, kind: str, status: int
) -> None:
    cast.guest(bob, site, role)

    answer = Api.of(bob).post(URL, body(type=kind))

    assert answer.status_code == status
    if status == 403:
        assert answer.json() == {"error": "Not enough permissions to create segment"}


@pytest.mark.parametrize(("present", "wanted"), [("personal", "site"), ("site", "personal")])
def test_a_viewer_cannot_move_a_segment_between_the_kinds(bob: User, site: Site, present: str, wanted: str) -> None:
    cast.guest(bob, site, GuestRole.VIEWER)
    kept = segment(site, bob, type=present)

    answer = Api.of(bob).request("PATCH", f"{URL}/{kept.pk}", {"type": wanted})

    assert (answer.status_code, answer.json()) == (403, {"error": "Not enough permissions to edit segment"})
    assert Segment.objects.get().type == present


def test_the_last_editor_becomes_the_owner(bob: User, site: Site) -> None:
    cast.guest(bob, site, GuestRole.EDITOR)
    dangling = segment(site, None, name="before")

    changed = Api.of(bob).request("PATCH", f"{URL}/{dangling.pk}", {"name": "after"}).json()

    assert (changed["name"], changed["owner_id"], changed["inserted_at"]) == ("after", bob.pk, "2026-02-18T12:30:00")


def test_personal_segments_of_others_are_not_there(api: Api, bob: User, site: Site) -> None:
    hidden = segment(site, bob, type="personal")

    for method in ("GET", "PATCH", "DELETE"):
        answer = api.request(method, f"{URL}/{hidden.pk}", {"name": "mine"})
        assert (answer.status_code, answer.json()) == (404, {"error": f'Segment not found with ID "{hidden.pk}"'})
    assert api.get(URL).json() == []


def test_deleting_a_segment_answers_it_and_closes_its_links(api: Api, ann: User, site: Site) -> None:
    gone, kept = segment(site, ann), segment(site, ann, name="kept")
    for name, limit in (("one", gone), ("two", gone), ("three", kept), ("four", None)):
        find_or_create_link(site, name=name, segment=limit)

    names = api.get(f"{URL}/{gone.pk}/shared-links").json()
    answer = api.delete(f"{URL}/{gone.pk}").json()

    assert names == ["one", "two"]
    assert (answer["id"], answer["name"]) == (gone.pk, "any")
    assert set(site.shared_links.values_list("name", flat=True)) == {"three", "four"}


@pytest.mark.parametrize("segment_id", ["0", "abc", "9" * 30, "-1"])
@pytest.mark.usefixtures("site")
def test_an_unknown_segment_is_named_in_the_answer(api: Api, segment_id: str) -> None:
    answer = api.get(f"{URL}/{segment_id}")

    assert (answer.status_code, answer.json()) == (404, {"error": f'Segment not found with ID "{segment_id}"'})


def test_an_empty_change_is_no_change(api: Api, ann: User, site: Site) -> None:
    kept = segment(site, ann)

    assert api.request("PATCH", f"{URL}/{kept.pk}", {}).json() == {"error": "Invalid request"}


@pytest.mark.usefixtures("site")
def test_a_session_writes_only_with_the_token_of_our_own_pages(ann: User) -> None:
    client = cast.browser(ann, enforce_csrf_checks=True)

    without = client.post(URL, body(), content_type="application/json")
    client.get("/settings/preferences")
    token = client.cookies["passerby_csrf"].value
    with_token = client.post(URL, body(), content_type="application/json", headers={"X-CSRFToken": token})

    assert (without.status_code, with_token.status_code) == (403, 200)


def test_a_stranger_on_a_public_dashboard_sees_shared_segments_without_their_owners(ann: User, site: Site) -> None:
    site.is_public = True
    site.save()
    segment(site, ann, name="shared")
    segment(site, ann, name="own", type="personal")

    listed = cast.browser().get(URL).json()

    assert [(row["name"], row["owner_id"], row["owner_name"]) for row in listed] == [("shared", None, None)]
    refused = cast.browser().post(URL, body(), content_type="application/json")
    assert refused.status_code == 403


@pytest.mark.usefixtures("site")
def test_a_full_site_takes_no_more_segments(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("passerby.sites.segments.SEGMENTS_MAX", 0)

    answer = api.post(URL, body())

    assert (answer.status_code, answer.json()) == (403, {"error": "Segment limit reached"})


def test_a_link_that_is_limited_to_a_segment_sees_no_other(ann: User, site: Site) -> None:
    shown, hidden = segment(site, ann, name="Shown"), segment(site, ann, name="Hidden")
    link = find_or_create_link(site, name="Client", segment=shown)
    stranger = cast.browser()

    assert [listed["name"] for listed in stranger.get(f"{URL}?auth={link.slug}").json()] == ["Shown"]
    assert stranger.get(f"{URL}/{hidden.pk}?auth={link.slug}").status_code == 404
