"""Two people who use other words for one thing are understood as saying the same."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.text import synonyms
from casework.text.likeness import alike, plain, sketch, terms
from casework.text.synonyms import one_word, root


def likeness(one: str, other: str) -> float:
    return alike(terms(sketch(one)), terms(sketch(other)))


@pytest.mark.parametrize(
    ("one", "other", "unlike"),
    [
        (
            "スマホの機種変をした後で引出しが止まっています",
            "携帯の機種変更をした後で出金が停止しています",
            "住所の変更をした後で書類が停止しています",
        ),
        (
            "My payout has been delayed for two days",
            "my withdrawals are still pending for two days",
            "My loan has been approved for two days",
        ),
    ],
)
def test_one_matter_in_other_words_is_more_alike_than_another_matter_in_the_same(one: str, other: str, unlike: str) -> None:
    assert likeness(one, other) > likeness(one, unlike)


@pytest.mark.parametrize(
    ("word", "other"), [("withdrawals", "payout"), ("stolen", "vanished"), ("logged", "sign-in"), ("btc", "bitcoin")]
)
def test_english_words_for_one_thing_have_one_root(word: str, other: str) -> None:
    assert root(word) == root(other)


def test_a_word_that_nothing_stands_for_loses_its_ending_alone() -> None:
    assert root("mortgages") == "mortgag"


def test_the_longest_way_of_writing_is_replaced_first() -> None:
    assert one_word("運転免許証を送付") == "運転免許を送金"


@pytest.mark.parametrize("rows", [synonyms._JAPANESE, synonyms._ENGLISH])
def test_every_row_says_something_and_no_word_stands_in_two(rows: str) -> None:
    words = [word for row in rows.splitlines() for word in row.split()]
    assert all(len(row.split()) > 1 for row in rows.splitlines() if row)
    assert [word for word, count in Counter(words).items() if count > 1] == []


def test_every_word_is_written_as_texts_are_when_they_are_compared() -> None:
    words = (synonyms._JAPANESE + synonyms._ENGLISH).split()
    assert [word for word in words if plain(word) != word] == []


@given(st.text(alphabet="出金引き出しスマホabc 123子ども", max_size=40))
def test_replacing_comes_to_rest(text: str) -> None:
    replaced = one_word(text)
    assert one_word(one_word(replaced)) == one_word(replaced)
