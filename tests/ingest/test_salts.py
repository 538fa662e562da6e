import json
import os
import stat
import time
from pathlib import Path

import pytest

from passerby.ingest import salt_vault
from passerby.ingest.salt_log import SaltLog, read_salt_log
from passerby.ingest.salt_vault import SaltVault, is_memory_backed, open_vaults, vault_folder
from passerby.ingest.salts import AGE_SECONDS_MAX, Salts
from passerby.settings import SettingRefused
from tests.support.ingest import ingest_settings

MIDNIGHT = 1_790_000_000 // 86_400 * 86_400
MINUTE = 60
HOUR = 3600


def open_salts(folder: Path) -> Salts:
    folder.mkdir(exist_ok=True)
    return Salts(SaltVault(folder, name="salts", in_memory=True), SaltLog(folder))


def secrets_at(salts: Salts, now: int) -> tuple[bytes, bytes | None]:
    current, previous = salts.at(now)
    return bytes(current), bytes(previous) if previous is not None else None


def test_a_salt_is_random_and_lasts_a_day(tmp_path: Path) -> None:
    salts = open_salts(tmp_path)

    morning, _ = secrets_at(salts, MIDNIGHT + HOUR)
    evening, previous = secrets_at(salts, MIDNIGHT + 23 * HOUR)

    assert morning == evening
    assert previous is None
    assert len(morning) == 32
    assert secrets_at(open_salts(tmp_path / "other"), MIDNIGHT)[0] != morning


def test_at_midnight_there_is_a_new_salt_and_the_old_one_stays_for_half_an_hour(tmp_path: Path) -> None:
    salts = open_salts(tmp_path)
    yesterday, _ = secrets_at(salts, MIDNIGHT - 1)

    today, previous = secrets_at(salts, MIDNIGHT)

    assert previous == yesterday != today
    assert secrets_at(salts, MIDNIGHT + 30 * MINUTE - 1) == (today, yesterday)
    assert secrets_at(salts, MIDNIGHT + 30 * MINUTE) == (today, None)


def test_a_dead_salt_is_overwritten_in_memory(tmp_path: Path) -> None:
    salts = open_salts(tmp_path)
    held, _ = salts.at(MIDNIGHT - 1)
    salts.at(MIDNIGHT)
    assert any(held)

    salts.at(MIDNIGHT + HOUR)

    assert not any(held)


@pytest.mark.parametrize("later", [30 * MINUTE, 5 * HOUR, 40 * 24 * HOUR])
def test_a_timer_that_died_cannot_keep_a_salt_alive(tmp_path: Path, later: int) -> None:
    salts = open_salts(tmp_path)
    yesterday, _ = secrets_at(salts, MIDNIGHT - HOUR)

    today, previous = secrets_at(salts, MIDNIGHT + later)

    assert today != yesterday
    assert previous is None


def test_a_clock_set_back_a_little_keeps_the_salt(tmp_path: Path) -> None:
    salts = open_salts(tmp_path)
    today = secrets_at(salts, MIDNIGHT + 1)

    assert secrets_at(salts, MIDNIGHT - 299) == today


def test_a_clock_set_back_a_lot_makes_a_new_salt(tmp_path: Path) -> None:
    salts = open_salts(tmp_path)
    today, _ = secrets_at(salts, MIDNIGHT + 1)

    assert secrets_at(salts, MIDNIGHT - 301)[0] != today


def test_two_midnights_in_a_row_leave_one_previous_salt(tmp_path: Path) -> None:
    salts = open_salts(tmp_path)
    secrets_at(salts, MIDNIGHT - 1)
    second, _ = secrets_at(salts, MIDNIGHT + 1)

    third, previous = secrets_at(salts, MIDNIGHT + 24 * HOUR)

    assert (previous, third != second) == (second, True)


def test_a_clock_that_stands_still_cannot_keep_a_salt_alive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    salts = open_salts(tmp_path)
    first, _ = secrets_at(salts, MIDNIGHT)
    later = time.monotonic() + AGE_SECONDS_MAX + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)

    second, previous = secrets_at(salts, MIDNIGHT)

    assert (first != second, previous) == (True, None)


def test_a_clock_set_back_again_and_again_cannot_keep_yesterdays_salt_alive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    salts = open_salts(tmp_path)
    yesterday, _ = secrets_at(salts, MIDNIGHT - 1)
    assert secrets_at(salts, MIDNIGHT)[1] == yesterday
    later = time.monotonic() + 30 * MINUTE + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)

    assert secrets_at(salts, MIDNIGHT + MINUTE)[1] is None


def test_a_restart_keeps_the_salts(tmp_path: Path) -> None:
    first = open_salts(tmp_path)
    secrets_at(first, MIDNIGHT - 1)
    before = secrets_at(first, MIDNIGHT + 1)
    first.close()

    assert secrets_at(open_salts(tmp_path), MIDNIGHT + 2) == before


def test_a_restart_during_rotation_makes_yesterdays_salt_the_previous_one(tmp_path: Path) -> None:
    first = open_salts(tmp_path)
    yesterday, _ = secrets_at(first, MIDNIGHT - 1)
    first.close()

    assert secrets_at(open_salts(tmp_path), MIDNIGHT + 1)[1] == yesterday


def test_a_restart_the_next_day_finds_nothing_to_use(tmp_path: Path) -> None:
    first = open_salts(tmp_path)
    old, _ = secrets_at(first, MIDNIGHT - HOUR)
    first.close()

    assert old not in secrets_at(open_salts(tmp_path), MIDNIGHT + HOUR)


