"""Precision, recall and F1 of both policies, where labels exist; an acceptable category counts as the best one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from casework.case import Assessment
from local.backtest.judging import Judged
from local.evaluation.row import macro_f1

ALL = "all"
"""In the place of a language: both."""
ESCALATIONS = "escalations"
MACRO = "categories, macro average"
FACETS = ("loss", "role")

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Figures:
    """``None`` where nothing was found, or nothing was expected, to divide by."""

    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True, slots=True)
class Quality:
    """One thing measured in one language, for both policies; ``of`` texts were expected to be it."""

    measure: str
    language: str
    of: int
    before: Figures
    after: Figures


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many labelled texts are right, before and after, and how many become right or wrong."""

    measure: str
    of: int
    before: int
    after: int
    mended: int
    broken: int


def qualities(judged: Sequence[Judged]) -> Iterator[Quality]:
    """Measure escalations, every category and their average: over all, and for each language."""
    for language in (ALL, *sorted({each.language for each in judged})):
        part = [each for each in judged if language in (ALL, each.language)]
        yield from _escalations(part, language)
        yield from _categories(part, language)


def agreements(judged: Sequence[Judged]) -> Iterator[Agreement]:
    """Count who is right: about the category, and about each facet that is labelled."""
    labelled = [each for each in judged if each.sample.labels.categories]
    if labelled:
        yield _agreement("category", labelled, lambda each, found: bool(right(each, found)))
    for facet in FACETS:
        told = [each for each in judged if getattr(each.sample.labels, facet)]
        if told:
            yield _agreement(facet, told, _agrees_on(facet))


def right(judged: Judged, found: Assessment) -> bool | None:
    """Whether the category found is an acceptable one; ``None`` when nobody said which are."""
    return found.category in judged.sample.labels.categories if judged.sample.labels.categories else None


def _agrees_on(facet: str) -> Callable[[Judged, Assessment], bool]:
    return lambda each, found: bool(found.facets[facet] == getattr(each.sample.labels, facet))


def _agreement(measure: str, judged: Sequence[Judged], holds: Callable[[Judged, Assessment], bool]) -> Agreement:
    outcomes = [(holds(each, each.before), holds(each, each.after)) for each in judged]
    return Agreement(
        measure,
        of=len(outcomes),
        before=sum(before for before, _ in outcomes),
        after=sum(after for _, after in outcomes),
        mended=sum(after and not before for before, after in outcomes),
        broken=sum(before and not after for before, after in outcomes),
    )


def _escalations(judged: Iterable[Judged], language: str) -> Iterator[Quality]:
    labelled = [each for each in judged if each.sample.labels.escalates is not None]
    wanted = [str(each.sample.labels.escalates) for each in labelled]
    if labelled:
        sides = ([str(found.escalates) for found in side] for side in _sides(labelled))
        before, after = (figures(list(zip(wanted, side, strict=True)), "True") for side in sides)
        yield Quality(ESCALATIONS, language, wanted.count("True"), before, after)


def _categories(judged: Iterable[Judged], language: str) -> Iterator[Quality]:
    labelled = [each for each in judged if each.sample.labels.categories]
    if not labelled:
        return
    before, after = ([_pair(each, found) for each, found in zip(labelled, side, strict=True)] for side in _sides(labelled))
    yield Quality(MACRO, language, len(labelled), _average(before), _average(after))
    for name in sorted({name for pair in (*before, *after) for name in pair}):
        expected = sum(wanted == name for wanted, _ in before)
        yield Quality(name, language, expected, figures(before, name), figures(after, name))


def _sides(judged: Sequence[Judged]) -> tuple[list[Assessment], list[Assessment]]:
    return [each.before for each in judged], [each.after for each in judged]


def _pair(judged: Judged, found: Assessment) -> Pair:
    best = judged.sample.labels.categories[0]
    return best, best if right(judged, found) else found.category


def figures(pairs: Sequence[Pair], name: str) -> Figures:
    """Compute precision, recall and F1 of one name over pairs of what was expected and what was found."""
    hits = sum(wanted == found == name for wanted, found in pairs)
    wanted, found = sum(each == name for each, _ in pairs), sum(each == name for _, each in pairs)
    return Figures(_share(hits, found), _share(hits, wanted), _share(2 * hits, wanted + found))


def _average(pairs: Sequence[Pair]) -> Figures:
    """Average over every category that was expected; one that was never found adds nothing to the precision."""
    each = [figures(pairs, name) for name in sorted({wanted for wanted, _ in pairs})]
    precision = sum(one.precision or 0.0 for one in each) / len(each)
    recall = sum(one.recall or 0.0 for one in each) / len(each)
    return Figures(round(precision, 4), round(recall, 4), round(macro_f1(pairs), 4))


def _share(part: int, of: int) -> float | None:
    return round(part / of, 4) if of else None
