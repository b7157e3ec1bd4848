"""Secrets that are read out on the telephone."""

from __future__ import annotations

import pytest

from casework.redaction import Redactor, finders_of_speech, redact_message
from tests.unit.redaction.disguises import a_message, english, japanese

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
KANA = ("ゼロ", "いち", "に", "さん", "よん", "ご", "ろく", "なな", "はち", "きゅう")
CARD = "5555444433332226"


def heard(text: str) -> str:
    return Redactor(finders_of_speech()).redact(text)


@pytest.mark.parametrize("between", [" ", ", ", ". ", " um ", " and then "])
def test_a_card_number_in_english_words_is_found(between: str) -> None:
    words = between.join(DIGITS[int(digit)] for digit in CARD)
    assert heard(f"The number is {words}. Got it?") == "The number is [card number 1]. Got it?"


@pytest.mark.parametrize("between", ["", " ", "、", "の", "えっと"])
def test_a_card_number_in_japanese_words_is_found(between: str) -> None:
    words = between.join(KANA[int(digit)] for digit in CARD)
    assert heard(f"番号は {words} です。") == "番号は [card number 1] です。"


def test_a_card_number_in_kanji_digits_is_found() -> None:
    words = "の".join(("四一一一", "一一一一", "一一一一", "一一一一"))
    assert heard(f"番号は{words}です") == "番号は[card number 1]です"


def test_transcripts_begin_sentences_with_capitals() -> None:
    assert heard("Four one one one. One one one one. One one one one. One one one one.") == "[card number 1]."


def test_doubles_and_triples_are_counted() -> None:
    said = "double five double five double four double four triple three three triple two six"
    assert heard(f"It's {said}") == "It's [card number 1]"


def test_words_and_digits_may_be_mixed() -> None:
    assert heard("5555 four four four four 3333 two two two six") == "[card number 1]"


def test_a_spoken_card_number_is_the_written_one() -> None:
    words = " ".join(DIGITS[int(digit)] for digit in CARD)
    clean, secrets = redact_message(a_message(turns=[("customer", f"It is {words}"), ("agent", f"That is {CARD}, right?")]))
    assert [turn.text for turn in clean.turns] == ["It is [card number 1]", "That is [card number 1], right?"]
    assert len(secrets) == 1


@pytest.mark.parametrize("filler", ["um", "and then", "okay, the third is", "えっと"])
def test_fillers_between_the_words_of_a_phrase_do_not_hide_it(filler: str) -> None:
    words = english("on the phone")
    assert heard(f"It was {f' {filler} '.join(words)}. Yes.") == "It was [seed phrase 1]. Yes."


def test_fillers_in_japanese_do_not_hide_a_phrase() -> None:
    assert heard(f"はい、{'、えっと、'.join(japanese())}です。") == "はい、[seed phrase 1]です。"


@pytest.mark.parametrize(
    "text",
    [
        "My account number is zero six six nine seven two eight two and I want to send one thousand dollars.",
        "one two three one two three one two three one two three",
        "Call me at five five five one two three four five six seven.",
        "I waited one day, two hours and three minutes, and then one more day.",
        "いちにちにさんかいも電話しました。",
    ],
)
def test_other_spoken_numbers_stay(text: str) -> None:
    assert heard(text) == text


def test_what_is_read_out_is_only_looked_for_on_calls() -> None:
    words = " ".join(DIGITS[int(digit)] for digit in CARD)
    clean, secrets = redact_message(a_message(words))
    assert clean.text == words
    assert not secrets
