"""Serves `/js/*` as a raw ASGI application: the sites' own scripts and every legacy name of Plausible's.

It never waits: scripts are on disk, configurations in memory. Source of names and headers: Plausible's published URLs.
"""

import re
from collections.abc import Callable
from typing import Any

from passerby.tracker.config import TrackerDirectory
from passerby.tracker.scripts import Encoding, Script, Scripts

Scope = dict[str, Any]
Receive = Callable[[], Any]
Send = Callable[[dict[str, Any]], Any]
Headers = list[tuple[bytes, bytes]]

PREFIX = "/js/"
SUFFIX = ".js"
SITE_SCRIPT_ID = re.compile(r"pa-[A-Za-z0-9_-]{21}", re.ASCII)
# A change of a site's options shows within a minute; no proxy may rewrite the script, because its hash is shown.
SITE_CACHE = b"public, max-age=60, no-transform"
LEGACY_CACHE = b"public, max-age=86400, must-revalidate"


class TrackerApp:
    """The application for `/js/*`. `base_url` is the address that browsers reach the server by."""

    def __init__(self, directory: TrackerDirectory, *, base_url: str, scripts: Scripts | None = None) -> None:
        self._directory = directory
        self._endpoint = f"{base_url}/api/event"
        self._scripts = scripts or Scripts()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        del receive
        if scope["method"] not in ("GET", "HEAD"):
            await _respond(send, 405, [(b"allow", b"GET, HEAD"), *_plain(b"Method not allowed")], b"Method not allowed")
            return
        requested = dict(scope["headers"])
        script, headers = self._find(scope["path"], accepted_encoding(requested.get(b"accept-encoding", b"")))
        is_head = scope["method"] == "HEAD"
        if script is None:
            await _respond(send, 404, _plain(b"Not found"), b"" if is_head else b"Not found")
        elif _matches(requested.get(b"if-none-match", b""), _etag(script)):
            await _respond(send, 304, _script_headers(script, headers), b"")
        else:
            length = (b"content-length", str(len(script.body)).encode())
            await _respond(send, 200, [*_script_headers(script, headers), length], b"" if is_head else script.body)

    def _find(self, path: str, encoding: Encoding) -> tuple[Script | None, Headers]:
        if not path.endswith(SUFFIX):
            return None, []
        name = path[len(PREFIX) : -len(SUFFIX)]
        if not name.startswith("pa-"):
            return self._scripts.legacy(name, encoding), [(b"cache-control", LEGACY_CACHE)]
        config = self._directory.tracker_config_of(name) if SITE_SCRIPT_ID.fullmatch(name) else None
        if config is None:
            return None, []
        script = self._scripts.site(config, encoding, endpoint=self._endpoint)
        return script, [
            (b"cache-control", SITE_CACHE),
            (b"cdn-tag", f"tracker_script::{name}".encode()),
        ]


def accepted_encoding(header: bytes) -> Encoding:
    """The smallest encoding that `Accept-Encoding` names and does not refuse with `q=0`."""
    accepted: set[str] = set()
    for item in header.decode("latin-1").lower().split(","):
        name, _, weight = item.partition(";")
        if not re.fullmatch(r"\s*q=0(\.0*)?\s*", weight):
            accepted.add(name.strip())
    if "br" in accepted:
        return Encoding.BROTLI
    return Encoding.GZIP if "gzip" in accepted else Encoding.IDENTITY


def _etag(script: Script) -> bytes:
    # Weak, because one tag stands for the plain and the compressed bytes alike.
    return f'W/"{script.sha256[:32]}"'.encode()


def _matches(if_none_match: bytes, etag: bytes) -> bool:
    asked = {tag.strip().removeprefix(b"W/") for tag in if_none_match.split(b",")}
    return b"*" in asked or etag.removeprefix(b"W/") in asked


def _script_headers(script: Script, headers: Headers) -> Headers:
    encoded = [] if script.encoding is Encoding.IDENTITY else [(b"content-encoding", script.encoding.encode())]
    return [
        (b"content-type", b"application/javascript"),
        (b"x-content-type-options", b"nosniff"),
        (b"cross-origin-resource-policy", b"cross-origin"),
        (b"access-control-allow-origin", b"*"),
        (b"vary", b"accept-encoding"),
        (b"etag", _etag(script)),
        *encoded,
        *headers,
    ]


def _plain(body: bytes) -> Headers:
    return [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"cache-control", b"no-store"),
    ]


async def _respond(send: Send, status: int, headers: Headers, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
