"""``python -m local export``: what analysts corrected, as labelled data, and how often they had to.

Items come from a table by its name, or as JSON lines from standard input: plain items, or what DynamoDB's export to S3 writes
(``{"Item": {…}}``, gunzipped). Texts are as stored: redacted. Labels are what people said, never what the triage thought.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

Item = Mapping[str, Any]
NEEDED = frozenset({"case", "message", "command"})


@dataclass(frozen=True, slots=True)
class Records:
    """What an export needs of a table."""

    cases: Mapping[str, Item]
    messages: Sequence[Item]
    commands: Sequence[Item]
    """The notes of commands, in the order they were given."""


@dataclass(frozen=True, slots=True)
class Rates:
    """How often people disagreed: with the category of a case, with a colleague's merge, and with the desk's own joining."""

    cases: int
    corrected: int
    merges: int
    unmerges: int
    joined: int
    """Messages that the desk took for one more telling of a matter."""
    split: int
    """Those of them that a person split off."""

    def sentences(self) -> Iterator[str]:
        """The rates with their counts; a rate of nothing is none."""
        yield f"correction rate: {_rate(self.corrected, self.cases)} (cases corrected / cases)"
        yield f"wrong-merge rate: {_rate(self.unmerges, self.merges)} (un-merges / merges)"
        yield f"wrong-join rate: {_rate(self.split, self.joined)} (split off / joined by what they say)"


def _rate(part: int, whole: int) -> str:
    return f"{part / whole:.4f} ({part} / {whole})" if whole else "none (0 / 0)"


def records(items: Iterable[Item]) -> Records:
    """Sort out what is needed of a table's items."""
    kept: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        if item.get("kind") in NEEDED:
            kept[item["kind"]].append(item)
    commands = sorted(kept["command"], key=lambda each: (each["at"], each["command_id"]))
    return Records({item["case_id"]: item for item in kept["case"]}, kept["message"], commands)


def rates(found: Records) -> Rates:
    """Count what was commanded."""
    given = [note["command"] for note in found.commands]
    corrected = {note["case_id"] for note in found.commands if note["command"] == "reclassify"}
    joined = [each for each in found.messages if (each.get("duplicate") or {}).get("rule") == "same_matter"]
    split = sum("split_to" in each for each in joined)
    return Rates(len(found.cases), len(corrected), given.count("merge"), given.count("unmerge"), len(joined), split)


def examples(found: Records) -> Iterator[dict[str, Any]]:
    """Each message whose category a person corrected, as ``local.training.examples`` reads it.

    A correction is said of a case. It labels the messages of the case that the triage had put into the very category that was
    corrected: a word of thanks in a case of theft is no telling of theft.
    """
    corrections: dict[str, list[Item]] = defaultdict(list)
    for note in found.commands:
        if note["command"] == "reclassify":
            corrections[note["case_id"]].append(note)
    for item in sorted(found.messages, key=lambda each: (each["received_at"], each["message_id"])):
        said = _last_word(item, corrections[item.get("split_to") or item["case_id"]])
        if said:
            yield _example(item, said)


def _last_word(message: Item, corrections: Sequence[Item]) -> Item | None:
    """What people made of the message in the end; they may correct each other."""
    category, said = message["assessment"]["category"], None
    for note in corrections:
        if note["from"]["category"] == category and message["received_at"] <= note["at"]:
            category, said = note["to"]["category"], note["to"]
    return said


def _example(message: Item, said: Item) -> dict[str, Any]:
    facets = message["assessment"].get("facets", {})
    return {
        "id": message["message_id"],
        "lang": message["assessment"]["language"],
        "text": "\n".join(filter(None, (message.get("subject"), message.get("text")))),
        "labels": [said["category"]],
        "escalates": said["escalates"],
        "loss": facets.get("loss", "none"),
        "role": facets.get("role", "other"),
    }


def pairs(found: Records) -> Iterator[dict[str, Any]]:
    """Tell of pairs of messages whether they are one matter: people merged, un-merged or split them.

    Of cases that are not among the records nothing is told.
    """
    opened = {case_id: case["opened_by"] for case_id, case in found.cases.items()}
    merged: dict[str, tuple[str, bool]] = {}
    for note in found.commands:
        if note["command"] in ("merge", "unmerge"):
            merged[note["case_id"]] = (note.get("into") or note["out_of"], note["command"] == "merge")
        elif note["command"] == "split" and note["case_id"] in opened:
            yield from ({"one": opened[note["case_id"]], "other": each, "one_matter": False} for each in note["messages"])
    for case_id, (into, holds) in merged.items():
        if {case_id, into} <= opened.keys():
            yield {"one": opened[into], "other": opened[case_id], "one_matter": holds}


def run(table: str | None, pairs_to: Path | None, given: TextIO = sys.stdin) -> int:
    """Write the examples to standard output, the rates to standard error and, if wanted, the pairs to a file."""
    found = records(_stored(table) if table else _lines(given))
    for example in examples(found):
        print(json.dumps(example, ensure_ascii=False))
    for sentence in rates(found).sentences():
        print(sentence, file=sys.stderr)
    if pairs_to:
        lines = (json.dumps(pair) + "\n" for pair in pairs(found))
        pairs_to.write_text("".join(lines), encoding="utf-8")
    return 0


def _lines(given: TextIO) -> Iterator[Item]:
    from casework.aws.table import from_wire

    for line in given:
        if line.strip():
            item = json.loads(line)
            yield from_wire(item["Item"]) if isinstance(item.get("Item"), dict) else item


def _stored(table: str) -> Iterator[Item]:
    """Everything in a table, with the credentials and the region of the environment."""
    import boto3

    from casework.aws.table import from_wire

    for page in boto3.client("dynamodb").get_paginator("scan").paginate(TableName=table):
        yield from map(from_wire, page["Items"])
