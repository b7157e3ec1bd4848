"""Seed phrases (BIP 39) in English and Japanese, however they were typed.

A phrase is twelve or more list words in a row: numbered, bulleted, quoted, comma-separated, one to a line, in a table, in
capitals, two of them misspelled. Its checksum only tells whether it is written down right; it is redacted either way. The words
of the English list are ordinary words, but twelve of them in a row are not ordinary prose: "the", "and", "is" and "to" are not
among them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, pairwise

from casework.redaction import called_phrases, english_words
from casework.redaction.bip39 import LENGTHS, checksum_holds, places
from casework.redaction.everyday_words import COMMON
from casework.redaction.word_rows import SHORTEST, Word, rows
from casework.text.finding import Finding
from casework.text.patterns import compiled

_MAX_STRAY = 3
"""Ordinary words on either side that happen to be on the list ("my seed phrase …", "… please help")."""

_ORDINARY = (
    " about again all also any before below can could code come correct exact first follow found have hello help just"
    " key list please then there they this here phrase private recovery remember right same second secret security"
    " seed sentence sorry thank that these today use used very wallet want what when where will with word work write"
    " wrong you"
    " ありがとう ことば さいしょ じぶん すべて ひみつ "
)
"""Words that touch a phrase in earnest: on the lists, and in the mouth of anybody who sends one."""

_COUNTED = (
    "zero oh one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred thousand million"
)
_NUMERALS = frozenset(_COUNTED.split())
"""A number in words is no phrase; some of them are on the list, and the others a slip away."""

_CUE = (
    r"(?i)(?:seed|recovery|backup|secret|mnemonic|security|wallet) ?(?:phrase|words?)|mnemonic|passphrase"
    r"|\b(?:12|15|18|21|24|twelve|fifteen|eighteen|twenty[- ]?(?:one|four)) (?:seed |recovery |secret )?words|\bseed\b"
    r"|フレーズ|ニーモニック|シード|(?:復元|秘密|リカバリー)の?(?:言葉|ことば|単語|ワード)|(?:12|15|18|21|24|十二|二十四)個?の?(?:単語|言葉)"
)

_BREAK = r"\n[ \t\r>]*\n|:"
_NO_WORD = "[^A-Za-zぁ-ゖァ-ヶ]*"
_NUMBER_ONE = "(?<![0-9])1(?![0-9])"
_NUMBERED = "[0-9一二三四五六七八九十]"

_FOLLOWING = {"english": " abandon" * (SHORTEST - 1), "japanese": " あいこくしん" * (SHORTEST - 1)}
"""One word less than a phrase has: with them a row needs a word of the text."""

_MARKUP = r"</?[A-Za-z][^<>\x00]{0,300}>|&(?:nbsp|ensp|emsp|quot|amp|lt|gt|#[0-9]{2,5}|#x[0-9A-Fa-f]{2,4});"
_ORDINAL = "(?<=[0-9])(?:st|nd|rd|th)(?![A-Za-z])"


def find(text: str) -> Iterator[Finding]:
    """Find the phrases of a folded text. The word lists are read when a text first looks as if it held one.

    What looks like markup is read as text, too: nothing can be hidden in it.
    """
    for reading in dict.fromkeys((_plain(text), text)):
        for language, stretches in _LANGUAGES.items():
            for stretch in stretches(reading):
                for row in rows(stretch, language):
                    yield from _phrases(reading, row, language)
        yield from called_phrases.find(reading)


def _kana(text: str) -> Iterator[list[Word]]:
    if not text.isascii():
        from casework.redaction import japanese_words  # half of all texts have none

        yield from japanese_words.stretches(text)


_LANGUAGES: dict[str, Callable[[str], Iterator[list[Word]]]] = {"english": english_words.stretches, "japanese": _kana}


def begun(text: str) -> int | None:
    """Tell where the words begin, at the end of a folded text, that would be part of a phrase if listed words followed."""
    starts = []
    for language, stretches in _LANGUAGES.items():
        for stretch in stretches(f"{_plain(text)}{_FOLLOWING[language]}"):
            starts += [row[0].start for row in rows(stretch, language) if row[0].start < len(text) < row[-1].end]
    return min(starts, default=None)


def _plain(text: str) -> str:
    """Without remains of HTML and the letters of 1st and 2nd, for there may be some between any two words; blanks instead."""
    if "<" in text or "&" in text:
        text = compiled(_MARKUP).sub(_blank, text)
    return compiled(_ORDINAL).sub(_blank, text)


def _blank(clutter: re.Match[str]) -> str:
    return " " * len(clutter[0])


# Which words of a run are the phrase


def _phrases(text: str, row: list[Word], language: str) -> Iterator[Finding]:
    for words in _divided(text, row, language):
        if _likely(text, words, language):
            best, verified = _best(text, words, language)
            if verified or _meant(text, best, language):
                yield Finding("seed_phrase", " ".join(_spelling(best)), best[0].start, best[-1].end, verified)


def _meant(text: str, words: list[Word], language: str) -> bool:
    """Whether a phrase is spoken of, its words are numbered, or they are not those of everyday matters.

    One word in five of the list is: hardly ever half of a phrase. Fewer are enough where some are misspelled, and where the words
    run on into a sentence.
    """
    inner = [word for word in words if f" {word.text} " not in _ORDINARY] or words
    common = sum(word.text in COMMON for word in inner)
    most = 0.5 if _runs_on(text, words) else 0.6 if any(word.text not in places(language) for word in words) else 0.75
    if common <= most * len(inner) or compiled(_CUE).search(text) is not None:
        return True
    return sum(_shape(gap) == "0" for gap in _gaps(text, words)) >= SHORTEST - 1


def _runs_on(text: str, words: list[Word]) -> bool:
    """Whether another word stands before or after them as they stand before and after one another: one blank away."""
    if 2 * _gaps(text, words).count(" ") < len(words):
        return False
    around = text[max(0, words[0].start - 2) : words[0].start], text[words[-1].end : words[-1].end + 2]
    return compiled("[A-Za-z] ").fullmatch(around[0]) is not None or compiled(" [A-Za-z]").fullmatch(around[1]) is not None


def _divided(text: str, run: list[Word], language: str) -> list[list[Word]]:
    """Two phrases one below the other are two, unless their words make one; a stray word or two between them is neither."""
    if checksum_holds(_spelling(run), language):
        return [run]
    parts = _split(run, [compiled(_BREAK).search(gap) is not None for gap in _gaps(text, run)])
    long = [part for part in parts if len(part) >= SHORTEST]
    strays = [part for part in parts if len(part) < SHORTEST]
    return long if long and all(len(part) <= _MAX_STRAY for part in strays) else [run]


def _split(run: list[Word], breaks: list[bool]) -> list[list[Word]]:
    parts = [[run[0]]]
    for word, broken in zip(run[1:], breaks, strict=True):
        if broken:
            parts.append([])
        parts[-1].append(word)
    return parts


def _best(text: str, run: list[Word], language: str) -> tuple[list[Word], bool]:
    """The phrase in a run, and whether its checksum holds.

    One in sixteen stretches of twelve words passes by chance: those that are spaced evenly come first, and nothing of a run is
    left out but what is clearly no part of it.
    """
    choices = [run[start:end] for start, end in _choices(len(run)) if _may_stay(text, run, start, end)]
    choices.sort(key=lambda choice: len(set(map(_numberless, _gaps(text, choice)))))
    verified = next((choice for choice in choices if checksum_holds(_spelling(choice), language)), None)
    if verified:
        return verified, True
    return next((choice for choice in choices if _stands_apart(text, choice)), run), False


def _choices(size: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches that have a phrase's length and leave few words on either side, longest first."""
    for length in LENGTHS:
        spare = size - length
        if 0 <= spare <= 2 * _MAX_STRAY:
            for start in range(max(0, spare - _MAX_STRAY), min(spare, _MAX_STRAY) + 1):
                yield start, start + length


