"""Strategies for requests that somebody sends to break the event endpoint, some of them valid all the same.

An attempt knows how many events it makes when nothing about it is dropped, so that a test can count what has to be
stored.
"""

import gzip
import json
import random
import re
import string
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

DOMAIN = "example.com"
SEVERAL = f"{DOMAIN}, nobody.example,www.{DOMAIN},"  # Three items and an empty one.
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"
BODY_BYTES_MAX = 1_000_000
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")  # Bytes that no header may hold.
GOOD_TO_BAD = 3  # So many fields are good for each that is not, or hardly anything would be accepted.

TEXTS = (
    *("", " ", "\t\n", "a\x00b", "\ud800", "\udfff\ud800", "\uffff", "\u202egnp.exe", "e\u0301", "İ", "ﷺ", "👩‍👩‍👧‍👦"),
    *("x" * 5000, "9" * 5000, "%00%ff%", "%", "'; DROP TABLE events; --", "../../etc/passwd", "\\N", "\\", '"', "`"),
    *("{{7*7}}", "NaN", "null", "=1+1", "1e999", "-0", "{}", '{"amount":"1","currency":"EUR"}', "\x1b[2J", "\r\n\r\n"),
)
NUMBERS = (
    0,
    -1,
    101,
    255,
    2**31,
    2**63,
    2**64,
    -(2**63),
    10**30,
    10**400,
    1e308,
    -1e-320,
    0.1,
    *map(float, ("nan", "inf")),
)
HOSTS = (
    *(DOMAIN, f"www.{DOMAIN}", DOMAIN.upper(), f"{DOMAIN}.", f"{DOMAIN}:99999", f"ann:secret@{DOMAIN}"),
    *("xn--", "xn--a", "xn--ls8h=.la", f"xn--{'a' * 70}.de", "ß.example", "a..b", ".", "-", "*", "\u202e.com"),
    *("пример.испытание", "例え。テスト", "[::1]", "[::g]", "[", "]:1", "256.256.256.256", "0x7f.1", "a" * 300),
    *("%00.com", "a b.com", "", "\ud800.com"),
)
SCHEMES = ("https://", "http://", "//", "", "data:", "javascript:", "file:///", "1:", "é://", "android-app://")
AGENTS: tuple[bytes, ...] = (
    *(b"", b"\xff\xfe", b"x" * 5000, b"(" * 2000, b"Googlebot/2.1", "Ünïcode/1.0 👻".encode(), b"curl/8.5.0"),
    b"Mozilla/5.0 (" + b"; " * 900 + b")",
)
ADDRESSES: tuple[bytes, ...] = (
    *(b"198.51.100.7", b"2001:db8::7", b"[2001:db8::7]:443", b"198.51.100.7:80", b"999.1.1.1", b"::ffff:1.2.3.4"),
    *(b"fe80::1%eth0", b"unknown", b"", b",,,", b"\xff", b"1" * 3000, b"198.51.100.7," * 200),
)
TYPES: tuple[bytes, ...] = (
    *(b"text/plain", b"application/json", b"application/ld+json", b"", b"application/octet-stream", b"*/*"),
    *(b"text/plain; charset=utf-16", b"application/json; charset=latin-1", b"a;b=c;;=", b"\xff/\xfe", b"x" * 2000),
    *(b"multipart/form-data", b"multipart/form-data; boundary=", b"application/x-www-form-urlencoded"),
)
ENCODINGS = ("utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1", "cp1252", "utf-7")

texts = st.one_of(st.sampled_from(TEXTS), st.text(st.characters(), max_size=40))
scalars = st.one_of(texts, st.sampled_from(NUMBERS), st.none(), st.booleans(), st.integers(), st.floats())
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=8
)


COPIES = 4
COPIED_BYTES_MAX = 70_000


