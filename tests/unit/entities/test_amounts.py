"""Amounts in English and Japanese, in one form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.entities import find
from tests.unit.redaction.disguises import full_width


def amounts(text: str) -> list[str]:
    return [entity.value for entity in find(text) if entity.kind == "amount"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1.2 BTC", "1.2 BTC"),
        ("1.20 btc", "1.2 BTC"),
        ("1.2BTC", "1.2 BTC"),
        ("BTC 1.2", "1.2 BTC"),
        ("0.00000001 BTC", "0.00000001 BTC"),
        ("0.5 bitcoin", "0.5 BTC"),
        ("1,5 BTC", "1.5 BTC"),
        ("250 USDC", "250 USDC"),
        ("3 LINK", "3 LINK"),
        ("$1,200", "1200 USD"),
        ("$1,200.50", "1200.5 USD"),
        ("US$300", "300 USD"),
        ("A$ 20", "20 AUD"),
        ("1,234,567.89 USD", "1234567.89 USD"),
        ("USD 1,200", "1200 USD"),
        ("€20", "20 EUR"),
        ("20€", "20 EUR"),
        ("5 dollars", "5 USD"),
        ("$5k", "5000 USD"),
        ("1.5 million USDT", "1500000 USDT"),
        ("100k JPY", "100000 JPY"),
        ("¥350,000", "350000 JPY"),
        ("￥350,000", "350000 JPY"),
        ("3,000円", "3000 JPY"),
        ("35万円", "350000 JPY"),
        ("３５万円", "350000 JPY"),
        ("3万5千円", "35000 JPY"),
        ("3万5000円", "35000 JPY"),
        ("1億2000万円", "120000000 JPY"),
        ("1.5億円", "150000000 JPY"),
        ("三十五万円", "350000 JPY"),
        ("千二百円", "1200 JPY"),
        ("五百万円", "5000000 JPY"),
        ("100ドル", "100 USD"),
        ("100万米ドル", "1000000 USD"),
        ("0.05ビットコイン", "0.05 BTC"),
        ("1.5 ETH", "1.5 ETH"),
        ("10イーサリアム", "10 ETH"),
        ("0.5btc", "0.5 BTC"),
        ("50k USDT", "50000 USDT"),
        ("100,000 sats", "0.001 BTC"),
        ("1.234,56 EUR", "1234.56 EUR"),
        ("1'234.50 CHF", "1234.5 CHF"),
        ("百五十万円", "1500000 JPY"),
        ("20 bucks", "20 USD"),
    ],
)
def test_an_amount_is_read(written: str, value: str) -> None:
    assert amounts(written) == [value]
    assert amounts(f"They took {written} yesterday") == [value]
    assert amounts(f"昨日、{written}がなくなりました") == [value]
    entity = next(entity for entity in find(f"あ {written} い") if entity.kind == "amount")
    assert f"あ {written} い"[entity.start : entity.end] == written


@pytest.mark.parametrize(
    "text",
    [
        "1234",
        "2024-01-02 12:30",
        "100%",
        "5 times",
        "10 link clicks",
        "3 dots",
        "100 near misses",
        "version 1.2.3 BTC",
        "W-88121 USD",
        "AB12 BTC",
        "1,2,3 BTC",
        "1234567890123456789012 BTC",
        "第一円環",
        "BTC",
        "万円",
        "300万人",
        "$2bill",
        "code 5$x",
    ],
)
def test_a_number_without_a_unit_is_no_amount(text: str) -> None:
    assert amounts(text) == []


@pytest.mark.parametrize(("text", "value"), [("300万を振り込みました", "3000000 JPY"), ("50万取られました", "500000 JPY")])
def test_what_is_paid_without_a_unit_in_japanese_is_yen(text: str, value: str) -> None:
    assert amounts(text) == [value]


def test_two_amounts_side_by_side_are_two() -> None:
    assert amounts("1 BTC 2k BTC 3 BTC") == ["1 BTC", "2000 BTC", "3 BTC"]
    assert amounts("$500 USDT") == ["500 USDT"]
    assert amounts("$1,200 ¥350,000 0.1 BTC 2 ETH") == ["1200 USD", "350000 JPY", "0.1 BTC", "2 ETH"]


@given(st.integers(1, 10**15), st.integers(0, 99), st.sampled_from(["BTC", "USD", "JPY"]))
def test_thousands_separators_and_width_change_nothing(whole: int, cents: int, unit: str) -> None:
    plain = amounts(f"{whole}.{cents:02} {unit}")
    assert plain == amounts(f"{whole:,}.{cents:02} {unit}") == amounts(full_width(f"{whole}.{cents:02} {unit}"))
    assert float(plain[0].split()[0]) == pytest.approx(whole + cents / 100)


@given(st.integers(1, 9999), st.integers(0, 9999))
def test_myriads_are_counted(myriads: int, rest: int) -> None:
    assert amounts(f"{myriads}万{rest or ''}円") == [f"{myriads * 10_000 + rest} JPY"]
