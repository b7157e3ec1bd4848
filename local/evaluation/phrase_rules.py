"""Kind ``voice/contact_lens_rules``: phrase lists that AWS ships for contact centres, as a baseline on the same texts.

A rule holds when one of its phrases is in the text. What each says in our terms is a table of ours; rules for agents'
conduct, for bills that do not arrive and the like have nothing to be compared with.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from local.evaluation.row import Row, score
from local.evaluation.trial import shipped
from local.training.examples import Example, load
from local.training.fit import judge

MEANINGS = {
    "account_access": ("Access-Issue",),
    "account_closure": ("Cancellation",),
    "fees_and_tax": ("High-Bill", "Billing-Inquiry", "Inquiry-About-Fees", "Pricing-Increase"),
    "unauthorized_withdrawal": ("Failure-Demand",),
    "withdrawal": ("Repeat-Call",),
    "deposit": ("Refund-Credit",),
}


def rows(kind: str, folder: Path) -> Iterator[Row]:
    """Compare F1 of each class both know, over the English examples that neither was made from."""
    policy = shipped()
    examples = [example for example in load(policy) if example.held_out and example.lang == "en"]
    found = [judge(example, policy).category for example in examples]
    rules = dict(_rules(folder))
    for category, names in MEANINGS.items():
        phrases = [phrase for name, listed in rules.items() if name.startswith(names) for phrase in listed]
        if phrases:
            theirs = _f1(examples, [any(_said(phrase, example.text) for phrase in phrases) for example in examples], category)
            ours = _f1(examples, [name == category for name in found], category)
            yield score(kind, f"{category}: F1", ours, len(examples), f"phrase rules {theirs:.3f}")


def _rules(folder: Path) -> Iterator[tuple[str, list[str]]]:
    for file in sorted(folder.glob("*.json")):
        rule = json.loads(file.read_text(encoding="utf-8"))
        yield rule["Name"], list(_phrases(json.loads(rule["Function"])))


def _phrases(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("Type") == "PLAIN":
            yield str(node["Value"]).strip()
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from _phrases(each)


def _said(phrase: str, text: str) -> bool:
    pattern = re.escape(phrase.lower()).replace(r"\*", r"\w*")
    return bool(phrase) and re.search(rf"\b{pattern}\b", text.lower()) is not None


def _f1(examples: Sequence[Example], held: Sequence[bool], category: str) -> float:
    wanted = [example.labels[0] == category for example in examples]
    hits = sum(holds and is_so for holds, is_so in zip(held, wanted, strict=True))
    return 2 * hits / (sum(held) + sum(wanted)) if hits else 0.0
