"""Match the region names of a geo database to ISO 3166-2 codes."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from layout import HERE

Subdivisions = Mapping[str, Mapping[str, Any]]  # Code → the entry of iso3166-2.

# Words that say what kind of region it is; one list writes them and the other does not.
KIND_WORDS = frozenset(
    "autonomous autonomy canton capital city county department departamento district division do emirate federal "
    "governorate grad hlavni island islands judet kanton kraj krai kray land mesto metropolitan metropolis municipality "
    "oblast of okrug parish prefecture prefektura province provincia provinsi raion rayon region regiao republic "
    "respublika reunion sheng si special state territory the voivodeship wilayat shi ken fu to gun".split()
) - {"reunion", "to", "do", "island", "islands"}
UNFOLDED = str.maketrans({"ı": "i", "ß": "ss", "ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})


def fold(name: str) -> str:
    """Lower case, no accents, no punctuation: what two spellings of one name share."""
    decomposed = unicodedata.normalize("NFKD", name.lower().translate(UNFOLDED))
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return re.sub(r"[^\w]+", " ", plain.replace("'", "").replace("’", "")).strip()


class RegionIndex:
    """Finds the code of a region by country and name."""

    def __init__(self, subdivisions: Mapping[str, Subdivisions]) -> None:
        self._aliases = dict(_read_aliases())
        self._official: dict[tuple[str, str], str] = {}
        self._local: dict[tuple[str, str], str] = {}
        self._loose: dict[tuple[str, str], str] = {}
        for country, entries in subdivisions.items():
            # Top-level regions first: a name that a county shares with its region means the region.
            for code, entry in sorted(entries.items(), key=lambda item: item[1]["parentCode"] is not None):
                self._official.setdefault((country, fold(entry["name"])), code)
                for name in _names_of(entry):
                    self._local.setdefault((country, fold(name)), code)
                    self._loose.setdefault((country, _without_kind(name)), code)

    def code_of(self, country: str, name: str) -> str:
        """The ISO 3166-2 code, or an empty string."""
        return (
            self._aliases.get((country, name))
            or self._official.get((country, fold(name)))  # Washington is the state before it is the capital.
            or self._local.get((country, fold(name)))
            or self._loose.get((country, _without_kind(name)), "")
        )


def _names_of(entry: Mapping[str, Any]) -> Iterator[str]:
    """The name and the local ones: `Bavaria (eng), Bayern (deu)`."""
    for name in re.split(r"[,;/]", f"{entry['name']},{entry['localOtherName'] or ''}"):
        if plain := re.sub(r"\(.*?\)", "", name).strip():
            yield plain


def _without_kind(name: str) -> str:
    words = [word for word in fold(name).split() if word not in KIND_WORDS]
    return " ".join(words) or fold(name)


def _read_aliases() -> Iterator[tuple[tuple[str, str], str]]:
    for line in (HERE / "region_aliases.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("# "):
            country, name, code = line.split("\t")
            yield (country, name), code
