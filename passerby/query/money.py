"""Money as a reader of US English sees it: short and long text, the value, and its currency."""

from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel.numbers import format_compact_currency, format_currency

LOCALE = "en_US"


@lru_cache(maxsize=4096)  # Formatting costs 50 µs, and a series repeats its zeros.
def _texts(value: float, currency: str) -> tuple[str, str]:
    short = format_compact_currency(value, currency, locale=LOCALE, fraction_digits=1)
    return short, format_currency(value, currency, locale=LOCALE)


def money(amount: Decimal | float | None, currency: str | None) -> dict[str, Any] | None:
    """A money object; nothing is zero when the currency is known, and null when it is not."""
    if currency is None:
        return None
    value = float(amount or 0)
    short, long = _texts(value, currency)
    return {"short": short, "long": long, "value": value, "currency": currency}
