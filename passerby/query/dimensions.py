"""Every dimension, one entry each: where its value lives, and what an empty value is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

PROPS = "event:props:"
ENTRY_PROPS = "visit:entry_props:"
GOAL = "event:goal"
PAGE = "event:page"
ENTRY_PAGE = "visit:entry_page"
SEGMENT = "segment"
DIRECT = "Direct / None"
NOT_SET = "(not set)"
NONE = "(none)"


class Level(StrEnum):
    """Which table knows a dimension or a metric."""

    EVENT = "event"  # Events only.
    VISIT = "visit"  # Visits only.
    EITHER = "either"  # Events carry a copy of it.


class Kind(StrEnum):
    """How values compare and print."""

    TEXT = "text"
    NUMBER = "number"
    COUNTRY_NAME = "country"
    REGION_NAME = "region"
    CITY_NAME = "city"

    @property
    def is_name(self) -> bool:
        """Names are looked up from codes when the question is asked."""
        return self in {Kind.COUNTRY_NAME, Kind.REGION_NAME, Kind.CITY_NAME}


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension. `column` is the column of events and visits alike, except where only visits have it."""

    name: str
    level: Level
    column: str
    kind: Kind = Kind.TEXT
    label: str = ""  # What an empty value is called in answers.
    empty: frozenset[str] = frozenset()  # Filter values that stand for empty.
    imported: tuple[str, str] | None = None  # Table without its prefix, and column.
    imported_label: str | None = None  # What an empty imported value is called; None drops the row.
    imported_dropped: frozenset[str] = frozenset()  # Imported values that name nothing.
    meaning: str = ""


_SOURCE = frozenset({DIRECT, NOT_SET})
_UNSET = frozenset({NOT_SET})


def _visit(name: str, column: str, imported: str, meaning: str) -> Dimension:
    return Dimension(
        name=f"visit:{name}",
        level=Level.EITHER,
        column=column,
        label=NOT_SET,
        empty=_UNSET,
        imported=(imported, name if name != "os" else "operating_system"),
        imported_label=NOT_SET,
        meaning=meaning,
    )


def _utm(name: str) -> Dimension:
    return Dimension(
        name=f"visit:{name}",
        level=Level.EITHER,
        column=name,
        label=NOT_SET,
        empty=_SOURCE,
        imported=("sources", name),
        meaning=f"{name} of the visit's first page.",
    )


def _place(name: str, column: str, kind: Kind, *, imported: str, dropped: frozenset[str]) -> Dimension:
    return Dimension(
        name=f"visit:{name}",
        level=Level.EITHER,
        column=column,
        kind=kind,
        empty=_UNSET,
        imported=("locations", imported),
        imported_dropped=dropped,
        meaning=f"The visitor's {name.replace('_', ' ')}.",
    )


def _page(name: str, column: str, imported: tuple[str, str] | None, meaning: str) -> Dimension:
    return Dimension(
        name=f"visit:{name}",
        level=Level.VISIT,
        column=column,
        empty=_UNSET,
        imported=imported,
        imported_label="" if imported else None,
        meaning=meaning,
    )


_NO_COUNTRY = frozenset({"", "ZZ"})
_NO_REGION = frozenset({""})
_NO_CITY = frozenset({"0"})

_ENTRIES = (
    Dimension(
        "event:name",
        Level.EVENT,
        "name",
        imported=("custom_events", "name"),
        imported_label="",
        meaning="Name of the event.",
    ),
    Dimension(
        PAGE, Level.EVENT, "pathname", imported=("pages", "page"), imported_label="", meaning="Path of the page."
    ),
    Dimension(
        "event:hostname",
        Level.EVENT,
        "hostname",
        imported=("pages", "hostname"),
        imported_label="",
        meaning="Host the event happened on.",
    ),
    Dimension(
        "visit:source",
        Level.EITHER,
        "referrer_source",
        label=DIRECT,
        empty=_SOURCE,
        imported=("sources", "source"),
        imported_label="",
        meaning="Where the visit came from.",
    ),
    Dimension(
        "visit:channel",
        Level.EITHER,
        "channel",
        label="Direct",
        empty=_UNSET,
        imported=("sources", "channel"),
        imported_label=NOT_SET,
        meaning="Kind of source.",
    ),
    Dimension(
        "visit:referrer",
        Level.EITHER,
        "referrer",
        label=DIRECT,
        empty=_SOURCE,
        imported=("sources", "referrer"),
        imported_label="",
        meaning="Page that linked here.",
    ),
    _utm("utm_medium"),
    _utm("utm_source"),
    _utm("utm_campaign"),
    _utm("utm_content"),
    _utm("utm_term"),
    _visit("device", "screen_size", "devices", "Class of device."),
    _visit("browser", "browser", "browsers", "Name of the browser."),
    _visit("browser_version", "browser_version", "browsers", "Version of the browser."),
    _visit("os", "operating_system", "operating_systems", "Name of the operating system."),
    Dimension(
        "visit:os_version",
        Level.EITHER,
        "operating_system_version",
        label=NOT_SET,
        empty=_UNSET,
        imported=("operating_systems", "operating_system_version"),
        imported_label=NOT_SET,
        meaning="Version of the operating system.",
    ),
    _place("country", "country_code", Kind.TEXT, imported="country", dropped=_NO_COUNTRY),
    _place("region", "subdivision1_code", Kind.TEXT, imported="region", dropped=_NO_REGION),
    _place("city", "city_geoname_id", Kind.NUMBER, imported="city", dropped=_NO_CITY),
    _place("country_name", "country_code", Kind.COUNTRY_NAME, imported="country", dropped=_NO_COUNTRY),
    _place("region_name", "subdivision1_code", Kind.REGION_NAME, imported="region", dropped=_NO_REGION),
    _place("city_name", "city_geoname_id", Kind.CITY_NAME, imported="city", dropped=_NO_CITY),
    _page("entry_page", "entry_page", ("entry_pages", "entry_page"), "First page of the visit."),
    _page("exit_page", "exit_page", ("exit_pages", "exit_page"), "Last page of the visit."),
    _page("entry_page_hostname", "hostname", None, "Host of the first page."),
    _page("exit_page_hostname", "exit_page_hostname", None, "Host of the last page."),
)
DIMENSIONS: Mapping[str, Dimension] = {entry.name: entry for entry in _ENTRIES} | {
    "visit:screen": Dimension(
        "visit:screen",
        Level.EITHER,
        "screen_size",
        label=NOT_SET,
        empty=_UNSET,
        imported=("devices", "device"),
        imported_label=NOT_SET,
        meaning="Another name of visit:device.",
    )
}
TIME_DIMENSIONS = ("time", "time:minute", "time:hour", "time:day", "time:week", "time:month")
PUBLIC_TIME_DIMENSIONS = tuple(name for name in TIME_DIMENSIONS if name != "time:minute")


def is_time(name: str) -> bool:
    """True for every time dimension."""
    return name in TIME_DIMENSIONS


def props_key(name: str) -> str | None:
    """The property that `event:props:<key>` names, else None."""
    return name.removeprefix(PROPS) if name.startswith(PROPS) else None


def level_of(name: str) -> Level:
    """Which table knows the dimension; time is known to both."""
    if name == GOAL or name.startswith(PROPS):
        return Level.EVENT
    if name.startswith(ENTRY_PROPS):
        return Level.VISIT
    return Level.EITHER if is_time(name) else DIMENSIONS[name].level
