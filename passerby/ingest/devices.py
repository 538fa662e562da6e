"""Which browser, operating system and kind of device a User-Agent names, in the words of Plausible's reports.

The User-Agent goes in, five short texts come out, and nothing else of it is kept: the cache lives in memory only.
Patterns are ua-parser's; names follow what Matomo's detection calls things (`Mac`, `GNU/Linux`, `Mobile App`), by
the table passerby/data/device_names.tsv.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Protocol

from ua_parser_builtins.matchers import MATCHERS
from ua_parser_rs import OSExtractor, UserAgentExtractor

from passerby.data import read_table
from passerby.ingest.forgetful import Forgetful

USER_AGENT_CHARS_MAX = 1024  # Longer ones are cut before matching: no real browser needs more.
CACHED_DEVICES_MAX = 8192
MOBILE_APP = "Mobile App"
UNVERSIONED_BROWSERS = frozenset({MOBILE_APP, "Android Browser"})  # The latter writes the system's version.
DESKTOP, MOBILE, TABLET = "Desktop", "Mobile", "Tablet"

IPADOS_MAJOR_MIN = 13
# Safari 26 and later writes one of these system versions for ever; the true one is the browser's own.
FROZEN_VERSIONS = frozenset({"10.15", "18.6", "18.7"})
SAFARI_VERSION = re.compile(r"\bVersion/((?:2[6-9]|[3-9][0-9])\.[0-9]+)")
FIRE_OS_OF_ANDROID = {"4": "4", "5": "5", "7": "6", "9": "7", "11": "8"}
DESKTOP_SYSTEMS = frozenset(
    {"Windows", "Mac", "GNU/Linux", "Chrome OS", "Ubuntu", "Debian", "Fedora", "Red Hat", "SUSE", "Mint", "Gentoo"}
    | {"Arch Linux", "Mandriva", "CentOS", "FreeBSD", "OpenBSD", "NetBSD", "Solaris", "Haiku OS", "Google TV", "tvOS"}
    | {"webOS", "Android TV", "PlayStation", "Nintendo"}
)
TABLET_SYSTEMS = frozenset({"iPadOS", "Fire OS", "BlackBerry Tablet OS"})
MOBILE_SYSTEMS = frozenset(
    {"iOS", "Windows Phone", "BlackBerry OS", "Symbian OS Series 60", "Symbian OS Series 40", "Symbian^3", "Bada"}
    | {
        "Tizen",
        "Firefox OS",
        "KaiOS",
        "HarmonyOS",
        "OpenHarmony",
        "Brew",
        "watchOS",
        "Sailfish",
        "Windows CE",
        "MeeGo",
        "Maemo",
    }
)
UNVERSIONED_SYSTEMS = frozenset({"GNU/Linux", "Firefox OS"})  # What looks like a version is the kernel's, or Gecko's.


@dataclass(frozen=True, slots=True)
class Device:
    """What a report may say about the visitor's device. Empty where it is not known."""

    screen_size: str = ""
    browser: str = ""
    browser_version: str = ""
    operating_system: str = ""
    operating_system_version: str = ""


UNKNOWN_DEVICE = Device()


def device_of(user_agent: str) -> Device:
    """The device behind a User-Agent; all fields empty for one that says nothing."""
    return _parse(user_agent[:USER_AGENT_CHARS_MAX]) if user_agent else UNKNOWN_DEVICE


Pattern = tuple[str, str | None, str | None, str | None, str | None, str | None]


class _Versioned(Protocol):
    family: str
    major: str | None
    minor: str | None


def _read(user_agent: str) -> Device:
    user_agent = user_agent.encode(errors="replace").decode()  # The matcher takes no lone surrogates.
    browser, browser_version = _browser_of(user_agent)
    system, system_version = _system_of(user_agent)
    return Device(
        screen_size=_screen_of(user_agent, system),
        browser=browser,
        browser_version=browser_version,
        operating_system=system,
        operating_system_version=system_version,
    )


def _browser_of(user_agent: str) -> tuple[str, str]:
    found = _BROWSERS.extract(user_agent)
    if found is None:
        return "", ""
    name = _BROWSER_NAMES.get(found.family, found.family)
    return name, "" if name in UNVERSIONED_BROWSERS else _version_of(found)


def _system_of(user_agent: str) -> tuple[str, str]:
    found = _SYSTEMS.extract(user_agent)
    if found is None:
        return "", ""
    name = _SYSTEM_NAMES.get(found.family, found.family)
    if name == "Fire OS":
        return name, FIRE_OS_OF_ANDROID.get(found.major or "", "")
    version = "" if name in UNVERSIONED_SYSTEMS else _version_of(found)
    if version in FROZEN_VERSIONS and (thawed := SAFARI_VERSION.search(user_agent)):
        version = thawed[1]
    if name == "iOS" and "iPad" in user_agent and int(found.major or 0) >= IPADOS_MAJOR_MIN:
        name = "iPadOS"
    return name, version


def _screen_of(user_agent: str, system: str) -> str:
    """The class of device. Only what the system and a few words say: a model's name is nobody's business."""
    found = _SCREENS.extract(user_agent)
    said = found.family if found else ""
    if said == DESKTOP or system in DESKTOP_SYSTEMS:
        return DESKTOP
    if said == TABLET or system in TABLET_SYSTEMS:
        return TABLET
    if system == "Android":
        # Chrome's own convention: a phone says Mobile, a tablet does not.
        return MOBILE if "Mobile" in user_agent or "Opera Mini" in user_agent else TABLET
    return MOBILE if system in MOBILE_SYSTEMS else said


def _version_of(found: _Versioned) -> str:
    """The first two components."""
    if not found.major:
        return ""
    return f"{found.major}.{found.minor}" if found.minor else found.major


def _read_names() -> tuple[dict[str, str], dict[str, str]]:
    names: dict[str, dict[str, str]] = {"browser": {}, "system": {}}
    for kind, family, name in read_table("device_names.tsv"):
        names[kind][family] = name
    return names["browser"], names["system"]


def _patterns_of(kind: str, matchers: Iterable[object]) -> Iterator[Pattern]:
    """Our own patterns first, then ua-parser's."""
    for row_kind, name, pattern in read_table("device_patterns.tsv"):
        if row_kind == kind:
            yield pattern, name, None, None, None, None  # None: the version is what the next group matched.
    yield from map(_FIELDS, matchers)


_FIELDS = attrgetter("regex", "family", "major", "minor", "patch", "patch_minor")
_BROWSER_NAMES, _SYSTEM_NAMES = _read_names()
# Built from the parts rather than through ua_parser.Parser: its third matcher (device models) would add 25 MB of
# memory and half the time for names no report shows, and a missing compiled wheel must be an error, not a slow path.
_BROWSERS = UserAgentExtractor(_patterns_of("browser", MATCHERS[0]))
_SYSTEMS = OSExtractor(_patterns_of("system", MATCHERS[1]))
_SCREENS = UserAgentExtractor(_patterns_of("screen", ()))
_parse = Forgetful(_read, answers_max=CACHED_DEVICES_MAX)
