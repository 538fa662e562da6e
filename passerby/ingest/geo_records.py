"""One record of a geo database, in any of its three shapes, to a place as stored.

Packaged DB-IP files are flat and carry names only; DB-IP's own download is nested and carries names only; MaxMind's
is nested and carries codes and ids. Names become codes through the tables of geo_names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from passerby.ingest.geo_names import GeoNames

NOWHERE_COUNTRIES = frozenset({"ZZ", "XX", "T1"})  # Unknown, disputed, Tor: no country at all.

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A place as stored. Empty (or 0) where it is not known; without a country everything is."""

    country_code: str = ""
    subdivision1_code: str = ""
    subdivision2_code: str = ""
    city_geoname_id: int = 0


NOWHERE = Place()


def place_of_record(record: Record, names: GeoNames) -> Place:
    """The place a record tells of; nowhere when it names no country."""
    if "country_code" in record:
        return _place_of_flat(record, names)
    country = _text(record, "country", "iso_code")
    return _place_of_nested(record, country, names) if _is_country(country) else NOWHERE


def _place_of_flat(record: Record, names: GeoNames) -> Place:
    """DB-IP as packaged: {"country_code": "GB", "state1": "England", "city": "Brighton"}."""
    country = _text(record, "country_code")
    if not _is_country(country):
        return NOWHERE
    region, city = _text(record, "state1"), _text(record, "city")
    return Place(
        country_code=country,
        subdivision1_code=names.region_code(country, region) if region else "",
        city_geoname_id=names.whole_city(names.city_id(country, region, city)) if city else 0,
    )


def _place_of_nested(record: Record, country: str, names: GeoNames) -> Place:
    """MaxMind's shape, and DB-IP's own download, which has the shape but neither codes nor ids."""
    first, second = (*record.get("subdivisions", ()), {}, {})[:2]
    region, city = _text(first, "names", "en"), _text(record, "city", "names", "en")
    city_id = _number(record, "city", "geoname_id") or names.city_id(country, region, city)
    return Place(
        country_code=country,
        subdivision1_code=_subdivision_code(country, first) or names.region_code(country, region),
        subdivision2_code=_subdivision_code(country, second),
        city_geoname_id=names.whole_city(city_id),
    )


def _is_country(code: str) -> bool:
    return code != "" and code not in NOWHERE_COUNTRIES


def _subdivision_code(country: str, subdivision: Record) -> str:
    iso = _text(subdivision, "iso_code")
    return f"{country}-{iso}" if iso else ""


def _text(record: Record, *path: str) -> str:
    """A text deep in a record, or an empty one where the path ends early."""
    value = _at(record, path)
    return value if isinstance(value, str) else ""


def _number(record: Record, *path: str) -> int:
    value = _at(record, path)
    return value if isinstance(value, int) else 0


def _at(record: Record, path: tuple[str, ...]) -> object:
    value: Any = record
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value
