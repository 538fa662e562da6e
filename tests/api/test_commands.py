"""`passerby user`, `key` and `site`, as programs: they start, do one thing, and end."""

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

SECONDS_MAX = 15  # A loaded machine; alone it is about one.


def passerby(data: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "passerby", *arguments],
        env={**os.environ, "PASSERBY_DATA": str(data)},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS_MAX * 4,
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("commands") / "data"
    made = passerby(
        folder, "user", "create", "--email", "Ann@Example.com", "--password-stdin", stdin="correct-horse-battery-9\n"
    )
    assert (made.returncode, made.stdout) == (0, "ann@example.com\n"), made.stderr
    return folder


def test_a_key_is_printed_and_nothing_else(data: Path) -> None:
    began = time.monotonic()
    made = passerby(data, "key", "create", "--email", "ann@example.com", "--scope", "stats:read", "--hourly-limit", "7")

    assert made.returncode == 0, made.stderr
    assert len(made.stdout.strip()) == 64
    assert made.stdout.count("\n") == 1
    assert time.monotonic() - began < SECONDS_MAX


def test_the_folder_is_for_its_owner_alone_and_holds_no_password(data: Path) -> None:
    assert data.stat().st_mode & 0o077 == 0
    content = b"".join(path.read_bytes() for path in data.iterdir() if path.is_file())
    assert b"correct-horse-battery-9" not in content


def test_a_site_is_added_and_listed(data: Path) -> None:
    added = passerby(data, "site", "create", "--email", "ann@example.com", "--domain", "https://www.Shop.example/")
    listed = passerby(data, "site", "list")

    assert added.stdout == "shop.example\n", added.stderr
    assert listed.stdout == "shop.example\tEtc/UTC\tann@example.com\n"


def test_a_login_link_is_printed(data: Path) -> None:
    printed = passerby(data, "user", "login-link", "--email", "ann@example.com").stdout

    assert printed.startswith("http://127.0.0.1:8000/login/link/")


@pytest.mark.parametrize(
    ("arguments", "stdin", "said"),
    [
        (("user", "create", "--email", "ann@example.com", "--password-stdin"), "correct-horse-battery-9", "already"),
        (("user", "create", "--email", "bob@example.com", "--password-stdin"), "short", "at least 12"),
        (("user", "create", "--email", "bob", "--password-stdin"), "correct-horse-battery-9", "valid e-mail"),
        (("key", "create", "--email", "nobody@example.com", "--scope", "stats:read"), "", "There is no account"),
        (("key", "create", "--email", "ann@example.com", "--scope", "everything"), "", "There is no scope"),
        (("key", "create", "--email", "ann@example.com", "--scope", "stats:read", "--hourly-limit", "0"), "", "hourly"),
        (("site", "create", "--email", "ann@example.com", "--domain", "login"), "", "reserved"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(data: Path, arguments: tuple[str, ...], stdin: str, said: str) -> None:
    done = passerby(data, *arguments, stdin=stdin)

    assert done.returncode == 1
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_two_first_starts_at_once_make_one_database(tmp_path: Path) -> None:
    environ = {**os.environ, "PASSERBY_DATA": str(tmp_path / "data")}
    commands = [
        [sys.executable, "-m", "passerby", "user", "create", "--email", f"{name}@example.com", "--password-stdin"]
        for name in ("ann", "bob")
    ]
    running = [
        subprocess.Popen(command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for command in commands
    ]
    ends = [process.communicate(b"correct-horse-battery-9\n", timeout=SECONDS_MAX * 4) for process in running]

    assert [process.returncode for process in running] == [0, 0], ends
    with sqlite3.connect(tmp_path / "data" / "accounts.sqlite3") as database:
        emails = {row[0] for row in database.execute("SELECT email FROM accounts_user")}
    assert emails == {"ann@example.com", "bob@example.com"}
