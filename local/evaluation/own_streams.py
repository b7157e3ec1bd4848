"""The project's own streams: what customers write over weeks, and which messages are about one matter.

One JSON object a line: ``id``, ``lang``, ``customer``, ``text``, ``group`` (the matter; null for one of a single message) and
``hours`` after the customer's first message, in order of time. Of files ``tuned.*`` the weights of ``duplicates.toml`` have been
tried on; those called ``unseen.*`` have only ever been measured.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from casework.policy import Policy
from local.evaluation.row import Row, pairs_of, share
from local.evaluation.trial import START, Trial

STREAMS = Path(__file__).with_name("streams")
Pairs = set[tuple[str, str]]


def rows(kind: str, _folder: Path) -> Iterator[Row]:
    """For each file the pairs that became one case, and those that should have."""
    for file in sorted(STREAMS.glob("*.jsonl")):
        name = f"{kind} ({file.stem.replace('.', ', ')})"
        expected, got = joined(file)
        right = len(expected & got)
        yield share(name, "pairs in one case that are one matter (precision)", right, len(got), _shown(got - expected))
        yield share(name, "pairs of one matter in one case (recall)", right, len(expected), _shown(expected - got))


def joined(file: Path, policy: Policy | None = None) -> tuple[Pairs, Pairs]:
    """Pairs of messages that are one matter, and pairs that the desk puts into one case; each customer is signed in."""
    trial = Trial(policy)
    matters: defaultdict[str, list[str]] = defaultdict(list)
    cases: defaultdict[str, list[str]] = defaultdict(list)
    for line in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
        case = trial.say(
            line["text"], customer=line["customer"], name=line["id"], at=START + timedelta(hours=line["hours"])
        ).case_id
        if case:
            cases[case].append(line["id"])
        if _is_matter(line):
            matters[line["group"]].append(line["id"])
    return pairs_of(matters.values()), pairs_of(cases.values())


def later(file: Path) -> Iterator[tuple[str, bool]]:
    """Each message but a customer's first, and whether it goes on with a matter that the customer has told of before."""
    told: defaultdict[str, set[str]] = defaultdict(set)
    for line in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
        before = told[line["customer"]]
        if before:
            yield line["text"], _is_matter(line) and line["group"] in before
        before.add(line["group"] or line["id"])


def _is_matter(line: dict[str, Any]) -> bool:
    return bool(line["group"]) and not line["group"].startswith("campaign:")


def _shown(pairs: Pairs) -> str:
    return ", ".join("+".join(pair) for pair in sorted(pairs)[:3])
