"""Every setting, read once from the environment, typed, ranged, and refused at boot.

A setting is a `PASSERBY_…` variable; secrets may come from a file named by the same variable with `_FILE`.
Each one is described in docs/settings.md (a test says so). No Django here: ingest and store read these too.
"""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from passerby.errors import PasserbyError

IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network


class SettingRefused(PasserbyError):
    """A setting has a value we will not guess about; the server does not start."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator chose. Paths are absolute; sizes are bytes; durations are named with their unit."""

    data: Path
    base_url: str
    trusted_proxies: tuple[IPNetwork, ...]
    clickhouse_url: str
    database_url: str
    salt_folder: Path | None
    geo_city: Path | None
    metrics_token: str
    journal_bytes_max: int
    store_memory_bytes_max: int
    query_seconds_max: int
    query_memory_bytes_max: int
    query_rows_max: int = 2_000_000_000  # Read, not answered.
    datacentres: str = "off"  # Or `packaged`, or the path of a file of networks.
    spam_referrers: Path | None = None
    exchange_rates: Path | None = None
    mail_url: str = ""  # smtp://user:password@host:587, or smtps://…:465; empty: this server sends no mail.
    mail_from: str = ""
    has_base_url: bool = False  # False: nobody said where we are, so links follow the address the caller used.

    @property
    def is_https(self) -> bool:
        """Cookies are `Secure` exactly when the public address is https."""
        return self.base_url.startswith("https://")


def env_int(name: str, default: int, *, low: int, high: int, environ: Mapping[str, str] = os.environ) -> int:
    """A whole number from the environment, or refuse to start."""
    raw = environ.get(name, str(default))
    if not raw.isascii() or not raw.isdigit() or not low <= int(raw) <= high:
        raise SettingRefused(f"{name}={raw!r}: expected a whole number, {low} to {high}.")
    return int(raw)


def env_secret(name: str, default: str = "", *, environ: Mapping[str, str] = os.environ) -> str:
    """A secret from the variable itself, or from the file that `<name>_FILE` names."""
    path = environ.get(f"{name}_FILE")
    if not path:
        return environ.get(name, default)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as problem:
        raise SettingRefused(f"{name}_FILE={path!r}: {problem.strerror}.") from problem


def env_networks(name: str, *, environ: Mapping[str, str] = os.environ) -> tuple[IPNetwork, ...]:
    """A comma-separated list of CIDR networks, empty when unset."""
    networks: list[IPNetwork] = []
    for part in filter(None, (p.strip() for p in environ.get(name, "").split(","))):
        try:
            networks.append(ipaddress.ip_network(part, strict=False))
        except ValueError as problem:
            raise SettingRefused(f"{name}: {part!r} is not a network such as 10.0.0.0/8.") from problem
    return tuple(networks)


def env_path(name: str, *, environ: Mapping[str, str] = os.environ) -> Path | None:
    """An absolute path, or None when unset."""
    raw = environ.get(name, "")
    return Path(raw).expanduser().absolute() if raw else None


def env_base_url(*, environ: Mapping[str, str] = os.environ) -> str:
    """The public address without a trailing slash; the default is only right on this machine."""
    raw = environ.get("PASSERBY_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
    if not raw.startswith(("http://", "https://")):
        raise SettingRefused(f"PASSERBY_BASE_URL={raw!r}: expected an address that begins with http:// or https://.")
    return raw


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read every setting.

    Raises: SettingRefused naming the variable and what it accepts.
    """
    return Settings(
        data=env_path("PASSERBY_DATA", environ=environ) or Path("passerby-data").absolute(),
        base_url=env_base_url(environ=environ),
        trusted_proxies=env_networks("PASSERBY_TRUSTED_PROXIES", environ=environ),
        clickhouse_url=env_secret("PASSERBY_CLICKHOUSE_URL", environ=environ),
        database_url=env_secret("PASSERBY_DATABASE_URL", environ=environ),
        salt_folder=env_path("PASSERBY_SALT_FOLDER", environ=environ),
        geo_city=env_path("PASSERBY_GEO_CITY", environ=environ),
        metrics_token=env_secret("PASSERBY_METRICS_TOKEN", environ=environ),
        journal_bytes_max=env_int("PASSERBY_JOURNAL_MB_MAX", 1024, low=1, high=1_048_576, environ=environ) * 1_048_576,
        store_memory_bytes_max=env_int("PASSERBY_STORE_MEMORY_MB_MAX", 512, low=128, high=1_048_576, environ=environ)
        * 1_048_576,
        query_seconds_max=env_int("PASSERBY_QUERY_SECONDS_MAX", 30, low=1, high=600, environ=environ),
        query_memory_bytes_max=env_int("PASSERBY_QUERY_MEMORY_MB_MAX", 1024, low=64, high=1_048_576, environ=environ)
        * 1_048_576,
        query_rows_max=env_int("PASSERBY_QUERY_MILLION_ROWS_MAX", 2000, low=1, high=1_000_000, environ=environ)
        * 1_000_000,
        datacentres=environ.get("PASSERBY_DATACENTRES", "off"),
        spam_referrers=env_path("PASSERBY_SPAM_REFERRERS", environ=environ),
        exchange_rates=env_path("PASSERBY_EXCHANGE_RATES", environ=environ),
        mail_url=env_secret("PASSERBY_MAIL_URL", environ=environ),
        mail_from=environ.get("PASSERBY_MAIL_FROM", ""),
        has_base_url="PASSERBY_BASE_URL" in environ,
    )
