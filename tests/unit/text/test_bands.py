"""Near-identical texts meet in a band, and only they are alike."""

from __future__ import annotations

import random
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from casework.text.bands import BANDS, bands, likeness, shingles
from casework.text.fingerprint import fingerprint, normalised, similarity

ENGLISH = "I got a text message that my wallet would be locked today unless I confirm who I am on a page that looked like yours"
JAPANESE = "本日中に本人確認をしないと口座を凍結するというメールが届き、案内されたページは御社のものとまったく同じに見えました"


def meet(one: str, other: str) -> bool:
    return bool(set(bands(normalised(one))) & set(bands(normalised(other))))


def alike(one: str, other: str) -> float:
    return likeness(shingles(normalised(one)), shingles(normalised(other)))


def test_a_text_has_at_most_twelve_bands_because_each_is_a_write() -> None:
    assert len(bands(normalised(ENGLISH))) == BANDS <= 12


def test_a_text_shorter_than_a_gram_has_none() -> None:
    assert bands("abcd") == ()


def test_width_case_and_space_are_no_difference() -> None:
    assert bands(normalised("ＷＡＬＬＥＴ　locked today")) == bands(normalised("wallet LOCKED  today"))


def test_a_japanese_greeting_before_an_english_text_changes_no_gram_of_it() -> None:
    assert alike(ENGLISH, f"至急。{ENGLISH}") > 0.9
    assert meet(ENGLISH, f"至急。{ENGLISH}")


def test_texts_of_which_four_in_five_grams_are_equal_nearly_always_meet() -> None:
    dice = random.Random(7)
    missed = tried = 0
    for text in (ENGLISH, JAPANESE):
        for _ in range(300):
            place = dice.randrange(len(text) - 6)
            other = text[:place] + dice.choice(["", "xyz", "そして"]) + text[place + dice.randrange(6) :]
            tried += alike(text, other) >= 0.8
            missed += alike(text, other) >= 0.8 and not meet(text, other)
    assert tried > 300
    assert missed <= tried * 0.01


def test_texts_on_one_subject_are_not_alike() -> None:
    other = "Somebody sent me a message about my wallet, and I entered my password on a page before I saw the address"
    assert alike(ENGLISH, other) < 0.3


@given(st.text(max_size=300))
def test_every_text_meets_itself_and_is_like_itself(text: str) -> None:
    plain = normalised(text)
    assert bands(plain) == bands(plain)
    assert len(bands(plain)) in {0, BANDS}
    assert likeness(shingles(plain), shingles(plain)) in {0.0, 1.0}
    assert similarity(fingerprint(text), fingerprint(text)) in {0.0, 1.0}


@given(st.text(alphabet="aé カｶﾞﾊﾟが゛゜は\u3099\u309a①㈱Ａ１ー〜漢髙…　！？e\u0301𝐀한ᄒ", max_size=12))
def test_normalising_only_what_needs_it_is_normalising_everything(text: str) -> None:
    assert normalised(text) == "".join(unicodedata.normalize("NFKC", text).casefold().split())


def test_a_fingerprint_tells_how_alike_two_texts_are() -> None:
    assert similarity(fingerprint(ENGLISH), fingerprint(ENGLISH + "!")) > 0.9
    assert similarity(fingerprint(ENGLISH), fingerprint(JAPANESE)) < 0.1
    assert fingerprint("abc") == ""
