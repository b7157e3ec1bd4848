"""What is written for those who give commands is what the code takes and answers."""

from __future__ import annotations

import json
import re
from pathlib import Path

from casework.commands.answer import REFUSALS
from casework.commands.command import OPTIONAL, REQUIRED, read
from casework.times import parse

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (`[^|]*) \| ([^|]*) \|", re.MULTILINE)


def names(text: str) -> list[str]:
    return re.findall(r"`([a-z_]+)`", text)


def test_every_command_is_described_with_its_fields() -> None:
    described = {command: names(fields) for commands, fields in ROW.findall(DOCUMENT) for command in names(commands)}
    assert described == {command: [*REQUIRED[command], *OPTIONAL.get(command, ())] for command in REQUIRED}


def test_every_refusal_is_listed_once() -> None:
    listed = names(DOCUMENT.partition("**Refusals**")[2].partition("\n\n")[0])
    assert listed == list(dict.fromkeys(listed))
    assert set(listed) == set(REFUSALS)


def test_the_example_and_the_samples_can_be_read() -> None:
    example = json.loads(DOCUMENT.partition("--payload '")[2].partition("'")[0])
    samples = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "events" / "command").glob("*.json"))]
    wrong = json.loads((ROOT / "events" / "command" / "a_field_is_wrong.json").read_text(encoding="utf-8"))
    given = [example, *(sample for sample in samples if sample != wrong)]
    assert {read(each, parse("2026-05-03T13:00:00Z")).name for each in given} <= set(REQUIRED)
