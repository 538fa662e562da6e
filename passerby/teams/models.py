"""Who works together: teams, what their members may do, and the API keys members hold."""

import uuid
from typing import ClassVar

from django.db import models

from passerby.accounts.models import User
from passerby.teams.roles import TeamRole

PERSONAL_TEAM_NAME = "My personal sites"


class Team(models.Model):
    """Owns sites. A person's first site makes a personal team for it, named `PERSONAL_TEAM_NAME` until it is set up."""

    identifier = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=255, default=PERSONAL_TEAM_NAME)
    is_set_up = models.BooleanField(default=False)
    inserted_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One person's role in one team. Guests of single sites are no members; see `sites.GuestMembership`."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in TeamRole])
    inserted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["team", "user"], name="one_role_in_a_team")]


class ApiKey(models.Model):
    """What a program shows instead of a password. The key itself is shown once; its SHA-256 and first characters stay.

    A key works as its owner, limited to its scopes and, when it has a team, to that team's sites.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="api_keys")
    name = models.CharField(max_length=255, default="API key")
    key_hash = models.CharField(max_length=64, unique=True)
    key_prefix = models.CharField(max_length=6)
    scopes = models.JSONField(default=list)
    hourly_limit = models.PositiveIntegerField(null=True)  # None is the default of `teams.keys`.
    last_used_at = models.DateTimeField(null=True)
    inserted_at = models.DateTimeField(auto_now_add=True)