def _may_stay(text: str, run: list[Word], start: int, end: int) -> bool:
    """Whether what a choice leaves out are ordinary words, or set off by another gap than those between its own words."""
    gaps = [_numberless(gap) for gap in _gaps(text, run)]
    inside = gaps[start : end - 1]
    strays = (run[:start], gaps[start - 1 : start]), (run[end:], gaps[end - 1 : end])
    return all(not words or gap[0] not in inside or all(f" {word.text} " in _ORDINARY for word in words) for words, gap in strays)


def _stands_apart(text: str, words: list[Word]) -> bool:
    """Whether the gaps inside are all alike and those on either side are not; a numbered list begins with 1."""
    inside = {_numberless(gap) for gap in _gaps(text, words)}
    before = compiled(rf"{_NO_WORD}\Z").search(text[max(0, words[0].start - 40) : words[0].start])
    after = compiled(_NO_WORD).match(text[words[-1].end : words[-1].end + 40])
    if len(inside) > 1 or before is None or after is None or _numberless(after[0]) in inside:
        return False
    return compiled(_NUMBER_ONE).search(before[0]) is not None if any("0" in gap for gap in inside) else before[0] not in inside


def _likely(text: str, words: list[Word], language: str) -> bool:
    """Whether these are words of a phrase, and not of a style sheet or of column headings.

    Random phrases hardly repeat a word; those do little else. A phrase that does, or that is misspelled, is spaced evenly. Twelve
    digits in words are a number.
    """
    spelling = _spelling(words)
    if 2 * sum(word in _NUMERALS for word in spelling) > len(spelling):
        return False
    if 3 * len(set(spelling)) >= 2 * len(words) and places(language).keys() >= set(spelling):
        return True
    return any(len(list(alike)) >= SHORTEST - 1 for _, alike in groupby(map(_shape, _gaps(text, words))))


def _shape(gap: str) -> str:
    """What the gaps of one list have in common: any number is like another, whatever is written around it."""
    return "0" if compiled(_NUMBERED).search(gap) else compiled(r"\s+").sub(" ", gap)


def _spelling(words: Sequence[Word]) -> list[str]:
    return [word.text for word in words]


def _gaps(text: str, words: list[Word]) -> list[str]:
    return [text[word.end : after.start] for word, after in pairwise(words)]


def _numberless(gap: str) -> str:
    return compiled(r"[ \t]+").sub(" ", compiled(f"{_NUMBERED}+").sub("0", gap))
