"""A text as the triage reads it: a normalised copy that never forgets where each character came from.

The customer's text stays as it was written; width, case and white space are levelled only here. Two tracks run over one
copy: words for English, characters for Japanese (which has no spaces), so that a message in both is read in both.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

_DAKUTEN = frozenset("\u3099\u309a\uff9e\uff9f")
_LOOKALIKES = str.maketrans({**dict.fromkeys("’‘´`ʼ＇", "'"), **dict.fromkeys("“”", '"'), **dict.fromkeys("–—‐‑−", "-")})
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff\ufe0e\ufe0f")

_ODD = re.compile(r"[^\x00-\x7f]|`")
"""What is read as another character."""
_SPACE = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"[!?。]+|(?<!\.)\.(?=\s|$)|\n\s*\n")
_CLAUSE_END = re.compile(r"[!?。,;:、…]+|\.(?=\s|$)|\n\s*\n")
_WORD = re.compile(r"\d[\d,.]*(?:[km](?![a-z0-9]))?(?![a-z])|[a-z0-9]+(?:'[a-z]+)*")
_NUMBER = re.compile(r"\d[\d,.]*[km]?")
_DIGITS = re.compile(r"\d+")

_PRONOUNS = frozenset({"it", "he", "she", "that", "there", "what", "who", "where", "here", "someone", "somebody", "everyone"})
_ENDINGS = {"'m": "am", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would"}
_SHORTENED = {"can't": "can", "won't": "will", "cannot": "can", "cant": "can", "wont": "will", "shan't": "shall"}
_UNMARKED = "dont didnt doesnt isnt arent wasnt werent havent hasnt hadnt couldnt wouldnt shouldnt aint neednt"
_RUN_TOGETHER = frozenset(_UNMARKED.split())


@dataclass(frozen=True, slots=True)
class Track:
    """One way through the text: words or characters. Positions are units; every unit knows its characters."""

    units: Sequence[str]
    starts: Sequence[int]
    """Where each unit starts in the text as it was given."""
    ends: Sequence[int]
    sentences: Sequence[int]
    """The number of the sentence each unit is in."""
    clauses: Sequence[int]
    text: str = ""
    """The normalised copy; of the track of characters, whose units are its characters."""

    def __len__(self) -> int:
        return len(self.units)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the given text that the units ``start`` to ``end`` stand for."""
        return self.starts[start], self.ends[end - 1]


@dataclass(frozen=True, slots=True)
class Copy:
    """A normalised text with the place of each of its characters in the original."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, read: ``words`` for English, ``characters`` for Japanese, ``copy`` for whoever reads it otherwise."""

    words: Track
    characters: Track
    copy: Copy


def read(subject: str, text: str, *, spelling: Mapping[str, Sequence[str]], fillers: frozenset[str]) -> Reading:
    r"""Read ``"\n".join((subject, text))``; a subject is a sentence of its own.

    ``spelling`` replaces a word by the words it stands for; ``fillers`` are words that are read over.
    """
    copy = normalise("\n".join((subject, text)))
    cuts = [bisect_right(copy.starts, len(subject) - 1)] if subject else []
    sentences = _numbers(copy.text, _SENTENCE_END, cuts)
    clauses = _numbers(copy.text, _CLAUSE_END, cuts)
    return Reading(_words(copy, sentences, clauses, spelling, fillers), _characters(copy, sentences, clauses), copy)


def normalise(text: str) -> Copy:
    """The text in NFKC, without case, look-alike punctuation, invisible characters, and spaces beside Japanese ones."""
    plain = {ord(each): _folded(each) for each in set(_ODD.findall(text))}
    if all(len(each) == 1 and each.isascii() for each in plain.values()):  # English, with its quotes and dashes: one for one
        return Copy(text.translate(plain).lower(), range(len(text)), range(1, len(text) + 1))
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        for character in _folded(text[start:end]):
            characters.append(character)
            starts.append(start)
            ends.append(end)
    return _without_gaps(Copy("".join(characters), starts, ends))


def words_of(phrase: str, spelling: Mapping[str, Sequence[str]], fillers: frozenset[str]) -> list[str]:
    """The words of a phrase as they would be read in a text."""
    found = (word for match in _WORD.finditer(phrase.lower()) for word in _expanded(match.group(), spelling))
    return [word for word in found if word not in fillers]


