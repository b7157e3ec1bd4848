"""Kind ``duplicates/sentence_pairs``: pairs of Japanese sentences, and how alike people find them, from 0 to 5."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from casework.text.likeness import alike, sketch, terms
from local.evaluation.row import Row, score

SAME = 4.0
"""From here on people say that two sentences mean the same."""


def rows(kind: str, folder: Path) -> Iterator[Row]:
    """Yield how well the likeness that recognition uses follows what people say."""
    lines = [line for file in sorted(folder.glob("*.json")) for line in file.read_text(encoding="utf-8").splitlines()]
    pairs = [json.loads(line) for line in lines if line]
    told = [float(pair["label"]) for pair in pairs]
    found = [alike(terms(sketch(pair["sentence1"])), terms(sketch(pair["sentence2"]))) for pair in pairs]
    same = [label >= SAME for label in told]
    if pairs:
        yield score(kind, "likeness beside people's (Spearman)", correlation(ranks(found), ranks(told)), len(pairs))
        yield score(kind, f"likeness tells pairs from {SAME:g} on (AUC)", area(found, same), len(pairs))


def ranks(values: Sequence[float]) -> list[float]:
    """The rank of each value from 1; equal ones share their mean rank."""
    order = sorted(range(len(values)), key=values.__getitem__)
    found = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for place in order[start : end + 1]:
            found[place] = (start + end) / 2 + 1
        start = end + 1
    return found


def correlation(one: Sequence[float], other: Sequence[float]) -> float:
    """Pearson's; of ranks it is Spearman's. 0 when either is constant."""
    middle, center = sum(one) / len(one), sum(other) / len(other)
    spread = math.sqrt(sum((a - middle) ** 2 for a in one) * sum((b - center) ** 2 for b in other))
    return sum((a - middle) * (b - center) for a, b in zip(one, other, strict=True)) / spread if spread else 0.0


def area(values: Sequence[float], holds: Sequence[bool]) -> float:
    """The area under the ROC curve: how often a value that holds is above one that does not; a half when there is none."""
    within = [rank for rank, held in zip(ranks(values), holds, strict=True) if held]
    others = len(values) - len(within)
    return (sum(within) - len(within) * (len(within) + 1) / 2) / (len(within) * others) if within and others else 0.5
