import pytest

from passerby.ingest.geo_names import GeoNames, city_key, pack_cities, unpack_cities
from passerby.ingest.geo_records import NOWHERE, Place, place_of_record

MITTE, BERLIN, BRIGHTON = 2870912, 2950159, 2654710


@pytest.fixture
def names() -> GeoNames:
    keys, ids = unpack_cities(
        pack_cities(
            {
                city_key("GB", "England", "Brighton"): BRIGHTON,
                city_key("DE", "State of Berlin", "Berlin (Mitte)"): MITTE,
                city_key("DE", "State of Berlin", "Berlin"): BERLIN,
            }
        )
    )
    return GeoNames({("GB", "England"): "GB-ENG", ("DE", "State of Berlin"): "DE-BE"}, keys, ids, {MITTE: BERLIN})


def test_a_flat_record_is_joined_by_its_names(names: GeoNames) -> None:
    record = {"country_code": "GB", "state1": "England", "state2": "", "city": "Brighton", "postcode": ""}

    assert place_of_record(record, names) == Place("GB", "GB-ENG", "", BRIGHTON)


def test_a_city_of_that_name_elsewhere_is_another_city(names: GeoNames) -> None:
    record = {"country_code": "GB", "state1": "Scotland", "city": "Brighton"}

    assert place_of_record(record, names) == Place("GB", "", "", 0)


def test_a_district_counts_as_its_city(names: GeoNames) -> None:
    record = {"country_code": "DE", "state1": "State of Berlin", "city": "Berlin (Mitte)"}

    assert place_of_record(record, names).city_geoname_id == BERLIN


def test_a_nested_record_speaks_for_itself(names: GeoNames) -> None:
    record = {
        "country": {"iso_code": "GB"},
        "subdivisions": [{"iso_code": "ENG"}, {"iso_code": "WBK"}],
        "city": {"geoname_id": 2655045},
    }

    assert place_of_record(record, names) == Place("GB", "GB-ENG", "GB-WBK", 2655045)


def test_a_nested_district_counts_as_its_city(names: GeoNames) -> None:
    record = {"country": {"iso_code": "DE"}, "city": {"geoname_id": MITTE}}

    assert place_of_record(record, names) == Place("DE", "", "", BERLIN)


def test_a_nested_record_without_codes_is_joined_by_its_names(names: GeoNames) -> None:
    record = {
        "country": {"iso_code": "GB"},
        "subdivisions": [{"names": {"en": "England"}}],
        "city": {"names": {"en": "Brighton"}},
    }

    assert place_of_record(record, names) == Place("GB", "GB-ENG", "", BRIGHTON)


@pytest.mark.parametrize("code", ["ZZ", "XX", "T1", ""])
def test_without_a_country_there_is_no_place_at_all(names: GeoNames, code: str) -> None:
    assert place_of_record({"country_code": code, "state1": "England", "city": "Brighton"}, names) == NOWHERE
    assert place_of_record({"country": {"iso_code": code}, "city": {"geoname_id": 1}}, names) == NOWHERE


@pytest.mark.parametrize(
    "record",
    [{}, {"country": None}, {"country": {"iso_code": 7}}, {"country_code": None}, {"city": {"geoname_id": 5}}],
)
def test_a_record_of_another_shape_is_nowhere(names: GeoNames, record: dict[str, object]) -> None:
    assert place_of_record(record, names) == NOWHERE


def test_the_packed_cities_read_alike_on_a_machine_of_the_other_byte_order(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = pack_cities({1: 2})
    monkeypatch.setattr("sys.byteorder", "big")

    keys, ids = unpack_cities(packed)

    # This machine is little-endian, so a swap that a big-endian one needs shows as swapped numbers here.
    assert (list(keys), list(ids)) == ([1 << 56], [2 << 24])
