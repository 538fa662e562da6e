"""The only door from a request to a site: who is asking, what they are to the site, what that lets them do.

`CAN` is the permission matrix. Everything not in it is refused; a site somebody may not see looks like no site at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.core import signing
from django.http import HttpRequest

from passerby.accounts.models import User
from passerby.sites.models import GuestMembership, SharedLink, Site
from passerby.teams.models import ApiKey
from passerby.teams.roles import SiteRole
from passerby.teams.selectors import role_in_team

LINK_UNLOCK_SECONDS = 24 * 3600
LINK_SALT = "passerby.shared-link"


class Capability(StrEnum):
    """Something one can do with a site."""

    VIEW = "view"  # Dashboard, stats, exports of numbers.
    READ_RULES = "read_rules"  # Goals, properties, guests, the site's own record.
    SET_UP = "set_up"  # Goals, funnels, properties, shields, shared links, domain, time zone, imports.
    MANAGE_GUESTS = "manage_guests"
    ERASE = "erase"  # Reset the stats, delete the site.
    DELETE_BY_API = "delete_by_api"
    PERSONAL_SEGMENTS = "personal_segments"
    SITE_SEGMENTS = "site_segments"
    PERSONAL_ANNOTATIONS = "personal_annotations"
    SITE_ANNOTATIONS = "site_annotations"


_R = SiteRole
_MEMBERS = frozenset({_R.OWNER, _R.ADMIN, _R.EDITOR, _R.VIEWER, _R.BILLING, _R.SUPER_ADMIN})
_EDITORS = frozenset({_R.OWNER, _R.ADMIN, _R.EDITOR, _R.SUPER_ADMIN})

CAN: Mapping[Capability, frozenset[SiteRole]] = {
    Capability.VIEW: _MEMBERS | {_R.PUBLIC},
    Capability.READ_RULES: _MEMBERS - {_R.BILLING},
    Capability.SET_UP: _EDITORS,
    Capability.MANAGE_GUESTS: frozenset({_R.OWNER, _R.ADMIN}),
    Capability.ERASE: frozenset({_R.OWNER, _R.ADMIN, _R.SUPER_ADMIN}),
    Capability.DELETE_BY_API: frozenset({_R.OWNER}),
    Capability.PERSONAL_SEGMENTS: _MEMBERS,
    Capability.SITE_SEGMENTS: _EDITORS,
    Capability.PERSONAL_ANNOTATIONS: _MEMBERS,
    Capability.SITE_ANNOTATIONS: _EDITORS,
}


@dataclass(frozen=True, slots=True)
class SiteAccess:
    """A site somebody may see, and what they are to it."""

    site: Site
    role: SiteRole
    user: User | None = None  # None for a stranger on a public dashboard or with a shared link.
    shared_link: SharedLink | None = None

    def can(self, capability: Capability) -> bool:
        """Whether the role allows it."""
        return self.role in CAN[capability]


def access_of_user(user: User, site: Site) -> SiteAccess | None:
    """What an account holder is to a site; None for a stranger."""
    role = _role_of(user, site)
    return None if role is None else SiteAccess(site, role, user)


def access_of_key(key: ApiKey, site: Site) -> SiteAccess | None:
    """What a key's owner is to a site, within the key's team if it has one."""
    if key.team_id is not None and key.team_id != site.team_id:
        return None
    return access_of_user(key.user, site)


def access_of_request(request: HttpRequest, site: Site) -> SiteAccess | None:
    """What a browser may see of a site: by its session, by a shared link it has opened, or because all may look."""
    if isinstance(request.user, User):
        access = access_of_user(request.user, site)
        if access is not None:
            return access
    link = shared_link_of(request, site)
    if link is not None and is_unlocked(request, link):
        return SiteAccess(site, SiteRole.PUBLIC, shared_link=link)
    return access_of_anyone(site)


def access_of_anyone(site: Site) -> SiteAccess | None:
    """What everybody may see of a site; None unless its dashboard is public."""
    return SiteAccess(site, SiteRole.PUBLIC) if site.is_public else None


def shared_link_of(request: HttpRequest, site: Site) -> SharedLink | None:
    """The link of this site that a request names, locked or not."""
    slug = request.headers.get("X-Shared-Link-Auth") or request.GET.get("auth", "")
    if not slug:
        return None
    return SharedLink.objects.select_related("segment").filter(site=site, slug=slug).first()


def is_unlocked(request: HttpRequest, link: SharedLink) -> bool:
    """Whether a link has no password, or this browser has given it within the last day."""
    if link.password_hash is None:
        return True
    try:
        proof = signing.loads(request.COOKIES.get(unlock_cookie(link), ""), salt=LINK_SALT, max_age=LINK_UNLOCK_SECONDS)
    except signing.BadSignature:
        return False
    return bool(proof == _proof(link))


def unlock_cookie(link: SharedLink) -> str:
    """The cookie's name for a password-protected link."""
    return f"shared-link-{link.slug}"


def unlock_token(link: SharedLink) -> str:
    """The cookie's value: proves that this link's present password was given, and when."""
    return signing.dumps(_proof(link), salt=LINK_SALT)


def _proof(link: SharedLink) -> list[str]:
    return [link.slug, (link.password_hash or "")[-16:]]  # A new password ends the old proofs.


def _role_of(user: User, site: Site) -> SiteRole | None:
    role = role_in_team(user, site.team_id)
    if role is not None:
        return SiteRole(role.value)
    guest = GuestMembership.objects.filter(user=user, site=site).values_list("role", flat=True).first()
    if guest is not None:
        return SiteRole(guest)
    return SiteRole.SUPER_ADMIN if user.is_superuser else None
