"""What is measured and for whom: sites, their rules, goals, funnels, segments, and the ways in that an owner opens.

Data and small properties only; `services` writes, `selectors` reads. A site's id is never used twice: stored events
carry it.
"""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from django.db import models

from passerby.accounts.models import User
from passerby.teams.models import Team
from passerby.teams.roles import GuestRole

DOMAIN_CHARACTERS_MAX = 253
SLUG_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz-"
SLUG_CHARACTERS = 21  # 126 random bits.
DOMAIN_CHANGE_HOURS = 72
ROW_ID_DIGITS_MAX = 18


def row_id(text: str) -> int:
    """The id that somebody names; 0, which no row has, when it is none. A column holds 63 bits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= ROW_ID_DIGITS_MAX else 0


def new_slug() -> str:
    """An unguessable name that fits into an address."""
    return "".join(secrets.choice(SLUG_ALPHABET) for _ in range(SLUG_CHARACTERS))


def new_script_id() -> str:
    """The name of a site's own script, `/js/<id>.js`."""
    return f"pa-{new_slug()}"


class ShieldKind(StrEnum):
    """What a shield looks at. Hostnames are an allow-list, the others a block-list."""

    IP = "ip"
    COUNTRY = "country"
    PAGE = "page"
    HOSTNAME = "hostname"


class SegmentType(StrEnum):
    """Who sees a segment: its owner, or everybody on the site."""

    PERSONAL = "personal"
    SITE = "site"


class AnnotationType(StrEnum):
    """Who sees an annotation: its owner, or everybody on the site."""

    PERSONAL = "personal"
    SITE = "site"


class Granularity(StrEnum):
    """How exactly an annotation is placed: on a date, whatever the zone, or on a minute."""

    DATE = "date"
    MINUTE = "minute"


class FunnelType(StrEnum):
    """What may lie between two steps of a funnel: anything (in the last step's case even their absence), or nothing."""

    SEQUENTIAL = "sequential"
    FLEXIBLE = "flexible"
    STRICT = "strict"


class Site(models.Model):
    """One website, known by its domain (and for 72 hours after a change by the previous one too)."""

    domain = models.CharField(max_length=DOMAIN_CHARACTERS_MAX, unique=True)
    domain_changed_from = models.CharField(max_length=DOMAIN_CHARACTERS_MAX, null=True, db_index=True)
    domain_changed_at = models.DateTimeField(null=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="sites")
    timezone = models.CharField(max_length=64, default="Etc/UTC")
    is_public = models.BooleanField(default=False)
    allowed_props = models.JSONField(null=True)  # A list of property names; None shows every property.
    conversions_enabled = models.BooleanField(default=True)
    props_enabled = models.BooleanField(default=True)
    funnels_enabled = models.BooleanField(default=True)
    counts_visitors = models.BooleanField(default=True)
    has_uncounted = models.BooleanField(default=False)  # Events without a visitor may be stored.
    rate_limit_events = models.PositiveIntegerField(null=True)  # Per `rate_limit_seconds`; 0 blocks, None is unlimited.
    rate_limit_seconds = models.PositiveIntegerField(default=60)
    legacy_time_on_page_cutoff = models.DateField(null=True)
    stats_start_at = models.DateTimeField()  # Made, or last reset.
    inserted_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.domain

    def previous_domain_until(self) -> datetime | None:
        """When the previous domain stops being a name of this site; None when it has none."""
        if self.domain_changed_from is None or self.domain_changed_at is None:
            return None
        return self.domain_changed_at + timedelta(hours=DOMAIN_CHANGE_HOURS)


class TrackerConfiguration(models.Model):
    """What a site's own script measures by itself."""

    site = models.OneToOneField(Site, on_delete=models.CASCADE, related_name="tracker")
    script_id = models.CharField(max_length=32, unique=True, default=new_script_id)
    installation_type = models.CharField(max_length=16, null=True)
    track_404_pages = models.BooleanField(default=False)
    hash_based_routing = models.BooleanField(default=False)
    outbound_links = models.BooleanField(default=False)
    file_downloads = models.BooleanField(default=False)
    revenue_tracking = models.BooleanField(default=False)
    tagged_events = models.BooleanField(default=False)
    form_submissions = models.BooleanField(default=False)
    pageview_props = models.BooleanField(default=False)


