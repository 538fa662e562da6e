"""Shields: an owner's rules about hits that are not counted."""

import ipaddress
import re

from django.db import IntegrityError, transaction

from passerby.accounts.models import User
from passerby.errors import Refusal
from passerby.sites.changes import lock_site, site_change
from passerby.sites.models import Shield, ShieldKind, Site

SHIELDS_MAX = 30  # Of each kind.
PATTERN_CHARACTERS_MAX = 250
COUNTRY = re.compile(r"[A-Z][A-Z0-9]")  # Alpha-2, ZZ for unknown, A1 for anonymisers.


class ShieldRefused(Refusal):
    """A rule that cannot be."""

    code = "shield_refused"


def add_shield(site: Site, kind: object, value: object, *, user: User | None, description: str = "") -> Shield:
    """Add a rule; one that exists already is answered unchanged.

    Raises: ShieldRefused for an unknown kind, a value that is none of that kind, or a full list.
    """
    chosen = _kind(kind)
    cleaned = parse_shield_value(chosen, value)
    with site_change():
        lock_site(site)
        existing = site.shields.filter(kind=chosen, value=cleaned).first()
        if existing is not None:
            return existing
        if site.shields.filter(kind=chosen).count() >= SHIELDS_MAX:
            raise ShieldRefused(f"maximum reached: {SHIELDS_MAX} {chosen} rules", field="value")
        try:
            with transaction.atomic():
                return Shield.objects.create(
                    site=site,
                    kind=chosen,
                    value=cleaned,
                    description=description.strip()[:PATTERN_CHARACTERS_MAX],
                    added_by=user.display_name if user else "",
                )
        except IntegrityError as problem:
            raise ShieldRefused("rule already exists", field="value") from problem


def remove_shield(site: Site, shield_id: int) -> bool:
    """Remove a rule; False when the site has none by this id."""
    with site_change():
        deleted, _ = site.shields.filter(pk=shield_id).delete()
        return bool(deleted)


def remove_shield_of(site: Site, kind: object, value: object) -> bool:
    """Remove the rule of this kind and value, in whatever form it is written; False when the site has none such.

    Raises: ShieldRefused for an unknown kind, or a value that is none of that kind.
    """
    chosen = _kind(kind)
    cleaned = parse_shield_value(chosen, value)
    with site_change():
        deleted, _ = site.shields.filter(kind=chosen, value=cleaned).delete()
        return bool(deleted)


def parse_shield_value(kind: ShieldKind, value: object) -> str:
    """The value in the form ingest compares: an address or network, a country code, a pattern.

    Raises: ShieldRefused.
    """
    if not isinstance(value, str) or not value.strip():
        raise ShieldRefused("can't be blank", field="value")
    text = value.strip()
    match kind:
        case ShieldKind.IP:
            return _address(text)
        case ShieldKind.COUNTRY:
            if not COUNTRY.fullmatch(text.upper()):
                raise ShieldRefused("is not a country code of two letters", field="value")
            return text.upper()
        case ShieldKind.PAGE:
            return _pattern(text if text.startswith("/") else f"/{text}")
        case ShieldKind.HOSTNAME:
            return _pattern(text.lower())


def _kind(kind: object) -> ShieldKind:
    try:
        return ShieldKind(str(kind))
    except ValueError as problem:
        known = ", ".join(ShieldKind)
        raise ShieldRefused(f"is invalid. The kinds are {known}.", field="kind") from problem


def _address(text: str) -> str:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError as problem:
        raise ShieldRefused("is not an IP address or a network", field="value") from problem
    return str(network.network_address) if network.num_addresses == 1 else str(network)


def _pattern(text: str) -> str:
    if len(text) > PATTERN_CHARACTERS_MAX:
        raise ShieldRefused(f"should be at most {PATTERN_CHARACTERS_MAX} character(s)", field="value")
    return text
