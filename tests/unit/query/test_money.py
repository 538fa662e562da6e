from decimal import Decimal

import pytest

from passerby.query.money import money


@pytest.mark.parametrize(
    ("amount", "currency", "short", "long"),
    [
        (Decimal("1234.500"), "USD", "$1.2K", "$1,234.50"),
        (Decimal(500200000), "EUR", "€500.2M", "€500,200,000.00"),
        (1000, "USD", "$1.0K", "$1,000.00"),
        (-2_500_000, "GBP", "-£2.5M", "-£2,500,000.00"),
        (0, "USD", "$0.0", "$0.00"),
        (None, "USD", "$0.0", "$0.00"),
        (10.31, "USD", "$10.3", "$10.31"),
        (-5, "USD", "-$5.0", "-$5.00"),
    ],
)
def test_money_is_written_as_in_the_united_states(
    amount: Decimal | float | None, currency: str, short: str, long: str
) -> None:
    assert money(amount, currency) == {"short": short, "long": long, "value": float(amount or 0), "currency": currency}


def test_money_without_a_currency_is_nothing() -> None:
    assert money(5, None) is None
