"""What a text means is kept in a few bytes, and compared across the two languages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.classifier import NO_MEANINGS
from casework.classifier.gist import MAX_MEANINGS, gist, nearness
from casework.policy import load

MODEL = load().model
ENGLISH = "I met a woman on a dating app, she made me invest 8,000 USDT in a fake exchange, and now I cannot withdraw."
JAPANESE = "マッチングアプリで知り合った女性に勧められ、偽の取引所に8,000USDTを投資させられました。出金できません。"
OTHER = "本人確認の書類が三回も却下されました。運転免許証の写真ははっきり写っています。"


def near(one: str, other: str) -> float:
    return nearness(gist(one, MODEL), gist(other, MODEL), MODEL)


def test_one_matter_told_in_two_languages_is_near() -> None:
    assert near(ENGLISH, JAPANESE) > 0.2


def test_two_matters_in_two_languages_are_not() -> None:
    assert near(ENGLISH, OTHER) == 0.0


@pytest.mark.parametrize("text", ["", "   ", "zzz qqq", "[seed phrase 1]"])
def test_a_text_that_means_nothing_known_is_near_to_nothing(text: str) -> None:
    assert near(text, ENGLISH) == 0.0


def test_a_model_without_meanings_gives_no_gist() -> None:
    assert gist(ENGLISH, replace(MODEL, meanings=NO_MEANINGS)) == ""


@given(st.text(max_size=300) | st.lists(st.sampled_from(sorted(MODEL.meanings.names)), max_size=120).map(" ".join))
@settings(deadline=None)
def test_a_gist_is_bounded_and_the_same_whenever_it_is_made(text: str) -> None:
    kept = gist(text, MODEL)
    assert kept == gist(text, MODEL)
    assert len(kept) <= MAX_MEANINGS * 4


@given(st.sampled_from([ENGLISH, JAPANESE, OTHER]), st.sampled_from([ENGLISH, JAPANESE, OTHER]))
def test_nearness_is_of_both_alike_and_never_above_one(one: str, other: str) -> None:
    assert near(one, other) == near(other, one) <= 1.0
