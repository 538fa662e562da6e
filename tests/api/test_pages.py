from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from passerby.accounts.models import User
from passerby.sites.guests import invite_guest
from passerby.sites.models import GuestInvitation, GuestMembership, SharedLink, Site
from passerby.sites.services import reset_stats
from passerby.sites.sharing import find_or_create_link, is_password, path_of
from passerby.store.errors import StoreUnavailable
from passerby.teams.models import ApiKey
from passerby.teams.roles import GuestRole
from tests.support import cast
from tests.support.cast import DOMAIN, Api
from tests.support.statistics import NoStatistics

SETTINGS = f"/{DOMAIN}/settings"


def test_a_site_is_added_with_the_measurements_most_people_want(ann: User) -> None:
    answer = cast.browser(ann).post("/sites/new", {"domain": "New.example", "timezone": "Europe/Paris"})

    site = Site.objects.get()
    assert answer.headers["Location"] == "/new.example/installation"
    assert (site.domain, site.timezone) == ("new.example", "Europe/Paris")
    assert set(site.goals.values_list("event_name", flat=True)) == {
        "404",
        "File Download",
        "Form: Submission",
        "Outbound Link: Click",
    }


def test_a_domain_that_cannot_be_is_shown_again_with_the_reason(ann: User) -> None:
    answer = cast.browser(ann).post("/sites/new", {"domain": "exa<mple"})

    assert answer.status_code == 400
    assert b"only letters, numbers, slashes and period allowed" in answer.content
    assert b"exa&lt;mple" in answer.content
    assert not Site.objects.exists()


def test_the_snippet_names_the_sites_own_script_and_the_page_notices_the_first_page_view(
    ann: User, site: Site, statistics: NoStatistics
) -> None:
    client = cast.browser(ann)

    page = client.get(f"/{DOMAIN}/installation")
    before = client.get(f"/{DOMAIN}/installation/state").json()
    statistics.counted = 1
    after = client.get(f"/{DOMAIN}/installation/state").json()

    assert f"http://testserver/js/{site.tracker.script_id}.js" in page.content.decode()
    assert before == {"has_pageview": False, "recent": []}
    assert after["has_pageview"] is True


def test_the_list_is_searched_and_paged(ann: User) -> None:
    for number in range(26):
        cast.site(ann, f"s{number:02}.example")
    client = cast.browser(ann)

    first, second = client.get("/sites").content, client.get("/sites?page=2").content
    found = client.get("/sites?filter_text=S07").content

    assert (b"s23.example" in first, b"s24.example" in first, b"s24.example" in second) == (True, False, True)
    assert (b"s07.example" in found, b"s08.example" in found) == (True, False)


@pytest.mark.parametrize(
    "query", ["?page=0", "?page=-1", "?page=999999", "?page=99999999999", "?page=x", "?filter_text=%FF"]
)
@pytest.mark.usefixtures("site")
def test_the_list_survives_any_query(ann: User, query: str) -> None:
    assert cast.browser(ann).get(f"/sites{query}").status_code == 200


def test_an_invitation_is_accepted_by_its_address_only(ann: User, bob: User, cy: User, site: Site) -> None:
    invite_guest(site, email=bob.email, role=GuestRole.VIEWER, inviter=ann, now=timezone.now())
    path = f"/sites/invitations/{GuestInvitation.objects.get().invitation_id}/accept"

    refused = cast.browser(cy).post(path)
    shown = cast.browser(bob).get("/sites").content
    accepted = cast.browser(bob).post(path)

    assert refused.status_code == 404
    assert DOMAIN.encode() in shown
    assert accepted.headers["Location"] == f"/{DOMAIN}"
    assert GuestMembership.objects.get().user == bob
    assert not GuestInvitation.objects.exists()


def test_an_invitation_is_over_after_48_hours(ann: User, bob: User, site: Site) -> None:
    invite_guest(site, email=bob.email, role=GuestRole.VIEWER, inviter=ann, now=timezone.now())
    GuestInvitation.objects.update(inserted_at=timezone.now() - timedelta(hours=48, minutes=1))

    answer = cast.browser(bob).post(f"/sites/invitations/{GuestInvitation.objects.get().invitation_id}/accept")

    assert answer.status_code == 404
    assert not GuestMembership.objects.exists()


def test_a_rejected_invitation_is_gone(ann: User, bob: User, site: Site) -> None:
    invite_guest(site, email=bob.email, role=GuestRole.VIEWER, inviter=ann, now=timezone.now())

    cast.browser(bob).post(f"/sites/invitations/{GuestInvitation.objects.get().invitation_id}/reject")

    assert not GuestInvitation.objects.exists()
    assert not GuestMembership.objects.exists()


