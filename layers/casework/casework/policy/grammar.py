"""A language's concepts and patterns in compiled form: strings and numbers, decoded only when a text asks for them.

A cold start reads some thousand short strings and takes none of them apart. A *concept* is a number. A *clause* is a walk
over concepts, written ``0:12,15 3:44? 3:9``: first concept 12 or 15, within 3 units 44 (may be missing), within 3 more 9.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

Step = tuple[tuple[int, ...], int, bool]
"""Concepts of which any may stand here; how many units may come before it; whether it may be missing."""
Clause = tuple[Step, ...]
Pattern = tuple[tuple[Clause, ...], bool]
"""Clauses that must all be near each other; whether it is itself a denial, so that a denial beside it denies nothing."""

Continuation = tuple[tuple[str, ...], int]
"""What must follow a first word (in Japanese: the whole literal), and the concept that it then is."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Words near a match that deny it or make it imaginary, and what is then left of its weight."""

    factor: float
    before: int
    after: int
    inside: bool
    negation: bool
    within_clause: bool
    patterns: Sequence[str]
    exceptions: Sequence[str]


@dataclass(frozen=True, slots=True)
class Grammar:
    """Everything that can be found in one language."""

    spaced: bool
    """Units are words (English) or characters (Japanese)."""
    window: int
    """How far apart, in units, the clauses of one pattern may be."""
    exact: Mapping[str, str]
    """First word or first two words, in Japanese the first two characters -> what follows, for each concept that starts so."""
    prefix: Mapping[str, str]
    shortest: int
    """Length of the shortest prefix."""
    numbers: Sequence[Sequence[float]]
    """Lowest and highest value, and the concept, of each kind of number."""
    derived: Sequence[str]
    """Concepts made of other concepts, ``concept=clause``, in an order in which they can be found."""
    patterns: Sequence[str]
    owners: Sequence[int]
    """For each pattern the number of its rule; -1 for one that only silences a rule."""
    derived_by: Mapping[str, str]
    """Concept -> numbers of the derivations that are worth a try once it is found."""
    patterns_by: Mapping[str, str]
    guards: Sequence[Guard]
    names: Mapping[str, str]
    """Concept -> its name, of those that the vocabulary names."""

    def starting_with(self, word: str, *, prefix: bool = False) -> tuple[Continuation, ...]:
        """What may begin with this word or, for a prefix, with these letters."""
        table = self.prefix if prefix else self.exact
        return _continuations(table[word]) if word in table else ()

    def derivations_by(self, concept: int) -> list[int]:
        """Which derivations the concept sets off."""
        return [int(number) for number in self.derived_by.get(str(concept), "").split()]

    def patterns_with(self, concepts: Iterable[int]) -> list[int]:
        """Every pattern that one of the concepts sets off, in order."""
        found = {number for concept in concepts for number in self.patterns_by.get(str(concept), "").split()}
        return sorted(map(int, found))


@lru_cache(maxsize=8192)
def _continuations(text: str) -> tuple[Continuation, ...]:
    pairs = (each.rpartition("=") for each in text.split("\t"))
    return tuple((tuple(words.split(" ")) if words else (), int(concept)) for words, _, concept in pairs)


def encode_continuations(pairs: Iterable[Continuation]) -> str:
    """The opposite of what ``starting_with`` decodes."""
    return "\t".join(f"{' '.join(words)}={concept}" for words, concept in pairs)


def decode(text: str) -> Clause:
    """A clause from its string."""
    return tuple(_step(each) for each in text.split(" "))


def _step(text: str) -> Step:
    gap, _, concepts = text.removesuffix("?").partition(":")
    return tuple(map(int, concepts.split(","))), int(gap), text.endswith("?")


def encode(clause: Clause) -> str:
    """A clause as a string."""
    return " ".join(f"{gap}:{','.join(map(str, concepts))}{'?' if optional else ''}" for concepts, gap, optional in clause)


def encode_pattern(pattern: Pattern) -> str:
    """A pattern as a string: clauses joined by ``&``, after ``!`` if it is a denial."""
    clauses, denies = pattern
    return ("!" if denies else "") + "&".join(map(encode, clauses))
