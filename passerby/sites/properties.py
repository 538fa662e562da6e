"""Which custom properties a site shows. Stored events keep every property; this only decides what is listed."""

from collections.abc import Iterable

from passerby.errors import Refusal
from passerby.sites.changes import lock_site, site_change
from passerby.sites.models import Site

PROPERTIES_MAX = 300
PROPERTY_CHARACTERS_MAX = 300


class PropertyRefused(Refusal):
    """A property that cannot be listed."""

    code = "property_refused"


def allow_properties(site: Site, names: Iterable[str]) -> list[str]:
    """List properties beside those listed already; answers all of them, sorted.

    Raises: PropertyRefused for a bad name or too many.
    """
    wanted = [_name(name) for name in names]
    with site_change():
        lock_site(site)
        site.refresh_from_db(fields=["allowed_props"])
        allowed = sorted({*(site.allowed_props or []), *wanted})
        if len(allowed) > PROPERTIES_MAX:
            raise PropertyRefused("Can't add any more custom properties", field="property")
        site.allowed_props = allowed
        site.save(update_fields=["allowed_props"])
        return allowed


def disallow_properties(site: Site, names: Iterable[str]) -> None:
    """Take properties off the list; the stored data stays."""
    unwanted = {name.strip() for name in names}
    with site_change():
        lock_site(site)
        site.refresh_from_db(fields=["allowed_props"])
        if site.allowed_props is not None:
            site.allowed_props = [name for name in site.allowed_props if name not in unwanted]
            site.save(update_fields=["allowed_props"])


def _name(name: str) -> str:
    cleaned = name.strip()
    if not cleaned:
        raise PropertyRefused("Parameter `property` is invalid", field="property")
    if len(cleaned) > PROPERTY_CHARACTERS_MAX:
        raise PropertyRefused("Parameter `property` is too long", field="property")
    return cleaned
