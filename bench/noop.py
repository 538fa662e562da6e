"""The reference that ingestion is measured against: the product's own HTTP server around a handler that does nothing.

bench/noop.py PORT
"""

import sys

from passerby.bridge import Receive, Scope, Send
from passerby.ops.serve import Server, configure

HEADERS = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"2")]


async def noop(scope: Scope, receive: Receive, send: Send) -> None:
    """Read the body and answer 202."""
    if scope["type"] == "lifespan":
        for step in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{step}.complete"})
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 202, "headers": HEADERS})
    await send({"type": "http.response.body", "body": b"ok"})


if __name__ == "__main__":
    Server(configure(noop, host="127.0.0.1", port=int(sys.argv[1]))).run()
