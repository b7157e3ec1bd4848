"""Rows of words that are nearly all on a list: where a seed phrase may be, whatever its language.

A window of twelve words may hold two that are misspelled; words that nobody could have meant for listed ones end a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, groupby
from operator import itemgetter
from typing import NamedTuple

from casework.redaction.bip39 import LENGTHS, places, with_one_letter_less

SHORTEST = LENGTHS[-1]
MAX_MISSPELLED = 2
"""Misspelled words in any twelve."""

MAX_LETTERS = 10
"""The longest listed words have eight letters; two more may slip in."""

_PROSE = (
    "a an and are as at be been being but by did do does for from get got had has he her hers him his how i if in is"
    " it its let may me mine my no nor not of on or our ours out per she so than the their them those thus to too"
    " us via was we were which while who whom whose why would yes yet your yours"
)
FUNCTION_WORDS = frozenset(_PROSE.split())
"""Words of English prose that are on no list and one slip away from a listed word; nobody meant that one."""


class Word(NamedTuple):
    """A word of a text, by the spelling that the list has for it."""

    start: int
    end: int
    text: str


def rows(words: Sequence[Word], language: str) -> Iterator[list[Word]]:
    """Yield the stretches that are covered by windows of twelve words of which at most two are misspelled."""
    listed = places(language)
    costs = [0 if word.text in listed else 1 for word in words]
    near = covered(costs, MAX_MISSPELLED)
    costs = [
        cost if not cost or (close and misspelled(word.text, language)) else SHORTEST
        for word, cost, close in zip(words, costs, near, strict=True)
    ]
    inside = covered(costs, MAX_MISSPELLED)
    for lies_inside, group in groupby(zip(words, costs, inside, strict=True), key=itemgetter(2)):
        if lies_inside:
            yield _trimmed([(word, cost) for word, cost, _ in group])


def covered(costs: Sequence[int], allowed: int) -> list[bool]:
    """Tell of each place whether it lies in a window of twelve that costs no more than is allowed. Linear."""
    sums = list(accumulate(costs, initial=0))
    covers = [False] * len(costs)
    done = 0
    for start in range(len(costs) - SHORTEST + 1):
        if sums[start + SHORTEST] - sums[start] <= allowed:
            covers[max(done, start) : start + SHORTEST] = [True] * (start + SHORTEST - max(done, start))
            done = start + SHORTEST
    return covers


def _trimmed(row: list[tuple[Word, int]]) -> list[Word]:
    """Without the unlisted words at both ends, when a phrase remains: those were only next to it."""
    listed = [at for at, (_, cost) in enumerate(row) if not cost]
    inner = row[listed[0] : listed[-1] + 1]
    return [word for word, _ in (inner if len(inner) >= SHORTEST and len(row) not in LENGTHS else row)]


def misspelled(word: str, language: str) -> bool:
    """Whether a listed word begins with the same four letters, or is one slip away: a letter more, less, another, or swapped."""
    if len(word) < 2 or len(word) > MAX_LETTERS or word in FUNCTION_WORDS:
        return False
    spellings = with_one_letter_less(language)
    return (len(word) > 3 and word[:4] in spellings) or not spellings.isdisjoint(_without_one(word))


def _without_one(word: str) -> Iterator[str]:
    yield word
    yield from (word[:at] + word[at + 1 :] for at in range(len(word)))


def divided(letters: str, offset: int, listed: Mapping[str, Sequence[str]]) -> Iterator[Word]:
    """Divide letters without gaps into listed words, as few letters as possible being left over.

    ``listed`` has the words by their first three letters. What is left over between two words is a word of its own.
    """
    ends = _ends(letters, listed)
    at = since = 0
    while at < len(letters):
        if ends[at] > at + 1:
            if since < at:
                yield Word(offset + since, offset + at, letters[since:at])
            yield Word(offset + at, offset + ends[at], letters[at : ends[at]])
            since = ends[at]
        at = ends[at]
    if since < at:
        yield Word(offset + since, offset + at, letters[since:at])


def _ends(letters: str, listed: Mapping[str, Sequence[str]]) -> list[int]:
    """Of each place: where the word ends that begins there, or the next place when none should."""
    size = len(letters)
    left_over, ends = [0] * (size + 1), list(range(1, size + 1))
    for at in range(size - 1, -1, -1):
        left_over[at] = left_over[at + 1] + 1
        for word in listed.get(letters[at : at + 3], ()):
            end = at + len(word)
            if letters.startswith(word, at) and left_over[end] <= left_over[at]:
                left_over[at], ends[at] = left_over[end], end
    return ends
