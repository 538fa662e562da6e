"""Countries by ISO 3166-1 code, and the two codes of ours that are no countries."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from passerby.data import read_table

# Country codes an event may carry although the standard has none: a VPN or Tor exit, as Plausible names it.
PSEUDO_COUNTRIES = {"A1": "Anonymous VPN Service"}
REGIONAL_INDICATOR_A = 0x1F1E6


class Country(NamedTuple):
    """One country."""

    code: str  # ISO 3166-1 alpha-2.
    alpha3: str
    name: str


def countries() -> Iterator[Country]:
    """Every country, by code."""
    return iter(_by_code().values())


def country_name(code: str) -> str | None:
    """The English name for an alpha-2 code, or None for one that is not known."""
    country = _by_code().get(code)
    return country.name if country else PSEUDO_COUNTRIES.get(code)


def alpha3(code: str) -> str | None:
    """The alpha-3 code for an alpha-2 code, as maps want it."""
    country = _by_code().get(code)
    return country.alpha3 if country else None


def flag(code: str) -> str:
    """The country's flag as an emoji; empty for anything that is not two letters."""
    if len(code) != 2 or not (code.isascii() and code.isalpha()):  # noqa: PLR2004 — alpha-2.
        return ""
    return "".join(chr(REGIONAL_INDICATOR_A + ord(letter) - ord("A")) for letter in code.upper())


@cache
def _by_code() -> dict[str, Country]:
    return {code: Country(code, three, name) for code, three, name in read_table("countries.tsv")}
