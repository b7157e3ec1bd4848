"""``python -m local ingest`` on the deployed template: every input one line, whatever it is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local.ingest import FIELDS
from local.scenes import STORY

PROJECT = STORY.parent.parent
INPUTS: dict[str, bytes] = {
    "awkward mail without an ending": b"From: Ann <ann@example.com>\nSubject: Deposit\n\nMy deposit has not arrived.",
    "nothing": b"",
    "noise": bytes(range(256)),
    "a form nobody can answer": b'{"description": "Hello"}',
    "a form.json": b'{"description": "How do I download my tax report?", "email": "ann@example.com"}',
    "no transcript.json": b'{"Transcript": 7}',
    "half a transcript.json": b'{"Transcript": [',
}


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("inputs")
    for name, content in INPUTS.items():
        (folder / name).write_bytes(content)
    told = [
        STORY / "fake-support-call.json",
        STORY / "seed-phrase-ja.eml",
        STORY / "hannah-withdrawal.eml",
        STORY / "hannah-withdrawal.eml",
    ]
    command = [sys.executable, "-m", "local", "ingest", "--json", str(folder), *map(str, told)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(INPUTS) + len(told)
    return {Path(each["file"]).name + (" again" if each["outcome"] == "replayed" else ""): each for each in found}


def test_every_line_has_the_promised_fields(lines: dict[str, dict[str, Any]]) -> None:
    assert {tuple(line) for line in lines.values()} == {FIELDS}


def test_a_mail_as_simple_as_it_gets_opens_a_case(lines: dict[str, dict[str, Any]]) -> None:
    line = lines["awkward mail without an ending"]
    assert (line["outcome"], line["category"], line["language"], line["team"]) == ("opened", "deposit", "en", "operations")


def test_noise_and_nothing_are_accounted_for(lines: dict[str, dict[str, Any]]) -> None:
    assert {lines[name]["outcome"] for name in ("nothing", "noise", "half a transcript.json")} <= {"opened", "quarantined"}


def test_a_refused_form_is_held_with_the_reason(lines: dict[str, dict[str, Any]]) -> None:
    line = lines["a form nobody can answer"]
    assert (line["channel"], line["outcome"], line["cause"]) == ("web_form", "quarantined", "form_refused: 400, email required")


def test_a_form_opens_a_case(lines: dict[str, dict[str, Any]]) -> None:
    line = lines["a form.json"]
    assert (line["channel"], line["outcome"], line["category"]) == ("web_form", "opened", "fees_and_tax")


def test_what_is_no_transcript_is_held(lines: dict[str, dict[str, Any]]) -> None:
    assert lines["no transcript.json"]["channel"] == "voice"
    assert lines["no transcript.json"]["outcome"] == "quarantined"


def test_a_call_in_japanese_is_understood(lines: dict[str, dict[str, Any]]) -> None:
    line = lines["fake-support-call.json"]
    assert (line["channel"], line["category"], line["language"]) == ("voice", "impersonation_of_us", "ja")
    assert [each["team"] for each in line["escalations"]] == ["trust"]
    assert line["reasons"]


def test_a_secret_is_named_and_not_shown(lines: dict[str, dict[str, Any]]) -> None:
    line = lines["seed-phrase-ja.eml"]
    assert [each["kind"] for each in line["secrets"]] == ["seed_phrase"]
    assert "てみやげ" not in json.dumps(line, ensure_ascii=False)


def test_the_same_mail_again_is_a_replay_of_the_same_message(lines: dict[str, dict[str, Any]]) -> None:
    first, again = lines["hannah-withdrawal.eml"], lines["hannah-withdrawal.eml again"]
    assert again["duplicate"]["rule"] == "replay"
    assert (again["message"], again["case"], again["escalations"]) == (first["message"], first["case"], [])
