"""One request to an ASGI application, without a server."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec


class Answer(NamedTuple):
    """What the application sent."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return msgspec.json.decode(self.body)


async def ask(
    app: Any,
    path: str,
    *,
    method: str = "GET",
    body: bytes | Sequence[bytes] = b"",
    headers: dict[str, str] | None = None,
    client: tuple[str, int] | None = ("127.0.0.1", 4711),
) -> Answer | None:
    """Send one request; None when the application answered nothing. A sequence of bytes arrives chunk by chunk."""
    chunks = [body] if isinstance(body, bytes) else list(body)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if not chunks:
            return {"type": "http.disconnect"}
        chunk = chunks.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(chunks) or chunk == b"(more)"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    pairs = [(name.lower().encode(), value.encode("latin-1")) for name, value in (headers or {}).items()]
    scope = {"type": "http", "path": path, "method": method, "headers": pairs, "client": client}
    await app(scope, receive, send)
    if not sent:
        return None
    start, *rest = sent
    return Answer(
        start["status"],
        {name.decode(): value.decode() for name, value in start["headers"]},
        b"".join(message.get("body", b"") for message in rest),
    )
