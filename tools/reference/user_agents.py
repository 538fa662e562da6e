"""Write the corpus that tests measure passerby.ingest.devices against: real User-Agents and what Matomo's
device detection (PyPI device-detector, used here as an oracle only and never shipped) says about each.
"""

import json
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from device_detector import DeviceDetector
from layout import NODE_MODULES, ROOT, write_table

CORPUS = ROOT / "tests" / "unit" / "ingest" / "user_agents.tsv.gz"
HEADER = """\
Real User-Agents and what PyPI device-detector {oracle} says: browser, version, system, version, device class, in the
names of Plausible's reports; the sixth column is the User-Agent.
Source: npm user-agents (BSD-2-Clause), npm top-user-agents (MIT), PyPI fake-useragent (Apache-2.0),
PyPI random-user-agent (MIT). Made by tools/reference/user_agents.py."""

MERGED = {
    "Mobile Safari": "Safari",
    "Chrome Mobile": "Chrome",
    "Chrome Mobile iOS": "Chrome",
    "Firefox Mobile": "Firefox",
    "Firefox Mobile iOS": "Firefox",
    "Opera Mobile": "Opera",
    "Opera Mini": "Opera",
    "Opera Mini iOS": "Opera",
    "Yandex Browser Lite": "Yandex Browser",
    "Chrome Webview": "Mobile App",
}
SCREENS = {
    "smartphone": "Mobile",
    "feature phone": "Mobile",
    "portable media player": "Mobile",
    "phablet": "Mobile",
    "wearable": "Mobile",
    "camera": "Mobile",
    "car browser": "Tablet",
    "tablet": "Tablet",
    "tv": "Desktop",
    "console": "Desktop",
    "desktop": "Desktop",
}
Row = tuple[str, str, str, str, str, str]


def write_corpus() -> Path:
    """One row a User-Agent, sorted, bots left out. Takes half a minute."""
    rows = [row for user_agent in sorted(set(_user_agents())) if (row := _row(user_agent)) is not None]
    return write_table(CORPUS, HEADER.format(oracle=version("device-detector")), rows)


def _user_agents() -> Iterator[str]:
    for entry in _read_json(NODE_MODULES / "user-agents" / "dist" / "user-agents.json"):
        yield entry["userAgent"]
    for name in ("desktop", "mobile"):
        yield from _read_json(NODE_MODULES / "top-user-agents" / "src" / f"{name}.json")
    lines = files("fake_useragent").joinpath("data/browsers.jsonl").read_text(encoding="utf-8").splitlines()
    yield from (json.loads(line)["useragent"] for line in lines)
    with ZipFile(str(files("random_user_agent").joinpath("data/user_agents.zip"))) as archive:
        entries = [json.loads(line) for line in archive.read("user_agents.jl").splitlines()]
    # Older devices, but only those many people had.
    yield from (
        entry["user_agent"]
        for entry in entries
        if entry["popularity"] == "very common" and entry["software_type"].startswith("browser")
    )


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _row(user_agent: str) -> Row | None:
    found = DeviceDetector(user_agent).parse()
    if found.is_bot():
        return None
    browser = MERGED.get(found.client_name() or "", found.client_name() or "")
    if found.client_type() == "mobile app":
        browser = "Mobile App"
    system = found.os_name() or ""
    screen = SCREENS.get(found.device_type() or "", "")
    if system == "GNU/Linux" and not screen:
        screen = "Desktop"  # The port forgets what the original says of every desktop system.
    version_of_browser = "" if browser == "Mobile App" else _two_components(found.client_version())
    return browser, version_of_browser, system, _two_components(found.os_version()), screen, user_agent


def _two_components(text: Any) -> str:
    return ".".join(str(text or "").split(".")[:2])
