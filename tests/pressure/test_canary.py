import json
import os
import subprocess
import sys
from ipaddress import ip_address
from pathlib import Path

import pytest

from tests.support.server import Server

ADDRESSES = ("203.0.113.77", "2001:db8:77aa:1234:5678:9abc:def0:1357")
TOKEN = "KanarienvogelBrowser/77.1357"
AGENT = f"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 {TOKEN}"
BOT = f"Googlebot/2.1 (+http://www.google.com/bot.html) {TOKEN}"


def needles() -> list[bytes]:
    addresses = [ip_address(text) for text in ADDRESSES]
    return [
        TOKEN.encode(),
        *(address.compressed.encode() for address in addresses),
        *(address.exploded.encode() for address in addresses),
        addresses[1].packed,
    ]


def send_through_every_path(server: Server) -> None:
    """Success, each kind of drop, each kind of refusal, pages and APIs: with the canaries as sender."""
    good = {"n": "pageview", "u": "https://example.com/x", "d": "example.com"}
    bodies: list[tuple[bytes, str]] = [
        (json.dumps(good).encode(), AGENT),
        (json.dumps({**good, "n": "Signup", "p": {"plan": "pro"}}).encode(), AGENT),
        (json.dumps({**good, "n": "engagement", "e": 5000, "sd": 40}).encode(), AGENT),
        (json.dumps(good).encode(), BOT),
        (json.dumps({**good, "d": "nobody.example"}).encode(), AGENT),
        (json.dumps({**good, "u": "https://example.com/blocked"}).encode(), AGENT),
        (json.dumps({"n": 1.5, "u": 7}).encode(), AGENT),
        (b"{broken", AGENT),
        (b"x" * 1_100_000, AGENT),
        (b"\xff\xfe\x00", AGENT),
    ]
    for address in ADDRESSES:
        for body, agent in bodies:
            headers = {"User-Agent": agent, "X-Forwarded-For": address, "Content-Type": "text/plain"}
            assert server.request("POST", "/api/event", body, headers)[0] < 500
        for path in (
            "/",
            "/login",
            "/example.com",
            "/js/script.js",
            "/nothing-here",
            "/api/v1/sites",
            "/metrics",
        ):
            assert server.request("GET", path, headers={"User-Agent": AGENT, "X-Forwarded-For": address})[0] < 500


def found_in_files(*folders: Path) -> list[str]:
    found = []
    for folder in folders:
        for base, _, names in os.walk(folder):
            for name in names:
                path = Path(base) / name
                try:
                    content = path.read_bytes()
                except (FileNotFoundError, OSError):
                    continue
                found += [f"{path}: {needle!r}" for needle in needles() if needle in content]
    return found


def found_in_tables(data: Path) -> list[str]:
    """Search every text column of every table: files on disk are compressed, rows are not."""
    # In a process of its own, because the embedded engine opens one folder a process.
    words = [sys.executable, "-m", "tests.support.search_tables", str(data), TOKEN, *ADDRESSES]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.timeout(180)
def test_no_byte_on_disk_holds_a_raw_address_or_user_agent(tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    server = Server(tmp_path, environ={"TMPDIR": str(temporary)})
    server.start()
    key = server.admin()
    server.site(key)
    server.json("PUT", "/api/v1/sites/shields", {"site_id": "example.com", "kind": "page", "value": "/blocked"}, key)
    send_through_every_path(server)
    server.kill()  # What a crash leaves behind counts too.
    assert found_in_files(tmp_path) == []
    server.start()
    send_through_every_path(server)
    assert [event["name"] for event in server.export(key)].count("pageview") == 4
    assert server.stop() == 0

    memory = Path("/dev/shm")
    assert found_in_files(tmp_path, *sorted(memory.glob("passerby*"))) == []
    assert found_in_tables(server.data) == []
