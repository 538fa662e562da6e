"""Addresses of data centres: off by default, the packaged ranges, or a list of the operator's own.

Off, because people come out of data centres too: company gateways, VPNs, relays. Whoever is plagued by robots that
look like browsers turns it on.
"""

import ipaddress
from bisect import bisect_right
from collections.abc import Callable, Iterable
from pathlib import Path

from passerby.data import read_operator_lines
from passerby.ingest.bots import is_datacentre
from passerby.settings import IPNetwork, SettingRefused

OFF, PACKAGED = "off", "packaged"


def open_datacentres(choice: str) -> Callable[[str], bool]:
    """The test that `PASSERBY_DATACENTRES` asks for: `off`, `packaged`, or the path of a file of networks.

    Raises: SettingRefused when the file cannot be read or a line of it is no network.
    """
    if choice == OFF:
        return _never
    return is_datacentre if choice == PACKAGED else Networks(_read_networks(Path(choice))).hold


class Networks:
    """A set of networks that answers in 3 µs however many there are."""

    def __init__(self, networks: Iterable[IPNetwork]) -> None:
        networks = list(networks)
        v4 = (network for network in networks if isinstance(network, ipaddress.IPv4Network))
        v6 = (network for network in networks if isinstance(network, ipaddress.IPv6Network))
        # Collapsed networks do not overlap, so the last one that starts before an address decides alone.
        self._ranges = {
            4: _ranges_of(ipaddress.collapse_addresses(v4)),
            6: _ranges_of(ipaddress.collapse_addresses(v6)),
        }

    def hold(self, ip: str) -> bool:
        """Whether the address is in one of the networks. False for what is no address."""
        try:
            address = ipaddress.ip_address(ip)
        except ValueError:
            return False
        address = getattr(address, "ipv4_mapped", None) or address
        starts, ends = self._ranges[address.version]
        number = int(address)
        index = bisect_right(starts, number) - 1
        return index >= 0 and number <= ends[index]


def _never(ip: str) -> bool:
    del ip
    return False


def _ranges_of(collapsed: Iterable[IPNetwork]) -> tuple[list[int], list[int]]:
    """First and last addresses, ascending."""
    networks = list(collapsed)
    firsts = [int(network.network_address) for network in networks]
    return firsts, [int(network.broadcast_address) for network in networks]


def _read_networks(path: Path) -> list[IPNetwork]:
    """A network a line; `#` begins a comment."""
    networks: list[IPNetwork] = []
    for number, line in read_operator_lines(path, setting="PASSERBY_DATACENTRES"):
        try:
            networks.append(ipaddress.ip_network(line, strict=False))
        except ValueError as problem:
            raise SettingRefused(
                f"PASSERBY_DATACENTRES: {path}, line {number}: {line!r} is not a network such as 192.0.2.0/24."
            ) from problem
    return networks
