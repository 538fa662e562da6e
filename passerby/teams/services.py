"""Writes to teams."""

from django.db import transaction

from passerby.accounts.models import User
from passerby.teams.models import Membership, Team
from passerby.teams.roles import TeamRole


def personal_team(user: User) -> Team:
    """The team that `user` owns and nobody has set up yet, made when there is none."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # Two first sites at once still make one team.
        team = Team.objects.filter(is_set_up=False, memberships__user=user, memberships__role=TeamRole.OWNER).first()
        if team is None:
            team = Team.objects.create()
            Membership.objects.create(team=team, user=user, role=TeamRole.OWNER)
        return team
