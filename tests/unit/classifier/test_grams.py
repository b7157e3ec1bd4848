"""What the model sees of a text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from casework.classifier.grams import MAX_CHARACTERS, cue, grams, placed
from casework.text.reading import normalise

TEXTS = st.text(alphabet=st.sampled_from("abc 'xyz09.,出金したカナﾊﾟ🙂\n"), max_size=80) | st.text(max_size=60)


@given(TEXTS)
def test_what_is_seen_is_what_can_be_pointed_to(text: str) -> None:
    seen = normalise(text).text
    found = list(placed(seen))
    assert {gram for hashes, _, _ in found for gram in hashes} == grams(seen)
    assert all(0 <= start < end <= len(seen) for _, start, end in found)


def test_amounts_are_all_alike() -> None:
    assert grams("i lost 500 usdt") == grams("i lost 73 usdt")


def test_katakana_and_hiragana_are_one() -> None:
    assert grams(normalise("ﾀｽｹﾃ").text) == grams("たすけて")


def test_no_text_can_pretend_that_a_rule_has_spoken() -> None:
    assert cue("withdrawal.not_me") not in grams(normalise("\0withdrawal.not_me withdrawal.not_me").text)


def test_a_book_is_read_to_a_point() -> None:
    page = "word " * (MAX_CHARACTERS // 5)
    assert grams(page + "siphoned") == grams(page)
