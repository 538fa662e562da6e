"""Regions by ISO 3166-2 code, such as US-CA."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from passerby.data import read_pairs


class Region(NamedTuple):
    """One subdivision of a country; the country's code is the part before the hyphen."""

    code: str
    name: str


def regions() -> Iterator[Region]:
    """Every region, by code."""
    return (Region(code, name) for code, name in _names().items())


def region_name(code: str) -> str | None:
    """The English name of a region, or None for a code that is not known."""
    return _names().get(code)


@cache
def _names() -> dict[str, str]:
    return read_pairs("regions.tsv")
