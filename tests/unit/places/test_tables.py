"""The packaged tables: each says where it comes from, and they agree with each other."""

import pytest

from passerby import places
from passerby.data import FOLDER, read_pairs, read_table
from passerby.ingest.geo_names import GeoNames

TABLES = sorted(path.name for path in FOLDER.glob("*.tsv*"))


@pytest.mark.parametrize("name", TABLES)
def test_a_table_names_its_source_and_has_rows_of_one_width(name: str) -> None:
    rows = list(read_table(name))

    assert rows
    assert len({len(row) for row in rows}) == 1
    assert all(cell == cell.strip("\r\n") for row in rows for cell in row)


@pytest.mark.parametrize("name", [name for name in TABLES if not name.endswith(".gz")])
def test_a_table_says_its_source_in_its_first_lines(name: str) -> None:
    header = [line for line in (FOLDER / name).read_text("utf-8").splitlines()[:8] if line.startswith("# ")]

    assert any("Source:" in line for line in header)


def test_each_joined_region_has_a_name() -> None:
    codes = {code for _, _, code in read_table("geo_regions.tsv")}

    assert [code for code in codes if places.region_name(code) is None] == []


def test_each_region_belongs_to_a_country_that_has_a_name() -> None:
    countries = {region.code.partition("-")[0] for region in places.regions()}

    assert [code for code in countries if places.country_name(code) is None] == []


def test_each_joined_city_has_a_name() -> None:
    names = GeoNames.load()
    known = {city.geoname_id for city in places.cities()}

    assert set(names.city_ids) <= known
    assert {city for city in names.merged_cities.values() if city not in known} == set()


def test_a_source_alias_is_written_in_lower_case() -> None:
    assert [alias for alias in read_pairs("source_aliases.tsv") if alias != alias.lower()] == []


def test_a_source_stands_in_one_category_only() -> None:
    names = [row[0] for row in read_table("source_categories.tsv")]

    assert len(names) == len(set(names))
