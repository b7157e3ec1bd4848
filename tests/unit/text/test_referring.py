"""How people speak of what they wrote before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.text.formulas import unadorned
from casework.text.likeness import contained, sketch, tells, terms
from casework.text.referring import Reference, reference


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Any news?", Reference.WAITS),
        ("Nobody has answered me so far.", Reference.WAITS),
        ("その後いかがでしょうか。", Reference.WAITS),
        ("出金はどうなっていますか。", Reference.WAITS),
        ("I wrote to you on Monday about my card.", Reference.COMES_BACK),
        ("先日お送りした書類の件です。", Reference.COMES_BACK),
        ("Another question: what does staking pay?", Reference.TURNS_AWAY),
        ("別件ですが、税金について教えてください。その後の連絡も待っています。", Reference.TURNS_AWAY),
        ("How do I sell my coins?", Reference.NONE),
        ("他社のSIMスワップ対策はどうなっていますか。", Reference.NONE),
    ],
)
def test_a_text_says_whether_there_was_one_before_it(text: str, kind: Reference) -> None:
    assert reference(text) is kind


@given(st.text(max_size=500))
def test_every_text_speaks_of_earlier_ones_in_one_way_or_in_none(text: str) -> None:
    assert reference(text) in Reference


@pytest.mark.parametrize(
    ("polite", "bare"),
    [
        ("いつもお世話になっております。出金が届きません。よろしくお願いいたします。", "出金が届きません。"),
        ("hello support team, my card is lost. kind regards", "my card is lost."),
        ("see https://exchange-login.example/verify?x=1 my card is lost", "see my card is lost"),
    ],
)
def test_politeness_and_links_are_no_part_of_what_is_told(polite: str, bare: str) -> None:
    assert sketch(polite) == sketch(bare)


def test_the_labels_of_a_form_are_no_part_of_what_is_told() -> None:
    form = "name: aiko\nproduct: spot\nwhat happened: the button is grey"
    assert unadorned(form).split() == ["aiko", "spot", "the", "button", "is", "grey"]


def test_one_line_with_a_colon_is_no_form() -> None:
    assert unadorned("withdrawal: nothing came") == "withdrawal: nothing came"


@given(st.text(max_size=500))
def test_taking_adornments_off_adds_nothing(text: str) -> None:
    assert len(unadorned(text)) <= len(text) + 1


def test_a_short_text_is_contained_in_a_longer_one_and_not_the_other_way_round() -> None:
    short, long = (terms(sketch(text)) for text in ("deposit missing", "my deposit is missing since the bank changed its number"))
    assert contained(short, long) > 0.6 > 0.4 > contained(long, short)


def test_a_japanese_word_counts_about_as_much_as_an_english_one() -> None:
    assert 0.5 < tells(terms(sketch("出金限度額を変更"))) / tells(terms(sketch("change withdrawal limit"))) < 2
