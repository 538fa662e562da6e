from pathlib import Path
from threading import Barrier, Thread

import pytest

from passerby.accounts.database import database_of
from passerby.accounts.mail import mail_of
from passerby.accounts.secret import SECRET_FILE, ensure_secret, secret_key_of
from passerby.settings import SettingRefused, Settings, read_settings


def settings(tmp_path: Path, **environ: str) -> Settings:
    return read_settings({"PASSERBY_DATA": str(tmp_path), **environ})


def test_accounts_are_kept_in_the_data_folder_by_default(tmp_path: Path) -> None:
    database = database_of(settings(tmp_path))

    assert database["NAME"] == tmp_path / "accounts.sqlite3"
    assert "journal_mode=WAL" in database["OPTIONS"]["init_command"]


def test_an_address_names_a_postgresql_database(tmp_path: Path) -> None:
    address = "postgresql://p%40sser:s%2Fecret@db.internal:5433/passerby"

    database = database_of(settings(tmp_path, PASSERBY_DATABASE_URL=address))

    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["USER"], database["PASSWORD"]) == ("p@sser", "s/ecret")
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.internal", "5433", "passerby")


def test_the_words_of_libpq_pass_through(tmp_path: Path) -> None:
    tls = database_of(settings(tmp_path, PASSERBY_DATABASE_URL="postgresql://u@db/p?sslmode=verify-full"))
    socket = database_of(settings(tmp_path, PASSERBY_DATABASE_URL="postgresql://u@/p?host=/run/postgresql"))

    assert (tls["HOST"], tls["OPTIONS"]) == ("db", {"sslmode": "verify-full"})
    assert (socket["HOST"], socket["OPTIONS"]) == ("/run/postgresql", {})


@pytest.mark.parametrize("address", ["mysql://db/passerby", "postgresql://db", "passerby"])
def test_another_address_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(SettingRefused, match="PASSERBY_DATABASE_URL"):
        database_of(settings(tmp_path, PASSERBY_DATABASE_URL=address))


def test_without_an_address_no_mail_is_sent(tmp_path: Path) -> None:
    assert mail_of(settings(tmp_path)).can_send is False


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("smtp://u:p@mail.example", ("mail.example", 587, True, False)),
        ("smtp://mail.example:25", ("mail.example", 25, False, False)),
        ("smtps://u:p@mail.example", ("mail.example", 465, False, True)),
    ],
)
def test_a_password_never_travels_in_the_clear(
    tmp_path: Path, address: str, expected: tuple[str, int, bool, bool]
) -> None:
    mail = mail_of(
        settings(
            tmp_path,
            PASSERBY_MAIL_URL=address,
            PASSERBY_MAIL_FROM="stats@example.com",
            PASSERBY_BASE_URL="https://stats.example.com",
        )
    )

    assert (mail.host, mail.port, mail.uses_starttls, mail.uses_tls) == expected


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"PASSERBY_MAIL_URL": "http://mail.example"}, "PASSERBY_MAIL_URL"),
        ({"PASSERBY_MAIL_URL": "smtp://mail.example"}, "PASSERBY_MAIL_FROM"),
        (
            {"PASSERBY_MAIL_URL": "smtp://mail.example", "PASSERBY_MAIL_FROM": "a@example.com"},
            "PASSERBY_BASE_URL",
        ),
    ],
)
def test_mail_that_could_not_work_is_refused_at_boot(tmp_path: Path, environ: dict[str, str], named: str) -> None:
    with pytest.raises(SettingRefused, match=named):
        mail_of(settings(tmp_path, **environ))


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first, second = secret_key_of(settings(tmp_path)), secret_key_of(settings(tmp_path))

    assert first == second
    assert len(first) >= 50
    assert (tmp_path / SECRET_FILE).stat().st_mode & 0o777 == 0o600


def test_without_a_data_folder_nothing_is_written(tmp_path: Path) -> None:
    absent = tmp_path / "absent"

    assert secret_key_of(settings(absent)) != secret_key_of(settings(absent))
    assert not absent.exists()


def test_two_processes_that_start_at_once_agree_on_the_secret(tmp_path: Path) -> None:
    chosen, barrier = settings(tmp_path), Barrier(8)

    def start() -> None:
        barrier.wait()
        ensure_secret(chosen)
        seen.append((tmp_path / SECRET_FILE).read_text())

    seen: list[str] = []
    threads = [Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(seen) == 8
    assert len(set(seen)) == 1
    assert [path.name for path in tmp_path.iterdir()] == [SECRET_FILE]
