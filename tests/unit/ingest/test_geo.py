from collections.abc import Mapping
from pathlib import Path

import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from passerby.ingest.geo import NOWHERE, GeoDatabase, GeoDatabaseRefused, Place
from passerby.settings import read_settings

BRITAIN: dict[str, object] = {
    "country": {"iso_code": "GB"},
    "subdivisions": [{"iso_code": "ENG"}, {"iso_code": "WBK"}],
    "city": {"geoname_id": 2655045},
}
ESTONIA: dict[str, object] = {"country": {"iso_code": "EE"}}
JAPAN: dict[str, object] = {"country": {"iso_code": "JP"}}


def write_database(path: Path, records: Mapping[str, dict[str, object]], *, ip_version: int = 6) -> Path:
    writer = MMDBWriter(ip_version=ip_version, ipv4_compatible=ip_version == 6, database_type="Test-City")
    for network, record in records.items():
        writer.insert_network(IPSet([network]), record)
    draft = path.with_suffix(".draft")
    writer.to_db_file(str(draft))
    draft.replace(path)
    return path


def opened(path: Path) -> GeoDatabase:
    return GeoDatabase.open(read_settings({"PASSERBY_GEO_CITY": str(path)}))


def test_an_operator_s_file_answers_for_both_families(tmp_path: Path) -> None:
    path = write_database(tmp_path / "city.mmdb", {"2.125.160.0/24": BRITAIN, "2001:218::/32": JAPAN})

    database = opened(path)

    assert database.place_of("2.125.160.216") == Place("GB", "GB-ENG", "GB-WBK", 2655045)
    assert database.place_of("::ffff:2.125.160.216") == Place("GB", "GB-ENG", "GB-WBK", 2655045)
    assert database.place_of("2001:218:1:1:1:1:1:1") == Place("JP")
    assert database.description.startswith("Test-City 20")


def test_a_file_of_one_family_knows_nothing_of_the_other(tmp_path: Path) -> None:
    database = opened(write_database(tmp_path / "city.mmdb", {"2.125.160.0/24": BRITAIN}, ip_version=4))

    assert database.place_of("2.125.160.216").country_code == "GB"
    assert database.place_of("2001:218::1") == NOWHERE


@pytest.mark.parametrize(
    "ip", ["", "x", "1.2.3", "1.2.3.4.5", "fe80::1%eth0", "::ffff:1.2.3", "10.0.0.1", "\udfff", "::"]
)
def test_what_is_no_public_address_is_nowhere(tmp_path: Path, ip: str) -> None:
    database = opened(write_database(tmp_path / "city.mmdb", {"2.125.160.0/24": BRITAIN}))

    assert database.place_of(ip) == NOWHERE


def test_a_replaced_file_is_taken_up_without_a_restart(tmp_path: Path) -> None:
    path = write_database(tmp_path / "city.mmdb", {"2.125.160.0/24": BRITAIN})
    database = opened(path)
    assert not database.reload()

    write_database(path, {"2.125.160.0/24": ESTONIA, "2001:218::/32": JAPAN})

    assert database.reload()
    assert database.place_of("2.125.160.216") == Place("EE")
    assert not database.reload()


def test_a_file_that_went_bad_leaves_the_old_one_in_use(tmp_path: Path) -> None:
    path = write_database(tmp_path / "city.mmdb", {"2.125.160.0/24": BRITAIN})
    database = opened(path)
    broken = tmp_path / "broken"
    broken.write_bytes(b"half a file")
    broken.replace(path)

    assert not database.reload()
    path.unlink()
    assert not database.reload()

    assert database.place_of("2.125.160.216").country_code == "GB"


def test_an_unreadable_file_is_refused_at_boot(tmp_path: Path) -> None:
    broken = tmp_path / "broken.mmdb"
    broken.write_bytes(b"not a database")

    with pytest.raises(GeoDatabaseRefused, match=r"broken\.mmdb"):
        opened(broken)
    with pytest.raises(GeoDatabaseRefused, match=r"missing\.mmdb"):
        opened(tmp_path / "missing.mmdb")


def test_without_any_file_every_place_is_unknown() -> None:
    database = GeoDatabase(())

    assert database.place_of("2.125.160.216") == NOWHERE
    assert database.description == "(not configured)"


def test_the_packaged_files_give_country_region_and_city() -> None:
    database = GeoDatabase.open(read_settings({}))

    assert database.place_of("193.40.5.1") == Place("EE", "EE-79", "", 588335)  # The University of Tartu.
    assert database.place_of("216.160.83.56").subdivision1_code == "US-WA"
    assert database.place_of("2001:218:1:1:1:1:1:1").country_code == "JP"
    assert database.place_of("127.0.0.1") == NOWHERE
