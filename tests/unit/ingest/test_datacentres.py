from pathlib import Path

import pytest

from passerby.ingest.datacentres import open_datacentres
from passerby.settings import SettingRefused

HOSTED, HOME = "52.95.110.1", "216.160.83.56"


def test_off_nobody_is_taken_for_a_machine() -> None:
    assert not open_datacentres("off")(HOSTED)


def test_the_packaged_ranges_know_the_big_providers() -> None:
    is_datacentre = open_datacentres("packaged")

    assert is_datacentre(HOSTED)
    assert not is_datacentre(HOME)


def test_an_operator_s_list_holds_networks_and_addresses(tmp_path: Path) -> None:
    path = tmp_path / "networks.txt"
    path.write_text("# hosts\n192.0.2.0/25\n192.0.2.64/26  # inside the first\n198.51.100.7\n2001:db8::/32\n")

    holds = open_datacentres(str(path))

    assert [ip for ip in ("192.0.2.0", "192.0.2.127", "192.0.2.128", "192.0.1.255") if holds(ip)] == [
        "192.0.2.0",
        "192.0.2.127",
    ]
    assert holds("198.51.100.7")
    assert holds("2001:db8::1")
    assert holds("::ffff:192.0.2.1")
    assert not holds("2001:db9::1")
    assert not holds("no address")
    assert not holds("")


def test_a_line_that_is_no_network_is_refused_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "networks.txt"
    path.write_text("192.0.2.0/24\nnot-a-network\n")

    with pytest.raises(SettingRefused, match="line 2"):
        open_datacentres(str(path))


def test_a_missing_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingRefused, match="PASSERBY_DATACENTRES"):
        open_datacentres(str(tmp_path / "missing"))
