"""The HTTP face of ingest, in raw ASGI: `/api/event`, health, `/metrics`. It reads, asks the pipeline, answers.

It never sets a cookie, and never writes an address or a User-Agent anywhere.
"""

import asyncio
import hmac
import ipaddress
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import msgspec

from passerby.ingest.body import BODY_BYTES_MAX, NOT_JSON, is_read_by_a_parser
from passerby.ingest.client import Proxies, Sender, is_in, sender_of
from passerby.ingest.health import health_of
from passerby.ingest.hit import Invalid, parse_hit
from passerby.ingest.metrics import render_metrics
from passerby.ingest.pipeline import Ingest, NotDurable
from passerby.settings import IPNetwork

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Any]
Send = Callable[[Message], Any]
Headers = list[tuple[bytes, bytes]]

BODY_SECONDS_MAX = 20.0
RETRY_AFTER_SECONDS = b"5"

CORS: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-credentials", b"true"),
    (b"access-control-expose-headers", b""),
]
PREFLIGHT: Headers = [
    *CORS,
    (b"access-control-max-age", b"1728000"),
    (b"access-control-allow-methods", b"GET,POST,PUT,PATCH,DELETE,OPTIONS"),
    (
        b"access-control-allow-headers",
        (
            b"Authorization,Content-Type,Accept,Origin,User-Agent,DNT,Cache-Control,X-Mx-ReqToken,Keep-Alive,"
            b"X-Requested-With,If-Modified-Since,X-CSRF-Token"
        ),
    ),
]
_LOOPBACK: tuple[IPNetwork, ...] = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))
_TEXT = (b"content-type", b"text/plain; charset=utf-8")
_JSON = (b"content-type", b"application/json; charset=utf-8")
_ACCEPTED: Headers = [_TEXT, (b"content-length", b"2"), *CORS]
# The tracker waits as long as it is told, which it can only read where it is allowed to.
_BUSY: Headers = [
    _TEXT,
    (b"retry-after", RETRY_AFTER_SECONDS),
    *CORS[:-1],
    (b"access-control-expose-headers", b"retry-after"),
]


class BodyTooLarge(Exception):
    """More bytes than a hit may have."""


class ClientGone(Exception):
    """The connection ended before the request did."""


class IngestApp:
    """An ASGI application for the paths that must not wait for anything but the disk."""

    def __init__(self, ingest: Ingest) -> None:
        self._ingest = ingest
        self._proxies = Proxies(ingest.settings.trusted_proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Route by path and method."""
        path, method = scope["path"], scope["method"]
        if path == "/api/event" and method == "POST":
            await self._collect(scope, receive, send)
        elif method == "OPTIONS":
            await _answer(send, 204, b"", headers=PREFLIGHT)
        elif method not in ("GET", "HEAD"):
            await _answer_json(send, 405, {"error": "Method not allowed"})
        elif path == "/api/error":
            await _answer(send, 200, b"", headers=[_TEXT, *CORS])
        elif path in ("/api/health", "/api/system/health/ready"):
            ready, report = await health_of(self._ingest)
            await _answer_json(send, 200 if ready else 500, report)
        elif path == "/api/system/health/live":
            await _answer_json(send, 200, {"ok": True})
        elif path == "/api/system":
            await _answer_json(send, 200, self._about())
        elif path == "/metrics":
            await self._metrics(scope, send)
        else:
            await _answer_json(send, 404, {"error": "Not found"})

    async def _collect(self, scope: Scope, receive: Receive, send: Send) -> None:
        """POST /api/event: read, decide, remember. Never waits for the store."""
        sender = sender_of(scope, self._proxies)
        if sender.wants_debug:
            await _answer(send, 200, sender.ip.encode(), headers=[_TEXT, *CORS])
            return
        try:
            hit = parse_hit(await _read_body(receive), sender.content_type)
            if isinstance(hit, Invalid):
                await _answer_json(send, 400, {"errors": hit.errors})
                return
            outcome = await self._ingest.collect(hit, sender)
        except BodyTooLarge:
            await _refuse_body(send, sender)
            return
        except NotDurable:
            await _answer(send, 503, b"try again later", headers=_BUSY)
            return
        except (ClientGone, TimeoutError):
            return
        headers = _ACCEPTED
        if outcome.dropped_count:
            headers = [*_ACCEPTED, (b"x-plausible-dropped", str(outcome.dropped_count).encode())]
        await send({"type": "http.response.start", "status": 202, "headers": headers})
        await send({"type": "http.response.body", "body": b"ok"})

    async def _metrics(self, scope: Scope, send: Send) -> None:
        if not self._may_see_metrics(scope):
            await _answer_json(send, 403, {"error": "Metrics need the token of PASSERBY_METRICS_TOKEN."})
            return
        await _answer(
            send, 200, render_metrics(self._ingest), headers=[(b"content-type", b"text/plain; version=0.0.4")]
        )

    def _may_see_metrics(self, scope: Scope) -> bool:
        """With a token, whoever has it; without one, programs on this machine that come through no proxy."""
        token = self._ingest.settings.metrics_token
        given: dict[bytes, bytes] = dict(scope["headers"])
        if token:
            return hmac.compare_digest(given.get(b"authorization", b""), b"Bearer " + token.encode())
        forwarded = {b"x-forwarded-for", b"forwarded", b"cf-connecting-ip", b"b-forwarded-for", b"via"}
        client = scope.get("client")
        return client is not None and is_in(client[0], _LOOPBACK) and forwarded.isdisjoint(given)

    def _about(self) -> dict[str, object]:
        try:
            number = version("passerby")
        except PackageNotFoundError:  # Run from a source tree that was never installed.
            number = "unknown"
        build = {"version": number, "commit": "", "created": "", "tags": ""}
        return {"geo_database": self._ingest.geo.description, "build": build}


async def _read_body(receive: Receive) -> bytes:
    """The whole body; in the usual case it is there already, with the headers."""
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body", False):
        body: bytes = message["body"]
        if len(body) > BODY_BYTES_MAX:
            raise BodyTooLarge
        return body
    async with asyncio.timeout(BODY_SECONDS_MAX):
        return await _read_chunks(receive, message)


async def _read_chunks(receive: Receive, message: Message) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        if message["type"] != "http.request":
            raise ClientGone
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > BODY_BYTES_MAX:
            raise BodyTooLarge
        if not message.get("more_body", False):
            return b"".join(chunks)
        message = await receive()


async def _refuse_body(send: Send, sender: Sender) -> None:
    if is_read_by_a_parser(sender.content_type):
        await _answer_json(send, 413, {"errors": {"request": [f"should be at most {BODY_BYTES_MAX} bytes"]}})
    else:
        await _answer_json(send, 400, {"errors": {"request": [NOT_JSON]}})


async def _answer_json(send: Send, status: int, document: object) -> None:
    await _answer(send, status, msgspec.json.encode(document), headers=[_JSON, *CORS])


async def _answer(send: Send, status: int, body: bytes, *, headers: Headers) -> None:
    if status != 204:  # noqa: PLR2004 - No content, so no length either.
        headers = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
