"""Money as a reader of US English sees it: short and long text, the value, and its currency."""

from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel.numbers import format_compact_currency, format_currency

LOCALE = "en_US"
COMPACT_FROM = 1000
SMALL_FORMAT = "¤0.0"


@lru_cache(maxsize=4096)  # Formatting costs 50 µs, and a series repeats its zeros.
def _texts(value: float, currency: str) -> tuple[str, str]:
    return _short(value, currency), format_currency(value, currency, locale=LOCALE)


def _short(value: float, currency: str) -> str:
    """One decimal, always; the library's compact form knows that for thousands and up only."""
    if abs(value) < COMPACT_FROM:
        return format_currency(value, currency, SMALL_FORMAT, locale=LOCALE, currency_digits=False)
    return format_compact_currency(value, currency, locale=LOCALE, fraction_digits=1)


def money(amount: Decimal | float | None, currency: str | None) -> dict[str, Any] | None:
    """A money object; nothing is zero when the currency is known, and null when it is not."""
    if currency is None:
        return None
    value = float(amount or 0)
    short, long = _texts(value, currency)
    return {"short": short, "long": long, "value": value, "currency": currency}
