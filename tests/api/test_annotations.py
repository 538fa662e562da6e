from typing import Any

import pytest

from passerby.accounts.models import User
from passerby.sites.guests import remove_guest
from passerby.sites.models import Annotation, Site
from passerby.teams.roles import GuestRole
from tests.support import cast
from tests.support.cast import DOMAIN, NOON, Api

URL = f"/api/{DOMAIN}/annotations"


def body(**fields: Any) -> dict[str, Any]:
    return {"note": "Launch", "type": "site", "granularity": "minute", "datetime": "2026-02-18T09:30", **fields}


def note(site: Site, owner: User | None, **fields: Any) -> Annotation:
    defaults = {"note": "any", "type": "site", "moment": NOON, "granularity": "minute"}
    return Annotation.objects.create(
        site=site, owner=owner, inserted_at=NOON, updated_at=NOON, **{**defaults, **fields}
    )


def placed(site: Site, zone: str) -> None:
    site.timezone = zone
    site.save()


def test_an_annotation_is_made_and_answered_whole(api: Api, ann: User, site: Site) -> None:
    placed(site, "Europe/Tallinn")

    made = api.post(URL, body()).json()

    assert made == {
        "id": Annotation.objects.get().pk,
        "note": "Launch",
        "type": "site",
        "datetime": "2026-02-18T09:30:00",
        "granularity": "minute",
        "owner_id": ann.pk,
        "owner_name": "Ann",
        "inserted_at": made["updated_at"],
        "updated_at": made["updated_at"],
    }
    assert Annotation.objects.get().moment.isoformat() == "2026-02-18T07:30:00+00:00"
    assert api.get(URL).json() == [made]


@pytest.mark.parametrize(
    ("given", "stored", "shown"),
    [
        ("2026-03-29T02:30", "2026-03-29T01:00:00+00:00", "2026-03-29T03:00:00"),  # The clock jumped over it.
        ("2026-10-25 02:30:59", "2026-10-25T00:30:00+00:00", "2026-10-25T02:30:00"),  # It happened twice.
    ],
)
def test_a_time_the_clock_skips_or_repeats_has_one_meaning(
    api: Api, site: Site, given: str, stored: str, shown: str
) -> None:
    placed(site, "Europe/Berlin")

    made = api.post(URL, body(datetime=given)).json()

    assert Annotation.objects.get().moment.isoformat() == stored
    assert made["datetime"] == shown


def test_a_date_stays_that_date_when_the_site_moves(api: Api, site: Site) -> None:
    placed(site, "Pacific/Auckland")
    made = api.post(URL, body(granularity="date", datetime="2026-02-18")).json()
    placed(site, "America/Los_Angeles")

    assert made["datetime"] == "2026-02-18"
    assert api.get(URL).json()[0]["datetime"] == "2026-02-18"
    assert Annotation.objects.get().moment.isoformat() == "2026-02-18T00:00:00+00:00"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"note": " "}, "note can't be blank"),
        ({"note": 7}, "note can't be blank"),
        ({"note": "ü" * 128}, "note should be at most 255 byte(s)"),
        ({"type": "team"}, "type is invalid"),
        ({"granularity": "week"}, "granularity is invalid"),
        ({"granularity": ["date"]}, "granularity is invalid"),
        ({"datetime": None}, "datetime can't be blank"),
        ({"datetime": 1}, "datetime is invalid"),
        ({"datetime": "2026-02-30T10:00"}, "datetime is invalid"),
        ({"datetime": "2026-02-18T10:00Z"}, "datetime is invalid"),
        ({"datetime": "2026-02-18"}, "datetime is invalid"),
        ({"datetime": "0001-01-01T00:00"}, "datetime is invalid"),
        ({"datetime": "9999-12-31T23:59"}, "datetime is invalid"),
        ({"granularity": "date"}, "datetime is invalid"),
    ],
)
def test_an_annotation_that_cannot_be_is_refused(api: Api, site: Site, fields: dict[str, Any], error: str) -> None:
    placed(site, "Pacific/Auckland")

    answer = api.post(URL, body(**fields))

    assert (answer.status_code, answer.json()) == (400, {"error": error})
    assert not Annotation.objects.exists()


@pytest.mark.parametrize(
    ("role", "kind", "status"),
    [
        (GuestRole.VIEWER, "personal", 200),
        (GuestRole.VIEWER, "site", 403),
        (GuestRole.EDITOR, "personal", 200),
        (GuestRole.EDITOR, "site", 200),
    ],
)
def test_viewers_keep_annotations_to_themselves_and_editors_share_them(
    bob: User, site: Site, role: GuestRole, kind: str, status: int
) -> None:
    cast.guest(bob, site, role)

    answer = Api.of(bob).post(URL, body(type=kind))

    assert answer.status_code == status
    if status == 403:
        assert answer.json() == {"error": "Not enough permissions to create annotation"}


