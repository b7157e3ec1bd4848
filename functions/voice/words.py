"""Putting recognised words together again, exactly as they were spoken: in Japanese without spaces."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from functions.voice.call import Utterance, role_of

SENTENCE_ENDS = frozenset(".?!。？！．")

CLOSING = frozenset(".,?!:;…。、？！，．：；")

_WIDE = r"\uFF00-\uFF20\uFF3B-\uFF40\uFF5B-\uFFEF"
JAPANESE = rf"[\u3000-\u30FF\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF{_WIDE}\U00020000-\U000323AF]"
"""Kana, kanji, Japanese punctuation and full-width forms but Latin letters (Unicode 15.1); hangul is not among them either:
both take spaces."""
_JAPANESE = re.compile(JAPANESE)
_CUT_IN_TWO = re.compile(f"(?<={JAPANESE}) +(?={JAPANESE})")


@dataclass(frozen=True, slots=True)
class Word:
    """One word or mark. ``gap`` is the space before it; ``mark`` says that it attaches to the word before it."""

    text: str
    mark: bool = False
    start_ms: int | None = None
    end_ms: int | None = None
    label: str = ""
    gap: str = ""


def is_japanese(character: str) -> bool:
    """Whether a character belongs to a script that is written without spaces between words."""
    return _JAPANESE.match(character) is not None


def is_mark(content: str, declared: str) -> bool:
    """Whether an item is a mark, which attaches to the word before it: as its service says, else by what it is."""
    return declared == "punctuation" or (not declared and CLOSING.issuperset(content))


def joined(text: str) -> str:
    """Take out the blanks that a service puts between Japanese words; those around Latin words stay as they are."""
    return _CUT_IN_TWO.sub("", text)


def confidence(values: Iterable[float | None]) -> str | None:
    """How sure the service is of its words on average, from 0 to 1, as a fact; ``None`` when it does not say."""
    known = [value for value in values if value is not None and 0 <= value <= 1]
    return f"{sum(known) / len(known):.2f}" if known else None


def spaced(words: Sequence[Word], own: str = "") -> list[Word]:
    """Give each word the gap before it: the one in ``own``, the service's text of the same words, if it is that.

    Otherwise by rule: none before a mark, none where either neighbour is Japanese, else one space. Between two
    Japanese characters there is never a gap, whatever the service wrote: a dictionary finds no word that is cut in two.
    """
    gaps = _gaps_of(words, own) or _gaps_by_rule(words)
    return [replace(word, gap=gap) for word, gap in zip(words, gaps, strict=True)]


def _gaps_of(words: Sequence[Word], own: str) -> list[str] | None:
    gaps: list[str] = []
    position = 0
    for word in words:
        found = position + own.startswith(" ", position)
        if not own.startswith(word.text, found):
            return None
        gaps.append("" if _inside_japanese(own, position, found) else own[position:found])
        position = found + len(word.text)
    return gaps if position == len(own) else None


def _inside_japanese(own: str, before: int, after: int) -> bool:
    return before > 0 and is_japanese(own[before - 1]) and is_japanese(own[after])


def _gaps_by_rule(words: Sequence[Word]) -> list[str]:
    return ["", *(_gap(before, after) for before, after in pairwise(words))][: len(words)]


def _gap(before: Word, after: Word) -> str:
    joined = after.mark or is_japanese(before.text[-1]) or is_japanese(after.text[0])
    return "" if joined else " "


def ends_sentence(before: Word, after: Word) -> bool:  # noqa: ARG001 - a boundary is asked about both its sides
    """Whether a sentence ends between two words."""
    return before.mark and before.text[-1] in SENTENCE_ENDS


def falls_silent(before: Word, after: Word, *, silence_ms: int = 1500) -> bool:
    """Whether somebody pauses between two words so long that the other side has probably spoken."""
    return before.end_ms is not None and after.start_ms is not None and after.start_ms - before.end_ms >= silence_ms


def split(words: Sequence[Word], boundary: Callable[[Word, Word], bool]) -> list[list[Word]]:
    """Cut words into runs at every boundary, losing none."""
    runs = [[word] for word in words[:1]]
    for before, after in pairwise(words):
        if boundary(before, after):
            runs.append([])
        runs[-1].append(after)
    return runs


def utterance(words: Iterable[Word]) -> Utterance:
    """Make one utterance of words of one party."""
    words = list(words)
    starts = [word.start_ms for word in words if word.start_ms is not None]
    ends = [word.end_ms for word in words if word.end_ms is not None]
    party = next((word.label for word in words if word.label), "")
    text = "".join(word.gap + word.text for word in words).strip()
    return Utterance(role_of(party), text, min(starts, default=None), max(ends, default=None), party)
