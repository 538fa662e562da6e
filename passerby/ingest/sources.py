"""Where a visitor came from: the cleaned referrer, the source's name, the campaign tags, the channel.

Owns the naming of sources. Never keeps a query string, a fragment or the value of a click id.
Source: spec of Plausible's source attribution; differences are in docs/compatibility.md.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from passerby.data import read_table
from passerby.ingest.channels import channel_of

REFERRER_CHARS_MAX = 2000
SOURCE_TAGS = ("utm_source", "source", "ref")  # The first that is present names the source.
CLICK_IDS = ("gclid", "gbraid", "wbraid", "msclkid", "fbclid", "twclid")  # Names only: a value is a person's.
REFERRER_SCHEMES = frozenset({"http", "https", "android-app"})
NEVER_IN_A_HOST = re.compile(r'[\s<>"\\^`{|}%]')
# A click id says the visit was paid for although no utm_medium does.
MEDIUM_OF_CLICK_ID = {("Google", "gclid"): "(gclid)", ("Bing", "msclkid"): "(msclkid)"}


@dataclass(frozen=True, slots=True)
class Acquisition:
    """Everything about how a visit began. Each field is empty when it is not known."""

    referrer: str
    referrer_source: str
    utm_medium: str
    utm_source: str
    utm_campaign: str
    utm_content: str
    utm_term: str
    click_id_param: str
    channel: str


def acquisition_of(query: Mapping[str, str], referrer: str, hostname: str) -> Acquisition:
    """How this hit's visitor arrived, from the page's query, its referrer and its own hostname.

    `query` is decoded; an empty value counts as absent. Never raises: a referrer that makes no sense is no referrer.
    """
    link = _parse_referral(referrer, hostname) if referrer else None
    utm_source = next((query[tag] for tag in SOURCE_TAGS if query.get(tag)), "")
    source = canonical_source(utm_source or (_source_of_link(link) if link else ""))
    click_id = next((name for name in CLICK_IDS if name in query), "")
    utm_medium = query.get("utm_medium", "") or MEDIUM_OF_CLICK_ID.get((source, click_id), "")
    utm_campaign = query.get("utm_campaign", "")
    return Acquisition(
        referrer=_clean_referrer(link) if link else "",
        referrer_source=source,
        utm_medium=utm_medium,
        utm_source=utm_source,
        utm_campaign=utm_campaign,
        utm_content=query.get("utm_content", ""),
        utm_term=query.get("utm_term", ""),
        click_id_param=click_id,
        channel=channel_of(
            referrer_source=source,
            utm_medium=utm_medium,
            utm_campaign=utm_campaign,
            utm_source=utm_source,
            click_id_param=click_id,
        ),
    )


def canonical_source(name: str) -> str:
    """The name a source is shown by, whatever its case or alias; an unknown name stays as it is."""
    return _NAMES.get(name.lower(), name) if name else ""


def source_domain(name: str) -> str:
    """A host that stands for the source, for its icon; for an unknown source its own text up to the first `/`."""
    return _DOMAINS.get(name, name.partition("/")[0])


def _parse_referral(referrer: str, hostname: str) -> SplitResult | None:
    """The referrer as a link from another host, or None. Sub-domains do count as other hosts."""
    try:
        # Without its query: Python remembers what it split, and a query may hold what nobody should remember.
        link = urlsplit(referrer[:REFERRER_CHARS_MAX].partition("?")[0].partition("#")[0])
        host = link.hostname
    except ValueError:  # Brackets that hold no IPv6 address.
        return None
    if not host or host == "localhost" or link.scheme not in REFERRER_SCHEMES or NEVER_IN_A_HOST.search(host):
        return None
    own_host = hostname.lower().removeprefix("www.")
    return None if host.removeprefix("www.") == own_host else link


def _host_of(link: SplitResult) -> str:
    """The host as reports show it: without `www.`, an app's with its scheme."""
    host = (link.hostname or "").removeprefix("www.")
    return f"android-app://{host}" if link.scheme == "android-app" else host


def _clean_referrer(link: SplitResult) -> str:
    return _host_of(link) + link.path.rstrip("/")


def _source_of_link(link: SplitResult) -> str:
    """The known source that the link's host (or a parent domain) and path belong to, or the host itself."""
    shown = _host_of(link)
    if link.scheme == "android-app":  # An app's id is no domain name: it has no parents.
        return _HOSTS.get(shown) or _HOSTS.get(link.hostname or "", shown)
    host = shown
    while host:
        if name := _source_of_path(host, link.path) or _HOSTS.get(host, ""):
            return name
        host = host.partition(".")[2]
    return shown


def _source_of_path(host: str, path: str) -> str:
    """The source of the longest known path prefix on this host, or an empty string."""
    return next((name for prefix, name in _PATHS.get(host, ()) if path.startswith(prefix)), "")


def _read_sources() -> tuple[dict[str, str], dict[str, str], dict[str, list[tuple[str, str]]], dict[str, str]]:
    """Four look-ups: any name → shown name, host → source, host → path prefixes, source → its first host."""
    names: dict[str, str] = {}
    hosts: dict[str, str] = {}
    paths: dict[str, list[tuple[str, str]]] = {}
    domains: dict[str, str] = {}
    for place, name in read_table("source_hosts.tsv"):
        host, slash, path = place.partition("/")
        if slash:
            paths.setdefault(host, []).append((f"/{path}", name))
        else:
            hosts[host] = name
            domains.setdefault(name, host)
        names[name.lower()] = name
    for alias, name in read_table("source_aliases.tsv"):
        names[alias] = names[name.lower()] = name
        if "." in alias:
            hosts[alias] = name
            domains.setdefault(name, alias)
    for prefixes in paths.values():
        prefixes.sort(key=lambda entry: -len(entry[0]))
    return names, hosts, paths, domains


_NAMES, _HOSTS, _PATHS, _DOMAINS = _read_sources()
