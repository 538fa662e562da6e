"""The roles people have, in a team and on a site."""

from enum import StrEnum


class TeamRole(StrEnum):
    """A member's role; it holds on every site of the team."""

    OWNER = "owner"
    ADMIN = "admin"
    EDITOR = "editor"
    VIEWER = "viewer"
    BILLING = "billing"


class GuestRole(StrEnum):
    """A guest's role on one site, and nowhere else."""

    EDITOR = "editor"
    VIEWER = "viewer"


class SiteRole(StrEnum):
    """What somebody is to one site: their team role, their guest role, or one of the two outside any team."""

    OWNER = "owner"
    ADMIN = "admin"
    EDITOR = "editor"
    VIEWER = "viewer"
    BILLING = "billing"
    PUBLIC = "public"  # A stranger who may look: the dashboard is public, or they hold a shared link.
    SUPER_ADMIN = "super_admin"  # Runs the server.
