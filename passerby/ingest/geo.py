"""Where in the world an address is: country, region and city, as codes. The address itself is never kept.

Reads databases of the MaxMind format from disk (memory-mapped): the packaged DB-IP Lite files, or the operator's own
DB-IP or MaxMind file. Never looks anything up over the network.
"""

import logging
from datetime import UTC, datetime
from pathlib import Path

import maxminddb

from passerby.data import FOLDER
from passerby.errors import PasserbyError
from passerby.ingest.geo_names import GeoNames
from passerby.ingest.geo_records import NOWHERE, Place, place_of_record
from passerby.settings import Settings

__all__ = ["NOWHERE", "GeoDatabase", "GeoDatabaseRefused", "Place"]

MAPPED_PREFIX = "::ffff:"
MAPPED_PREFIX_CHARS = len(MAPPED_PREFIX)
PACKAGED_FILES = ("geo/city-ipv4.mmdb", "geo/city-ipv6.mmdb")

log = logging.getLogger(__name__)


class GeoDatabaseRefused(PasserbyError):
    """The operator's database cannot be read; the message names the file and the reason."""


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
        """Where this address is; nowhere for private and malformed ones. About 7 µs."""
        # Dual-stack sockets write IPv4 peers as ::ffff:192.0.2.1; an IPv6 database knows nothing of those.
        plain = ip[MAPPED_PREFIX_CHARS:] if ip[:MAPPED_PREFIX_CHARS].lower() == MAPPED_PREFIX and "." in ip else ip
        reader = self._readers.get(6 if ":" in plain else 4)
        try:
            record = reader.get(plain) if reader else None
        except (ValueError, TypeError):  # Not an address; TypeError for a lone surrogate.
            return NOWHERE
        return place_of_record(record, self._names) if isinstance(record, dict) else NOWHERE

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
