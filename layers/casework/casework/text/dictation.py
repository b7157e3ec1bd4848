"""Letters and digits as people say them one by one, in English and Japanese, and what they are when written down.

English letters by themselves or by the NATO alphabet ("bravo", "B as in bravo"), Japanese ones by their names (エイチ, ビー),
with "capital" or 大文字の before them; digits in words, "double seven", ゼロ, きゅう; "dash" and ハイフン between groups.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from casework.text.patterns import compiled

_NATO = (
    "alpha|alfa bravo charlie delta echo foxtrot golf hotel india juliet|juliett kilo lima mike november oscar papa quebec romeo"
    " sierra tango uniform victor whiskey|whisky x-ray|xray yankee zulu"
)
_ENGLISH_LETTERS = {word: chr(97 + at) for at, words in enumerate(_NATO.split()) for word in words.split("|")} | {
    "double you": "w",
    "double u": "w",
}
_DIGIT_WORDS = "zero one two three four five six seven eight nine"
_ENGLISH_DIGITS = {word: str(digit) for digit, word in enumerate(_DIGIT_WORDS.split())} | {"oh": "0"}
_JAPANESE_LETTERS = {
    "エー": "a", "エイ": "a", "ビー": "b", "シー": "c", "ディー": "d", "デー": "d", "イー": "e", "エフ": "f", "ジー": "g",
    "エイチ": "h", "エッチ": "h", "アイ": "i", "ジェー": "j", "ジェイ": "j", "ケー": "k", "ケイ": "k", "エル": "l", "エム": "m",
    "エヌ": "n", "オー": "o", "ピー": "p", "キュー": "q", "アール": "r", "エス": "s", "ティー": "t", "ユー": "u", "ブイ": "v",
    "ヴィー": "v", "ダブリュー": "w", "ダブリュ": "w", "エックス": "x", "ワイ": "y", "ゼット": "z", "ゼッド": "z", "ズィー": "z",
}  # fmt: skip
_HIRAGANA_DIGITS = {
    "ぜろ": "0", "れい": "0", "まる": "0", "いち": "1", "に": "2", "にー": "2", "さん": "3", "よん": "4", "ご": "5", "ごー": "5",
    "ろく": "6", "なな": "7", "しち": "7", "はち": "8", "きゅう": "9", "きゅー": "9", "く": "9",
}  # fmt: skip
_KANJI_DIGITS = {"零": "0"} | {kanji: str(digit) for digit, kanji in enumerate("〇一二三四五六七八九")}


def in_katakana(word: str) -> str:
    """The same kana in katakana."""
    return "".join(chr(ord(kana) + 0x60) if "ぁ" <= kana <= "ゖ" else kana for kana in word)


_JAPANESE_DIGITS = _HIRAGANA_DIGITS | {in_katakana(word): digit for word, digit in _HIRAGANA_DIGITS.items()} | _KANJI_DIGITS
_LETTERS_SAID = _ENGLISH_LETTERS | _JAPANESE_LETTERS
_DIGITS_SAID = _ENGLISH_DIGITS | _JAPANESE_DIGITS
_NINE = "キュー"
"""A Q among letters, a nine among digits."""
_CAPITAL = "(?:capital|upper ?case|大文字の?)"
_SMALL = "(?:lower ?case|small|小文字の?)"
_DASH = "(?:dash|hyphen|minus)(?![A-Za-z])|ハイフン|マイナス"
_PLUS = "plus(?![A-Za-z])|プラス"
_TIMES = {"double": 2, "triple": 3}


def _any(words: dict[str, str], end: str = "") -> str:
    return "|".join(sorted(words, key=len, reverse=True)).join(("(?:", f"){end}"))


LETTERS = _any(_JAPANESE_LETTERS)
DIGITS = _any(_JAPANESE_DIGITS)
"""The names that letters and digits have in Japanese."""
GAP = r"(?:[\s,.、。]|の(?=[^\s]))*+"
_ENGLISH = _any(_ENGLISH_LETTERS | _ENGLISH_DIGITS, "(?![A-Za-z])")
_BETWEEN = (
    r"(?:[\s,.、。・の-]|(?:u[mh]+|erm?|and|then|next|okay|ok|comma|space)(?![A-Za-z])"
    r"|えっと|えーと|えー(?![ァ-ヶ])|はい|それから){0,12}+"
)
_ALSO_WORDS = ("a", "A", "i", "I")
_FEWEST = 6
"""Symbols of a run."""
_SPOKEN = 4
"""Symbols of a run that are words, or single letters: with fewer it is a written one."""


@cache
def _symbol() -> str:
    """The pattern of one symbol, with what is said about it."""
    return (
        rf"(?P<times>(?:double|triple)\s(?!you|u\b))?(?:(?:(?P<capital>{_CAPITAL})|(?P<small>{_SMALL}))[ ,]{{0,2}})?"
        rf"(?:(?P<said>{_ENGLISH}|{LETTERS}|{DIGITS})|(?P<letter>[A-Za-z](?![A-Za-z'])|[0-9]{{1,8}}(?![0-9]))"
        rf"|(?P<dash>{_DASH})|(?P<plus>{_PLUS}))(?:[ ,]{{1,2}}(?:as in|for) [A-Za-z-]{{3,12}}(?![A-Za-z]))?"
    )


@cache
def _run() -> str:
    one = compiled(r"\?P<[a-z]+>").sub("?:", _symbol())
    return rf"(?i)(?<![0-9A-Za-z])(?:{one}{_BETWEEN}){{{_FEWEST},}}+"


class _Said(NamedTuple):
    characters: str
    start: int
    end: int
    is_word: bool
    is_cased: bool
    """Whether it was said to be a capital, or none."""


class Run(NamedTuple):
    """Symbols that were said one after another."""

    symbols: tuple[_Said, ...]

    @property
    def text(self) -> str:
        """What they are when written down."""
        return "".join(said.characters for said in self.symbols)

    @property
    def size(self) -> int:
        """Characters of the text."""
        return sum(len(said.characters) for said in self.symbols)

    @property
    def start(self) -> int:
        """Where the first of them is said."""
        return self.symbols[0].start

    @property
    def spellings(self) -> tuple[str, ...]:
        """The text as it is, and in small letters where nobody said which are capitals."""
        is_cased = any(said.is_cased for said in self.symbols)
        return (self.text,) if is_cased or self.text.islower() else (self.text, self.text.lower())

    def begins(self, place: int) -> int:
        """Where the symbol is said that the character at a place of the text comes from."""
        return self._at(place).start

    def ends(self, place: int) -> int:
        """Where the symbol ends that the character before a place comes from."""
        return self._at(place - 1).end

    def variants(self) -> Iterator[Run]:
        """Yield the run, and what it is without the words "a" and "I" of a sentence at its ends."""
        yield self
        bare = [place for place, said in enumerate(self.symbols) if said.characters not in _ALSO_WORDS]
        if bare and len(bare) < len(self.symbols):
            yield Run(self.symbols[bare[0] : bare[-1] + 1])

    def _at(self, place: int) -> _Said:
        for said in self.symbols:
            place -= len(said.characters)
            if place < 0:
                return said
        return self.symbols[-1]


def runs(text: str) -> Iterator[Run]:
    """Yield the runs of a folded text in which letters and digits are said one by one."""
    for match in compiled(_run()).finditer(text):
        symbols = tuple(_symbols(text, *match.span()))
        if sum(said.is_word for said in symbols) >= _SPOKEN:
            yield Run(symbols)


def written(text: str) -> str:
    """What a text of nothing but symbols is when written down."""
    return "".join(said.characters for said in _symbols(text, 0, len(text)))


def digits_of(word: str) -> str:
    """The digit that an English word says, or empty."""
    return _ENGLISH_DIGITS.get(word, "")


def _symbols(text: str, start: int, end: int) -> Iterator[_Said]:
    found = list(compiled(f"(?i){_symbol()}").finditer(text, start, end))
    has_letters = any(_is_letter(match) for match in found)
    for match in found:
        characters = _characters(match, has_letters=has_letters)
        times = _TIMES[match["times"].strip().lower()] if match["times"] else 1
        cased = characters.upper() if match["capital"] else characters.lower() if match["small"] else characters
        yield _Said(
            cased * times, *match.span(), not (match["letter"] or "-").isdigit(), bool(match["capital"] or match["small"])
        )


def _is_letter(match: re.Match[str]) -> bool:
    said = (match["said"] or "").lower()
    return said != _NINE and (said in _LETTERS_SAID or (match["letter"] or "0").isalpha())


def _characters(match: re.Match[str], *, has_letters: bool) -> str:
    if match["dash"] or match["plus"]:
        return "-" if match["dash"] else "+"
    if match["letter"]:
        return "0" if match["letter"] in "oO" and not has_letters else match["letter"]
    said = match["said"].lower()
    if said == _NINE:
        return "q" if has_letters else "9"
    return _LETTERS_SAID.get(said) or _DIGITS_SAID[said]
