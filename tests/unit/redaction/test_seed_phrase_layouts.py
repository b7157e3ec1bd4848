"""What stands between the words of a phrase, and what is wrong with them, hides nothing; what only looks like one stays."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from casework.redaction import Redactor, redact_message
from tests.unit.redaction.disguises import Written, a_message, english, japanese, numbered

Draw = Callable[[str, int], list[str]]
SIZES = {16: 12, 20: 15, 24: 18, 28: 21, 32: 24}


def ordinals(words: Sequence[str]) -> str:
    names = ("1st", "2nd", "3rd", *(f"{number}th" for number in range(4, 21)), "21st", "22nd", "23rd", "24th")
    return "\n".join(f"{name}: {word}" for name, word in zip(names, words, strict=False))


def kanji(form: str, between: str) -> Written:
    counts = (
        *"一二三四五六七八九十",
        *(f"十{count}" for count in "一二三四五六七八九"),
        "二十",
        *(f"二十{count}" for count in "一二三四"),
    )
    return lambda words: between.join(form.format(count, word) for count, word in zip(counts, words, strict=False))


LAYOUTS: dict[str, Written] = {
    "either number": lambda words: " ".join(f"{at}{'.' if at % 2 else ')'} {word}" for at, word in enumerate(words, 1)),
    "ordinals": ordinals,
    "list items": lambda words: "<ol>" + "".join(f"<li>{word}</li>" for word in words) + "</ol>",
    "cells": lambda words: "".join(f'<td style="padding:4px; width:120px">{word}</td>' for word in words),
    "breaks": lambda words: "<br>".join(f"<b>{at}.</b>&nbsp;{word}" for at, word in enumerate(words, 1)),
    "columns": lambda words: "\n".join("\t".join(words[at : at + 3]) for at in range(0, len(words), 3)),
    "arrows": " → ".join,
    "kanji counters": kanji("{}つ目は「{}」", "、"),
    "kanji ordinals": kanji("{}番目：{}", "\n"),
    "kanji numbers": kanji("{}、{}", "\n"),
    "counted words": lambda words: numbered(words, "{number}つ目の単語：{word}", "、"),
    "circled": lambda words: " ".join(f"{chr((0x2460 if at < 20 else 0x323D) + at)}{word}" for at, word in enumerate(words)),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("draw", [english, japanese])
def test_a_layout_hides_no_phrase(draw: Draw, layout: Written, size: int) -> None:
    words = draw("laid out", size)
    redactor = Redactor()
    clean = redactor.redact(f"見てください。\n{layout(words)}\n以上。")
    assert [secret.verified for secret in redactor.secrets] == [True]
    assert not [word for word in words if len(word) > 3 and word in clean]


def mistyped(words: list[str], *places: int) -> list[str]:
    return [word[:2] + word[3:] if at in places else word for at, word in enumerate(words)]


@pytest.mark.parametrize("places", [(4,), (0,), (11,), (2, 9), (5, 6)])
@pytest.mark.parametrize("between", [" ", ", ", "\n", "\u3000"])
@pytest.mark.parametrize("draw", [english, japanese])
def test_two_slips_hide_no_phrase_that_stands_by_itself(draw: Draw, between: str, places: tuple[int, ...]) -> None:
    words = mistyped(list(draw("slips", 16)), *places)
    redactor = Redactor()
    clean = redactor.redact(f"1.\n{between.join(words)}\n2.")
    assert [secret.kind for secret in redactor.secrets] == ["seed_phrase"]
    assert not [word for word in words if len(word) > 3 and word in clean]


def test_katakana_and_loose_voicing_marks_hide_no_phrase() -> None:
    words = japanese("kana")
    katakana = ["".join(chr(ord(kana) + 0x60) for kana in word) for word in words]
    assert Redactor().redact(" ".join(katakana)) == "[seed phrase 1]"
    loose = (
        " ".join(words)
        .replace("が", "か゛")
        .replace("ば", "は゛")
        .replace("ど", "と゛")
        .replace("ご", "こ゛")
        .replace("じ", "し゛")
    )
    assert Redactor().redact(loose) == "[seed phrase 1]"


def test_english_words_without_any_gap_are_a_phrase() -> None:
    assert Redactor().redact("".join(english("glued"))) == "[seed phrase 1]"


def test_a_phrase_that_begins_in_the_subject_ends_in_the_text() -> None:
    words = english("split")
    clean, secrets = redact_message(a_message(f"{' '.join(words[7:])}\nThank you", subject=" ".join(words[:7])))
    assert (clean.subject, clean.text) == ("[seed phrase 1]", "[seed phrase 1]\nThank you")
    assert [secret.verified for secret in secrets] == [True]


def test_a_phrase_of_another_list_is_found_where_it_is_called_one() -> None:
    words = "gato perro casa libro mesa silla papel lluvia fuego tierra viento luna"
    redactor = Redactor()
    assert redactor.redact(f"My seed phrase is: {words}\nThank you") == "My seed phrase is: [seed phrase 1]\nThank you"
    assert redactor.secrets[0].verified is None
    assert Redactor().redact(f"My holiday was: {words}") == f"My holiday was: {words}"


@pytest.mark.parametrize(
    "text",
    [
        "company remove balance account credit report month payment never received letter still owe charge each month since",
        "account number six six seven zero three four eight nine one seven two eight",
        "Never share your seed phrase: it is the only key to your money and we will never ask you for it at all.",
        "Home, About, Contact, Order, Return, Account, Payment, Credit, Transfer, Service, Support, Help",
        "きのうのよる、しらないひとからでんわがありました。わたしのくちざからおかねがなくなっていました。たすけてください。",
    ],
)
def test_what_only_looks_like_a_phrase_stays(text: str) -> None:
    assert Redactor().redact(text) == text
