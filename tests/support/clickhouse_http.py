"""ClickHouse's HTTP interface in front of the embedded engine, so that the real HTTP client is tested without a server.

Covers what the client sends: statements in the body, the address or a form, `param_*`, settings, inserts in any format,
compressed bodies, and errors with their numbers. Replication, quotas and users are beyond it.
"""

import gzip
import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

import lz4.frame
from clickhouse_connect.driver.exceptions import DatabaseError

from passerby.errors import PasserbyError
from passerby.store.store import Store
from tests.support.stores import store_settings

TRANSPORT = frozenset({"query", "database", "query_id", "enable_http_compression", "wait_end_of_query", "session_id"})
INSERT = re.compile(rb"\s*(INSERT INTO .+? FORMAT \w+)\s*\n(.*)", re.DOTALL | re.IGNORECASE)
UNPACK: dict[str, Any] = {"gzip": gzip.decompress, "lz4": lz4.frame.decompress}


@contextmanager
def serve_engine(embedded: Store, *, port: int = 0) -> Iterator[Store]:
    """A store whose server is the given store's engine."""
    handler = type("Handler", (_Handler,), {"embedded": embedded})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings = store_settings(Path(), clickhouse_url=f"http://default@127.0.0.1:{server.server_port}/default")
    store = Store.open(settings)
    yield store
    store.close()
    server.shutdown()
    thread.join()
    server.server_close()


class _Handler(BaseHTTPRequestHandler):
    embedded: ClassVar[Store]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)) or self._chunks()
        body = UNPACK.get(self.headers.get("Content-Encoding", ""), bytes)(body)
        asked = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        if self.headers.get("Content-Type", "").startswith("multipart/form-data"):
            asked |= _form(self.headers["Content-Type"], body)
            body = b""
        parameters = {name.removeprefix("param_"): v for name, v in asked.items() if name.startswith("param_")}
        settings = {k: v for k, v in asked.items() if k not in TRANSPORT and not k.startswith(("param_", "client_"))}
        sql = asked.get("query", "").encode() + (b"\n" if asked.get("query") else b"") + body
        try:
            self._answer(200, self._run(sql, parameters, settings))
        except PasserbyError as translated:
            problem = translated.__cause__
            code = problem.code if isinstance(problem, DatabaseError) else 0
            self._answer(500, str(problem).encode(), {"X-ClickHouse-Exception-Code": str(code)})

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _chunks(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return b""
        parts = bytearray()
        while size := int(self.rfile.readline(), 16):
            parts += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return bytes(parts)

    def _run(self, sql: bytes, parameters: dict[str, str], settings: dict[str, str]) -> bytes:
        with self.embedded.client() as client:
            run: Any = client._backend._run_with_settings  # type: ignore[attr-defined]  # Below its own protocol.
            if (found := INSERT.fullmatch(sql)) is None:
                return bytes(run(sql.decode(), "TabSeparated", settings, params=parameters).bytes() or b"")
            with tempfile.NamedTemporaryFile() as file:
                file.write(found[2])
                file.flush()
                statement = found[1].decode()
                into, _, kind = statement.rpartition(" FORMAT ")
                run(f"{into} FROM INFILE '{file.name}' FORMAT {kind}", "TabSeparated", settings)
            return b""

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _form(kind: str, body: bytes) -> dict[str, str]:
    message: Any = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    return {
        str(part.get_param("name", header="Content-Disposition")): part.get_payload(decode=True).decode()
        for part in message.iter_parts()
    }
