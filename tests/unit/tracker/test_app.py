"""The addresses, headers and encodings of `/js/*`. The scripts themselves are small stand-ins."""

import asyncio
import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import brotli
import pytest

from passerby.tracker.app import TrackerApp, accepted_encoding
from passerby.tracker.config import TrackerConfig
from passerby.tracker.scripts import Encoding, Scripts, ScriptsMissing

SCRIPT_ID = "pa-Ab3dEf6hIj9kLm2nOp5qR"
PLAIN_SCRIPT = b"plain()"
HASH_LOCAL_SCRIPT = b"hashLocal()"


class OneSite:
    def __init__(self, **options: bool) -> None:
        self.config = TrackerConfig(script_id=SCRIPT_ID, domain="example.com", **options)

    def tracker_config_of(self, script_id: str) -> TrackerConfig | None:
        return self.config if script_id == SCRIPT_ID else None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    packed = b""
    legacy = {}
    for name, code in {"": PLAIN_SCRIPT, "hash.local": HASH_LOCAL_SCRIPT}.items():
        entry: dict[str, Any] = {"sha256": hashlib.sha256(code).hexdigest()}
        for encoding, encoded in {"br": brotli.compress(code), "gzip": gzip.compress(code)}.items():
            entry[encoding] = [len(packed), len(encoded)]
            packed += encoded
        legacy[name] = entry
    (tmp_path / "legacy.pack").write_bytes(packed)
    (tmp_path / "site.js").write_text("start(PASSERBY_CONFIG)")
    (tmp_path / "manifest.json").write_text(json.dumps({"site": "", "legacy": legacy}))
    return tmp_path


class Client:
    def __init__(self, folder: Path, site: OneSite | None = None) -> None:
        self.app = TrackerApp(site or OneSite(), base_url="https://stats.example.org", scripts=Scripts(folder))

    def request(self, path: str, *, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        sent: list[dict[str, Any]] = []

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        }
        asyncio.run(self.app(scope, None, send))  # type: ignore[arg-type]  # Nothing reads the body of a GET.
        answered = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], answered, sent[1]["body"]


@pytest.fixture
def client(folder: Path) -> Client:
    return Client(folder)


@pytest.mark.parametrize("name", ["script", "plausible", "analytics", "p", "script.pageleave"])
def test_every_base_name_is_the_plain_script(client: Client, name: str) -> None:
    status, headers, body = client.request(f"/js/{name}.js")
    assert (status, body) == (200, PLAIN_SCRIPT)
    assert headers["content-type"] == "application/javascript"
    assert headers["cache-control"] == "public, max-age=86400, must-revalidate"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert headers["access-control-allow-origin"] == "*"
    assert headers["content-length"] == str(len(PLAIN_SCRIPT))


@pytest.mark.parametrize("name", ["script.hash.local", "script.local.hash", "plausible.local.pageleave.hash"])
def test_the_order_of_extensions_is_irrelevant(client: Client, name: str) -> None:
    assert client.request(f"/js/{name}.js")[2] == HASH_LOCAL_SCRIPT


@pytest.mark.parametrize(
    "path",
    [
        "/js/script.unknown.js",
        "/js/script.hash.hash.js",
        "/js/script.pageleave.pageleave.js",
        "/js/script..js",
        "/js/p.hash.js",
        "/js/other.js",
        "/js/script",
        "/js/",
        "/js/.js",
        "/js/pa-.js",
        "/js/pa-Ab3dEf6hIj9kLm2nOp5qX.js",
        "/js/../js/script.js",
    ],
)
def test_anything_else_is_not_found(client: Client, path: str) -> None:
    status, _, body = client.request(path)
    assert (status, body) == (404, b"Not found")


def test_a_site_script_carries_the_configuration_that_is_on(folder: Path) -> None:
    client = Client(folder, OneSite(outbound_links=True, form_submissions=True))
    status, headers, body = client.request(f"/js/{SCRIPT_ID}.js")
    assert status == 200
    assert body.decode() == (
        'start({domain:"example.com",endpoint:"https://stats.example.org/api/event",'
        "outboundLinks:!0,formSubmissions:!0})"
    )
    assert headers["cache-control"] == "public, max-age=60, no-transform"
    assert headers["cdn-tag"] == f"tracker_script::{SCRIPT_ID}"