def number(word: str) -> float | None:
    """What a word of digits is worth (``50k`` is 50000), or ``None``."""
    if not _NUMBER.fullmatch(word):
        return None
    scale = {"k": 1e3, "m": 1e6}.get(word[-1], 1.0)
    digits = word.rstrip("km").replace(",", "").rstrip(".")
    return float(digits) * scale if digits.count(".") <= 1 else None


def numbers_in(text: str) -> Iterator[tuple[int, int, float]]:
    """Runs of digits: start, end, value."""
    return (
        (match.start(), match.end(), float(match.group()[:15])) for match in _DIGITS.finditer(text) if match.group().isascii()
    )


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """A character with the marks that belong to it, so that half-width ``ｶﾞ`` becomes one ``ガ``."""
    start, size = 0, len(text)
    while start < size:
        end = start + 1
        while end < size and (text[end] in _DAKUTEN or "\u0300" <= text[end] <= "\u036f"):
            end += 1
        yield start, end
        start = end


@lru_cache(maxsize=8192)
def _folded(cluster: str) -> str:
    if cluster in _INVISIBLE:
        return ""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())
    if "\u00c0" <= folded <= "\u024f" and len(folded) == 1:
        return unicodedata.normalize("NFD", folded)[0]
    return folded.translate(_LOOKALIKES)


def _without_gaps(copy: Copy) -> Copy:
    """Mail breaks Japanese lines anywhere, and IMEs put spaces between words: neither means anything. A blank line does."""
    keep: list[int] = []
    at = 0
    for gap in _SPACE.finditer(copy.text):
        if gap.group().count("\n") < 2 and _beside_japanese(copy.text, *gap.span()):
            keep.extend(range(at, gap.start()))
            at = gap.end()
    if not at:
        return copy
    keep.extend(range(at, len(copy.text)))
    return Copy("".join(copy.text[i] for i in keep), [copy.starts[i] for i in keep], [copy.ends[i] for i in keep])


def _beside_japanese(text: str, start: int, end: int) -> bool:
    return start > 0 and end < len(text) and (_is_japanese(text[start - 1]) or _is_japanese(text[end]))


def _is_japanese(character: str) -> bool:
    """Kana, Chinese characters and the full stop and comma that go with them."""
    return "\u3041" <= character <= "\u30ff" or "\u3400" <= character <= "\u9fff" or "\u3001" <= character <= "\u3007"


def _numbers(text: str, boundary: re.Pattern[str], cuts: Sequence[int]) -> list[int]:
    """For each character the number of its sentence or clause."""
    marks = sorted({match.end() for match in boundary.finditer(text)}.union(cuts))
    numbers: list[int] = []
    for index, mark in enumerate([*marks, len(text)]):
        numbers.extend([index] * (mark - len(numbers)))
    return numbers


def _characters(copy: Copy, sentences: Sequence[int], clauses: Sequence[int]) -> Track:
    return Track(copy.text, copy.starts, copy.ends, sentences, clauses, copy.text)


def _words(
    copy: Copy,
    sentences: Sequence[int],
    clauses: Sequence[int],
    spelling: Mapping[str, Sequence[str]],
    fillers: frozenset[str],
) -> Track:
    units: list[str] = []
    places: list[tuple[int, int]] = []
    known: dict[str, tuple[str, ...]] = {}
    for match in _WORD.finditer(copy.text):
        word = match.group()
        if word not in known:
            known[word] = tuple(each for each in _expanded(word, spelling) if each not in fillers)
        for each in known[word]:
            units.append(each)
            places.append(match.span())
    return Track(
        units,
        [copy.starts[start] for start, _ in places],
        [copy.ends[end - 1] for _, end in places],
        [sentences[start] for start, _ in places],
        [clauses[start] for start, _ in places],
    )


@lru_cache(maxsize=8192)
def _parts(word: str) -> tuple[str, ...]:
    """A contraction in full: ``didn't`` is ``did not``, with or without its apostrophe."""
    if word in _SHORTENED:
        return (_SHORTENED[word], "not")
    if word.endswith("n't"):
        return (word[:-3], "not")
    if word in _RUN_TOGETHER:
        return (word[:-2], "not")
    head, mark, tail = word.partition("'")
    if not mark:
        return (word,)
    if tail == "s":
        return (head, "is") if head in _PRONOUNS else (head,)
    return (head, _ENDINGS["'" + tail]) if "'" + tail in _ENDINGS else (head, tail)


def _expanded(word: str, spelling: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for part in filter(None, _parts(word)):
        yield from spelling.get(part, (part,))
