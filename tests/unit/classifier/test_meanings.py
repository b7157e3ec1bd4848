"""Words that mean one thing are one thing to the model, in either language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.classifier.grams import cue
from casework.classifier.meanings import Meanings
from casework.text.reading import normalise

MEANINGS = Meanings(
    {
        "mother": "parent",
        "mother in law": "relative parent",
        "steal": "theft",
        "move": "send",
        "母": "parent",
        "母親": "parent",
        "盗まれ": "theft",
        "ろぐいん": "log_in",
        "ろぐいんがめん": "page",
    }
)
TEXTS = st.text(alphabet=st.sampled_from("mother in law steal 母親盗まれログインが。\n"), max_size=60) | st.text(max_size=40)


def named(text: str) -> list[tuple[str, str]]:
    """What is found, with the words that were taken for it."""
    seen = normalise(text).text
    alone = {cue(f"~{name}"): name for names in MEANINGS.names.values() for name in names.split(" ")}
    return [(alone[each], seen[start:end]) for hashes, start, end in MEANINGS.placed(seen) for each in hashes if each in alone]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My MOTHER steals", [("parent", "mother"), ("theft", "steals")]),
        ("it was moved, moving, moves", [("send", "moved"), ("send", "moving"), ("send", "moves")]),
        ("my mother-in-law", [("parent", "mother-in-law"), ("relative", "mother-in-law")]),
        ("my mother in tears", [("parent", "mother")]),
        ("母親が盗まれた", [("parent", "母親"), ("theft", "盗まれ")]),
        ("母が", [("parent", "母")]),
        ("ﾛｸﾞｲﾝ", [("log_in", "ログイン")]),
        ("smother", []),
        ("ログイン画面", [("log_in", "ログイン")]),
        ("盗まれ", [("theft", "盗まれ")]),
        ("盗ま", []),
    ],
)
def test_words_are_found_with_their_endings_and_the_longest_first(text: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(named(text)) == sorted(expected)


def test_two_that_are_said_together_say_something_of_their_own() -> None:
    together = cue("~parent~theft")
    assert together in MEANINGS.seen("my mother would steal")
    assert together not in MEANINGS.seen("steal from my mother")
    assert together not in MEANINGS.seen("mother" + " and so on" * 8 + " steal")


def test_one_meaning_is_one_in_both_languages() -> None:
    assert MEANINGS.seen("mother") == MEANINGS.seen(normalise("母親").text)


@given(TEXTS)
def test_every_place_is_in_the_text(text: str) -> None:
    seen = normalise(text).text
    placed = list(MEANINGS.placed(seen))
    assert all(0 <= start < end <= len(seen) for _, start, end in placed)
    assert {each for hashes, _, _ in placed for each in hashes} == MEANINGS.seen(seen)


@pytest.mark.parametrize("text", ["ログイン", "my ログイン", "母ログイン"])
def test_a_word_ends_where_its_text_ends(text: str) -> None:
    assert max(end for _, _, end in MEANINGS.placed(text)) == len(text)


def test_without_a_table_nothing_is_found() -> None:
    assert Meanings({}).seen("mother") == set()
