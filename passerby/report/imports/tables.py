"""The files an import may hold: one per table, columns found by name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a cell holds."""

    DATE = "date"
    TEXT = "text"
    COUNT = "count"  # 0 to 2^64 - 1.


COUNT_MAX = 2**64 - 1
CITY_MAX = 2**32 - 1
TEXT_CHARACTERS_MAX = 2_000  # As of live events.


@dataclass(frozen=True, slots=True)
class Column:
    """One column. Where a file lacks it, every row has the empty value."""

    name: str
    kind: Kind
    count_max: int = COUNT_MAX

    @property
    def empty(self) -> str | int:
        """What a missing or empty cell stands for."""
        return 0 if self.kind is Kind.COUNT else ""


def _columns(text: str, counts: str) -> tuple[Column, ...]:
    return (
        Column("date", Kind.DATE),
        *(Column(name, Kind.TEXT) for name in text.split()),
        *(Column(name, Kind.COUNT) for name in counts.split()),
    )


_VISITS = "visitors visits visit_duration bounces pageviews"
_TAGS = "utm_source utm_medium utm_campaign utm_content utm_term"

TABLES: Mapping[str, tuple[Column, ...]] = {
    "visitors": _columns("", _VISITS),
    "sources": _columns(f"source channel referrer {_TAGS}", _VISITS),
    "pages": _columns(
        "hostname page",
        "visits visitors pageviews total_scroll_depth total_scroll_depth_visits total_time_on_page "
        "total_time_on_page_visits",
    ),
    "entry_pages": _columns("entry_page", "visitors entrances visit_duration bounces pageviews"),
    "exit_pages": _columns("exit_page", "visitors exits visit_duration bounces pageviews"),
    "custom_events": _columns("name link_url path", "visitors events"),
    "locations": (*_columns("country region", _VISITS), Column("city", Kind.COUNT, count_max=CITY_MAX)),
    "devices": _columns("device", _VISITS),
    "browsers": _columns("browser browser_version", _VISITS),
    "operating_systems": _columns("operating_system operating_system_version", _VISITS),
}
# Properties of exports: no question reads them back, so their file is left unread.
FILE_NAME = re.compile(r"(?:imported_)?(?P<table>[a-z_]+)_(?P<first>\d{8})_(?P<last>\d{8})\.csv", re.ASCII)
