"""Japanese words as they may stand in a seed phrase: kana, in hiragana or katakana, which need no gap between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from casework.redaction.bip39 import by_prefix, places
from casework.redaction.word_rows import MAX_LETTERS, SHORTEST, Word, divided, misspelled
from casework.text.folding import WALL
from casework.text.patterns import compiled

_KANA = "[ぁ-ゖァ-ヶ]"
_ROUGH = rf"[ぁ-ゖァ-ヶー0-9A-Za-z_\W一二三四五六七八九十第番目個単語言葉号]{{{3 * SHORTEST},}}+"
"""Without a single kanji but those of counters: of ordinary letters, next to nothing."""
_PIECE = "[ぁ-ゖ]+|[ァ-ヶ]+"
_HIRAGANA = {katakana: katakana - 0x60 for katakana in range(0x30A1, 0x30F7)}
_STRETCH = rf"[ぁ-ゖァ-ヶー0-9_\W]{{{3 * SHORTEST},}}+"
_PARTED = r"(?:[^ぁ-ゖァ-ヶ\s]|\s+){41,}+"
"""Too much between two words of one phrase."""

_NUMBER = "(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
_COUNTER = (
    rf"(?:第\s?)?{_NUMBER}\s?(?:[つ番個語]|単語)目(?:の(?:単語|言葉|ことば|ワード))?"
    r"|(?<![一-龯])[一二三四五六七八九十]{1,3}(?![一-龯])"
    r"|(?:単語|番号|(?<![0-9])(?<![0-9]\s)(?<![0-9][.):])(?<![0-9][.):]\s)ことば|言葉|第)(?=\s?[0-9])|(?<=[0-9])番"
    r"|(?<![A-Za-z])[A-Za-z]{1,9}(?=[ .#]{0,2}[0-9]{1,2}(?![0-9]))"
)
"""What numbers the words: 1つ目の単語は, 二番目, 三, 単語4, Word 5. None of it is left of a stretch but the digits."""

_PARTICLES = frozenset(("は", "が", "を", "と", "で", "の", "も", "です", "でした", "だ", "だった", "から", "や"))
"""They lean on a word and are no part of it."""


def stretches(text: str) -> Iterator[list[Word]]:
    """Yield the kana of a folded text in which there may be a phrase, divided into words."""
    walled = text.replace(WALL, "壁")
    for rough in compiled(_ROUGH).finditer(walled):
        if len(compiled(_KANA).findall(rough[0])) >= 3 * SHORTEST:
            plain = compiled(_COUNTER).sub(_blank, rough[0])
            for stretch in compiled(_STRETCH).finditer(plain):
                yield from _unparted(plain, *stretch.span(), rough.start())


def _unparted(plain: str, at: int, end: int, offset: int) -> Iterator[list[Word]]:
    """Yield the words between which there is not too much."""
    for gap in (*compiled(_PARTED).finditer(plain, at, end), None):
        until = gap.start() if gap else end
        words = [word for token in compiled(_PIECE).finditer(plain, at, until) for word in _divided(token, offset)]
        if len(words) >= SHORTEST:
            yield words
        at = gap.end() if gap else end


def _blank(counter: re.Match[str]) -> str:
    return compiled("[^0-9]").sub(" ", counter[0])


def _divided(token: re.Match[str], offset: int) -> Sequence[Word]:
    """The listed words of some kana, without particles. What has as many kana as one word may have is one, misspelled."""
    kana, at, listed = token[0].translate(_HIRAGANA), offset + token.start(), places("japanese")
    cuts = list(_cuts(kana)) if len(kana) <= 2 * MAX_LETTERS else []
    for start, end in cuts:
        if kana[start:end] in listed:
            return [Word(at + start, at + end, kana[start:end])]
    words = list(divided(kana, at, by_prefix("japanese")))
    leaning = [word for word in words if word.text not in _PARTICLES]
    if all(word.text in listed for word in leaning) and (leaning or len(kana) == 1):
        return leaning
    if len(kana) > MAX_LETTERS:
        return words
    start, end = next((cut for cut in cuts if misspelled(kana[slice(*cut)], "japanese")), (0, len(kana)))
    return [Word(at + start, at + end, kana[start:end])]


def _cuts(kana: str) -> Iterator[tuple[int, int]]:
    """Yield all of it, then what is left without the particle before or after it."""
    yield 0, len(kana)
    for particle in sorted(_PARTICLES, key=len, reverse=True):
        if kana.startswith(particle):
            yield len(particle), len(kana)
        if kana.endswith(particle):
            yield 0, len(kana) - len(particle)
