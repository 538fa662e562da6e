"""Which site and which modal a dashboard's path names. A domain may contain slashes, so the modal's word decides."""

from dataclasses import dataclass

MODALS = frozenset(
    {
        "sources",
        "channels",
        "referrers",
        "utm_mediums",
        "utm_sources",
        "utm_campaigns",
        "utm_contents",
        "utm_terms",
        "pages",
        "entry-pages",
        "exit-pages",
        "countries",
        "regions",
        "cities",
        "browsers",
        "browser-versions",
        "operating-systems",
        "operating-system-versions",
        "screen-sizes",
        "conversions",
        "custom-prop-values",
        "filter",
    }
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a path: the site's domain, and what is left for the page's own router."""

    domain: str
    modal: str = ""


def readings(path: str) -> list[Reading]:
    """The ways to read `path`, most likely first: with a modal at its end, then as a domain and nothing else."""
    parts = path.rstrip("/").split("/")
    found = [Reading(path.rstrip("/"))]
    for at in range(1, len(parts)):
        if parts[at] in MODALS:
            found.insert(0, Reading("/".join(parts[:at]), "/".join(parts[at:])))
            break
    return found
