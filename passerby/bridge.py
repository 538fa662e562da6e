"""Django inside the ASGI process: one hop to a thread and back for each request.

Django's own ASGI handler hops once per middleware and costs 7-9 times the CPU (docs/decisions/0002). Here the whole
WSGI call runs in one thread of a small pool; streamed answers hand their chunks back one by one.
"""

import asyncio
import io
import re
import tempfile
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from a2wsgi.wsgi import build_environ

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Any]
Send = Callable[[Message], Any]
WSGIApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

THREADS = 8
BODY_BYTES_IN_MEMORY_MAX = 2_000_000
BODY_BYTES_MAX = 1_100_000_000  # The largest thing anyone uploads is an import of 1 GB.
CHARSET = re.compile(r";\s*charset\*?\s*=[^;]*", re.IGNORECASE)


class BodyTooLarge(Exception):
    """The body is larger than anything Passerby accepts."""


class ClientGone(Exception):
    """The client closed the connection before its request was complete."""


class Bridge:
    """An ASGI application around a WSGI one.

    `client_of` says who is asking: proxies are judged in one place. `bytes_max_of` says how long a body may be.
    """

    def __init__(
        self,
        wsgi: WSGIApp,
        *,
        client_of: Callable[[Scope], str],
        bytes_max_of: Callable[[Scope], int] = lambda _scope: BODY_BYTES_MAX,
    ) -> None:
        self._wsgi = wsgi
        self._client_of = client_of
        self._bytes_max_of = bytes_max_of
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="django")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body, run the WSGI application in a thread, send what it answers."""
        try:
            body = await read_body(receive, bytes_max=self._bytes_max_of(scope))
        except BodyTooLarge:
            await _refuse_body(send)
            return
        except ClientGone:
            return
        gone = threading.Event()
        watcher = asyncio.create_task(_watch(receive, gone))
        try:
            await asyncio.get_running_loop().run_in_executor(
                self._pool, self._run, asyncio.get_running_loop(), self._environ(scope, body, gone), send
            )
        finally:
            watcher.cancel()
            body.close()

    def close(self) -> None:
        """Wait for the requests under way and end the threads."""
        self._pool.shutdown(wait=True)

    def _environ(self, scope: Scope, body: IO[bytes], gone: threading.Event) -> dict[str, Any]:
        environ: dict[str, Any] = dict(build_environ(scope, body))  # type: ignore[arg-type]  # It only reads it.
        # A chunked body announces no length, and Django reads as many bytes as are announced.
        environ["CONTENT_LENGTH"] = str(body.seek(0, io.SEEK_END))
        body.seek(0)
        # Everything is UTF-8 here. Django would take the client's word and decode the query with any codec Python has.
        environ["CONTENT_TYPE"] = CHARSET.sub("", environ.get("CONTENT_TYPE", ""))
        environ["REMOTE_ADDR"] = self._client_of(scope)
        environ["passerby.client_gone"] = gone  # Long queries look at it and stop.
        return environ

    def _run(self, loop: asyncio.AbstractEventLoop, environ: dict[str, Any], send: Send) -> None:
        """The whole WSGI call, in a pool thread. `send` is called back on the loop, so a slow client slows us down."""
        start: Message = {}

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
            del exc_info
            start.update(
                type="http.response.start",
                status=int(status.split(" ", 1)[0]),
                headers=[(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
            )

        answer = self._wsgi(environ, start_response)
        try:
            if getattr(answer, "streaming", False):
                _stream(loop, environ["passerby.client_gone"], start, answer, send)
            else:
                asyncio.run_coroutine_threadsafe(_send_whole(send, start, b"".join(answer)), loop).result()
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()


def _stream(
    loop: asyncio.AbstractEventLoop,
    gone: threading.Event,
    start: Message,
    chunks: Iterable[bytes],
    send: Send,
) -> None:
    """Hand chunks to the loop one at a time; stop early when the client has left."""
    asyncio.run_coroutine_threadsafe(send(start), loop).result()
    for chunk in chunks:
        if gone.is_set():
            return
        message = {"type": "http.response.body", "body": chunk, "more_body": True}
        asyncio.run_coroutine_threadsafe(send(message), loop).result()
    asyncio.run_coroutine_threadsafe(send({"type": "http.response.body", "body": b""}), loop).result()


async def _send_whole(send: Send, start: Message, body: bytes) -> None:
    await send(start)
    await send({"type": "http.response.body", "body": body})


async def _watch(receive: Receive, gone: threading.Event) -> None:
    """After the body, the only message left is the disconnect."""
    while (await receive())["type"] != "http.disconnect":
        pass
    gone.set()


async def read_body(receive: Receive, *, bytes_max: int = BODY_BYTES_MAX) -> IO[bytes]:
    """The whole body, in memory while it is small, else in an unnamed temporary file.

    Raises: BodyTooLarge past `bytes_max`; ClientGone when it ends early.
    """
    body = tempfile.SpooledTemporaryFile(max_size=BODY_BYTES_IN_MEMORY_MAX)  # noqa: SIM115 - The caller closes it.
    length = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            body.close()
            raise ClientGone
        chunk = message.get("body", b"")
        length += len(chunk)
        if length > bytes_max:
            body.close()
            raise BodyTooLarge
        body.write(chunk)
        if not message.get("more_body", False):
            body.seek(0)
            return body


async def _refuse_body(send: Send) -> None:
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    start = {"type": "http.response.start", "status": 413, "headers": headers}
    await _send_whole(send, start, b'{"error":"The request body is too large."}')
