"""Money as a reader of US English sees it: short and long text, the value, and its currency."""

from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel.numbers import format_currency

LOCALE = "en_US"
ONE_DECIMAL = "¤0.0"
SCALES = ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "K"))


@lru_cache(maxsize=4096)  # Formatting costs 50 µs, and a series repeats its zeros.
def _texts(value: float, currency: str) -> tuple[str, str]:
    return _short(value, currency), format_currency(value, currency, locale=LOCALE)


def _short(value: float, currency: str) -> str:
    """One decimal, always; the library's own compact form drops it where it is zero."""
    factor, letter = next((scale for scale in SCALES if abs(value) >= scale[0]), (1, ""))
    digits = format_currency(value / factor, currency, ONE_DECIMAL, locale=LOCALE, currency_digits=False)
    return digits + letter


def money(amount: Decimal | float | None, currency: str | None) -> dict[str, Any] | None:
    """A money object; nothing is zero when the currency is known, and null when it is not."""
    if currency is None:
        return None
    value = float(amount or 0)
    short, long = _texts(value, currency)
    return {"short": short, "long": long, "value": value, "currency": currency}
