"""English words as they may stand in a seed phrase: tokens of Latin letters, whatever stands between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from casework.redaction.bip39 import by_first_letters, by_prefix, known_spellings
from casework.redaction.word_rows import FUNCTION_WORDS, MAX_MISSPELLED, SHORTEST, Word, covered, divided
from casework.text.folding import WALL
from casework.text.patterns import compiled

_LETTERS = "[A-Za-z]+"
_GLUED = 3 * SHORTEST
"""Letters in one piece, from which on they may be a phrase without gaps."""

_MAX_GAP = 40
"""Characters between two words of a phrase; white space in a row is one."""

_LABELS = frozenset({"word", "next", "number", "first"})
"""Listed words that people put before every word: "Word 1: abandon, Word 2: ability", "the next word is"."""


def stretches(text: str) -> Iterator[list[Word]]:
    """Yield the words of a folded text in which there may be a phrase, in order, as long as nothing parts them."""
    for first, last in _promising(compiled(_LETTERS).findall(text.lower())):
        tokens = islice(compiled(_LETTERS).finditer(text), first, last)
        words = [word for token in tokens for word in _spelled_out(token)]
        parted = [at for at, (word, after) in enumerate(pairwise(words), 1) if _parts(text[word.end : after.start])]
        for start, end in pairwise((0, *parted, len(words))):
            if end - start >= SHORTEST:
                yield _unlabelled(words[start:end])


def _promising(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the places between which there could be a phrase: nearly all prose is dismissed here, without the list."""
    if len(max(words, key=len, default="")) >= _GLUED:
        yield 0, len(words)
    elif _is_read() or any(_dense("".join(["1" if 2 < len(word) < 9 and word not in FUNCTION_WORDS else "0" for word in words]))):
        known = known_spellings()
        yield from _dense("".join(["1" if word in known else "0" for word in words]))


def _is_read() -> bool:
    """Whether an earlier text needed the list: then it is as quick to ask as the lengths of the words, and knows better."""
    return known_spellings.cache_info().currsize > 0


def _dense(listed: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches with hardly an unlisted word, and what touches them."""
    runs = [len(run) for run in listed.split("0")]
    if max(map(sum, zip(runs, runs[1:] or (0,), runs[2:] or (0,), strict=False))) < SHORTEST - MAX_MISSPELLED:
        return
    inside = "".join(["1" if each else "0" for each in covered([each == "0" for each in listed], MAX_MISSPELLED)])
    touched = compiled(f"1+(?:0{{1,{2 * MAX_MISSPELLED}}}1+)*")
    for match in touched.finditer(inside):
        yield max(0, match.start() - MAX_MISSPELLED), match.end() + MAX_MISSPELLED


def _spelled_out(token: re.Match[str]) -> Iterator[Word]:
    word = token[0].lower()
    if len(word) >= _GLUED:
        yield from divided(word, token.start(), by_prefix("english"))
    else:
        yield Word(token.start(), token.end(), by_first_letters().get(word, word))


def _parts(gap: str) -> bool:
    return WALL in gap or (len(gap) > _MAX_GAP and len(compiled(r"\s+").sub(" ", gap)) > _MAX_GAP)


def _unlabelled(words: list[Word]) -> list[Word]:
    """Leave out what stands before every word, which is on the list itself."""
    labels = {label for label in _LABELS if 4 * sum(word.text == label for word in words) >= len(words)}
    left = [word for word in words if word.text not in labels] if labels else words
    return left if len(left) >= SHORTEST else words
