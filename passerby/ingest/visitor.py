"""Tell visitors apart without knowing who they are: one keyed hash, whose key dies every day."""

import socket
import struct
from hashlib import blake2b
from typing import NewType

VisitorId = NewType("VisitorId", int)

_LENGTHS = struct.Struct(">III")
NOBODY = VisitorId(0)  # The visitor of every event of a site in no-identifier mode: no hash was computed.


def visitor_id(secret: bytes | bytearray, *, domain: str, root_domain: str, ip: str, user_agent: str) -> VisitorId:
    """The visitor behind an address and a browser, on one site and one registrable domain.

    Returns 64 unsigned bits, never 0. Meaningful only while `secret` exists (a day, and half an hour); after that
    nobody, operator included, can recompute or link it.
    """
    site, root, address = domain.encode(), root_domain.encode(), packed(ip)
    # Lengths first, so that "ab"+"c" is not "a"+"bc".
    message = _LENGTHS.pack(len(site), len(root), len(address)) + site + root + address + user_agent.encode()
    return VisitorId(int.from_bytes(blake2b(message, key=secret, digest_size=8).digest(), "big") or 1)


def packed(ip: str) -> bytes:
    """An address as its bytes, so that two spellings of one address are one visitor."""
    try:
        return socket.inet_pton(socket.AF_INET6 if ":" in ip else socket.AF_INET, ip)
    except (OSError, ValueError):
        return ip.encode()
