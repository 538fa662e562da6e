"""Fetches a page that somebody names, without lending them our place in the network.

Only http and https on their usual ports, only addresses of the public Internet, checked after the name was resolved and
again for each redirect, and connected to by number, so that a name cannot change its mind in between. Bytes, seconds
and redirects are bounded.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from passerby.errors import PasserbyError

PAGE_BYTES_MAX = 2_000_000
FETCH_SECONDS_MAX = 10.0  # From the first connection to the last byte, over all redirects.
REDIRECTS_MAX = 5
PORTS = {"http": 80, "https": 443}
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
AGENT = "Passerby-Installation-Check/1.0"


class PageUnreachable(PasserbyError):
    """The page could not be fetched; the text says why, for the person who asked."""


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """What answered, after redirects."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]  # Names in lower case; a name may come several times.
    body: bytes

    def header(self, name: str) -> tuple[str, ...]:
        """Every value of a header."""
        return tuple(value for key, value in self.headers if key == name)

    @property
    def text(self) -> str:
        """The body as text; what is not UTF-8 is replaced, because only ASCII marks are looked for."""
        return self.body.decode("utf-8", "replace")


def fetch_page(url: str, *, allow_private: bool = False) -> FetchedPage:
    """Get a page, following redirects. `allow_private` is for tests, whose servers are on this machine.

    Raises: PageUnreachable.
    """
    deadline = time.monotonic() + FETCH_SECONDS_MAX
    for _ in range(REDIRECTS_MAX + 1):
        parts = _checked(url, allow_private=allow_private)
        page = _fetch_one(parts, _public_address(parts, allow_private=allow_private), deadline)
        location = page.header("location")
        if page.status not in REDIRECT_STATUSES or not location:
            return page
        url = urljoin(page.url, location[0])
    raise PageUnreachable(f"The page redirects more than {REDIRECTS_MAX} times.")


def _checked(url: str, *, allow_private: bool) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as problem:
        raise PageUnreachable("This is not an address of a page.") from problem
    if parts.scheme not in PORTS or not parts.hostname:
        raise PageUnreachable("The address must begin with http:// or https://.")
    if parts.username is not None or parts.password is not None:
        raise PageUnreachable("The address must not hold a user name or password.")
    if port not in (None, PORTS[parts.scheme]) and not allow_private:
        raise PageUnreachable("Only the usual ports, 80 and 443, are visited.")
    return parts


def _public_address(parts: SplitResult, *, allow_private: bool) -> str:
    """The number to connect to. One private address among several is enough to refuse: somebody is playing."""
    assert parts.hostname is not None  # noqa: S101 - `_checked` saw to it.
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or PORTS[parts.scheme], type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:
        raise PageUnreachable(f"The name {parts.hostname} leads nowhere (DNS).") from problem
    numbers = [str(address[0]) for *_, address in found]
    if not numbers or not (allow_private or all(is_public(number) for number in numbers)):
        raise PageUnreachable(f"{parts.hostname} is not on the public Internet, so this server does not visit it.")
    return numbers[0]


def is_public(number: str) -> bool:
    """Whether an address belongs to the public Internet, also when it is written inside an IPv6 one."""
    address = ipaddress.ip_address(number.split("%", maxsplit=1)[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            address = inner
    return address.is_global and not address.is_multicast and not address.is_reserved


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def _fetch_one(parts: SplitResult, number: str, deadline: float) -> FetchedPage:
    connection = _PinnedConnection(parts, number, seconds=_seconds_left(deadline))
    # A server that sends a byte now and then resets every read timeout; this one it cannot reset.
    watch = threading.Timer(_seconds_left(deadline), connection.abort)
    watch.daemon = True
    watch.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", target, headers={"User-Agent": AGENT, "Accept": "text/html,*/*;q=0.5"})
        answer = connection.getresponse()
        headers = tuple((name.lower(), value) for name, value in answer.getheaders())
        return FetchedPage(parts.geturl(), answer.status, headers, answer.read(PAGE_BYTES_MAX))
    except ssl.SSLError as problem:
        raise PageUnreachable(f"The certificate of {parts.hostname} is not accepted: {problem.reason}.") from problem
    except (OSError, http.client.HTTPException, ValueError) as problem:
        reason = "took too long" if time.monotonic() >= deadline else "did not answer as a web server does"
        raise PageUnreachable(f"{parts.hostname} {reason}.") from problem
    finally:
        watch.cancel()
        connection.close()


def _seconds_left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise PageUnreachable("The page took too long.")
    return left


class _PinnedConnection(http.client.HTTPConnection):
    """Connects to a number that was checked, and speaks to the name that was asked for."""

    def __init__(self, parts: SplitResult, number: str, *, seconds: float) -> None:
        super().__init__(parts.hostname or "", parts.port or PORTS[parts.scheme], timeout=seconds)
        self._number = number
        self._is_tls = parts.scheme == "https"
        if self._is_tls and self.port == PORTS["https"]:
            self.default_port = PORTS["https"]  # Keeps the port out of the Host header.

    def connect(self) -> None:
        """Open the connection; certificates are checked against the name."""
        self.sock = socket.create_connection((self._number, self.port), self.timeout)
        if self._is_tls:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)

    def abort(self) -> None:
        """End whatever it is waiting for."""
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # It ended by itself.
