"""The project's own examples that training never saw: categories, escalations, facets, and how honest the confidence is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from casework.case import Assessment
from local.evaluation.row import Row, macro_f1, most_common, share
from local.evaluation.row import score as scored
from local.evaluation.trial import shipped
from local.training.examples import Example, load
from local.training.fit import judge

BINS = 10
Judged = tuple[Example, Assessment]


def rows(kind: str, _folder: Path) -> Iterator[Row]:
    """Each language on its own; the gap between them; calibration over both."""
    policy = shipped()
    judged = [(example, judge(example, policy)) for example in load(policy) if example.held_out]
    scores: list[float] = []
    for language in ("en", "ja"):
        part = [each for each in judged if each[0].lang == language]
        scores.append(macro_f1([_pair(each) for each in part]))
        yield from _rows(f"{kind} ({language})", part, scores[-1])
    yield scored(kind, "gap between languages, macro-F1", abs(scores[0] - scores[1]), len(judged))
    yield scored(kind, "calibration error (ECE)", calibration_error(judged), len(judged), f"{BINS} bins")


def _rows(kind: str, judged: Sequence[Judged], f1: float) -> Iterator[Row]:
    must, must_not = ([each for each in judged if each[0].escalates is wanted] for wanted in (True, False))
    confused = Counter(">".join(_pair(each)) for each in judged if not right(each))
    yield scored(kind, "category, macro-F1", f1, len(judged), "acceptable counts as best")
    yield share(kind, "category is acceptable", sum(map(right, judged)), len(judged), most_common(confused, 6))
    yield share(kind, "escalation recall", sum(each[1].escalates for each in must), len(must))
    yield share(kind, "false escalations", sum(each[1].escalates for each in must_not), len(must_not))
    yield share(kind, "abstained", sum(each[1].abstained for each in judged), len(judged))
    for facet in ("loss", "role"):
        agreed = sum(each[1].facets[facet] == getattr(each[0], facet) for each in judged)
        yield share(kind, facet, agreed, len(judged))


def right(judged: Judged) -> bool:
    """Whether the category found is an acceptable one."""
    return judged[1].category in judged[0].labels


def calibration_error(judged: Sequence[Judged]) -> float:
    """Compute the expected calibration error: by how much confidence and being right differ, in bins of equal width."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for each in judged:
        bins.setdefault(min(int(each[1].confidence * BINS), BINS - 1), []).append((each[1].confidence, right(each)))
    gaps = (abs(sum(sure for sure, _ in part) - sum(is_right for _, is_right in part)) for part in bins.values())
    return sum(gaps) / len(judged) if judged else 0.0


def _pair(judged: Judged) -> tuple[str, str]:
    best = judged[0].labels[0]
    return best, best if right(judged) else judged[1].category
