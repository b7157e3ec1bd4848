"""Seed phrases (BIP 39) in English and Japanese, however they were typed.

A phrase is twelve or more list words in a row: numbered, bulleted, quoted, comma-separated, one to a line, in capitals. Its
checksum only tells whether it is written down right; it is redacted either way. The words of the English list are ordinary words,
but twelve of them in a row are not ordinary prose: "the", "and", "is" and "to" are not among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

from casework.redaction.bip39 import LENGTHS, by_first_kana, by_first_letters, checksum_holds, places
from casework.text.finding import Finding
from casework.text.patterns import compiled

_SHORTEST = LENGTHS[-1]
_MAX_STRAY = 3
"""Ordinary words on either side that happen to be on the list ("my seed phrase …", "… please help")."""

_ORDINARY = (
    " about again all also any before below can code come correct exact first follow found have hello help just key list please"
    " then there they this here phrase private recovery remember right same second secret security seed sentence sorry thank that"
    " these today use used very wallet want what when where will with word work write wrong you"
    " ありがとう ことば さいしょ じぶん すべて ひみつ "
)
"""Words that touch a phrase in earnest: on the lists, and in the mouth of anybody who sends one."""

_NUMERALS = frozenset({"zero", "one", "two", "three", "six", "seven", "eight", "ten", "twelve", "hundred", "million"})
"""All of them that are on the list."""

_MAX_MISSPELLED = 2
"""Misspelled words in any twelve, where the text speaks of a phrase."""

_ENGLISH_STRETCH = r"(?<![A-Za-z])[A-Za-z]{3,9}+(?:[^A-Za-z\x00]{1,40}+[A-Za-z]{3,9}+(?![A-Za-z])){11,}+"
_LETTERS = "[A-Za-z]+"
_ENGLISH_CUE = (
    r"(?i)(?:seed|recovery|backup|secret|mnemonic) ?(?:phrase|words?)|mnemonic|passphrase|\b(?:12|15|18|21|24|twelve) words"
    r"|フレーズ|ニーモニック|シード"
)

_JAPANESE_STRETCH = r"[ぁ-ゖ\s0-9!-/:-@\[-`{-~、。・「」『』〜ー…•第番目個単語]{36,}+"
_JAPANESE_COUNTER = "(?:つ|番)目[はが]?"

_BREAK = r"\n[ \t\r>]*\n|:"
_NO_WORD = "[^A-Za-zぁ-ゖ]*"
_NUMBER_ONE = "(?<![0-9])1(?![0-9])"


class _Word(NamedTuple):
    start: int
    end: int
    text: str


def find(text: str) -> Iterator[Finding]:
    """Find the phrases of a folded text. The word lists are read when a text first looks as if it held one."""
    yield from _english(text)
    if not text.isascii():
        yield from _japanese(text)


# English: a word is a token


def _english(text: str) -> Iterator[Finding]:
    stretches = [stretch.span() for stretch in compiled(_ENGLISH_STRETCH).finditer(text) if _promising(stretch[0])]
    if not stretches:
        return
    allowed = _MAX_MISSPELLED if compiled(_ENGLISH_CUE).search(text) else 0
    for span in stretches:
        tokens = _unlabelled([_spelled_out(token) for token in compiled(_LETTERS).finditer(text, *span)], text)
        for run in _runs(tokens, allowed):
            yield from _phrases(text, run, "english")


def _promising(stretch: str) -> bool:
    """Whether any twelve of its words could be a phrase: most prose is dismissed here, cheaply."""
    listed, first_letters = places("english"), by_first_letters()
    words = compiled(_LETTERS).findall(stretch.lower())
    return any(_covered([word not in listed and word not in first_letters for word in words], _MAX_MISSPELLED))


def _spelled_out(token: re.Match[str]) -> _Word:
    word = token[0].lower()
    return _Word(token.start(), token.end(), by_first_letters().get(word, word))


def _unlabelled(words: list[_Word], text: str) -> list[_Word]:
    """Leave out the label of "Word 1: abandon, Word 2: ability": it is on the list itself."""
    gaps = [text[word.end : after.start] for word, after in pairwise(words)]
    labels = {at for at, gap in enumerate(gaps) if words[at].text == "word" and re.search("[0-9]", gap)}
    return words if 3 * len(labels) < len(words) else [word for at, word in enumerate(words) if at not in labels]


def _runs(words: list[_Word], allowed: int) -> Iterator[list[_Word]]:
    """Yield the stretches covered by windows of twelve words of which at most ``allowed`` are misspelled."""
    listed = places("english")
    costs = [0 if word.text in listed else 1 for word in words]
    if allowed:
        near = _covered(costs, allowed)
        costs = [
            cost if not cost or (close and _misspelled(word.text)) else _SHORTEST
            for word, cost, close in zip(words, costs, near, strict=True)
        ]
    inside = _covered(costs, allowed)
    for covered, group in groupby(zip(words, costs, inside, strict=True), key=itemgetter(2)):
        if covered:
            yield _trimmed([(word, cost) for word, cost, _ in group])


def _covered(costs: Sequence[int], allowed: int) -> list[bool]:
    """Tell of each place whether it lies in a window of twelve that costs no more than is allowed. Linear."""
    sums = list(accumulate(costs, initial=0))
    covered = [False] * len(costs)
    done = 0
    for start in range(len(costs) - _SHORTEST + 1):
        if sums[start + _SHORTEST] - sums[start] <= allowed:
            covered[max(done, start) : start + _SHORTEST] = [True] * (start + _SHORTEST - max(done, start))
            done = start + _SHORTEST
    return covered


def _trimmed(run: list[tuple[_Word, int]]) -> list[_Word]:
    """Without the unlisted words at both ends, when twelve remain: those were only next to a phrase."""
    listed = [at for at, (_, cost) in enumerate(run) if not cost]
    inner = run[listed[0] : listed[-1] + 1]
    return [word for word, _ in (inner if len(inner) >= _SHORTEST else run)]


def _misspelled(word: str) -> bool:
    """Whether a listed word begins with the same four letters, or is one edit away."""
    return len(word) > 3 and (word[:4] in by_first_letters() or not places("english").keys().isdisjoint(_one_edit_away(word)))


def _one_edit_away(word: str) -> Iterator[str]:
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
        for letter in "abcdefghijklmnopqrstuvwxyz":
            yield before + letter + after
            yield before + letter + after[1:]


# Japanese: words need no gap between them


def _japanese(text: str) -> Iterator[Finding]:
    for stretch in compiled(_JAPANESE_STRETCH).finditer(text):
        for run in _chains(compiled(_JAPANESE_COUNTER).sub(lambda counter: " " * len(counter[0]), stretch[0]), stretch.start()):
            yield from _phrases(text, run, "japanese")


def _chains(kana: str, offset: int) -> Iterator[list[_Word]]:
    """Yield the runs of twelve or more words that follow one another, with or without gaps."""
    ends, following, lengths = _links(kana)
    at = 0
    while at < len(kana):
        if lengths[at] < _SHORTEST:
            at += 1
            continue
        run: list[_Word] = []
        while lengths[at]:
            run.append(_Word(offset + at, offset + ends[at], kana[at : ends[at]]))
            at = following[ends[at]]
        yield run


def _links(kana: str) -> tuple[list[int], list[int], list[int]]:
    """Of each place: where the word that begins there ends, the next kana, and the number of words on end from there."""
    listed = by_first_kana()
    size = len(kana)
    ends, following, lengths = [0] * size, [size] * (size + 1), [0] * (size + 1)
    for at in range(size - 1, -1, -1):
        if not "ぁ" <= kana[at] <= "ゖ":
            following[at] = following[at + 1]
            continue
        following[at] = at
        for word in listed.get(kana[at : at + 3], ()):
            if kana.startswith(word, at):
                ends[at] = at + len(word)
                lengths[at] = 1 + lengths[following[ends[at]]]
    return ends, following, lengths


# Which words of a run are the phrase


def _phrases(text: str, run: list[_Word], language: str) -> Iterator[Finding]:
    for words in _divided(text, run, language):
        if _likely(text, words, language):
            best, verified = _best(text, words, language)
            yield Finding("seed_phrase", " ".join(_spelling(best)), best[0].start, best[-1].end, verified)


def _divided(text: str, run: list[_Word], language: str) -> list[list[_Word]]:
    """Two phrases one below the other are two, unless their words make one; a stray word or two between them is neither."""
    if checksum_holds(_spelling(run), language):
        return [run]
    parts = _split(run, [compiled(_BREAK).search(gap) is not None for gap in _gaps(text, run)])
    long = [part for part in parts if len(part) >= _SHORTEST]
    strays = [part for part in parts if len(part) < _SHORTEST]
    return long if long and all(len(part) <= _MAX_STRAY for part in strays) else [run]


def _split(run: list[_Word], breaks: list[bool]) -> list[list[_Word]]:
    parts = [[run[0]]]
    for word, broken in zip(run[1:], breaks, strict=True):
        if broken:
            parts.append([])
        parts[-1].append(word)
    return parts


def _best(text: str, run: list[_Word], language: str) -> tuple[list[_Word], bool]:
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


def _may_stay(text: str, run: list[_Word], start: int, end: int) -> bool:
    """Whether what a choice leaves out are ordinary words, or set off by another gap than those between its own words."""
    gaps = [_numberless(gap) for gap in _gaps(text, run)]
    inside = gaps[start : end - 1]
    strays = (run[:start], gaps[start - 1 : start]), (run[end:], gaps[end - 1 : end])
    return all(not words or gap[0] not in inside or all(f" {word.text} " in _ORDINARY for word in words) for words, gap in strays)


def _stands_apart(text: str, words: list[_Word]) -> bool:
    """Whether the gaps inside are all alike and those on either side are not; a numbered list begins with 1."""
    inside = {_numberless(gap) for gap in _gaps(text, words)}
    before = compiled(rf"{_NO_WORD}\Z").search(text[max(0, words[0].start - 40) : words[0].start])
    after = compiled(_NO_WORD).match(text[words[-1].end : words[-1].end + 40])
    if len(inside) > 1 or before is None or after is None or _numberless(after[0]) in inside:
        return False
    return compiled(_NUMBER_ONE).search(before[0]) is not None if any("0" in gap for gap in inside) else before[0] not in inside


def _likely(text: str, words: list[_Word], language: str) -> bool:
    """Whether these are words of a phrase, and not of a style sheet or of column headings.

    Random phrases hardly repeat a word; those do little else. A phrase that does, or that is misspelled, is spaced evenly. Twelve
    digits in words are a number.
    """
    spelling = _spelling(words)
    if _NUMERALS.issuperset(spelling):
        return False
    if 3 * len(set(spelling)) >= 2 * len(words) and places(language).keys() >= set(spelling):
        return True
    gaps = [compiled(r"\s+").sub(" ", _numberless(gap)) for gap in _gaps(text, words)]
    return any(len(list(alike)) >= _SHORTEST - 1 for _, alike in groupby(gaps))


def _spelling(words: Sequence[_Word]) -> list[str]:
    return [word.text for word in words]


def _gaps(text: str, words: list[_Word]) -> list[str]:
    return [text[word.end : after.start] for word, after in pairwise(words)]


def _numberless(gap: str) -> str:
    return compiled("[0-9]+").sub("0", gap)
