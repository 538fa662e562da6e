"""Cities by GeoNames id: 235,000 of them, so they are streamed, or kept packed, never as objects."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from passerby.data import read_table


class City(NamedTuple):
    """One city."""

    geoname_id: int
    country_code: str
    name: str


def cities() -> Iterator[City]:
    """Every city, by id, read from disk as they are taken; nothing stays in memory."""
    return (City(int(number), country, name) for number, country, name in read_table("cities.tsv.gz"))


def city_name(geoname_id: int) -> str | None:
    """The name of a city, or None for an id that is not known."""
    return _packed().name_of(geoname_id)


@dataclass(frozen=True, slots=True)
class _PackedNames:
    """Ids in ascending order, where each name begins in one long text, and that text."""

    ids: "array[int]"
    starts: "array[int]"
    names: bytes

    def name_of(self, geoname_id: int) -> str | None:
        index = bisect_left(self.ids, geoname_id)
        if index == len(self.ids) or self.ids[index] != geoname_id:
            return None
        return self.names[self.starts[index] : self.starts[index + 1]].decode()


@cache
def _packed() -> _PackedNames:
    ids, starts, names = array("I"), array("I", [0]), bytearray()
    for city in cities():
        ids.append(city.geoname_id)
        names += city.name.encode()
        starts.append(len(names))
    return _PackedNames(ids, starts, bytes(names))
