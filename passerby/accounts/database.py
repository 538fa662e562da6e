"""Where accounts, teams and sites are kept: SQLite in the data folder, or PostgreSQL by its address."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from passerby.settings import SettingRefused, Settings

SQLITE_FILE = "accounts.sqlite3"


def database_of(settings: Settings) -> dict[str, Any]:
    """Django's `DATABASES["default"]`.

    Raises: SettingRefused for an address that is not postgresql://.
    """
    if not settings.database_url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": settings.data / SQLITE_FILE,
            "OPTIONS": {
                # IMMEDIATE: a transaction that will write waits at its start, where the busy timeout applies.
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=5000",
            },
        }
    parts = urlsplit(settings.database_url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise SettingRefused("PASSERBY_DATABASE_URL: expected postgresql://user:password@host:5432/name.")
    options = dict(parse_qsl(parts.query))  # libpq's own words: sslmode, sslrootcert, host for a socket's folder…
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or options.pop("host", ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
