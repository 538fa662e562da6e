"""Who sent this request: the visitor's address and User-Agent, for the length of one request.

A forwarding header counts only when the socket's own peer is a proxy the operator trusts
(`PASSERBY_TRUSTED_PROXIES`); otherwise anyone could invent visitors. Nothing here is ever stored, cached or logged.
"""

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from passerby.settings import IPNetwork

Scope = Mapping[str, Any]

PEERS_KNOWN_MAX = 1024
USER_AGENT_BYTES_MAX = 2048  # Longer ones are cut: no browser sends them, and each is parsed and hashed.

_PREFETCH_HEADERS = frozenset({b"sec-purpose", b"purpose", b"x-purpose", b"x-moz"})
_FORWARDED_FOR = re.compile(r'(?:^|[;,\s])for=("[^"]*"|[^;,]*)', re.IGNORECASE)
_PORT = re.compile(r"^(\[.*\]|[0-9.]+):[0-9]*$")


class Sender(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The other end of one request. It has no `__repr__` of its own values, so that no log can hold them."""

    ip: str  # "" when it is not known (a Unix socket).
    user_agent: str = ""
    content_type: str = ""
    ip_type: str = ""  # What a trusted edge says about the address; see events-api 3.2.
    is_prefetch: bool = False
    wants_debug: bool = False

    def __repr__(self) -> str:
        """Nothing about the visitor: a traceback may end in a log."""
        return "Sender(…)"


class Proxies:
    """The proxies an operator trusts. It remembers the peers it has judged trusted: those are proxies, not visitors."""

    def __init__(self, networks: Iterable[IPNetwork]) -> None:
        self._networks = tuple(networks)
        self._known: set[str] = set()

    def include(self, peer: str) -> bool:
        """Is the peer of a socket one of them?"""
        if peer in self._known:
            return True
        if not self._networks or not is_in(peer, self._networks):
            return False
        if len(self._known) < PEERS_KNOWN_MAX:
            self._known.add(peer)
        return True


def sender_of(headers: Mapping[bytes, bytes], peer: str, proxies: Proxies) -> Sender:
    """The sender of a request, its address as far as trusted proxies vouch for it. Header names are lower-case."""
    is_behind_proxy = proxies.include(peer)
    return Sender(
        ip=_forwarded_address(headers, peer) if is_behind_proxy else peer,
        user_agent=headers.get(b"user-agent", b"")[:USER_AGENT_BYTES_MAX].decode("utf-8", "replace"),
        content_type=headers.get(b"content-type", b"").decode("latin-1"),
        ip_type=headers.get(b"x-plausible-ip-type", b"").decode("latin-1") if is_behind_proxy else "",
        is_prefetch=not _PREFETCH_HEADERS.isdisjoint(headers) and _is_prefetch(headers),
        wants_debug=headers.get(b"x-debug-request") == b"true",
    )


def peer_of(scope: Scope) -> str:
    """The address at the other end of the socket; "" for a Unix socket."""
    client = scope.get("client")
    return client[0] if client else ""


def client_address(scope: Scope, trusted: Iterable[IPNetwork]) -> str:
    """The address a request came from; "" when it is not known."""
    return sender_of(dict(scope["headers"]), peer_of(scope), Proxies(trusted)).ip


def is_in(address: str, networks: Iterable[IPNetwork]) -> bool:
    """Is the address inside one of the networks? Text that is no address never is."""
    parsed = parse_address(address)
    return parsed is not None and any(parsed in network for network in networks)


def parse_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address as a value, IPv4-mapped IPv6 unwrapped; None when the text is not one."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _forwarded_address(found: Mapping[bytes, bytes], peer: str) -> str:
    """The first header that holds an address wins, in the order of events-api 3.1; the peer comes last."""
    for name, candidate_in in _FORWARDING:
        if name in found:
            candidate = candidate_in(found[name].decode("latin-1"))
            if is_address(candidate):
                return candidate
            if is_address(cleaned := _clean(candidate)):
                return cleaned
    return peer


def _whole(value: str) -> str:
    return value


def _first_item(value: str) -> str:
    return value.partition(",")[0].strip()


def _for_parameter(value: str) -> str:
    match = _FORWARDED_FOR.search(value)
    return match[1].strip('"') if match else ""


_FORWARDING: tuple[tuple[bytes, Callable[[str], str]], ...] = (
    (b"x-plausible-ip", _whole),
    (b"cf-connecting-ip", _whole),
    (b"b-forwarded-for", _first_item),
    (b"x-forwarded-for", _first_item),
    (b"forwarded", _for_parameter),
)


def is_address(text: str) -> bool:
    """Is the text an address and nothing else? By the C library: ten times faster than a value of its own."""
    try:
        socket.inet_pton(socket.AF_INET6 if ":" in text else socket.AF_INET, text)
    except (OSError, ValueError):
        return False
    return True


def _clean(text: str) -> str:
    text = text.strip()
    match = _PORT.match(text)
    return (match[1] if match else text).strip("[]")


def _is_prefetch(found: Mapping[bytes, bytes]) -> bool:
    return any(
        b"prefetch" in value or b"prerender" in value or b"preview" in value
        for value in (found[name].lower() for name in _PREFETCH_HEADERS if name in found)
    )
