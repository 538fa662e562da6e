from ipaddress import ip_network
from pathlib import Path

import pytest

from passerby.settings import SettingRefused, read_settings


def test_nothing_needs_to_be_set() -> None:
    settings = read_settings({})

    assert settings.data == Path("passerby-data").absolute()
    assert settings.trusted_proxies == ()
    assert not settings.is_https


def test_trusted_proxies_are_networks() -> None:
    settings = read_settings({"PASSERBY_TRUSTED_PROXIES": "10.0.0.0/8, 2001:db8::/32,127.0.0.1"})

    assert settings.trusted_proxies == (
        ip_network("10.0.0.0/8"),
        ip_network("2001:db8::/32"),
        ip_network("127.0.0.1/32"),
    )


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "url"
    secret.write_text("http://analytics@clickhouse:8123\n")

    assert (
        read_settings({"PASSERBY_CLICKHOUSE_URL_FILE": str(secret)}).clickhouse_url
        == "http://analytics@clickhouse:8123"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PASSERBY_TRUSTED_PROXIES", "localhost"),
        ("PASSERBY_BASE_URL", "stats.example.com"),
        ("PASSERBY_STORE_MEMORY_MB_MAX", "12"),
        ("PASSERBY_STORE_MEMORY_MB_MAX", "lots"),
        ("PASSERBY_QUERY_SECONDS_MAX", "-1"),
        ("PASSERBY_CLICKHOUSE_URL_FILE", "/nowhere/at/all"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_at_boot(name: str, value: str) -> None:
    with pytest.raises(SettingRefused, match=name):
        read_settings({name: value})
