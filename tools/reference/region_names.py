"""Match the region names of a geo database to ISO 3166-2 codes."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from layout import HERE

Subdivisions = Mapping[str, Mapping[str, Any]]  # Code → the entry of iso3166-2.

# Words that say what kind of region it is; one list writes them and the other does not.
KIND_WORDS = frozenset((HERE / "region_kinds.txt").read_text(encoding="utf-8").split())
# Letters that are no accented form of another.
UNFOLDED = str.maketrans(
    {"\N{LATIN SMALL LETTER DOTLESS I}": "i", "ß": "ss", "ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe"}
)
LOOSE_TABLES = (4, 5)
APOSTROPHES = re.compile("['\N{RIGHT SINGLE QUOTATION MARK}]")


def fold(name: str) -> str:
    """Lower case, no accents, no punctuation: what two spellings of one name share."""
    decomposed = unicodedata.normalize("NFKD", name.lower().translate(UNFOLDED))
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return re.sub(r"[^\w]+", " ", APOSTROPHES.sub("", plain)).strip()


class RegionIndex:
    """Finds the code of a region by country and name."""

    def __init__(self, subdivisions: Mapping[str, Subdivisions]) -> None:
        self._aliases = dict(_read_aliases())
        # Earlier tables win: Washington is the state (its official name) before it is the capital, and a name that
        # a province shares with its region means the region.
        self._tables: tuple[dict[tuple[str, str], str], ...] = ({}, {}, {}, {}, {}, {})
        for country, entries in subdivisions.items():
            for code, entry in sorted(entries.items()):
                below = 0 if entry["parentCode"] is None else 1
                official, local, loose = self._tables[below * 2], self._tables[below * 2 + 1], self._tables[4 + below]
                official.setdefault((country, fold(entry["name"])), code)
                for name in names_of(entry):
                    local.setdefault((country, fold(name)), code)
                    loose.setdefault((country, _without_kind(name)), code)

    def code_of(self, country: str, name: str) -> str:
        """The ISO 3166-2 code, or an empty string."""
        if alias := self._aliases.get((country, name)):
            return alias
        exact, loose = (country, fold(name)), (country, _without_kind(name))
        found = (table.get(loose if index in LOOSE_TABLES else exact) for index, table in enumerate(self._tables))
        return next(filter(None, found), "")


def names_of(entry: Mapping[str, Any]) -> list[str]:
    """The English names, the official one, the others: `Bavaria (eng), Bayern (deu)`."""
    parts = re.split(r"[,;/]", f"{entry['name']},{entry['localOtherName'] or ''}")
    english = [part for part in parts if "(eng)" in part]
    return [plain for part in [*english, *parts] if (plain := re.sub(r"[(\[].*", "", part).strip())]


def _without_kind(name: str) -> str:
    words = [word for word in fold(name).split() if word not in KIND_WORDS]
    return " ".join(words) or fold(name)


def _read_aliases() -> Iterator[tuple[tuple[str, str], str]]:
    for line in (HERE / "region_aliases.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("# "):
            country, name, code = line.split("\t")
            yield (country, name), code
