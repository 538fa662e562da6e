"""Guests: people from outside the team who are asked to look at one site."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from passerby.accounts.models import User
from passerby.errors import Refusal
from passerby.sites.annotations import forget_notes_of
from passerby.sites.changes import lock_site, site_change
from passerby.sites.models import GuestInvitation, GuestMembership, Site
from passerby.sites.segments import forget_member
from passerby.teams.models import Membership
from passerby.teams.roles import GuestRole

INVITATION_HOURS = 48
GUESTS_MAX = 1000  # As many as one page of the list shows.


class GuestRefused(Refusal):
    """Somebody who cannot be asked."""

    code = "guest_refused"


class AlreadyMember(GuestRefused):
    """Somebody who sees the site anyway."""

    status = 409
    code = "already_member"


@dataclass(frozen=True, slots=True)
class Guest:
    """A guest or an invited one, as both lists show them."""

    email: str
    role: str
    status: str  # accepted or invited
    since: datetime
    id: int


def guests_of(site: Site, *, now: datetime) -> list[Guest]:
    """Everybody who is a guest or has been asked and may still answer, newest first."""
    accepted = [
        Guest(row.user.email, row.role, "accepted", row.inserted_at, row.pk)
        for row in site.guests.select_related("user")
    ]
    invited = [
        Guest(row.email, row.role, "invited", row.inserted_at, row.pk)
        for row in site.invitations.filter(inserted_at__gt=_oldest(now))
    ]
    return sorted(accepted + invited, key=lambda guest: (guest.since, guest.id), reverse=True)


def invite_guest(site: Site, *, email: str, role: GuestRole, inviter: User | None, now: datetime) -> Guest:
    """Ask somebody; an existing guest or an invitation that is not over is answered unchanged.

    Raises: GuestRefused for an address that is none, or a full site; AlreadyMember.
    """
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as problem:
        raise GuestRefused("email: is not an e-mail address", field="email") from problem
    with site_change():
        lock_site(site)
        site.invitations.filter(inserted_at__lte=_oldest(now)).delete()
        present = guests_of(site, now=now)
        known = next((guest for guest in present if guest.email == address), None)
        if known is not None:
            return known
        if len(present) >= GUESTS_MAX:
            raise GuestRefused(f"A site has at most {GUESTS_MAX} guests", field="email")
        if Membership.objects.filter(team_id=site.team_id, user__email=address).exists():
            raise AlreadyMember(
                f"Cannot send invite because {address} is already a member of {site.domain}", field="email"
            )
        row = GuestInvitation.objects.create(site=site, email=address, role=role, inviter=inviter)
        return Guest(row.email, row.role, "invited", row.inserted_at, row.pk)


def remove_guest(site: Site, email: str) -> None:
    """Take back an invitation or a guest's access; members of the team are not touched."""
    address = email.strip().lower()
    with site_change():
        lock_site(site)
        site.invitations.filter(email=address).delete()
        for row in site.guests.filter(user__email=address):
            forget_member(site, row.user)
            forget_notes_of(site, row.user)
            row.delete()


def invitations_for(user: User, *, now: datetime) -> list[GuestInvitation]:
    """What somebody has been asked and may still answer."""
    rows = GuestInvitation.objects.filter(email=user.email, inserted_at__gt=_oldest(now))
    return list(rows.select_related("site", "inviter").order_by("-id"))


def answer_invitation(user: User, invitation_id: str, *, accept: bool, now: datetime) -> Site | None:
    """Accept or reject an invitation; None when it is unknown, over, or meant for somebody else."""
    with site_change():
        invitation = next((row for row in invitations_for(user, now=now) if row.invitation_id == invitation_id), None)
        if invitation is None:
            return None
        if accept:
            GuestMembership.objects.get_or_create(site=invitation.site, user=user, defaults={"role": invitation.role})
        invitation.delete()
        return invitation.site


def _oldest(now: datetime) -> datetime:
    return now - timedelta(hours=INVITATION_HOURS)
