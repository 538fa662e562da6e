import ipaddress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.ingest.client import Proxies, Sender, client_address, is_in, parse_address, peer_of, sender_of

TRUSTED = (ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("fd00::/8"))


def scope(peer: str | None = "10.0.0.1", **headers: str) -> dict[str, Any]:
    pairs = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    return {"client": (peer, 1) if peer is not None else None, "headers": pairs}


def sender_in(scope: dict[str, Any], proxies: Proxies) -> Sender:
    return sender_of(dict(scope["headers"]), peer_of(scope), proxies)


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ({}, "10.0.0.1"),
        ({"x_plausible_ip": "1.1.1.1", "x_forwarded_for": "2.2.2.2"}, "1.1.1.1"),
        ({"cf_connecting_ip": "1.1.1.1", "x_forwarded_for": "2.2.2.2"}, "1.1.1.1"),
        ({"b_forwarded_for": "1.1.1.1, 2.2.2.2"}, "1.1.1.1"),
        ({"x_forwarded_for": " 1.1.1.1 , 2.2.2.2"}, "1.1.1.1"),
        ({"x_forwarded_for": "1.1.1.1:4711"}, "1.1.1.1"),
        ({"x_forwarded_for": "[2001:db8::1]:4711"}, "2001:db8::1"),
        ({"x_forwarded_for": "2001:db8::1"}, "2001:db8::1"),
        ({"x_forwarded_for": "unknown", "forwarded": "for=1.1.1.1"}, "1.1.1.1"),
        ({"x_forwarded_for": ""}, "10.0.0.1"),
        ({"forwarded": 'by=0.0.0.0;for="[2001:db8::1]:80",for=0.0.0.0;proto=https'}, "2001:db8::1"),
        ({"forwarded": "by=0.0.0.0;for=1.1.1.1;host=x"}, "1.1.1.1"),
        ({"forwarded": "proto=https"}, "10.0.0.1"),
    ],
)
def test_a_trusted_proxy_says_who_is_asking(headers: dict[str, str], address: str) -> None:
    assert client_address(scope(**headers), TRUSTED) == address


def test_a_stranger_cannot_invent_a_visitor() -> None:
    forged = scope("203.0.113.9", x_plausible_ip="1.1.1.1", x_plausible_ip_type="dc_ip")

    sender = sender_in(forged, Proxies(TRUSTED))

    assert (sender.ip, sender.ip_type) == ("203.0.113.9", "")


def test_without_trusted_proxies_only_the_socket_counts() -> None:
    assert client_address(scope("127.0.0.1", x_forwarded_for="1.1.1.1"), ()) == "127.0.0.1"
    assert client_address(scope(None, x_forwarded_for="1.1.1.1"), ()) == ""


def test_a_proxy_is_recognised_again() -> None:
    proxies = Proxies(TRUSTED)

    assert [proxies.include("10.1.2.3"), proxies.include("10.1.2.3"), proxies.include("11.0.0.1")] == [
        True,
        True,
        False,
    ]


def test_an_edge_may_say_what_kind_of_address_it_is() -> None:
    assert sender_in(scope(x_plausible_ip_type="threat_ip"), Proxies(TRUSTED)).ip_type == "threat_ip"


@pytest.mark.parametrize(
    "headers",
    [{"sec_purpose": "prefetch;prerender"}, {"purpose": "Prefetch"}, {"x_moz": "prefetch"}, {"x_purpose": "preview"}],
)
def test_a_page_loaded_ahead_says_so(headers: dict[str, str]) -> None:
    assert sender_in(scope(**headers), Proxies(())).is_prefetch


def test_an_ordinary_request_is_no_prefetch() -> None:
    assert not sender_in(scope(user_agent="x", sec_purpose=""), Proxies(())).is_prefetch


def test_a_user_agent_is_cut_and_survives_strange_bytes() -> None:
    sender = sender_in({"client": None, "headers": [(b"user-agent", b"\xff" * 5000)]}, Proxies(()))

    assert len(sender.user_agent) == 2048


def test_a_sender_never_shows_itself_in_a_traceback() -> None:
    sender = sender_in(scope("203.0.113.9", user_agent="Secret/1.0"), Proxies(()))

    assert "203.0.113.9" not in repr(sender)
    assert "Secret" not in repr(sender)


def test_a_mapped_address_is_its_ipv4_address() -> None:
    assert parse_address("::ffff:10.0.0.1") == ipaddress.ip_address("10.0.0.1")
    assert is_in("::ffff:10.0.0.1", TRUSTED)
    assert not is_in("nonsense", TRUSTED)


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_no_header_raises(forwarded: bytes, listed: bytes) -> None:
    headers = [(b"forwarded", forwarded), (b"x-forwarded-for", listed), (b"user-agent", forwarded)]

    assert isinstance(client_address({"client": ("10.0.0.1", 1), "headers": headers}, TRUSTED), str)