@pytest.mark.parametrize("section", ["general", "visibility", "goals", "shields", "integrations", "danger-zone"])
@pytest.mark.usefixtures("site")
def test_every_section_shows_itself_and_refuses_an_unknown_action(ann: User, section: str) -> None:
    client = cast.browser(ann)

    assert client.get(f"{SETTINGS}/{section}").status_code == 200
    assert client.post(f"{SETTINGS}/{section}", {"action": "explode"}).status_code == 404
    assert client.get(f"{SETTINGS}/nothing").status_code == 404


def test_the_forms_of_the_settings_do_what_they_say(ann: User, site: Site) -> None:
    client = cast.browser(ann)
    for section, form in (
        ("general", {"action": "change", "domain": DOMAIN, "timezone": "Asia/Tokyo"}),
        ("general", {"action": "tracker", "outbound_links": "on"}),
        ("visibility", {"action": "public", "public": "yes"}),
        ("visibility", {"action": "add-link", "name": "Client", "password": "secret"}),
        ("goals", {"action": "add", "event_name": "Signup"}),
        ("goals", {"action": "add", "page_path": "/long", "scroll_threshold": "50"}),
        ("shields", {"action": "add", "kind": "ip", "value": "203.0.113.7", "description": "office"}),
    ):
        answer = client.post(f"{SETTINGS}/{section}", form)
        assert (answer.status_code, answer.headers.get("Location")) == (302, f"{SETTINGS}/{section}"), form

    site = Site.objects.get()
    link, shield = site.shared_links.get(), site.shields.get()
    assert (site.timezone, site.is_public, site.tracker.outbound_links) == ("Asia/Tokyo", True, True)
    assert (is_password(link, "secret"), is_password(link, "wrong")) == (True, False)
    assert (shield.value, shield.description, shield.added_by) == ("203.0.113.7", "office", "Ann")
    assert site.goals.count() == 3


def test_a_site_is_counted_without_identifiers_and_with_them_again(ann: User, site: Site) -> None:
    client, page = cast.browser(ann), f"{SETTINGS}/general"
    box = b'name="no_identifiers" aria-describedby="no-identifiers-help"'
    assert box + b">" in client.get(page).content

    client.post(page, {"action": "visitors", "no_identifiers": "on"})
    site.refresh_from_db()
    assert (site.counts_visitors, site.has_uncounted) == (False, True)
    assert box + b" checked>" in client.get(page).content

    client.post(page, {"action": "visitors"})
    site.refresh_from_db()
    assert (site.counts_visitors, site.has_uncounted) == (True, True)  # The events of meanwhile have no visitor.
    reset_stats(site, now=timezone.now())
    assert not site.has_uncounted


@pytest.mark.parametrize("role", [GuestRole.VIEWER, None])
def test_only_who_may_set_a_site_up_decides_about_identifiers(
    ann: User, bob: User, site: Site, role: GuestRole | None
) -> None:
    if role is not None:
        GuestMembership.objects.create(site=site, user=bob, role=role)

    answer = cast.browser(bob).post(f"{SETTINGS}/general", {"action": "visitors", "no_identifiers": "on"})

    site.refresh_from_db()
    assert (answer.status_code, site.counts_visitors) == (404, True)
    assert cast.browser(ann).get(f"{SETTINGS}/general").status_code == 200


def test_a_page_without_its_statistics_says_so(
    ann: User, site: Site, statistics: NoStatistics, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: int) -> None:
        raise StoreUnavailable("away")

    monkeypatch.setattr(statistics, "first_event_at", away, raising=False)
    client = cast.browser(ann, raise_request_exception=False)

    answer = client.get(f"/{site.domain}")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert b"Events are still taken" in answer.content
    assert client.get(f"{SETTINGS}/general").status_code == 200


def test_a_form_leaves_the_options_alone_that_it_does_not_show(ann: User, api: Api, site: Site) -> None:
    api.put(f"/api/v1/sites/{DOMAIN}", {"tracker_script_configuration": {"hash_based_routing": True}})

    cast.browser(ann).post(f"{SETTINGS}/general", {"action": "tracker", "file_downloads": "on"})

    site.tracker.refresh_from_db()
    assert (site.tracker.hash_based_routing, site.tracker.file_downloads) == (True, True)


def test_what_was_added_is_deleted_again_and_never_on_another_site(ann: User, cy: User, site: Site) -> None:
    foreign = cast.site(cy, "cy.example.com")
    kept = foreign.goals.create(event_name="Kept", display_name="Kept")
    gone = site.goals.create(event_name="Gone", display_name="Gone")
    client = cast.browser(ann)

    for goal_id in (kept.pk, gone.pk, "x", "", "9" * 30):
        client.post(f"{SETTINGS}/goals", {"action": "delete", "id": goal_id})

    assert not site.goals.exists()
    assert foreign.goals.get() == kept


