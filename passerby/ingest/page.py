"""A page's address, read leniently: hostname, path, query and fragment. Nothing a client writes makes it raise
anything but `PageRefused`.

Source: events-api 5.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import parse_qsl, unquote

import msgspec
from publicsuffixlist import PublicSuffixList

URL_BYTES_MAX = 2000
PAGES_CACHED_MAX = 8192  # Addresses whose parse is kept, in memory only.
NO_HOST = "(none)"

# RFC 3986, appendix B: matches every text, so a strange address is judged and never fails.
_PARTS = re.compile(r"(?:([^:/?#]*):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*")
_HOST_PORT = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]*)(?::[0-9]*)?")
_NEVER_IN_A_URL = re.compile(r'[\x00-\x20\x7f<>"]')
_IPV4 = re.compile(r"[0-9.]+")
_suffixes = PublicSuffixList()


class PageRefused(ValueError):
    """The address cannot be one of a page; the text is what the client is told."""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Where a hit happened."""

    hostname: str  # Without a leading `www.`; `(none)` when the address has no host.
    root_domain: str  # The registrable domain, which sub-domains share; never stored.
    pathname: str
    fragment: str | None  # Decoded; counts only in hash mode.
    query: Mapping[str, str]


@lru_cache(PAGES_CACHED_MAX)
def page_of(url: str) -> Page:
    """Read a page's address.

    Raises: PageRefused with the words of the API.
    """
    if len(url) > URL_BYTES_MAX or len(url.encode()) > URL_BYTES_MAX or _NEVER_IN_A_URL.search(url):
        raise PageRefused("must be a valid url")
    scheme, authority, path, query, fragment = _split(url)
    if scheme == "data":
        raise PageRefused("scheme is not allowed")
    hostname = _hostname(authority)
    return Page(
        hostname=hostname,
        root_domain=root_domain_of(hostname),
        pathname=_decoded(path).rstrip() or "/",
        fragment=None if fragment is None else _decoded(fragment),
        query=dict(parse_qsl(query, keep_blank_values=True)) if query else {},
    )


def root_domain_of(hostname: str) -> str:
    """The registrable domain of a host, or the host itself where there is none."""
    if hostname == NO_HOST or ":" in hostname or _IPV4.fullmatch(hostname):
        return hostname
    return _suffixes.privatesuffix(hostname.lower()) or hostname


def _split(url: str) -> tuple[str, str, str, str, str | None]:
    match = _PARTS.fullmatch(url)
    assert match is not None  # noqa: S101 - The pattern matches every text.
    scheme, authority, path, query, fragment = match.groups()
    if scheme is not None and not _SCHEME.fullmatch(scheme):
        raise PageRefused("must be a valid url")
    return (scheme or "").lower(), authority or "", path, query or "", fragment


def _hostname(authority: str) -> str:
    match = _HOST_PORT.fullmatch(authority.rpartition("@")[2])
    if match is None:
        raise PageRefused("must be a valid url")
    return match[1].strip("[]").removeprefix("www.") or NO_HOST


def _decoded(text: str) -> str:
    return unquote(text, errors="replace") if "%" in text else text
