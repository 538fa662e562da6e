"""Tell visitors apart without knowing who they are: one keyed hash, whose key dies every day."""

import socket
from hashlib import blake2b
from typing import NewType

VisitorId = NewType("VisitorId", int)

NOBODY = VisitorId(0)  # The visitor of every event of a site in no-identifier mode: no hash was computed.


def visitor_id(secret: bytes | bytearray, *, domain: str, root_domain: str, ip: str, user_agent: str) -> VisitorId:
    """The visitor behind an address and a browser, on one site and one registrable domain.

    Returns 64 unsigned bits, never 0. Meaningful only while `secret` exists (a day, and half an hour); after that
    nobody, operator included, can recompute or link it.
    """
    mac = blake2b(key=secret, digest_size=8)
    for part in (domain.encode(), root_domain.encode(), packed(ip), user_agent.encode()):
        mac.update(len(part).to_bytes(4, "big") + part)  # Length first, so "ab"+"c" != "a"+"bc".
    return VisitorId(int.from_bytes(mac.digest(), "big") or 1)


def packed(ip: str) -> bytes:
    """An address as its bytes, so that two spellings of one address are one visitor."""
    try:
        return socket.inet_pton(socket.AF_INET6 if ":" in ip else socket.AF_INET, ip)
    except (OSError, ValueError):
        return ip.encode()
