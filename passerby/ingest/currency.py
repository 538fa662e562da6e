"""Money in one currency said in another, by a table of rates that ships with Passerby or is the operator's own.

Nothing is fetched. A currency without a rate cannot be converted, which is an answer, not an error.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from passerby.data import read_table

DECIMALS = 3
RATES_FILE_BYTES_MAX = 100_000


class RatesRefused(ValueError):
    """The operator's rates file is not one; the message names the line."""


def is_currency(code: str) -> bool:
    """Whether this is an active ISO 4217 code, in upper case as the standard writes it."""
    return code in _CODES


@dataclass(frozen=True, slots=True)
class Rates:
    """How many units of each currency one unit of a common base buys."""

    units_per_base: Mapping[str, float]

    @classmethod
    def open(cls, path: Path | None = None) -> "Rates":
        """The packaged rates, or the operator's file instead of them.

        A line is a code, whitespace, and the units one unit of the base buys; `#` begins a comment. Which currency is
        the base does not matter, as long as it is one for all lines.
        Raises: RatesRefused naming the line; OSError when the file cannot be read.
        """
        if path is None:
            return cls({code: float(units) for code, units in read_table("exchange_rates.tsv")})
        if path.stat().st_size > RATES_FILE_BYTES_MAX:
            raise RatesRefused(f"{path} is over {RATES_FILE_BYTES_MAX} bytes.")
        return cls(_parse_rates(path.read_text(encoding="utf-8"), path))

    def convert(self, amount: float, source: str, target: str) -> float | None:
        """The amount in the target currency to 3 decimals, or None when a rate is missing.

        Equal currencies give back the very same number.
        """
        if source == target:
            return amount
        source_units, target_units = self.units_per_base.get(source), self.units_per_base.get(target)
        if source_units is None or target_units is None:
            return None
        converted = amount * target_units / source_units
        return round(converted, DECIMALS) if math.isfinite(converted) else None


def _parse_rates(text: str, path: Path) -> dict[str, float]:
    rates: dict[str, float] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        code, units = words[0], _parse_units(words[1]) if len(words) == 2 else None  # noqa: PLR2004 — code and units.
        if units is None or not is_currency(code):
            raise RatesRefused(f"{path}, line {number}: expected a currency and a positive number, as in `USD 1.09`.")
        rates[code] = units
    return rates


def _parse_units(text: str) -> float | None:
    try:
        units = float(text)
    except ValueError:
        return None
    return units if math.isfinite(units) and units > 0 else None


_CODES = frozenset(row[0] for row in read_table("currencies.tsv"))