class Attempt(NamedTuple):
    """One request."""

    body: bytes
    headers: dict[str, bytes]
    chunked: bool
    sites: int  # Events it makes, less those that the answer says were dropped; 1: it makes one or none.

    def with_copies(self) -> "Iterator[Attempt]":
        """Itself, and copies with a piece cut out and noise put in: cheaper to make than a new one, and as hostile."""
        yield self
        rng = random.Random(self.body)
        for _ in range(COPIES if self.sites == 1 and len(self.body) < COPIED_BYTES_MAX else 0):
            start = rng.randrange(len(self.body) + 1)
            noise, cut = rng.choice(
                ((bytes([rng.randrange(32, 127)]), 1), (rng.randbytes(rng.randrange(8)), rng.randrange(12)))
            )
            yield self._replace(body=self.body[:start] + noise + self.body[start + cut :])

    @property
    def may_be_cut_off(self) -> bool:
        """Is it no HTTP, or too large: may a server hang up before all of it is sent?"""
        return len(self.body) > BODY_BYTES_MAX or any(map(_CONTROL.search, self.headers.values()))


def _mostly(good: SearchStrategy[Any], bad: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return st.one_of(*[good] * GOOD_TO_BAD, bad)


@st.composite
def _urls(draw: st.DrawFn) -> str:
    scheme = draw(_mostly(st.just("https://"), st.sampled_from(SCHEMES)))
    host = draw(_mostly(st.just(DOMAIN), st.sampled_from(HOSTS)))
    path = draw(st.one_of(texts, texts.map(lambda text: quote(text, errors="replace"))))
    tail = draw(st.sampled_from(("", "?utm_source=%ff", "?a&=&gclid=1", "#", "?" + "a=b&" * 200, "#/x?y#z")))
    return f"{scheme}{host}/{path}{tail}"


@st.composite
def _fields(draw: st.DrawFn) -> tuple[dict[str, Any], int]:
    domain = draw(_mostly(st.sampled_from((DOMAIN, DOMAIN, SEVERAL)), values))
    fields: dict[str, Any] = {
        draw(st.sampled_from(("n", "name"))): draw(
            _mostly(st.sampled_from(("pageview", "Signup", "engagement", "404")), values)
        ),
        draw(st.sampled_from(("u", "url"))): draw(_mostly(_urls(), values)),
        draw(st.sampled_from(("d", "domain"))): domain,
    }
    optional = {
        **dict.fromkeys(("r", "referrer"), _urls() | values),
        **dict.fromkeys(("p", "m", "props", "meta"), st.dictionaries(texts, values, max_size=40) | values),
        **dict.fromkeys(
            ("$", "revenue"), st.fixed_dictionaries({"amount": scalars, "currency": st.just("EUR")}) | values
        ),
        **dict.fromkeys(("i", "interactive", "h", "hashMode", "v", "w"), scalars),
        **dict.fromkeys(("sd", "e"), st.integers(0, 100) | scalars),
        "id": st.lists(scalars, max_size=2),  # Never a usable one: a repeat of that would rightly not be stored.
    }
    for name in draw(st.lists(st.sampled_from(sorted(optional)), max_size=5, unique=True)):
        fields[name] = draw(optional[name])
    return fields, 3 if domain == SEVERAL else 1


@st.composite
def _json_bodies(draw: st.DrawFn) -> tuple[bytes, int]:
    fields, sites = draw(_fields())
    text = json.dumps(fields, ensure_ascii=draw(st.booleans()))
    encoding = draw(st.sampled_from(ENCODINGS))
    body = text.encode(encoding, "surrogatepass" if encoding.startswith("utf-") and encoding != "utf-7" else "replace")
    return body, sites


@st.composite
def _broken_bodies(draw: st.DrawFn) -> tuple[bytes, int]:
    """A good body with a piece cut out, and another put in."""
    body = _event()
    start, end = sorted((draw(st.integers(0, len(body))), draw(st.integers(0, len(body)))))
    return body[:start] + draw(st.binary(max_size=12)) + body[end:], 1


@st.composite
def _deep_bodies(draw: st.DrawFn) -> tuple[bytes, int]:
    opening, closing = draw(st.sampled_from(((b"[", b"]"), (b'{"a":', b"}"), (b"[", b""))))
    depth = draw(st.sampled_from((1, 30, 500, 1024, 5000, 50_000)))
    return _event(extra=b',"p":' + opening * depth + b"1" + closing * depth), 1


@st.composite
def _large_bodies(draw: st.DrawFn) -> tuple[bytes, int]:
    """At the limit, a byte beside it, and well over."""
    size = draw(
        st.sampled_from((32_768, 65_536, 300_000, BODY_BYTES_MAX - 1, BODY_BYTES_MAX, BODY_BYTES_MAX + 1, 1_100_000))
    )
    kind = draw(st.sampled_from((b'"x":"%b"', b'"p":{"x":"%b"}', b'"x":%b')))
    empty = _event(extra=b"," + kind % b"")
    return _event(extra=b"," + kind % (b"1" * (size - len(empty)))), 1


def _event(extra: bytes = b"") -> bytes:
    return b'{"n":"pageview","u":"https://example.com/deep/\xc3\xa9","d":"example.com"%b}' % extra


_pairs = st.lists(
    st.tuples(st.sampled_from(("n", "u", "d", "p[a]", "p[]", "[", "p[a][b]", "\x00", "i")), texts), max_size=6
)
_good_pairs = [("n", "pageview"), ("u", "https://example.com/form"), ("d", DOMAIN)]


def _form(pairs: list[tuple[str, str]]) -> bytes:
    return urlencode([*_good_pairs, *pairs], errors="replace").encode()


def _multipart(pairs: list[tuple[str, str]]) -> bytes:
    head = '--b\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    text = "".join(head.format(name, value) for name, value in [*_good_pairs, *pairs])
    return text.encode("utf-8", "replace") + b"--b--\r\n"


def _as(kind: bytes, bodies: SearchStrategy[Any]) -> SearchStrategy[tuple[bytes, int, bytes]]:
    """Bodies, their sites, and the content type that suits them."""
    return bodies.map(lambda body: (*body, kind) if isinstance(body, tuple) else (body, 1, kind))


_PLAIN = b"text/plain"
_bodies = st.sampled_from(
    (
        *[_as(_PLAIN, _json_bodies())] * 60,
        *[_as(_PLAIN, _broken_bodies())] * 15,
        *[_as(b"application/x-www-form-urlencoded", _pairs.map(_form))] * 7,
        *[_as(b"multipart/form-data; boundary=b", _pairs.map(_multipart))] * 7,
        *[_as(_PLAIN, st.binary(max_size=200))] * 4,
        *[_as(_PLAIN, _deep_bodies())] * 3,
        *[_as(b"application/json", st.just(gzip.compress(_event(), mtime=0)))] * 2,
        *[_as(_PLAIN, _large_bodies())] * 2,
    )
).flatmap(lambda bodies: bodies)


_names = st.text(string.ascii_letters, min_size=1, max_size=12)
_header_values = st.binary(max_size=60).map(lambda value: bytes(byte for byte in value if byte not in b"\r\n"))


@st.composite
def attempts(draw: st.DrawFn) -> Attempt:
    """Any of them, with headers that are as bad."""
    body, sites, kind = draw(_bodies)
    headers = {
        "User-Agent": draw(_mostly(st.just(AGENT.encode()), st.sampled_from(AGENTS) | _header_values)),
        "X-Forwarded-For": draw(_mostly(st.just(b"198.51.100.7"), st.sampled_from(ADDRESSES) | _header_values)),
        "Content-Type": draw(_mostly(st.just(kind), st.sampled_from(TYPES) | _header_values)),
    }
    rare = {
        "Content-Encoding": st.sampled_from((b"gzip", b"br", b"x")),
        "Forwarded": st.sampled_from((b'for="[2001:db8::1]:4711"', b"for=", b'for="', b"\xff")),
        "X-Plausible-IP": st.sampled_from(ADDRESSES),
        "X-Plausible-IP-Type": st.sampled_from((b"dc_ip", b"anonymous_vpn_ip", b"\xff", b"x")),
        "Sec-Purpose": st.sampled_from((b"prefetch", b"\xff")),
        "X-Debug-Request": st.sampled_from((b"true", b"1", b"\xff")),
        "Expect": st.just(b"100-continue"),
        "Connection": st.sampled_from((b"close", b"keep-alive", b"x")),
        "X-" + draw(_names): _header_values,
    }
    if draw(st.integers(0, 4)) == 0:
        name = draw(st.sampled_from(sorted(rare)))
        headers[name] = draw(rare[name])
    return Attempt(body, headers, draw(st.integers(0, 9)) == 0, sites)
