"""Where a text may be cut before it is redacted: never through a secret, for no finder would know what is left of it.

A door has to bound what it takes in, and the desk redacts what the door gives it. Whatever may be a secret and goes through a cut
is therefore left out as a whole. What goes on behind the cut is looked at as far as it is there; besides, nothing is cut inside a
word or a number, and words that could be the beginning of a seed phrase do not stay at the end.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from itertools import chain

from casework.redaction import FINDERS, Finder
from casework.redaction.seed_phrases import begun
from casework.text.folding import fold
from casework.text.patterns import compiled

REACH = 4_096
"""Characters before and behind a cut that are looked at: more than any secret has that is not known by its beginning alone."""

_TYPED, _WORD, _KANA = "[!-~]+", "[0-9A-Za-z]+", "[ぁ-ゖァ-ヶー]+"
_LONGEST_TYPED = 128
"""Characters without a blank that are kept whole; of more, the letters and digits at the cut are."""
_GAP = r"[ \-.,/ー\t\r\n]"
_NUMBER = rf"[0-9](?:{_GAP}{{0,3}}[0-9])*+(?:{_GAP}{{1,3}}\Z)?"
_LONGEST_NUMBER = 40
"""Digits of what may be one number; more are a table."""
_KEY_BLOCK = "-----BEGIN [A-Z0-9 ]{0,24}PRIVATE KEY"
_ARRAY = r"\[[\s0-9,]*"

_Span = tuple[int, int]


def cut(text: str, limit: int, *, goes_on: bool = False, finders: Sequence[Finder] = FINDERS) -> str:
    """Return the text, or its beginning with at most ``limit`` characters in which no secret ends that began there.

    ``goes_on`` tells that the text itself is only the beginning of another one. Time is bounded, however long the text is.
    """
    if len(text) <= limit and not goes_on:
        return text
    place = min(limit, len(text))
    return text[: torn(text, place, goes_on=goes_on, finders=finders)[0]]


def torn(text: str, place: int, *, goes_on: bool = False, finders: Sequence[Finder] = FINDERS) -> _Span:
    """Tell what a cut at a place would tear: from where to where; an empty span at the place when nothing would be torn."""
    first = max(0, place - REACH)
    window, at = text[first : place + REACH], place - first
    spans = list(_spans(window, at, finders))
    start, end = _widened(at, spans, ends_here=goes_on and place >= len(text))
    before = fold(window[:start])
    if (begins := begun(before.text)) is not None:
        start = _widened(before.original(_run(_WORD, before.text, begins)[0], begins)[0], spans)[0]
    return first + start, first + end


def _widened(place: int, spans: Collection[_Span], *, ends_here: bool = False) -> _Span:
    """What has to go in one piece, together with whatever its own ends would tear."""
    start = end = place
    for begins, stops in sorted(spans, key=lambda span: -span[0]):
        if begins < start < stops or (ends_here and begins < start == place == stops):
            start = begins
    for begins, stops in sorted(spans):
        if begins < end < stops:
            end = stops
    return start, end


def _spans(window: str, place: int, finders: Sequence[Finder]) -> Iterator[_Span]:
    """Yield the secrets around a place, and the pieces of text at it that could be part of one."""
    folded = fold(window)
    at = place if folded.origins is None else bisect_left(folded.origins, place)
    found = (finding[2:4] for finder in finders for finding in finder(folded.text))
    for start, end in chain(found, _pieces(folded.text, at), _open_keys(folded.text, at)):
        yield folded.original(start, end)


def _pieces(text: str, at: int) -> Iterator[_Span]:
    start, end = _run(_TYPED, text, at)
    yield (start, end) if end - start <= _LONGEST_TYPED else _run(_WORD, text, at)
    yield _run(_KANA, text, at)
    for number in compiled(_NUMBER).finditer(text, max(0, at - REACH), min(len(text), at + REACH)):
        if number.start() < at <= number.end() and len(compiled("[0-9]").findall(number[0])) <= _LONGEST_NUMBER:
            yield number.span()


def _run(characters: str, text: str, at: int) -> _Span:
    """Where the characters of a class begin and end around a place."""
    before, behind = compiled(characters).match(text[:at][::-1]), compiled(characters).match(text, at)
    return at - (before.end() if before else 0), behind.end() if behind else at


def _open_keys(text: str, at: int) -> Iterator[_Span]:
    """Yield from where a block or an array begins before a place that is a key, and not at an end there."""
    block, array = text.rfind("-----BEGIN ", 0, at), text.rfind("[", 0, at)
    if block >= 0 and compiled(_KEY_BLOCK).match(text, block) and text.find("-----END", block, at) < 0:
        yield block, min(at + 1, len(text))
    if array >= 0 and compiled(_ARRAY).fullmatch(text, array, at):
        yield array, min(at + 1, len(text))
