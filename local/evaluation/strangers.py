"""Texts that are not written to an exchange: kinds ``text/clinc150`` (harmless) and ``voice/scam_calls`` (not harmless)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from casework.case import ESCALATION_TEAMS
from local.evaluation.row import Row, most_common, share
from local.evaluation.trial import assessed

SOUNDS_URGENT = frozenset(
    {"report_fraud", "report_lost_card", "account_blocked", "freeze_account", "pin_change", "damaged_card", "card_declined"}
)
"""Intents of a bank's customers that a team may well want to hear of: counted on their own."""


def harmless(kind: str, folder: Path) -> Iterator[Row]:
    """``text/clinc150``: questions to an assistant of any sort; ``{split: [[text, intent], …]}``."""
    for file in sorted(folder.glob("*.json")):
        for split, queries in json.loads(file.read_text(encoding="utf-8")).items():
            quiet = [(text, intent) for text, intent in queries if intent not in SOUNDS_URGENT]
            yield _false_escalations(kind, split, quiet)
            urgent = [(text, intent) for text, intent in queries if intent in SOUNDS_URGENT]
            if urgent:
                yield _false_escalations(kind, f"{split}, intents that sound urgent", urgent)


def _false_escalations(kind: str, split: str, queries: Sequence[Sequence[str]]) -> Row:
    raised = Counter(intent for text, intent in queries if assessed(text)[1])
    return share(kind, f"false escalations, {split}", raised.total(), len(queries), most_common(raised, 4))


def scam_calls(kind: str, folder: Path) -> Iterator[Row]:
    """``voice/scam_calls``: what callers say who want to defraud."""
    lines = [
        json.loads(line)
        for file in sorted(folder.glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if line
    ]
    english = [line["transcript"] for line in lines if line.get("lang", "en") in {"en", "ja"} and line.get("transcript")]
    judged = [assessed(text) for text in english]
    found = Counter(assessment.category for assessment, _ in judged)
    yield share(kind, "category found (not other)", found.total() - found["other"], len(judged), most_common(found))
    ours = sum(assessment.team in ESCALATION_TEAMS for assessment, _ in judged)
    yield share(kind, "filed with fraud, trust or identity", ours, len(judged))
    heard = sum(assessment.team in ESCALATION_TEAMS or bool(assessment.suspicion) for assessment, _ in judged)
    yield share(kind, "filed with fraud, trust or identity, or told to them", heard, len(judged))
    yield share(kind, "escalated", sum(escalated for _, escalated in judged), len(judged))
    yield share(kind, "abstained", sum(assessment.abstained for assessment, _ in judged), len(judged))
