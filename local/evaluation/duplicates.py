"""Kind ``duplicates/labelled``: messages in order of arrival, with the matter each belongs to."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from local.evaluation.row import Row, pairs_of, share
from local.evaluation.trial import Trial

CAMPAIGN = "campaign:"
"""Groups of this kind are one attack on many customers: related, and never one case."""


def rows(kind: str, folder: Path) -> Iterator[Row]:
    """Pairs that are one matter, and pairs that became one case."""
    expected: set[tuple[str, str]] = set()
    got: set[tuple[str, str]] = set()
    messages: dict[str, dict[str, Any]] = {}
    for file in sorted(folder.glob("*.jsonl")):
        lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]
        named = {f"{file.stem}/{line['id']}": line for line in lines}
        messages |= named
        expected |= pairs_of(_matters(named).values())
        got |= pairs_of(_cases(named).values())
    yield from _rows(kind, messages, expected, got)
    for language in sorted({line["lang"] for line in messages.values()}):
        yield from _rows(f"{kind} ({language})", messages, *(_both(pairs, messages, language) for pairs in (expected, got)))


def _rows(
    kind: str, messages: dict[str, dict[str, Any]], expected: set[tuple[str, str]], got: set[tuple[str, str]]
) -> Iterator[Row]:
    right, wrong = expected & got, sorted(got - expected)
    yield share(kind, "pairs in one case that are one matter (precision)", len(right), len(got), _shown(wrong))
    yield share(kind, "pairs of one matter in one case (recall)", len(right), len(expected), _shown(sorted(expected - got)))
    strangers = sum(messages[one]["customer"] != messages[other]["customer"] for one, other in got)
    yield share(kind, "pairs of two customers in one case", strangers, len(got))


def _matters(named: dict[str, dict[str, Any]]) -> dict[str, list[str]]:
    groups = {name: str(line.get("group") or "") for name, line in named.items()}
    return _grouped((group, name) for name, group in groups.items() if group and not group.startswith(CAMPAIGN))


def _cases(named: dict[str, dict[str, Any]]) -> dict[str, list[str]]:
    """Hand the messages of one file to one desk; each customer is signed in."""
    trial = Trial()
    receipts = {name: trial.say(line["text"], customer=line["customer"], name=name) for name, line in named.items()}
    return _grouped((receipt.case_id, name) for name, receipt in receipts.items() if receipt.case_id)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for group, name in pairs:
        groups[group].append(name)
    return groups


def _both(pairs: set[tuple[str, str]], messages: dict[str, dict[str, Any]], language: str) -> set[tuple[str, str]]:
    return {pair for pair in pairs if all(messages[name]["lang"] == language for name in pair)}


def _shown(pairs: list[tuple[str, str]]) -> str:
    return ", ".join(f"{one}+{other.rpartition('/')[2]}" for one, other in pairs[:3])
