"""The fixed cast of the account tests: Ann owns the site, Bob is a viewer, Cy is a stranger. One builder per noun."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.test import Client

from passerby.accounts.models import User
from passerby.accounts.services import create_user
from passerby.sites.models import Goal, GuestMembership, Site
from passerby.sites.services import create_site
from passerby.teams.keys import Scope, create_key
from passerby.teams.models import Membership
from passerby.teams.roles import GuestRole, TeamRole
from tests.support.worlds import goal_fields

if TYPE_CHECKING:  # What the test client answers has a name in the stubs only.
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

NOON = datetime(2026, 2, 18, 12, 30, tzinfo=UTC)
PASSWORD = "correct-horse-battery-9"
DOMAIN = "ann.example.com"


def person(name: str, **overrides: Any) -> User:
    """An account called `<name>@example.com`."""
    email = f"{name.lower()}@example.com"
    return create_user(**{"email": email, "password": PASSWORD, "name": name, **overrides})


def site(owner: User, domain: str = DOMAIN, **overrides: Any) -> Site:
    """A site among somebody's personal ones."""
    return create_site(owner, **{"domain": domain, "now": NOON, **overrides})


def keep_goals(of: Site, goals: Mapping[str, dict[str, Any]]) -> None:
    """Give a site goals by their names, described as `tests.support.worlds` describes them."""
    for name, goal in goals.items():
        Goal.objects.create(site=of, **goal_fields(name, goal))


def member(user: User, of: Site, role: TeamRole) -> None:
    """Make `user` a member of the site's team."""
    Membership.objects.create(team=of.team, user=user, role=role)


def guest(user: User, of: Site, role: GuestRole) -> None:
    """Make `user` a guest of one site."""
    GuestMembership.objects.create(site=of, user=user, role=role)


@dataclass
class Api:
    """A program with a key."""

    key: str

    @classmethod
    def of(cls, user: User, *scopes: str, **options: Any) -> "Api":
        """A program that holds a fresh key of `user`; every scope when none is named."""
        return cls(create_key(user, scopes=scopes or list(Scope), **{"hourly_limit": 1_000_000, **options})[1])

    def request(self, method: str, path: str, body: Any = None, **query: str) -> "Answer":
        """Send a request; a body is sent as JSON."""
        return Client().generic(
            method,
            path,
            "" if body is None else json.dumps(body),
            content_type="application/json",
            query_params=query,
            headers={"Authorization": f"Bearer {self.key}"},
        )

    def get(self, path: str, **query: str) -> "Answer":
        """GET."""
        return self.request("GET", path, **query)

    def post(self, path: str, body: Any) -> "Answer":
        """POST."""
        return self.request("POST", path, body)

    def put(self, path: str, body: Any) -> "Answer":
        """PUT."""
        return self.request("PUT", path, body)

    def delete(self, path: str, body: Any = None) -> "Answer":
        """DELETE."""
        return self.request("DELETE", path, body)


def browser(user: User | None = None, **options: Any) -> Client:
    """A browser, logged in as `user` or nobody."""
    client = Client(**options)
    if user is not None:
        client.force_login(user)
    return client