def test_a_changed_configuration_is_another_script_with_another_tag(folder: Path) -> None:
    site = OneSite()
    client = Client(folder, site)
    _, before, _ = client.request(f"/js/{SCRIPT_ID}.js")
    site.config = TrackerConfig(script_id=SCRIPT_ID, domain="example.com", file_downloads=True)
    _, after, body = client.request(f"/js/{SCRIPT_ID}.js")
    assert b"fileDownloads:!0" in body
    assert before["etag"] != after["etag"]


def test_a_domain_cannot_end_the_script(folder: Path) -> None:
    site = OneSite()
    site.config = TrackerConfig(script_id=SCRIPT_ID, domain='"};alert(1)</script>\u2028')
    _, _, body = Client(folder, site).request(f"/js/{SCRIPT_ID}.js")
    assert b'domain:"\\"};alert(1)\\u003c/script>\\u2028"' in body


@pytest.mark.parametrize("path", ["/js/script.js", f"/js/{SCRIPT_ID}.js"])
def test_each_encoding_decodes_to_the_same_script_under_the_same_tag(client: Client, path: str) -> None:
    _, plain_headers, plain = client.request(path)
    _, brotli_headers, as_brotli = client.request(path, accept_encoding="gzip, deflate, br")
    _, gzip_headers, as_gzip = client.request(path, accept_encoding="gzip")
    assert "content-encoding" not in plain_headers
    assert (brotli_headers["content-encoding"], gzip_headers["content-encoding"]) == ("br", "gzip")
    assert brotli.decompress(as_brotli) == gzip.decompress(as_gzip) == plain
    assert plain_headers["etag"] == brotli_headers["etag"] == gzip_headers["etag"]
    assert plain_headers["vary"] == "accept-encoding"


def test_the_tag_is_the_same_for_everyone(client: Client) -> None:
    one = client.request("/js/script.js", user_agent="A", cookie="a=1")[1]["etag"]
    other = client.request("/js/script.js", user_agent="B")[1]["etag"]
    assert one == other == f'W/"{hashlib.sha256(PLAIN_SCRIPT).hexdigest()[:32]}"'


def test_a_known_tag_is_not_sent_again(client: Client) -> None:
    etag = client.request("/js/script.js")[1]["etag"]
    status, headers, body = client.request("/js/script.js", if_none_match=f'"other", {etag}')
    assert (status, body) == (304, b"")
    assert headers["etag"] == etag
    assert headers["cache-control"] == "public, max-age=86400, must-revalidate"
    assert client.request("/js/script.js", if_none_match='W/"other"')[0] == 200


def test_head_answers_the_headers_alone(client: Client) -> None:
    status, headers, body = client.request("/js/script.js", method="HEAD")
    assert (status, headers["content-length"], body) == (200, str(len(PLAIN_SCRIPT)), b"")


def test_other_methods_are_refused(client: Client) -> None:
    status, headers, _ = client.request("/js/script.js", method="POST")
    assert (status, headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        (b"", Encoding.IDENTITY),
        (b"br", Encoding.BROTLI),
        (b"gzip, deflate, br, zstd", Encoding.BROTLI),
        (b"GZIP;q=0.5", Encoding.GZIP),
        (b"br;q=0, gzip", Encoding.GZIP),
        (b"br; q=0.000, gzip;q=0", Encoding.IDENTITY),
        (b"deflate", Encoding.IDENTITY),
        (b"\xff;q=\xff,,;", Encoding.IDENTITY),
    ],
)
def test_the_smallest_accepted_encoding_is_chosen(header: bytes, encoding: Encoding) -> None:
    assert accepted_encoding(header) is encoding


def test_an_unbuilt_package_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(ScriptsMissing, match="make setup"):
        Scripts(tmp_path).legacy("script", Encoding.GZIP)
