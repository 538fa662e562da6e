"""Find places by a part of their name, for filter suggestions.

Case and accents do not matter; a name that begins with the text comes before one that merely contains it.
"""

import heapq
import unicodedata
from collections.abc import Iterable
from typing import TypeVar

from passerby.places.cities import City, cities
from passerby.places.countries import Country, countries
from passerby.places.regions import Region, regions

MATCHES_MAX = 25

Named = TypeVar("Named", City, Country, Region)


def search_countries(text: str, *, matches_max: int = MATCHES_MAX) -> list[Country]:
    """Countries whose name has this text in it."""
    return _search(countries(), text, matches_max)


def search_regions(text: str, *, matches_max: int = MATCHES_MAX) -> list[Region]:
    """Regions whose name has this text in it."""
    return _search(regions(), text, matches_max)


def search_cities(text: str, *, matches_max: int = MATCHES_MAX) -> list[City]:
    """Cities whose name has this text in it. Reads them all: about 0.4 s; the store's table is for live search."""
    return _search(cities(), text, matches_max)


def _search(places: Iterable[Named], text: str, matches_max: int) -> list[Named]:
    wanted = _fold(text)
    if not wanted:
        return []
    ranked = (
        (not name.startswith(wanted), len(name), name, index, place)
        for index, place in enumerate(places)
        if wanted in (name := _fold(place.name))
    )
    return [entry[-1] for entry in heapq.nsmallest(matches_max, ranked)]


def _fold(name: str) -> str:
    if name.isascii():
        return name.lower()
    decomposed = unicodedata.normalize("NFKD", name.lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