def test_what_cannot_be_read_is_no_salt(tmp_path: Path) -> None:
    (tmp_path / "salts").write_bytes(b"{")

    assert len(secrets_at(open_salts(tmp_path), MIDNIGHT)[0]) == 32


def test_the_salt_never_shows_itself(tmp_path: Path) -> None:
    salts = open_salts(tmp_path)
    secret, _ = secrets_at(salts, MIDNIGHT)
    salts.at(MIDNIGHT + 24 * HOUR)

    log = (tmp_path / "salts.log").read_text()
    assert repr(secret) not in repr(salts._current)
    assert secret.hex() not in log


def test_the_log_tells_of_every_creation_and_destruction(tmp_path: Path) -> None:
    salts = open_salts(tmp_path)
    for now in (MIDNIGHT - 1, MIDNIGHT, MIDNIGHT + HOUR):
        salts.at(now)

    events = read_salt_log(tmp_path)

    assert [event.what for event in events] == ["created", "created", "destroyed"]
    assert events[0].fingerprint == events[2].fingerprint
    assert events[2].at.endswith("T01:00:00Z")


def test_the_log_goes_on_after_a_restart(tmp_path: Path) -> None:
    SaltLog(tmp_path).append("created", fingerprint="a", at=MIDNIGHT)
    SaltLog(tmp_path).append("destroyed", fingerprint="a", at=MIDNIGHT)

    assert len(read_salt_log(tmp_path)) == 2


@pytest.mark.parametrize("change", ["drop", "edit", "garbage"])
def test_a_line_cannot_be_changed_unnoticed(tmp_path: Path, change: str) -> None:
    log = SaltLog(tmp_path)
    for number in range(3):
        log.append("created", fingerprint=str(number), at=MIDNIGHT)
    lines = (tmp_path / "salts.log").read_text().splitlines()
    changed = {
        "drop": [lines[0], lines[2]],
        "edit": [lines[0], json.dumps({**json.loads(lines[1]), "fingerprint": "9"}), lines[2]],
        "garbage": [lines[0], "x", lines[2]],
    }[change]
    (tmp_path / "salts.log").write_text("\n".join(changed) + "\n")

    with pytest.raises(ValueError, match=r"line [23]"):
        read_salt_log(tmp_path)


def test_a_log_that_cannot_be_written_does_not_keep_a_salt_alive(tmp_path: Path) -> None:
    (tmp_path / "salts.log").mkdir()
    log = SaltLog.__new__(SaltLog)
    log._path, log._last = tmp_path / "salts.log", "0" * 64
    salts = Salts(SaltVault(tmp_path, name="salts", in_memory=True), log)
    first, _ = secrets_at(salts, MIDNIGHT)

    assert secrets_at(salts, MIDNIGHT + 24 * HOUR + HOUR)[0] != first


def test_the_vault_is_private_and_each_data_folder_has_its_own(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    folders = []
    for home in (one, two):
        settings = ingest_settings(home, PASSERBY_SALT_FOLDER=str(tmp_path))
        (vault,) = open_vaults(settings, "salts")
        vault.write(b"secret")
        folders.append(vault_folder(settings)[0])

    assert folders[0] != folders[1]
    for folder in folders:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / "salts").stat().st_mode) == 0o600


def test_a_folder_that_others_can_read_is_refused(tmp_path: Path) -> None:
    settings = ingest_settings(tmp_path)
    folder, _ = vault_folder(settings)
    folder.mkdir(parents=True)
    folder.chmod(0o755)

    with pytest.raises(SettingRefused, match="only this user"):
        open_vaults(settings, "salts")


def test_a_rewritten_secret_replaces_the_old_one(tmp_path: Path) -> None:
    vault = SaltVault(tmp_path, name="salts", in_memory=False)
    vault.write(b"old secret")
    held = os.open(tmp_path / "salts", os.O_RDONLY)

    vault.write(b"new")

    assert vault.read() == b"new"
    assert os.pread(held, 100, 0) == bytes(len(b"old secret"))  # Overwritten before it was unlinked.
    os.close(held)


def test_a_vault_that_cannot_be_written_only_warns(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "salts").mkdir()
    vault = SaltVault(tmp_path, name="salts", in_memory=True)

    vault.write(b"x")

    assert vault.read() is None
    assert "cannot be kept" in caplog.text


def test_without_memory_backed_storage_the_operator_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(salt_vault, "is_memory_backed", lambda _: False)
    settings = ingest_settings(tmp_path, PASSERBY_SALT_FOLDER="")

    folder, in_memory = vault_folder(settings)

    assert (folder, in_memory) == (settings.data / "salts", False)
    assert "no memory-backed folder" in caplog.text


def test_with_memory_backed_storage_the_salt_never_touches_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(salt_vault, "is_memory_backed", lambda _: True)
    monkeypatch.setattr(salt_vault, "MEMORY_FOLDER", tmp_path)
    settings = ingest_settings(tmp_path, PASSERBY_SALT_FOLDER="")

    folder, in_memory = vault_folder(settings)

    assert in_memory
    assert folder.parent == tmp_path


def test_a_mount_table_says_what_is_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"disk / ext4 rw 0 0\ntmpfs {tmp_path} tmpfs rw 0 0\nbroken\n")
    monkeypatch.setattr(salt_vault, "MOUNTS", mounts)

    assert is_memory_backed(tmp_path)
    assert not is_memory_backed(tmp_path.parent)
    monkeypatch.setattr(salt_vault, "MOUNTS", tmp_path / "missing")
    assert not is_memory_backed(tmp_path)
