"""What two messages of one form differ in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.text.details import MAX_DETAILS, details, differ, figures


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("rewards for SOL are late", ("asset:SOL",)),
        ("my litecoin, and LTC again", ("asset:LTC",)),
        ("ビットコインとＥＴＨを送りました", ("asset:BTC", "asset:ETH")),
        ("an invoice for January's fees", ("month:1",)),
        ("the fees of Jan", ("month:1",)),
        ("11月の手数料", ("month:11",)),
        ("Telegram user @Harbor_VIP. asks for my words", ("platform:telegram", "handle:harbor_vip")),
        ("インスタの広告", ("platform:instagram",)),
        ("Address: 0x8f31c0...a72d", ("short:0x8f31c0...a72d",)),
        ("the app com.redwood.wallet_pro is fake", ("app:com.redwood.wallet_pro",)),
        ("to TGp2…c8e yesterday", ("short:tgp2...c8e",)),
        ("0x0d52b8817c, still waiting", ("short:0x0d52b8817c",)),
    ],
)
def test_a_detail_is_found(text: str, found: tuple[str, ...]) -> None:
    assert details(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "fees, limits, etc",
        "see the link, it may compare near op",
        "wait...what",
        "https://t.example/@someone",
        "0x" + "ab" * 20,
        "0x" + "ab" * 32,
        "1月曜",
    ],
)
def test_a_word_is_no_detail(text: str) -> None:
    assert details(text) == ()


def test_two_messages_differ_in_a_kind_of_which_they_share_nothing() -> None:
    assert differ(("asset:ETH", "month:2"), ("asset:ETH", "month:1")) == ("month",)
    assert differ(("asset:ETH", "asset:SOL"), ("asset:SOL",)) == ()
    assert differ(("asset:ETH",), ("month:1",)) == ()


@pytest.mark.parametrize(
    ("kind", "one", "other"), [("mail", "ann@example.com", "Bob@example.com"), ("phone", "+44 20 7946 0123", "+44 20 7946 0456")]
)
def test_an_address_and_a_number_can_be_told_apart_and_not_be_read(kind: str, one: str, other: str) -> None:
    (first,), (second,) = details(f"it was {one}."), details(f"and then {other}, too")
    assert first != second
    assert details(f"{one.upper()} again") == (first,)
    assert {first.partition(":")[0], second.partition(":")[0]} == {kind}
    assert {len(first), len(second)} == {len(kind) + 5}


def test_numbers_are_compared_without_their_marks() -> None:
    assert figures("１,135 to arbitrum, 0.250 and 24") == {"1135", "0250"}


@given(st.text(max_size=400))
def test_no_text_names_more_than_is_kept_or_anything_twice(text: str) -> None:
    found = details(text)
    assert len(found) == len(set(found)) <= MAX_DETAILS
