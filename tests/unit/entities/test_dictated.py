"""What callers spell out: telephone numbers, e-mail addresses, wallets, hashes, references."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.entities import find
from casework.message import Turn
from tests.builders import a_desk, a_message

_NATO = (
    "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec romeo sierra"
    " tango uniform victor whiskey x-ray yankee zulu"
)
_DIGITS = "zero one two three four five six seven eight nine"
_KANA = (
    "エー ビー シー ディー イー エフ ジー エイチ アイ ジェー ケー エル エム エヌ オー ピー キュー アール エス ティー ユー"
    " ブイ ダブリュー エックス ワイ ゼット"
)
_KANA_DIGITS = "ゼロ イチ ニ サン ヨン ゴ ロク ナナ ハチ キュウ"
NATO, DIGITS, KANA, KANA_DIGITS = (words.split() for words in (_NATO, _DIGITS, _KANA, _KANA_DIGITS))
SEGWIT = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
BASE58 = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"
ETHEREUM = "0x52908400098527886e0f7030069857d2e4169ee7"
MIXED_ETHEREUM = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"


def named(text: str, kind: str) -> list[tuple[str, str]]:
    return [(entity.value, text[entity.start : entity.end]) for entity in find(text, spoken=True) if entity.kind == kind]


def in_english(written: str) -> str:
    return " ".join(
        DIGITS[int(each)] if each.isdigit() else ("capital " if each.isupper() else "") + NATO[ord(each.lower()) - 97]
        for each in written
    )


def by_letters(written: str) -> str:
    return " ".join(DIGITS[int(each)] if each.isdigit() else each for each in written)


def in_japanese(written: str) -> str:
    return " ".join(
        KANA_DIGITS[int(each)] if each.isdigit() else ("大文字の" if each.isupper() else "") + KANA[ord(each.lower()) - 97]
        for each in written
    )


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("zero nine zero, one two three four, five six seven eight", "+819012345678"),
        ("oh nine oh dash one two three four dash five six seven eight", "+819012345678"),
        ("plus four four seven seven double oh nine zero zero one two three", "+447700900123"),
        ("plus one two one two five five five zero one two three", "+12125550123"),
        ("ゼロ キュー ゼロ の イチ ニ サン ヨン の ゴ ロク ナナ ハチ", "+819012345678"),
        ("ぜろきゅうぜろ いちにさんよん ごろくななはち", "+819012345678"),
        ("〇九〇の一二三四の五六七八", "+819012345678"),
    ],
)
def test_a_number_that_is_read_out_is_named(said: str, number: str) -> None:
    assert named(f"You have {said}, right?", "phone") == [(number, said)]


def test_a_north_american_number_is_one_when_it_is_called_one() -> None:
    said = "four one five, double five five, oh one two three"
    assert named(f"My cell is {said}.", "phone") == [("+14155550123", said)]
    assert named(f"The batch was {said}.", "phone") == []


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("hannah dot meyer at gmail dot com", "hannah.meyer@gmail.com"),
        ("h a n n a h at g mail dot com", "hannah@gmail.com"),
        ("taro underscore one two at docomo dot ne dot jp", "taro_12@docomo.ne.jp"),
        ("taro dash y at example dot co dot jp", "taro-y@example.co.jp"),
    ],
)
def test_an_address_that_is_read_out_is_named(said: str, address: str) -> None:
    assert named(f"Sure. My email address is {said}.", "email") == [(address, said)]


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("エイチ アット ジーメール ドットコム", "h@gmail.com"),
        ("エイチアットジーメールドットコム", "h@gmail.com"),
        (
            "ティー エー アール オー アンダーバー イチ ニ アットマーク ヤフー ドット シーオー ドット ジェーピー",
            "taro_12@yahoo.co.jp",
        ),
    ],
)
def test_an_address_that_is_read_out_in_japanese_is_named(said: str, address: str) -> None:
    assert named(f"メールは{said}です", "email") == [(address, said)]


@pytest.mark.parametrize(
    "said",
    [
        "I looked at gmail dot com.",
        "Please look at amazon dot com.",
        "We met her at noon. Dot com things.",
        "hannah meyer at gmail dot com",
        "メールは タロー いち に アット ヤフー ドット シーオー ドット ジェーピー です",
    ],
)
def test_what_is_no_address_or_only_a_part_of_one_is_not_named(said: str) -> None:
    assert named(said, "email") == []


@pytest.mark.parametrize("say", [in_english, by_letters, in_japanese])
@pytest.mark.parametrize("address", [SEGWIT, BASE58, ETHEREUM, MIXED_ETHEREUM])
def test_a_wallet_that_is_spelled_out_is_named_when_its_checksum_holds(say: object, address: str) -> None:
    assert callable(say)
    said = say(address)
    found = named(f"Send it to {said} thanks", "address")
    assert [(value.lower(), where) for value, where in found] == [(address.lower(), said)]


@pytest.mark.parametrize("address", [SEGWIT, BASE58, MIXED_ETHEREUM])
def test_a_wallet_with_a_slip_is_not_named(address: str) -> None:
    assert named(in_english(address[:-1] + ("3" if address[-1] != "3" else "4")), "address") == []


def test_a_letter_is_told_from_another_by_a_word() -> None:
    said = " ".join(f"{each} as in {NATO[ord(each) - 97]}" if each.isalpha() else DIGITS[int(each)] for each in SEGWIT)
    assert named(f"It is {said}", "address") == [(SEGWIT, said)]


def test_the_words_of_the_sentence_are_no_part_of_what_is_spelled() -> None:
    said = by_letters(SEGWIT)
    assert named(f"I sent it to a {said} I think", "address") == [(SEGWIT, said)]


def test_a_hash_that_is_spelled_out_is_named() -> None:
    assert [value for value, _ in named(f"The hash is {in_english('0x' + 'ab12' * 16)}", "tx_hash")] == ["ab12" * 16]


@pytest.mark.parametrize(
    "said",
    [
        "C W dash seven K three M dash Q zero X V dash two B nine D",
        "charlie whiskey seven kilo three mike quebec oh x-ray victor two bravo nine delta",
        "シーダブリュー ハイフン ナナ ケー サン エム ハイフン キュー ゼロ エックス ブイ ハイフン ニ ビー キュウ ディー",
    ],
)
def test_our_own_reference_is_named_when_it_is_read_out(said: str) -> None:
    assert named(f"It says {said}", "own_reference") == [("CW-7K3M-Q0XV-2B9D", said)]


@pytest.mark.parametrize(
    "said",
    [
        "one two three four five six seven eight nine ten eleven twelve",
        "Okay. So one, two, three, then A, B, C and D.",
        "I am a b test user with c and d grades",
        "The code is four four one nine two eight seven five",
        "いち、に、さん、し、ご、ろく、なな、はち",
        "alpha bravo charlie delta echo foxtrot golf hotel",
    ],
)
def test_what_is_merely_counted_or_spelled_is_nothing(said: str) -> None:
    assert [entity for entity in find(said, spoken=True) if entity.kind not in ("amount", "time")] == []


def test_in_writing_nobody_spells() -> None:
    assert [entity.kind for entity in find(f"Send it to {in_english(SEGWIT)}")] == []


def test_the_desk_reads_what_is_spelled_over_the_turns_of_a_call() -> None:
    words = by_letters(SEGWIT).split()
    turns = tuple(Turn("customer", " ".join(words[at : at + 10])) for at in range(0, len(words), 10))
    desk, table = a_desk()
    desk.receive(replace(a_message("\n".join(turn.text for turn in turns)), turns=turns))
    (item,) = table.of_kind("message")
    assert [entity["value"] for entity in item["entities"] if entity["kind"] == "address"] == [SEGWIT]


@given(
    st.lists(
        st.sampled_from(
            [
                *NATO,
                *DIGITS,
                *KANA,
                *KANA_DIGITS,
                "a",
                "I",
                "at",
                "dot",
                "アット",
                "ドット",
                "double",
                "capital",
                "の",
                "dash",
                "is",
                ",",
                "7",
            ]
        )
    )
)
def test_whatever_is_spelled_has_its_place_in_the_text(words: list[str]) -> None:
    text = " ".join(words)
    for entity in find(text, spoken=True):
        assert 0 <= entity.start < entity.end <= len(text)
        assert text[entity.start : entity.end].strip() == text[entity.start : entity.end]
