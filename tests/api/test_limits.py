"""Whatever an owner can add has an end, and what is there already is still found."""

import pytest

from passerby.accounts.models import User
from passerby.sites.funnels import FunnelRefused, find_or_create_funnel
from passerby.sites.goals import parse_goal
from passerby.sites.guests import GuestRefused, invite_guest
from passerby.sites.models import Site
from passerby.sites.plugin_tokens import TokenRefused, create_token
from passerby.sites.sharing import LinkRefused, find_or_create_link
from passerby.teams.keys import KeyRefused, Scope, create_key
from passerby.teams.roles import GuestRole
from tests.support.cast import NOON

ONE = ("funnels.FUNNELS_MAX", "sharing.LINKS_MAX", "plugin_tokens.TOKENS_MAX", "guests.GUESTS_MAX")


@pytest.fixture(autouse=True)
def _one_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    for bound in ONE:
        monkeypatch.setattr(f"passerby.sites.{bound}", 1)
    monkeypatch.setattr("passerby.teams.keys.KEYS_MAX", 1)


def test_funnels_end_and_the_first_is_still_found(site: Site) -> None:
    steps = [parse_goal({"event_name": name}) for name in ("A", "B")]
    first = find_or_create_funnel(site, name="First", steps=steps)

    with pytest.raises(FunnelRefused, match="Maximum"):
        find_or_create_funnel(site, name="Second", steps=steps)
    assert find_or_create_funnel(site, name="First", steps=steps) == first


def test_shared_links_end_and_the_first_is_still_found(site: Site) -> None:
    first = find_or_create_link(site, name="First")

    with pytest.raises(LinkRefused, match="maximum"):
        find_or_create_link(site, name="Second")
    assert find_or_create_link(site, name="First") == first


def test_guests_end_and_the_first_is_still_found(ann: User, site: Site) -> None:
    def invite(email: str) -> str:
        return invite_guest(site, email=email, role=GuestRole.VIEWER, inviter=ann, now=NOON).email

    invite("first@example.com")

    with pytest.raises(GuestRefused, match="at most"):
        invite("second@example.com")
    assert invite("first@example.com") == "first@example.com"


def test_tokens_and_keys_end(ann: User, site: Site) -> None:
    create_token(site, "First")
    create_key(ann, scopes=[Scope.STATS_READ])

    with pytest.raises(TokenRefused, match="maximum"):
        create_token(site, "Second")
    with pytest.raises(KeyRefused, match="Revoke one first"):
        create_key(ann, scopes=[Scope.STATS_READ])
