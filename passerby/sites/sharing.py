"""Shared links: addresses that let whoever holds them look at a dashboard."""

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError
from django.utils import timezone

from passerby.accounts.throttle import is_over
from passerby.errors import Refusal
from passerby.sites.changes import lock_site, site_change
from passerby.sites.models import Segment, SharedLink, Site

LINKS_MAX = 500
NAME_CHARACTERS_MAX = 255
TRIES_A_MINUTE = 10
RESERVED_NAME = "WordPress - Shared Dashboard"  # Made and read by the WordPress plugin alone.


class LinkRefused(Refusal):
    """A shared link that cannot be."""

    code = "shared_link_refused"


def find_or_create_link(
    site: Site,
    *,
    name: str,
    password: str | None = None,
    segment: Segment | None = None,
    by_plugin: bool = False,
) -> SharedLink:
    """The site's link called `name`, made when there is none. An existing one keeps its password.

    Raises: LinkRefused.
    """
    cleaned = name.strip()
    if not cleaned:
        raise LinkRefused("can't be blank", field="name")
    if len(cleaned) > NAME_CHARACTERS_MAX:
        raise LinkRefused(f"should be at most {NAME_CHARACTERS_MAX} character(s)", field="name")
    if cleaned == RESERVED_NAME and not by_plugin:
        raise LinkRefused("This name is reserved. Please choose another one", field="name")
    with site_change():
        lock_site(site)
        found = site.shared_links.filter(name=cleaned).first()
        if found is not None:
            return found
        if site.shared_links.count() >= LINKS_MAX:
            raise LinkRefused(f"maximum reached: {LINKS_MAX} shared links", field="name")
        try:
            return SharedLink.objects.create(
                site=site,
                name=cleaned,
                password_hash=make_password(password) if password else None,
                segment=segment,
            )
        except IntegrityError as problem:
            raise LinkRefused("has already been taken", field="name") from problem


def delete_link(site: Site, link_id: int) -> bool:
    """Close a link; False when the site has none by this id."""
    deleted, _ = site.shared_links.filter(pk=link_id).delete()
    return bool(deleted)


def is_password(link: SharedLink, password: str) -> bool:
    """Whether `password` opens a protected link. After too many tries in a minute none does, until it is over."""
    if link.password_hash is None or is_over(
        f"share:{link.pk}", limit=TRIES_A_MINUTE, window_seconds=60, now=timezone.now()
    ):
        return False
    return check_password(password, link.password_hash)


def path_of(link: SharedLink) -> str:
    """The link's path and query."""
    return f"/share/{link.site.domain}?auth={link.slug}"