class Shield(models.Model):
    """An owner's rule about hits that are not counted."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="shields")
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in ShieldKind])
    value = models.CharField(max_length=250)
    description = models.CharField(max_length=250, blank=True)
    added_by = models.CharField(max_length=255, blank=True)
    inserted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "kind", "value"], name="one_shield_a_value")]


class Goal(models.Model):
    """Something an owner hopes visitors do; exactly one of `event_name` and `page_path` is set."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="goals")
    display_name = models.CharField(max_length=255)
    event_name = models.CharField(max_length=120, null=True)
    page_path = models.CharField(max_length=2000, null=True)
    scroll_threshold = models.SmallIntegerField(default=-1)  # Percent; -1 means it is not a scroll goal.
    currency = models.CharField(max_length=3, null=True)
    custom_props = models.JSONField(default=dict)
    inserted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "display_name"], name="one_goal_a_name")]

    @property
    def kind(self) -> str:
        """`event`, `scroll` or `page`."""
        if self.event_name is not None:
            return "event"
        return "scroll" if self.scroll_threshold > -1 else "page"


class Funnel(models.Model):
    """Two to eight goals in order."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="funnels")
    name = models.CharField(max_length=255)
    type = models.CharField(
        max_length=16, choices=[(kind.value, kind.value) for kind in FunnelType], default=FunnelType.SEQUENTIAL
    )
    inserted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "name"], name="one_funnel_a_name")]


class FunnelStep(models.Model):
    """One goal's place in a funnel, counted from 1."""

    funnel = models.ForeignKey(Funnel, on_delete=models.CASCADE, related_name="steps")
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="funnel_steps")
    step_order = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["step_order"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["funnel", "goal"], name="a_goal_once_in_a_funnel")]


class Segment(models.Model):
    """A saved, named set of filters. A site segment outlives its owner; a personal one does not."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="segments")
    name = models.CharField(max_length=255)
    type = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in SegmentType])
    segment_data = models.JSONField()
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="segments")
    inserted_at = models.DateTimeField()
    updated_at = models.DateTimeField()


class Annotation(models.Model):
    """A note on a moment of the graph. A site annotation outlives its owner; a personal one does not."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="annotations")
    note = models.CharField(max_length=255)
    type = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in AnnotationType])
    moment = models.DateTimeField()  # Of a date: its midnight in UTC, so that a site's change of zone moves no date.
    granularity = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in Granularity])
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="annotations")
    inserted_at = models.DateTimeField()
    updated_at = models.DateTimeField()


class SharedLink(models.Model):
    """Whoever has the address may look at the dashboard, after a password and through a segment where there is one."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="shared_links")
    name = models.CharField(max_length=255)
    slug = models.CharField(max_length=32, unique=True, default=new_slug)
    password_hash = models.CharField(max_length=255, null=True)
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, null=True, related_name="shared_links")
    inserted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "name"], name="one_shared_link_a_name")]


class GuestMembership(models.Model):
    """Somebody from outside the team who may look at, or also set up, one site."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="guests")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="guest_memberships")
    role = models.CharField(max_length=8, choices=[(role.value, role.value) for role in GuestRole])
    inserted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "user"], name="one_guest_role_on_a_site")]


class GuestInvitation(models.Model):
    """A guest who has been asked and has not answered."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="invitations")
    invitation_id = models.CharField(max_length=32, unique=True, default=new_slug)
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=8, choices=[(role.value, role.value) for role in GuestRole])
    inviter = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    inserted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "email"], name="one_invitation_an_address")]


class ImportRecord(models.Model):
    """One import of aggregates from another product. Its rows are in the store, under this id."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="imports")
    source = models.CharField(max_length=32, default="csv")
    label = models.CharField(max_length=255, blank=True)
    status = models.CharField(max_length=16, default="pending")  # pending, importing, completed, failed
    start_on = models.DateField(null=True)
    end_on = models.DateField(null=True)
    has_scroll_depth = models.BooleanField(default=False)
    pageviews = models.PositiveBigIntegerField(default=0)
    error = models.TextField(blank=True)
    inserted_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)


class PluginToken(models.Model):
    """What a CMS plugin shows: it reaches one site. Only the SHA-256 and the last four characters are kept."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="plugin_tokens")
    description = models.CharField(max_length=255)
    token_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=4)
    last_used_at = models.DateTimeField(null=True)
    inserted_at = models.DateTimeField(auto_now_add=True)


class DirectoryRevision(models.Model):
    """A counter that grows with every change ingest must hear of; other processes watch it (docs/decisions/0043)."""

    value = models.PositiveBigIntegerField(default=0)
