"""One line of an evaluation, and the few figures that several kinds have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. ``got`` of ``of`` when it is a share; ``value`` alone when it is a mean or a score."""

    kind: str
    """The folder of the corpus it was measured on."""
    measure: str
    value: float | None
    got: int | None = None
    of: int | None = None
    note: str = ""


def share(kind: str, measure: str, got: int, of: int, note: str = "") -> Row:
    """``got`` out of ``of``; of nothing there is no share."""
    return Row(kind, measure, round(got / of, 4) if of else None, got, of, note)


def score(kind: str, measure: str, value: float, of: int, note: str = "") -> Row:
    """A mean or a score over ``of`` inputs."""
    return Row(kind, measure, round(value, 4), None, of, note)


def absent(kind: str, why: str) -> Row:
    """Something that was not there to be measured."""
    return Row(kind, "absent", None, note=why)


def skipped(kind: str, why: str) -> Row:
    """Something that was there and could not be measured."""
    return Row(kind, "skipped", None, note=why)


def most_common(counts: Counter[str], limit: int = 6) -> str:
    """``a 12, b 3``: what there was most of."""
    return ", ".join(f"{name} {count}" for name, count in counts.most_common(limit))


def overlap(expected: str, got: str) -> float:
    """Compute F1 over characters, as multisets: 1 when both are empty."""
    if not expected and not got:
        return 1.0
    common = (Counter(expected) & Counter(got)).total()
    return 2 * common / (len(expected) + len(got))


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """Compute the mean F1 of ``(expected, got)`` over every name that was expected at least once."""
    names = {expected for expected, _ in pairs}
    return sum(_f1(pairs, name) for name in names) / len(names) if names else 0.0


def _f1(pairs: Sequence[tuple[str, str]], name: str) -> float:
    right = sum(expected == got == name for expected, got in pairs)
    wanted, found = sum(expected == name for expected, _ in pairs), sum(got == name for _, got in pairs)
    return 2 * right / (wanted + found)


def pairs_of(groups: Iterable[Iterable[str]]) -> set[tuple[str, str]]:
    """Every two members of one group, in alphabetical order."""
    return {pair for group in groups for pair in combinations(sorted(set(group)), 2)}
