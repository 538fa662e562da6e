import argparse
import asyncio
import sqlite3
import tempfile
import time
from pathlib import Path

import pytest

from passerby.ingest.directory import SiteId
from passerby.ops import privacy_audit
from passerby.ops.audit_traces import traces_in
from passerby.ops.privacy_audit import Check, Result, audit
from passerby.settings import Settings
from passerby.store.errors import StoreUnavailable
from passerby.store.store import Store
from tests.support.ingest import CHROME, Running, hit, sender

NOW = int(time.time())
ADDRESS = "203.0.113.77"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A data folder after some traffic, its store not running."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(temporary))
    monkeypatch.setattr(Store, "open", lambda _: _away())
    running = Running(tmp_path)
    running.settings.data.chmod(0o700)

    async def traffic() -> None:
        async with running as ingest:
            await ingest.collect(hit(url="http://192.168.0.1/a"), sender(ADDRESS))

    asyncio.run(traffic())
    return running.settings


def _away() -> Store:
    raise StoreUnavailable


def broken(settings: Settings, now: int = NOW) -> list[Check]:
    return [check for check in audit(settings, now=now) if check.result is Result.FAIL]


def test_a_folder_in_use_keeps_every_promise(settings: Settings) -> None:
    assert broken(settings) == []


@pytest.mark.parametrize("name", ["server.log", "journal/left.tmp", "notes/deep.txt"])
@pytest.mark.parametrize(
    ("trace", "kind"),
    [(ADDRESS, "an IP address"), ("2001:db8::7", "an IP address"), (CHROME, "a User-Agent")],
)
def test_a_planted_trace_is_found(settings: Settings, name: str, trace: str, kind: str) -> None:
    path = settings.data / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"GET / from {trace} at 12:30:00\n")

    (check,) = broken(settings)

    assert f"{kind} in {name}" in check.detail  # A browser's version may look like an address as well.


def test_a_trace_in_a_temporary_file_is_found(settings: Settings) -> None:
    folder = Path(tempfile.gettempdir()) / "passerby-upload"
    folder.mkdir()
    (folder / "body").write_bytes(b"\0" * 10 + ADDRESS.encode())
    (folder.parent / "passerby.tmp").write_text(ADDRESS)

    (check,) = broken(settings)

    assert check.promise == "Neither do temporary files"
    assert check.detail.count("an IP address") == 2


def test_other_folders_can_be_searched_too(settings: Settings, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "access.log").write_text(ADDRESS)

    found = audit(settings, now=NOW, also=[logs])

    assert [check.result for check in found if str(logs) in check.promise] == [Result.FAIL]


@pytest.mark.parametrize(
    "harmless",
    [
        b"listening on 127.0.0.1 and ::1",
        b"version 1.2.3.4.5",
        b"12:30:00",
        b"999.1.1.1",
        b'{"hostname":"192.168.0.1"}',
        b"0.0.0.0",
        b"C++ std::string",
    ],
)
def test_what_is_nobodys_is_no_trace(harmless: bytes) -> None:
    assert traces_in(harmless) == set()


def test_an_old_salt_breaks_the_promise(settings: Settings) -> None:
    (check,) = broken(settings, now=NOW + 3 * 86_400)

    assert "No salt is older" in check.promise


def test_a_secret_of_series_that_nobody_used_for_a_week_breaks_the_promise(settings: Settings) -> None:
    async def backfill() -> None:
        async with Running(settings.data.parent) as ingest:
            ingest.series.key_of(SiteId(1), "s", now=NOW)

    asyncio.run(backfill())
    (vault,) = [path for path in settings.data.parent.rglob("series") if path.is_file()]

    assert broken(settings) == []
    vault.write_bytes(vault.read_bytes().replace(str(NOW).encode(), str(NOW - 8 * 86_400).encode()))

    (check,) = broken(settings)
    assert "8 days ago" in check.detail


def test_a_broken_chain_breaks_the_promise(settings: Settings) -> None:
    (settings.data / "salts.log").write_text("{}\n")

    assert ["The chain is broken" in check.detail for check in broken(settings)] == [True]


def test_a_folder_others_can_read_breaks_the_promise(settings: Settings) -> None:
    settings.data.chmod(0o755)

    assert ["chmod 700" in check.detail for check in broken(settings)] == [True]


def test_the_accounts_database_may_hold_only_what_owners_entered(settings: Settings) -> None:
    with sqlite3.connect(settings.data / "accounts.sqlite3") as database:
        database.execute("CREATE TABLE sites_shield (value TEXT)")
        database.execute("CREATE TABLE sessions (origin TEXT)")
        database.execute("INSERT INTO sites_shield VALUES (?)", (ADDRESS,))
    database.close()
    assert broken(settings) == []
    with sqlite3.connect(settings.data / "accounts.sqlite3") as database:
        database.execute("INSERT INTO sessions VALUES (?)", (ADDRESS,))
    database.close()

    assert [check.detail for check in broken(settings)] == ["an IP address in accounts table sessions, column origin"]


def test_the_command_prints_a_report_and_its_status_says_whether_all_is_well(
    settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(privacy_audit, "read_settings", lambda: settings)
    monkeypatch.setenv("PASSERBY_DATA", "")
    parser = argparse.ArgumentParser()
    privacy_audit.register(parser.add_subparsers())
    arguments = parser.parse_args(["privacy-audit", "--data", str(settings.data)])

    assert privacy_audit.run(arguments) == 0
    assert "every promise is kept" in capsys.readouterr().out
    (settings.data / "x.log").write_text(ADDRESS)
    assert privacy_audit.run(arguments) == 1
    assert "1 broken promises" in capsys.readouterr().out
