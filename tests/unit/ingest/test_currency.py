from pathlib import Path

import pytest

from passerby.ingest.currency import Rates, is_currency
from passerby.settings import SettingRefused


@pytest.mark.parametrize("code", ["EUR", "USD", "BRL", "JPY", "CHF", "XAU", "UYI", "HRK", "XCG"])
def test_an_iso_code_is_a_currency(code: str) -> None:
    assert is_currency(code)


@pytest.mark.parametrize("code", ["eur", "ADSIE", "EURO", "", "ZZZ", " EUR", "€"])
def test_anything_else_is_not(code: str) -> None:
    assert not is_currency(code)


def test_an_amount_is_converted_to_three_decimals() -> None:
    rates = Rates({"USD": 1, "BRL": 0.7, "EUR": 1.2})

    assert rates.convert(10.2, "USD", "BRL") == 7.14
    assert rates.convert(10, "EUR", "USD") == 8.333
    assert rates.convert(-1.5, "USD", "EUR") == -1.8


def test_an_equal_currency_keeps_the_very_amount() -> None:
    assert Rates({}).convert(10.123456, "XPF", "XPF") == 10.123456


def test_a_missing_rate_is_no_answer_and_no_error() -> None:
    rates = Rates({"USD": 1})

    assert rates.convert(10, "USD", "ARS") is None
    assert rates.convert(10, "ARS", "USD") is None
    assert Rates({"USD": 1e-300, "EUR": 1e300}).convert(1e300, "USD", "EUR") is None  # Beyond every number.


def test_the_packaged_rates_know_the_big_currencies() -> None:
    rates = Rates.open()

    for code in ("USD", "GBP", "JPY", "CHF", "BRL", "INR", "CNY"):
        there = rates.convert(100.0, "EUR", code)
        assert there is not None
        assert rates.convert(there, code, "EUR") == pytest.approx(100, rel=1e-3)


def test_an_operator_s_rates_stand_instead(tmp_path: Path) -> None:
    path = tmp_path / "rates.txt"
    path.write_text("# per dollar\nUSD 1\nARS 1400.5  # official\n\nBRL\t5.4\n")

    rates = Rates.open(path)

    assert rates.convert(2, "USD", "ARS") == 2801.0
    assert rates.convert(2, "USD", "EUR") is None


@pytest.mark.parametrize(
    "line", ["USD", "USD one", "USD 0", "USD -1", "USD nan", "USD inf", "usd 1", "USD 1 2", "QQQ 1"]
)
def test_a_line_that_is_no_rate_is_refused_by_its_number(tmp_path: Path, line: str) -> None:
    path = tmp_path / "rates.txt"
    path.write_text(f"EUR 1\n{line}\n")

    with pytest.raises(SettingRefused, match="line 2"):
        Rates.open(path)
