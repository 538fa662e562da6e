"""Where in the world an address is: country, region and city, as codes. The address itself is never kept.

Reads databases of the MaxMind format from disk (memory-mapped): the packaged DB-IP Lite files, or the operator's own
DB-IP or MaxMind file. Packaged files carry names only; tables joined at release time turn them into ISO 3166-2 codes
and GeoNames ids. Never looks anything up over the network.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import maxminddb

from passerby.data import FOLDER
from passerby.errors import PasserbyError
from passerby.ingest.geo_names import GeoNames
from passerby.settings import Settings

NOWHERE_COUNTRIES = frozenset({"ZZ", "XX", "T1"})  # Unknown, disputed, Tor: no country at all.
MAPPED_PREFIX = "::ffff:"
MAPPED_PREFIX_CHARS = len(MAPPED_PREFIX)
PACKAGED_FILES = ("geo/city-ipv4.mmdb", "geo/city-ipv6.mmdb")

log = logging.getLogger(__name__)

Record = Mapping[str, Any]


class GeoDatabaseRefused(PasserbyError):
    """The operator's database cannot be read; the message names the file and the reason."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place as stored. Empty (or 0) where it is not known; without a country everything is."""

    country_code: str = ""
    subdivision1_code: str = ""
    subdivision2_code: str = ""
    city_geoname_id: int = 0


NOWHERE = Place()


class GeoDatabase:
    """One or two open database files, exchanged for newer ones while look-ups go on."""

    def __init__(self, files: tuple[Path, ...]) -> None:
        self._files = files
        self._stamps = _stamps_of(files)
        self._readers = _open_readers(files)
        self._names = GeoNames.load()

    @classmethod
    def open(cls, settings: Settings) -> "GeoDatabase":
        """The operator's file if there is one, else the packaged files; without either every place is unknown.

        Raises: GeoDatabaseRefused when the operator's file cannot be read.
        """
        if settings.geo_city is not None:
            return cls((settings.geo_city,))
        packaged = (FOLDER / name for name in PACKAGED_FILES)
        return cls(tuple(path for path in packaged if path.exists()))

    @property
    def description(self) -> str:
        """What /api/system calls the database: its type and the day it was built, or `(not configured)`."""
        if not self._readers:
            return "(not configured)"
        metadata = next(iter(self._readers.values())).metadata()
        built_on = datetime.fromtimestamp(metadata.build_epoch, UTC).date()
        return f"{metadata.database_type} {built_on}"

    def place_of(self, ip: str) -> Place:
        """Where this address is; nowhere for private and malformed ones. About 9 µs."""
        # Dual-stack sockets write IPv4 peers as ::ffff:192.0.2.1; an IPv6 database knows nothing of those.
        plain = ip[MAPPED_PREFIX_CHARS:] if ip[:MAPPED_PREFIX_CHARS].lower() == MAPPED_PREFIX and "." in ip else ip
        reader = self._readers.get(6 if ":" in plain else 4)
        try:
            record = reader.get(plain) if reader else None
        except ValueError:  # Not an address.
            return NOWHERE
        return self._resolve(record) if isinstance(record, dict) else NOWHERE

    def reload(self) -> bool:
        """Open the files again if they were replaced; True when they were. Cheap otherwise: call it every minute.

        A file that cannot be read (half-copied, removed) leaves the old one in use.
        """
        stamps = _stamps_of(self._files)
        if stamps == self._stamps:
            return False
        try:
            readers = _open_readers(self._files)
        except GeoDatabaseRefused as refused:
            log.warning("The geo database stays as it was: %s", refused)
            return False
        self._readers, self._stamps = readers, stamps
        return True

    def _resolve(self, record: Record) -> Place:
        if "country_code" in record:
            return self._resolve_flat(record)
        country = _text(record, "country", "iso_code")
        if not country or country in NOWHERE_COUNTRIES:
            return NOWHERE
        return self._resolve_nested(record, country)

    def _resolve_flat(self, record: Record) -> Place:
        """DB-IP as packaged: {"country_code": "GB", "state1": "England", "city": "Brighton"}."""
        country = record["country_code"]
        if not country or country in NOWHERE_COUNTRIES:
            return NOWHERE
        region, city = record.get("state1", ""), record.get("city", "")
        names = self._names
        return Place(
            country_code=country,
            subdivision1_code=names.region_code(country, region) if region else "",
            city_geoname_id=names.whole_city(names.city_id(country, region, city)) if city else 0,
        )

    def _resolve_nested(self, record: Record, country: str) -> Place:
        """MaxMind's shape, and DB-IP's own download, which has the shape but neither codes nor ids."""
        first, second = (*record.get("subdivisions", ()), {}, {})[:2]
        names = self._names
        region, city = _text(first, "names", "en"), _text(record, "city", "names", "en")
        city_id = record.get("city", {}).get("geoname_id") or names.city_id(country, region, city)
        return Place(
            country_code=country,
            subdivision1_code=_subdivision_code(country, first) or names.region_code(country, region),
            subdivision2_code=_subdivision_code(country, second),
            city_geoname_id=names.whole_city(city_id),
        )


def _text(record: Record, *path: str) -> str:
    """A text deep in a record, or an empty one where the path ends early."""
    value: Any = record
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _subdivision_code(country: str, subdivision: Record) -> str:
    iso = _text(subdivision, "iso_code")
    return f"{country}-{iso}" if iso else ""


def _stamps_of(files: tuple[Path, ...]) -> tuple[tuple[int, int, int], ...]:
    """What changes when a file is replaced: device-wide number, size, time. Zeros for a missing file."""
    return tuple(_stamp_of(path) for path in files)


def _stamp_of(path: Path) -> tuple[int, int, int]:
    try:
        status = path.stat()
    except OSError:
        return 0, 0, 0
    return status.st_ino, status.st_size, status.st_mtime_ns


def _open_readers(files: tuple[Path, ...]) -> dict[int, maxminddb.Reader]:
    """A reader for IPv4 and one for IPv6; a file that holds both serves both."""
    readers: dict[int, maxminddb.Reader] = {}
    for path in files:
        reader = _open_reader(path)
        readers[reader.metadata().ip_version] = reader
    if 6 in readers:  # noqa: PLR2004 — an IPv6 tree may hold IPv4 too.
        readers.setdefault(4, readers[6])
    return readers


def _open_reader(path: Path) -> maxminddb.Reader:
    try:
        # The compiled reader by name: the pure one is ten times slower and must not step in unnoticed.
        return maxminddb.open_database(path, maxminddb.MODE_MMAP_EXT)
    except (OSError, ValueError, maxminddb.InvalidDatabaseError) as problem:
        raise GeoDatabaseRefused(f"{path}: not a readable geo database ({problem}).") from problem
