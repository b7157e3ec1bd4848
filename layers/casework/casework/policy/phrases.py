"""The phrase book: which words speak for which category and facet, in English and Japanese."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from casework.policy.grammar import Grammar, Guard


@dataclass(frozen=True, slots=True)
class Rule:
    """What one finding is worth, and for what. Its patterns are in the grammars, under its number."""

    id: str
    weight: float
    category: str
    facets: Mapping[str, str]
    within: Sequence[str]
    """If named, the facets count only where the message is about one of these categories or families."""
    each: bool
    """Whether every pattern that is found counts in full (a list of cues), not only the first."""
    affirmed: bool
    """Whether a denial or a supposition beside it takes it back."""
    vetoes: Sequence[tuple[str, int]]
    """Language and number of patterns: if one is anywhere in the message, the rule is silent."""


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """Every rule, ready to be matched, and how a text must be read for it."""

    grammars: Mapping[str, Grammar]
    rules: Sequence[Rule]
    spelling: Mapping[str, Sequence[str]]
    fillers: frozenset[str]


def pack(book: PhraseBook) -> dict[str, Any]:
    """The book as plain lists, strings and numbers, for a build to write down."""
    return {
        "grammars": {language: _packed(grammar) for language, grammar in book.grammars.items()},
        "rules": [list(astuple(rule)) for rule in book.rules],
        "spelling": dict(book.spelling),
        "fillers": sorted(book.fillers),
    }


def unpack(packed: Mapping[str, Any]) -> PhraseBook:
    """What ``pack`` packed: nothing is parsed or checked again."""
    grammars = {language: _unpacked(fields) for language, fields in packed["grammars"].items()}
    rules = tuple(Rule(*fields) for fields in packed["rules"])
    return PhraseBook(grammars, rules, packed["spelling"], frozenset(packed["fillers"]))


def _packed(grammar: Grammar) -> list[Any]:
    *fields, guards, names = (getattr(grammar, name) for name in Grammar.__slots__)
    return [*fields, [list(astuple(guard)) for guard in guards], names]


def _unpacked(fields: Sequence[Any]) -> Grammar:
    values: dict[str, Any] = dict(zip(Grammar.__slots__, fields, strict=True))
    return Grammar(**{**values, "guards": [Guard(*each) for each in values["guards"]]})