def test_a_new_domain_changes_the_address_of_the_settings(ann: User, site: Site) -> None:
    answer = cast.browser(ann).post(
        f"{SETTINGS}/general", {"action": "change", "domain": "new.example.com", "timezone": "Etc/UTC"}
    )

    site.refresh_from_db()
    assert answer.headers["Location"] == "/new.example.com/settings/general"
    assert (site.domain, site.domain_changed_from) == ("new.example.com", DOMAIN)


def test_a_refused_form_shows_why(ann: User, site: Site) -> None:
    answer = cast.browser(ann).post(f"{SETTINGS}/shields", {"action": "add", "kind": "ip", "value": "nonsense"})

    assert answer.status_code == 400
    assert b"is not an IP address or a network" in answer.content
    assert not site.shields.exists()


@pytest.mark.parametrize(("action", "sites_left"), [("reset", 1), ("delete", 0)])
def test_nothing_is_erased_before_the_domain_is_typed(
    ann: User, site: Site, statistics: NoStatistics, action: str, sites_left: int
) -> None:
    client = cast.browser(ann)

    refused = client.post(f"{SETTINGS}/danger-zone", {"action": action, "confirm": "other.example"})
    erased_too_early = list(statistics.erased)
    done = client.post(f"{SETTINGS}/danger-zone", {"action": action, "confirm": DOMAIN})

    assert (refused.status_code, erased_too_early, done.status_code) == (400, [], 302)
    assert statistics.erased == [site.pk]
    assert Site.objects.count() == sites_left


def test_a_plugin_token_and_an_api_key_are_shown_once(ann: User, site: Site) -> None:
    client = cast.browser(ann)

    token_page = client.post(f"{SETTINGS}/integrations", {"action": "add-token", "description": "WordPress"})
    key_page = client.post("/settings/api-keys", {"name": "Report", "scope": ["stats:read"]})

    assert b"plausible-plugin-selfhost-" in token_page.content
    assert b"plausible-plugin-selfhost-" not in client.get(f"{SETTINGS}/integrations").content
    secret = key_page.content.decode().partition('class="secret">')[2].partition("<")[0]
    assert Api(secret).get(f"/api/v1/sites/{site.domain}").status_code == 200
    assert secret not in client.get("/settings/api-keys").content.decode()


@pytest.mark.usefixtures("site")
def test_the_token_form_opens_filled_in_for_the_wordpress_plugin(ann: User) -> None:
    page = cast.browser(ann).get(f"{SETTINGS}/integrations?new_token=Wordpress").content

    assert b'value="Wordpress"' in page


def test_a_revoked_key_stops_working_and_only_its_owner_revokes_it(ann: User, cy: User, api: Api) -> None:
    path = f"/settings/api-keys/{ApiKey.objects.get().pk}/revoke"

    refused = cast.browser(cy).post(path).status_code
    still = api.get("/api/v1/sites").status_code
    cast.browser(ann).post(path)

    assert (refused, still, api.get("/api/v1/sites").status_code) == (404, 200, 401)


def test_a_password_of_a_shared_link_cannot_be_tried_for_ever(site: Site) -> None:
    link: SharedLink = find_or_create_link(site, name="Client", password="secret")

    tries = [is_password(link, "wrong") for _ in range(10)]

    assert tries == [False] * 10
    assert is_password(link, "secret") is False


def test_preferences_are_kept(ann: User) -> None:
    client = cast.browser(ann)

    client.post("/settings/preferences", {"name": "Ann B.", "theme": "dark"})

    ann.refresh_from_db()
    assert (ann.name, ann.theme) == ("Ann B.", "dark")
    assert b'data-theme="dark"' in client.get("/sites").content
    assert client.post("/settings/preferences", {"theme": "purple"}).status_code == 404


def test_a_site_below_a_path_has_pages_of_its_own(ann: User, statistics: NoStatistics) -> None:
    del statistics
    cast.site(ann, "example.com/shop")

    assert cast.browser(ann).get("/example.com/shop/settings/goals").status_code == 200
    assert Api.of(ann).get("/api/v1/sites/example.com%2Fshop").json()["domain"] == "example.com/shop"


def test_an_invitation_that_is_over_can_be_made_again(ann: User, bob: User, site: Site) -> None:
    before = timezone.now() - timedelta(hours=49)
    invite_guest(site, email=bob.email, role=GuestRole.VIEWER, inviter=ann, now=before)
    GuestInvitation.objects.update(inserted_at=before)

    again = invite_guest(site, email=bob.email, role=GuestRole.EDITOR, inviter=ann, now=timezone.now())

    assert (again.role, GuestInvitation.objects.count()) == ("editor", 1)


def test_the_unlocked_link_is_remembered_over_https_only(settings: Any, site: Site) -> None:
    settings.PASSERBY = replace(settings.PASSERBY, base_url="https://stats.example")
    link = find_or_create_link(site, name="Client", password="let me in")

    answer = cast.browser().post(path_of(link), {"password": "let me in"})

    assert answer.cookies[f"shared-link-{link.slug}"]["secure"]
