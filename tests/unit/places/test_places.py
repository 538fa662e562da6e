from itertools import pairwise

import pytest

from passerby import places


def test_a_country_has_a_name_a_third_code_and_a_flag() -> None:
    assert places.country_name("GB") == "United Kingdom"
    assert places.alpha3("GB") == "GBR"
    assert places.flag("GB") == "🇬🇧"
    assert places.flag("ee") == "🇪🇪"


def test_the_code_for_hidden_visitors_has_a_name_though_it_is_no_country() -> None:
    assert places.country_name("A1") == "Anonymous VPN Service"
    assert places.alpha3("A1") is None


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("EE-37", "Harjumaa"),
        ("EE-39", "Hiiumaa"),
        ("DE-BY", "Bavaria"),
        ("US-CA", "California"),
        ("US-WA", "Washington"),
        ("GB-WLS", "Wales"),
        ("BR-SP", "São Paulo"),
    ],
)
def test_a_region_has_the_name_english_readers_know(code: str, name: str) -> None:
    assert places.region_name(code) == name


@pytest.mark.parametrize(
    ("geoname_id", "name"), [(588409, "Tallinn"), (591632, "Kärdla"), (2650225, "Edinburgh"), (2643743, "London")]
)
def test_a_city_is_named_by_its_geonames_id(geoname_id: int, name: str) -> None:
    assert places.city_name(geoname_id) == name


@pytest.mark.parametrize("code", ["", "ZZ", "XX", "gb", "QQ-1"])
def test_an_unknown_code_has_no_name(code: str) -> None:
    assert places.country_name(code) is None
    assert places.region_name(code) is None
    assert places.alpha3(code) is None


@pytest.mark.parametrize("geoname_id", [0, -1, 1, 2**31])
def test_an_unknown_id_has_no_name(geoname_id: int) -> None:
    assert places.city_name(geoname_id) is None


@pytest.mark.parametrize("code", ["", "G", "GBR", "É1", "1A"])
def test_what_is_no_country_code_has_no_flag(code: str) -> None:
    assert places.flag(code) == ""


def test_all_places_can_be_walked_in_the_order_of_their_codes() -> None:
    countries, regions = list(places.countries()), list(places.regions())
    ids = [city.geoname_id for city in places.cities()]

    assert len(countries) > 240
    assert [country.code for country in countries] == sorted(country.code for country in countries)
    assert len({region.code for region in regions}) == len(regions) > 5000
    assert len(ids) > 200_000
    assert all(before < after for before, after in pairwise(ids))


def test_a_search_minds_neither_case_nor_accents_and_puts_beginnings_first() -> None:
    assert places.search_regions("harj")[0].name == "Harjumaa"
    assert [country.code for country in places.search_countries("UNITED k")] == ["GB"]
    assert 591632 in {city.geoname_id for city in places.search_cities("KARDLA")}


def test_a_search_is_bounded_and_an_empty_one_finds_nothing() -> None:
    assert len(places.search_regions("a")) == 25
    assert places.search_countries("") == []
    assert places.search_countries("no such place") == []
