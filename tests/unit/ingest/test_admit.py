import ipaddress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.ingest.admit import admit, steps
from passerby.ingest.bots import bot_of
from passerby.ingest.drops import DropReason
from passerby.ingest.geo import Place
from passerby.ingest.steps.candidate import Candidate
from passerby.ingest.steps.limits import RateLimit
from passerby.ingest.steps.noise import DatacentreRule
from passerby.ingest.steps.shields import matches
from tests.support.ingest import ADDRESS, hit, sender, site

NOON = 1_790_000_000
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def candidate(country: str = "DE", url: str = "https://example.com/", now: int = NOON, **more: Any) -> Candidate:
    rules = {name: more.pop(name) for name in list(more) if name not in ("ip", "user_agent", "ip_type", "is_prefetch")}
    who = sender(**more)
    return Candidate(
        hit=hit(url=url),
        sender=who,
        site=site(**rules),
        locate=lambda _: Place(country_code=country),
        bot=bot_of(who.user_agent),
        now=now,
    )


def judged(case: Candidate, *, datacentre: bool = False) -> DropReason | None:
    return admit(case, steps(case.site, RateLimit(), DatacentreRule(lambda _: datacentre)))


def test_an_ordinary_hit_counts() -> None:
    assert judged(candidate()) is None


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ({"accepts_traffic_until": NOON - 1}, DropReason.PAYMENT_REQUIRED),
        ({"rate_limit_events": 0}, DropReason.BLOCK),
        ({"user_agent": "Plausible Verification Agent - if abused, contact us"}, DropReason.VERIFICATION_AGENT),
        ({"ip_type": "dc_ip"}, DropReason.DC_IP),
        ({"ip_type": "threat_ip"}, DropReason.THREAT_IP),
        ({"allowed_hostnames": ("other.com", "*.example.com")}, DropReason.SITE_HOSTNAME_ALLOWLIST),
        ({"blocked_pages": ("/x", "/*")}, DropReason.SITE_PAGE_BLOCKLIST),
        ({"blocked_ips": frozenset({ipaddress.ip_address(ADDRESS)})}, DropReason.SITE_IP_BLOCKLIST),
        ({"blocked_networks": (ipaddress.ip_network("198.51.100.0/24"),)}, DropReason.SITE_IP_BLOCKLIST),
        ({"blocked_countries": frozenset({"DE"})}, DropReason.SITE_COUNTRY_BLOCKLIST),
        ({"blocked_countries": frozenset({"ZZ"}), "country": ""}, DropReason.SITE_COUNTRY_BLOCKLIST),
        ({"user_agent": GOOGLEBOT}, DropReason.BOT),
        ({"is_prefetch": True}, DropReason.PREFETCH),
    ],
)
def test_a_rule_drops_what_it_names(case: dict[str, Any], reason: DropReason) -> None:
    assert judged(candidate(**case)) is reason


@pytest.mark.parametrize(
    "case",
    [
        {"accepts_traffic_until": NOON},
        {"allowed_hostnames": ("example.com",)},
        {"blocked_pages": ("/other/*",)},
        {"blocked_ips": frozenset({ipaddress.ip_address("198.51.100.8")})},
        {"blocked_ips": frozenset({ipaddress.ip_address("198.51.100.8")}), "ip": ""},
        {"blocked_countries": frozenset({"ZZ", "FR"})},
        {"ip_type": "anything else"},
    ],
)
def test_a_rule_leaves_alone_what_it_does_not_name(case: dict[str, Any]) -> None:
    assert judged(candidate(**case)) is None


def test_the_operators_ranges_of_data_centres_count_too() -> None:
    assert judged(candidate(), datacentre=True) is DropReason.DC_IP


def test_the_first_reason_is_the_one_that_is_told() -> None:
    assert judged(candidate(rate_limit_events=0, user_agent=GOOGLEBOT, blocked_pages=("*",))) is DropReason.BLOCK


def test_a_window_counts_up_to_its_limit() -> None:
    limit = RateLimit()
    case = candidate(rate_limit_events=2, rate_limit_seconds=60)

    outcomes = [limit.drop_above_limit(case) for _ in range(3)]

    assert outcomes == [None, None, DropReason.THROTTLE]
    later = candidate(rate_limit_events=2, rate_limit_seconds=60, now=NOON + 60)
    assert limit.drop_above_limit(later) is None


def test_one_sites_limit_is_not_anothers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("passerby.ingest.steps.limits.SITES_COUNTED_MAX", 1)
    limit = RateLimit()

    assert limit.drop_above_limit(candidate(rate_limit_events=1)) is None
    assert limit.drop_above_limit(candidate(rate_limit_events=1, id=2)) is None


def test_a_candidate_never_shows_its_sender() -> None:
    assert repr(candidate()) == "Candidate(site=1)"


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("/a", "/a", True),
        ("/a", "/ab", False),
        ("/a*", "/a/b/c", True),
        ("/a**", "/a/b/c", True),
        ("*/c", "/a/b/c", True),
        ("/a/*/c", "/a/b/c", True),
        ("/a/*/c", "/a/c", False),
        ("/A*", "/a", False),
        ("a*b*b", "ab", False),
        ("*", "", True),
        ("", "", True),
        ("", "a", False),
        ("/a.c", "/abc", False),
        ("*.example.com", "www.example.com", True),
        ("/a|/b", "/a", False),
    ],
)
def test_a_star_stands_for_anything(pattern: str, text: str, expected: bool) -> None:  # noqa: FBT001 - A case of the table.
    assert matches(pattern, text) is expected


@given(parts=st.lists(st.text("ab/", max_size=3), min_size=2, max_size=5), fill=st.text("abc/", max_size=4))
def test_whatever_stands_between_the_texts_of_a_pattern_matches(parts: list[str], fill: str) -> None:
    assert matches("*".join(parts), fill.join(parts))


def test_many_stars_on_a_long_path_cost_nothing() -> None:
    assert not matches("*a" * 100 + "*b", "a" * 2000)
