"""Reads from teams."""

from django.db.models import QuerySet

from passerby.accounts.models import User
from passerby.teams.models import Membership, Team
from passerby.teams.roles import TeamRole


def role_in_team(user: User, team_id: int) -> TeamRole | None:
    """What `user` is in a team, or None."""
    role = Membership.objects.filter(user=user, team_id=team_id).values_list("role", flat=True).first()
    return None if role is None else TeamRole(role)


def teams_of(user: User) -> QuerySet[Team]:
    """The teams somebody is a member of, newest first."""
    return Team.objects.filter(memberships__user=user).order_by("-id")
