"""Every address by every role. A new address must be entered here, with what each role gets, before this passes."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from passerby.accounts.models import User
from passerby.sites.access import CAN, Capability
from passerby.sites.models import Site
from passerby.teams.roles import GuestRole, SiteRole, TeamRole
from tests.support import cast
from tests.support.cast import DOMAIN, Api

# By session: name → (method, path, what a stranger, a viewer, an editor and the owner get; anonymous in front).
LOGIN = 302
PAGES: dict[str, tuple[str, str, int, int, int, int, int]] = {
    "home": ("GET", "/", LOGIN, 302, 302, 302, 302),
    "set_up": ("GET", "/setup", 404, 404, 404, 404, 404),
    "account_signup": ("GET", "/register", 404, 404, 404, 404, 404),
    "account_login": ("GET", "/login", 200, 302, 302, 302, 302),
    "login_link": ("POST", "/login/link/unknown", 410, 410, 410, 410, 410),
    "account_inactive": ("GET", "/login/inactive", 200, 200, 200, 200, 200),
    "account_reauthenticate": ("GET", "/login/confirm", LOGIN, 200, 200, 200, 200),
    "account_logout": ("GET", "/logout", 302, 200, 200, 200, 200),
    "account_reset_password": ("GET", "/password/request-reset", 200, 200, 200, 200, 200),
    "account_reset_password_done": ("GET", "/password/request-reset/done", 200, 200, 200, 200, 200),
    "account_reset_password_from_key": ("GET", "/password/reset/1-abc-def", 200, 200, 200, 200, 200),
    "account_reset_password_from_key_done": ("GET", "/password/reset/done", 200, 200, 200, 200, 200),
    "account_change_password": ("GET", "/settings/security/password", LOGIN, 200, 200, 200, 200),
    "sites": ("GET", "/sites", LOGIN, 200, 200, 200, 200),
    "new_site": ("GET", "/sites/new", LOGIN, 200, 200, 200, 200),
    "invitation": ("POST", "/sites/invitations/unknown/accept", LOGIN, 404, 404, 404, 404),
    "settings": ("GET", "/settings", LOGIN, 302, 302, 302, 302),
    "preferences": ("GET", "/settings/preferences", LOGIN, 200, 200, 200, 200),
    "api_keys": ("GET", "/settings/api-keys", LOGIN, 200, 200, 200, 200),
    "revoke_key": ("POST", "/settings/api-keys/1/revoke", LOGIN, 404, 404, 404, 404),
    "installation": ("GET", f"/{DOMAIN}/installation", LOGIN, 404, 200, 200, 200),
    "installation_state": ("GET", f"/{DOMAIN}/installation/state", LOGIN, 404, 200, 200, 200),
    "installation_check": ("POST", f"/{DOMAIN}/installation/check", LOGIN, 404, 404, 400, 400),
    "site_settings": ("GET", f"/{DOMAIN}/settings", LOGIN, 404, 404, 200, 200),
    "site_settings_section": ("GET", f"/{DOMAIN}/settings/danger-zone", LOGIN, 404, 404, 404, 200),
    "unknown_api": ("GET", "/api/nothing", 404, 404, 404, 404, 404),
}
# By session or key, both alike: what the dashboard asks for itself.
DASHBOARD: dict[str, tuple[str, str, int, int, int, int, int]] = {
    "api_segments": ("GET", f"/api/{DOMAIN}/segments", 404, 404, 200, 200, 200),
    "api_segment": ("GET", f"/api/{DOMAIN}/segments/0", 404, 404, 404, 404, 404),
    "api_segment_links": ("GET", f"/api/{DOMAIN}/segments/0/shared-links", 404, 404, 404, 404, 404),
    "api_annotations": ("GET", f"/api/{DOMAIN}/annotations", 404, 404, 200, 200, 200),
    "api_annotation": ("DELETE", f"/api/{DOMAIN}/annotations/0", 404, 404, 404, 404, 404),
    "api_disable_feature": ("PUT", f"/api/{DOMAIN}/disable-feature", 404, 404, 401, 400, 400),
    "export": ("GET", f"/{DOMAIN}/export?interval=never", 404, 404, 400, 400, 400),
    "api_switcher": ("GET", "/api/sites", 401, 200, 200, 200, 200),
}
# By key: what a stranger, a viewer, an editor and the owner get. Nobody gets anything without a key (401).
KEYED: dict[str, list[tuple[str, str, int | None, int | None, int | None, int | None]]] = {
    "api_sites": [("GET", "/api/v1/sites", 200, 200, 200, 200), ("POST", "/api/v1/sites", 400, 400, 400, 400)],
    "api_teams": [("GET", "/api/v1/sites/teams", 200, 200, 200, 200)],
    "api_goals": [
        ("GET", f"/api/v1/sites/goals?site_id={DOMAIN}", 404, 200, 200, 200),
        ("PUT", f"/api/v1/sites/goals?site_id={DOMAIN}", 404, 404, 400, 400),
    ],
    "api_goal": [("DELETE", f"/api/v1/sites/goals/x?site_id={DOMAIN}", 404, 404, 404, 404)],
    "api_properties": [
        ("GET", f"/api/v1/sites/custom-props?site_id={DOMAIN}", 404, 200, 200, 200),
        ("PUT", f"/api/v1/sites/custom-props?site_id={DOMAIN}", 404, 404, 400, 400),
    ],
    "api_property": [("DELETE", f"/api/v1/sites/custom-props/x?site_id={DOMAIN}", 404, 404, 200, 200)],
    "api_shields": [
        ("GET", f"/api/v1/sites/shields?site_id={DOMAIN}", 404, 404, 200, 200),
        ("PUT", f"/api/v1/sites/shields?site_id={DOMAIN}", 404, 404, 400, 400),
        ("DELETE", f"/api/v1/sites/shields?site_id={DOMAIN}", 404, 404, 400, 400),
    ],
    "api_shared_links": [("PUT", f"/api/v1/sites/shared-links?site_id={DOMAIN}", 404, 404, 400, 400)],
    "api_guests": [
        ("GET", f"/api/v1/sites/guests?site_id={DOMAIN}", 404, 200, 200, 200),
        ("PUT", f"/api/v1/sites/guests?site_id={DOMAIN}", 404, 404, 404, 400),
    ],
    "api_guest": [("DELETE", f"/api/v1/sites/guests/x@example.com?site_id={DOMAIN}", 404, 404, 404, 200)],
    "api_events": [
        ("GET", f"/api/v1/sites/{DOMAIN}/events?from=never", 404, 400, 400, 400),
        ("POST", f"/api/v1/sites/{DOMAIN}/events", 404, 404, None, None),
    ],
    "api_visits": [("GET", f"/api/v1/sites/{DOMAIN}/visits?to=never", 404, 400, 400, 400)],
    "api_export": [("GET", f"/api/v1/sites/{DOMAIN}/export", 404, None, None, None)],
    "api_drops": [("GET", f"/api/v1/sites/{DOMAIN}/drops", 404, 404, 200, 200)],
    "api_imports": [
        ("GET", f"/api/v1/sites/{DOMAIN}/imports", 404, 404, 200, 200),
        ("POST", f"/api/v1/sites/{DOMAIN}/imports", 404, 404, 400, 400),
    ],
    "api_import": [("DELETE", f"/api/v1/sites/{DOMAIN}/imports/0", 404, 404, 404, 404)],
    "api_site": [
        ("GET", f"/api/v1/sites/{DOMAIN}", 404, 200, 200, 200),
        ("PUT", f"/api/v1/sites/{DOMAIN}", 404, 404, 400, 400),
        ("DELETE", f"/api/v1/sites/{DOMAIN}", 404, 404, 404, 200),
    ],
    "plugin_shared_links": [("GET", f"/api/plugins/v1/shared_links?site_id={DOMAIN}", 404, 404, 200, 200)],
    "plugin_shared_link": [("GET", f"/api/plugins/v1/shared_links/1?site_id={DOMAIN}", 404, 404, 404, 404)],
    "plugin_goals": [("GET", f"/api/plugins/v1/goals?site_id={DOMAIN}", 404, 404, 200, 200)],
    "plugin_goal": [("DELETE", f"/api/plugins/v1/goals/1?site_id={DOMAIN}", 404, 404, 204, 204)],
    "plugin_funnels": [("GET", f"/api/plugins/v1/funnels?site_id={DOMAIN}", 404, 404, 200, 200)],
    "plugin_funnel": [("GET", f"/api/plugins/v1/funnels/1?site_id={DOMAIN}", 404, 404, 404, 404)],
    "plugin_custom_props": [("PUT", f"/api/plugins/v1/custom_props?site_id={DOMAIN}", 404, 404, 422, 422)],
    "plugin_tracker": [("GET", f"/api/plugins/v1/tracker_script_configuration?site_id={DOMAIN}", 404, 404, 200, 200)],
}
# Decided and tested elsewhere: the statistics themselves (tests/api/test_stats*), the dashboard's page, and the one
# address that answers everybody (test_plugins_api).
ELSEWHERE = {"plugin_capabilities", "dashboard", "shared_dashboard"}
STATISTICS_PREFIXES = ("api/stats/", "api/v1/stats/", "api/v2/", "api/docs/")

Case = tuple[str, str, tuple[int, ...]]


@pytest.fixture
def people(ann: User, bob: User, cy: User, site: Site) -> dict[str, User | None]:
    eve = cast.person("Eve")
    cast.guest(bob, site, GuestRole.VIEWER)
    cast.member(eve, site, TeamRole.EDITOR)
    return {"nobody": None, "stranger": cy, "viewer": bob, "editor": eve, "owner": ann}


def test_every_address_is_decided() -> None:
    undecided = {route for name, route in addresses() if name not in {*PAGES, *DASHBOARD, *KEYED, *ELSEWHERE}}

    assert {route for route in undecided if not route.lstrip("^").startswith(STATISTICS_PREFIXES)} == set()


@pytest.mark.parametrize("name", [*PAGES, *DASHBOARD])
@pytest.mark.usefixtures("statistics")
def test_a_session_opens_what_its_owner_may_see(name: str, people: dict[str, User | None]) -> None:
    method, path, *expected = {**PAGES, **DASHBOARD}[name]

    got = [cast.browser(person).generic(method, path).status_code for person in people.values()]

    assert dict(zip(people, got, strict=True)) == dict(zip(people, expected, strict=True))


@pytest.mark.parametrize(
    "case", [case for cases in KEYED.values() for case in cases], ids=lambda case: f"{case[0]} {case[1]}"
)
@pytest.mark.usefixtures("statistics")
def test_a_key_opens_what_its_owner_may_see(case: tuple[Any, ...], people: dict[str, User | None]) -> None:
    method, path, *expected = case
    holders = {name: person for name, person in people.items() if person is not None}

    for (name, person), status in zip(holders.items(), expected, strict=True):
        if status is not None:  # What the pipeline answers is its own tests' matter.
            assert Api.of(person).request(method, path).status_code == status, name
    assert Client().generic(method, path).status_code == 401


@pytest.mark.usefixtures("site")
def test_a_session_is_no_key(ann: User) -> None:
    for cases in KEYED.values():
        for method, path, *_ in cases:
            assert cast.browser(ann).generic(method, path).status_code == 401, path


def test_the_matrix_says_who_may_do_what() -> None:
    allowed = {capability: sorted(role.value for role in roles) for capability, roles in CAN.items()}

    assert set(CAN) == set(Capability)
    assert allowed[Capability.VIEW] == sorted(role.value for role in SiteRole)
    assert allowed[Capability.DELETE_BY_API] == ["owner"]
    assert allowed[Capability.MANAGE_GUESTS] == ["admin", "owner"]
    assert allowed[Capability.SET_UP] == ["admin", "editor", "owner", "super_admin"]
    assert "billing" not in allowed[Capability.READ_RULES]
    assert allowed[Capability.SITE_ANNOTATIONS] == allowed[Capability.SITE_SEGMENTS] == allowed[Capability.SET_UP]
    assert {"billing", "viewer"} < set(allowed[Capability.PERSONAL_ANNOTATIONS])
    assert "public" not in allowed[Capability.PERSONAL_ANNOTATIONS]


def addresses() -> Iterator[tuple[str, str]]:
    """Every address Django knows: its name and its route."""
    waiting: list[tuple[str, URLPattern | URLResolver]] = [("", pattern) for pattern in get_resolver().url_patterns]
    while waiting:
        prefix, pattern = waiting.pop()
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            waiting += [(route, child) for child in pattern.url_patterns]
        else:
            yield pattern.name or "", route
