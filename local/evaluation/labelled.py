"""Kind ``text/labelled``: texts with the categories that are acceptable, best first, and whether a team must be told."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casework.case import Assessment
from local.evaluation.row import Row, macro_f1, most_common, share
from local.evaluation.row import score as scored
from local.evaluation.trial import assessed


@dataclass(frozen=True, slots=True)
class Judged:
    """One labelled text, and what the desk thought of it."""

    gold: dict[str, Any]
    assessment: Assessment
    escalated: bool

    @property
    def right(self) -> bool:
        """Whether the category is an acceptable one."""
        return self.assessment.category in self.gold["labels"]

    @property
    def pair(self) -> tuple[str, str]:
        """The expected and the found category; an acceptable one counts as the best."""
        return self.gold["labels"][0], self.gold["labels"][0] if self.right else self.assessment.category


def rows(kind: str, folder: Path) -> Iterator[Row]:
    """Over all, and for each language on its own."""
    judged = [
        _judged(line) for file in sorted(folder.glob("*.jsonl")) for line in file.read_text(encoding="utf-8").splitlines() if line
    ]
    languages = sorted({each.gold["lang"] for each in judged})
    yield from _rows(kind, judged)
    for language in languages:
        yield from _rows(f"{kind} ({language})", [each for each in judged if each.gold["lang"] == language])
    right = sum(each.assessment.language == each.gold["lang"] for each in judged)
    yield share(kind, "language", right, len(judged))


def _judged(line: str) -> Judged:
    gold = json.loads(line)
    return Judged(gold, *assessed(gold["text"]))


def _rows(kind: str, judged: Sequence[Judged]) -> Iterator[Row]:
    must, must_not = ([each for each in judged if each.gold["escalates"] is wanted] for wanted in (True, False))
    missed = Counter(f"{each.pair[0]}>{each.pair[1]}" for each in judged if not each.right)
    yield share(kind, "category is acceptable", sum(each.right for each in judged), len(judged), most_common(missed, 4))
    yield scored(kind, "category, macro-F1", macro_f1([each.pair for each in judged]), len(judged), "acceptable counts as best")
    yield share(kind, "escalation recall", sum(each.escalated for each in must), len(must), _names(must, escalated=False))
    yield share(
        kind, "false escalations", sum(each.escalated for each in must_not), len(must_not), _names(must_not, escalated=True)
    )
    yield share(kind, "abstained", sum(each.assessment.abstained for each in judged), len(judged))
    losses = [each for each in judged if each.gold.get("loss")]
    yield share(kind, "loss", sum(each.assessment.facets.get("loss") == each.gold["loss"] for each in losses), len(losses))


def _names(judged: Sequence[Judged], *, escalated: bool) -> str:
    return most_common(Counter(each.gold["labels"][0] for each in judged if each.escalated is escalated), 4)
