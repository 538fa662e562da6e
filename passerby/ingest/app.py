"""The HTTP face of ingest, in raw ASGI: `/api/event`, health, `/metrics`. It reads, asks the pipeline, answers.

It never sets a cookie, and never writes an address or a User-Agent anywhere.
"""

import asyncio
import hmac
import ipaddress
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from passerby.ingest.answers import BUSY, CORS, TEXT, Answer, Headers, accepted, answer, json_answer
from passerby.ingest.body import BODY_BYTES_MAX, NOT_JSON, is_read_by_a_parser
from passerby.ingest.client import Proxies, is_in, peer_of, sender_of
from passerby.ingest.health import Health
from passerby.ingest.hit import Invalid, parse_hit
from passerby.ingest.metrics import render_metrics
from passerby.ingest.pipeline import Ingest
from passerby.settings import IPNetwork

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Any]
Send = Callable[[Message], Any]

BODY_SECONDS_MAX = 20.0

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
NO_CONTENT = Answer(204, PREFLIGHT, b"", b"")  # Without a body there is no length either.
# The connection ends with it: what else the sender may send of this body is nobody's.
TOO_SLOW = answer(408, b"the body did not arrive in time", [TEXT, *CORS, (b"connection", b"close")])
METRICS_TEXT = (b"content-type", b"text/plain; version=0.0.4")
_LOOPBACK: tuple[IPNetwork, ...] = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))


class BodyTooLarge(Exception):
    """More bytes than a hit may have."""


class ClientGone(Exception):
    """The connection ended before the request did."""


class IngestApp:
    """An ASGI application for the paths that must not wait for anything but the disk."""

    def __init__(self, ingest: Ingest) -> None:
        self._ingest = ingest
        self._proxies = Proxies(ingest.settings.trusted_proxies)
        self._health = Health(ingest)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Route by path and method."""
        path, method = scope["path"], scope["method"]
        if path == "/api/event" and method == "POST":
            await self._collect(scope, receive, send)
        elif method == "OPTIONS":
            await _send(send, NO_CONTENT)
        elif method not in ("GET", "HEAD"):
            await _send(send, json_answer(405, {"error": "Method not allowed"}))
        elif path == "/api/error":
            await _send(send, answer(200, b"", [TEXT, *CORS]))
        elif path in ("/api/health", "/api/system/health/ready"):
            ready, report = await self._health.report()
            await _send(send, json_answer(200 if ready else 500, report))
        elif path == "/api/system/health/live":
            await _send(send, json_answer(200, {"ok": True}))
        elif path == "/api/system":
            await _send(send, json_answer(200, self._about()))
        elif path == "/metrics":
            await self._metrics(scope, send)
        else:
            await _send(send, json_answer(404, {"error": "Not found"}))

    def take(self, headers: Mapping[bytes, bytes], peer: str, body: bytes, tell: Callable[[Answer], None]) -> None:
        """POST /api/event: decide and remember, and tell the answer once what counted is durable.

        Never waits for the store. `tell` may be called before this returns.
        """
        sender = sender_of(headers, peer, self._proxies)
        if sender.wants_debug:
            tell(answer(200, sender.ip.encode(), [TEXT, *CORS]))
            return
        hit = parse_hit(body, sender.content_type)
        if isinstance(hit, Invalid):
            tell(json_answer(400, {"errors": hit.errors}))
            return

        outcome = self._ingest.take(hit, sender)
        if outcome is None:
            tell(BUSY)
        elif outcome.taken_count:
            self._ingest.committer.when_durable(tell, accepted(outcome.dropped_count), BUSY)
        else:
            tell(accepted(outcome.dropped_count))

    async def _collect(self, scope: Scope, receive: Receive, send: Send) -> None:
        """POST /api/event as an ASGI request."""
        headers, peer = dict(scope["headers"]), peer_of(scope)
        try:
            body = await _read_body(receive)
        except BodyTooLarge:
            await _send(send, _too_large(headers))
            return
        except TimeoutError:
            await _send(send, TOO_SLOW)
            return
        except ClientGone:
            return
        told: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.take(headers, peer, body, lambda answer: None if told.done() else told.set_result(answer))
        await _send(send, await told)

    async def _metrics(self, scope: Scope, send: Send) -> None:
        if not self._may_see_metrics(scope):
            await _send(send, json_answer(403, {"error": "Metrics need the token of PASSERBY_METRICS_TOKEN."}))
            return
        await _send(send, answer(200, render_metrics(self._ingest), [METRICS_TEXT]))

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


def _too_large(headers: Mapping[bytes, bytes]) -> Answer:
    if is_read_by_a_parser(headers.get(b"content-type", b"").decode("latin-1")):
        return json_answer(413, {"errors": {"request": [f"should be at most {BODY_BYTES_MAX} bytes"]}})
    return json_answer(400, {"errors": {"request": [NOT_JSON]}})


async def _send(send: Send, answer: Answer) -> None:
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    await send({"type": "http.response.body", "body": answer.body})
