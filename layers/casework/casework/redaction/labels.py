"""Rules for what only the words around it give away: a label, a value, and what may stand between them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from casework.text.finding import Finding
from casework.text.patterns import compiled

_BEFORE = 48
"""Characters before a pattern in which its rule looks for what must stand there."""


class Rule(NamedTuple):
    """What a labelled secret or number looks like. Of two rules for one place the first names it."""

    kind: str
    words: tuple[str, ...]
    """One of these is in every text that the pattern matches, and is cheaper to look for."""
    pattern: str
    """With a group ``value``. It is matched on the text in lower case."""
    before: str = ""
    """What must stand right before the pattern; empty for anything."""
    convinces: Callable[[str], bool] = bool
    verified: Callable[[str], bool] | None = None
    normal: Callable[[str], str] = str
    """The value in normal form, by which two are one."""


def find_labelled(text: str, rules: Iterable[Rule]) -> Iterator[Finding]:
    """Find what the words of a folded text call a secret."""
    lowered = text.replace("İ", "I").lower()
    for rule in rules:
        if any(map(lowered.__contains__, rule.words)):
            yield from _following(rule, text, lowered)


def _following(rule: Rule, text: str, lowered: str) -> Iterator[Finding]:
    for match in compiled(rule.pattern).finditer(lowered):
        start, end = match.span("value")
        value = text[start:end]
        if rule.convinces(value) and compiled(rule.before).search(lowered[max(0, match.start() - _BEFORE) : match.start()]):
            verified = rule.verified(value) if rule.verified else None
            yield Finding(rule.kind, rule.normal(value), start, end, verified, echo=value if len(value) > 5 else "")


def alphanumeric(value: str) -> bool:
    """Whether there are letters and digits in it."""
    return re.search("[A-Za-z]", value) is not None and re.search("[0-9]", value) is not None


def compact(value: str) -> str:
    """The letters and digits of a value, in capitals."""
    return re.sub("[^0-9A-Za-z]", "", value).upper()
