"""Money in one currency said in another, by a table of rates that ships with Passerby or is the operator's own.

Nothing is fetched. A currency without a rate cannot be converted, which is an answer, not an error.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from passerby.data import read_operator_lines, read_table
from passerby.settings import SettingRefused

DECIMALS = 3


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

        A line is a code, white space, and the units one unit of the base buys; `#` begins a comment. Which currency
        is the base does not matter, as long as it is one for all lines.
        Raises: SettingRefused naming the line.
        """
        if path is None:
            return cls({code: float(units) for code, units in read_table("exchange_rates.tsv")})
        lines = read_operator_lines(path, setting="PASSERBY_EXCHANGE_RATES")
        return cls(dict(_parse_rate(line, f"{path}, line {number}") for number, line in lines))

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


def _parse_rate(line: str, where: str) -> tuple[str, float]:
    match line.split():
        case [code, text] if is_currency(code) and (units := _parse_units(text)):
            return code, units
        case _:
            raise SettingRefused(
                f"PASSERBY_EXCHANGE_RATES: {where}: expected a currency and a positive number, as in `USD 1.09`."
            )


def _parse_units(text: str) -> float | None:
    try:
        units = float(text)
    except ValueError:
        return None
    return units if math.isfinite(units) and units > 0 else None


_CODES = frozenset(row[0] for row in read_table("currencies.tsv"))
