"""From the names in a geo database to codes: ISO 3166-2 for regions, GeoNames ids for cities.

The packaged database says "GB, England, Brighton"; reports store GB-ENG and 2654710. The pairs are found at release
time (tools/reference) and shipped as two files: regions as a table, cities as sorted 64-bit hashes of the names with
their ids, which is a tenth of the memory of a dictionary and answers in 2 µs.
"""

import sys
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from passerby.data import FOLDER, read_table

KEY_BYTES: Final = 8
ID_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class GeoNames:
    """The joined names. Regions by (country, name); cities by the hash of (country, region name, name)."""

    regions: dict[tuple[str, str], str]
    city_keys: "array[int]"
    city_ids: "array[int]"
    merged_cities: dict[int, int]  # A district's id → its city's.

    @classmethod
    def load(cls) -> "GeoNames":
        """Read the packaged tables: about 4 MB."""
        regions = {(country, name): code for country, name, code in read_table("geo_regions.tsv")}
        merged = {int(district): int(city) for district, city, _ in read_table("geo_districts.tsv")}
        keys, ids = unpack_cities((FOLDER / "geo_cities.bin").read_bytes())
        return cls(regions, keys, ids, merged)

    def region_code(self, country: str, region: str) -> str:
        """The ISO 3166-2 code, or an empty string."""
        return self.regions.get((country, region), "")

    def city_id(self, country: str, region: str, city: str) -> int:
        """The GeoNames id, or 0. A name outside its region is another place."""
        key = city_key(country, region, city)
        index = bisect_left(self.city_keys, key)
        found = index < len(self.city_keys) and self.city_keys[index] == key
        return self.city_ids[index] if found else 0

    def whole_city(self, geoname_id: int) -> int:
        """The city a district belongs to in reports, or the id itself."""
        return self.merged_cities.get(geoname_id, geoname_id)


def city_key(country: str, region: str, city: str) -> int:
    """64 bits that stand for a city's names, equal on every machine."""
    names = f"{country}\t{region}\t{city}".encode()
    return int.from_bytes(blake2b(names, digest_size=KEY_BYTES).digest(), "little")


def pack_cities(ids_by_key: dict[int, int]) -> bytes:
    """The file `unpack_cities` reads: all keys in ascending order, then their ids, little-endian."""
    keys = sorted(ids_by_key)
    packed_keys = b"".join(key.to_bytes(KEY_BYTES, "little") for key in keys)
    packed_ids = b"".join(ids_by_key[key].to_bytes(ID_BYTES, "little") for key in keys)
    return packed_keys + packed_ids


def unpack_cities(packed: bytes) -> tuple["array[int]", "array[int]"]:
    """Keys and ids of a packed file, ready to be searched."""
    count = len(packed) // (KEY_BYTES + ID_BYTES)
    keys, ids = array("Q"), array("I")
    keys.frombytes(packed[: count * KEY_BYTES])
    ids.frombytes(packed[count * KEY_BYTES :])
    if sys.byteorder == "big":
        keys.byteswap()
        ids.byteswap()
    return keys, ids
