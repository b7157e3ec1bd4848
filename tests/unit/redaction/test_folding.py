"""The folded text, and the way back to the original."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.text.folding import WALL, fold

CURIOUS = st.text(st.sampled_from("ab1 か\u3099\u0301\u200b\u3000４１①⑩𝐚ﾊﾟ㈱…[]\x00-‐—ー漢。"), max_size=40) | st.text(max_size=40)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("４１１１", "4111"),
        ("①②⑨⓪", "1290"),
        ("⑩番", "10番"),
        ("❶➀➊", "111"),
        ("か\u3099", "が"),
        ("ﾊﾟｽﾜｰﾄﾞ", "パスワード"),
        ("４️⃣", "4 "),
        ("a\u200bb\u00adc", "abc"),
        ("𝐬𝐞𝐞𝐝 𝟒𝟐", "seed 42"),
        ("1‐2–3—4−5", "1-2-3-4-5"),
        ("a\u3000b\u00a0c\u2009d", "a b c d"),
        ("「秘密鍵」：はい。", "「秘密鍵」:はい。"),
    ],
)
def test_look_alikes_are_read_as_one_character(written: str, folded: str) -> None:
    assert fold(written).text == folded


def test_a_placeholder_becomes_a_wall_that_no_pattern_matches() -> None:
    assert fold("a [card number 1] b").text == "a " + WALL * len("[card number 1]") + " b"


def test_what_only_resembles_a_placeholder_stays() -> None:
    text = "[card number] [number 1] [card number one]"
    assert fold(text).text == text


def test_nobody_can_write_a_wall() -> None:
    assert WALL not in fold("a\x00b").text
    assert WALL not in fold("あ\x00b").text


@given(CURIOUS)
def test_every_span_of_the_folded_text_lies_in_the_original(text: str) -> None:
    folded = fold(text)
    for start in range(len(folded.text)):
        begin, end = folded.original(start, start + 1)
        assert 0 <= begin < end <= len(text)


@given(CURIOUS)
def test_spans_keep_their_order(text: str) -> None:
    folded = fold(text)
    begins = [folded.original(place, place + 1)[0] for place in range(len(folded.text))]
    assert begins == sorted(begins)


@given(CURIOUS, CURIOUS)
def test_what_stands_around_a_word_does_not_move_it(before: str, after: str) -> None:
    text = f"{before} Ｗｏｒｄ {after}"
    folded = fold(text)
    place = folded.text.index(" Word ", len(fold(before).text)) + 1
    begin, end = folded.original(place, place + 4)
    assert text[begin:end] == "Ｗｏｒｄ"


@given(st.text(st.characters(codec="ascii", exclude_characters="\x00["), max_size=60))
def test_plain_ascii_is_its_own_folding(text: str) -> None:
    assert fold(text).text == text