@pytest.mark.parametrize(("method", "verb"), [("PATCH", "edit"), ("DELETE", "delete")])
def test_a_viewer_changes_no_annotation_of_the_site(bob: User, site: Site, method: str, verb: str) -> None:
    cast.guest(bob, site, GuestRole.VIEWER)
    kept = note(site, bob)

    answer = Api.of(bob).request(method, f"{URL}/{kept.pk}", {"note": "mine"})

    assert (answer.status_code, answer.json()) == (403, {"error": f"Not enough permissions to {verb} segment"})
    assert Annotation.objects.get().note == "any"


def test_the_last_editor_becomes_the_owner_and_what_is_not_given_stays(bob: User, site: Site) -> None:
    cast.guest(bob, site, GuestRole.EDITOR)
    dangling = note(site, None)

    changed = Api.of(bob).request("PATCH", f"{URL}/{dangling.pk}", {"note": "after"}).json()

    assert (changed["note"], changed["owner_id"], changed["datetime"]) == ("after", bob.pk, "2026-02-18T12:30:00")


def test_an_annotation_is_moved_as_exactly_as_it_was_or_as_said(api: Api, ann: User, site: Site) -> None:
    url = f"{URL}/{note(site, ann).pk}"

    later = api.request("PATCH", url, {"datetime": "2026-02-19T08:00"}).json()
    day = api.request("PATCH", url, {"granularity": "date", "datetime": "2026-02-20"}).json()
    unplaced = api.request("PATCH", url, {"granularity": "minute"})

    assert (later["datetime"], later["granularity"]) == ("2026-02-19T08:00:00", "minute")
    assert (day["datetime"], day["granularity"]) == ("2026-02-20", "date")
    assert (unplaced.status_code, unplaced.json()) == (400, {"error": "datetime can't be blank"})
    assert api.request("PATCH", url, {}).json() == {"error": "Invalid request"}


def test_personal_annotations_of_others_are_not_there(api: Api, bob: User, site: Site) -> None:
    hidden = note(site, bob, type="personal")

    for method in ("PATCH", "DELETE"):
        answer = api.request(method, f"{URL}/{hidden.pk}", {"note": "mine"})
        assert (answer.status_code, answer.json()) == (404, {"error": f'Annotation not found with ID "{hidden.pk}"'})
    assert api.get(URL).json() == []


def test_deleting_an_annotation_answers_it(api: Api, ann: User, site: Site) -> None:
    gone = note(site, ann)

    assert api.delete(f"{URL}/{gone.pk}").json()["id"] == gone.pk
    assert not Annotation.objects.exists()


def test_a_guest_who_leaves_takes_personal_annotations_along(bob: User, site: Site) -> None:
    cast.guest(bob, site, GuestRole.EDITOR)
    note(site, bob, type="personal")
    shared = note(site, bob)

    remove_guest(site, bob.email)

    assert list(Annotation.objects.values("pk", "owner")) == [{"pk": shared.pk, "owner": None}]


def test_a_stranger_on_a_public_dashboard_sees_shared_annotations_without_their_owners(ann: User, site: Site) -> None:
    site.is_public = True
    site.save()
    note(site, ann, note="shared")
    note(site, ann, note="own", type="personal")

    listed = cast.browser().get(URL).json()

    assert [(row["note"], row["owner_id"], row["owner_name"]) for row in listed] == [("shared", None, None)]
    for kind in ("site", "personal"):
        answer = cast.browser().post(URL, body(type=kind), content_type="application/json")
        assert answer.status_code == 403


@pytest.mark.usefixtures("site")
def test_a_session_writes_annotations_only_with_the_token_of_our_own_pages(ann: User) -> None:
    client = cast.browser(ann, enforce_csrf_checks=True)

    without = client.post(URL, body(), content_type="application/json")
    client.get("/settings/preferences")
    token = client.cookies["passerby_csrf"].value
    with_token = client.post(URL, body(), content_type="application/json", headers={"X-CSRFToken": token})

    assert (without.status_code, with_token.status_code) == (403, 200)


@pytest.mark.usefixtures("site")
def test_a_full_site_takes_no_more_annotations(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("passerby.sites.annotations.ANNOTATIONS_MAX", 0)

    answer = api.post(URL, body())

    assert (answer.status_code, answer.json()) == (403, {"error": "Annotations limit reached"})
