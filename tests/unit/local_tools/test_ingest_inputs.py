from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any, cast

import pytest

from casework.message import Channel
from local.arrival import Arrival, unaccounted
from local.ingest import BATCH, FIELDS, Input, NoInput, Options, batches, hand_in, hand_in_all, inputs, run, told
from local.intake import Delivery, Intake

FORM = b'{"description": "Hello", "email": "ann@example.com"}'
CALL = b'{"Transcript": []}'
MAIL = b"From: ann@example.com\n\nHello"


class FakeIntake:
    """Answers for every input, except for those whose content says that it breaks."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.metadata: list[dict[str, str]] = []

    def mail(self, file: str, raw: bytes, verdicts: Any) -> Delivery:
        return Delivery(file, Channel.EMAIL, "MailBucket", file, raw, {"dmarc": verdicts.dmarc})

    def call(self, file: str, raw: bytes, metadata: dict[str, str]) -> Delivery:
        self.metadata.append(metadata)
        return Delivery(file, Channel.VOICE, "TranscriptBucket", file, raw, metadata)

    def deliver(self, *deliveries: Delivery) -> list[Arrival]:
        if any(b"BREAK" in each.body for each in deliveries):
            raise RuntimeError("the stack broke")
        self.batches.append([each.file for each in deliveries])
        return [Arrival(file=each.file, channel=each.channel, outcome="opened") for each in deliveries]

    def form(self, file: str, raw: bytes) -> Arrival:
        return Arrival(file=file, channel="web_form", outcome="opened")

    def arrivals(self) -> list[Arrival]:
        return []


def given(folder: Path, **files: bytes) -> list[Path | None]:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in files]


def hand(fake: FakeIntake, files: list[Path | None], options: Options | None = None) -> tuple[list[Arrival], bool]:
    arrivals: list[Arrival] = []
    closed = hand_in_all(cast("Intake", fake), files, options or Options(), arrivals.append)
    return arrivals, closed


def test_every_input_gives_one_line_in_its_order(tmp_path: Path) -> None:
    files = given(tmp_path, a=MAIL, b=CALL, c=FORM, d=MAIL, e=MAIL)
    arrivals, closed = hand(FakeIntake(), files)
    assert [Path(each.file).name for each in arrivals] == ["a", "b", "c", "d", "e"]
    assert [each.channel for each in arrivals] == ["email", "voice", "web_form", "email", "email"]
    assert closed


def test_neighbours_of_one_channel_are_waited_for_together(tmp_path: Path) -> None:
    files = given(tmp_path, **{f"m{n:02}": MAIL for n in range(BATCH + 2)}, z=CALL)
    fake = FakeIntake()
    hand(fake, files)
    assert [len(batch) for batch in fake.batches] == [BATCH, 2, 1]


def test_one_that_breaks_does_not_take_its_neighbours_along(tmp_path: Path) -> None:
    arrivals, closed = hand(FakeIntake(), given(tmp_path, a=MAIL, b=b"BREAK", c=MAIL))
    assert [each.outcome for each in arrivals] == ["opened", "unaccounted", "opened"]
    assert arrivals[1].cause == "RuntimeError: the stack broke"
    assert not closed


def test_a_file_that_cannot_be_read_gives_its_line(tmp_path: Path) -> None:
    files = [*given(tmp_path, a=MAIL), tmp_path / "gone"]
    arrivals, _ = hand(FakeIntake(), files)
    assert "No such file" in arrivals[1].cause


def test_a_channel_can_be_forced(tmp_path: Path) -> None:
    arrivals, _ = hand(FakeIntake(), given(tmp_path, a=FORM), Options(channel=Channel.EMAIL))
    assert arrivals[0].channel == "email"


def test_what_lies_beside_a_transcript_goes_with_it(tmp_path: Path) -> None:
    (tmp_path / "call.json").write_bytes(CALL)
    (tmp_path / "call.metadata.json").write_text('{"customer-account": "KJ-1"}')
    fake = FakeIntake()
    files = list(inputs([str(tmp_path)]))
    hand(fake, files)
    assert files == [tmp_path / "call.json"]
    assert fake.metadata == [{"customer-account": "KJ-1"}]


def test_metadata_that_was_given_counts_instead(tmp_path: Path) -> None:
    fake = FakeIntake()
    hand(fake, given(tmp_path, a=CALL), Options(metadata={"language": "ja"}))
    assert fake.metadata == [{"language": "ja"}]


def test_metadata_without_its_transcript_is_an_input_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "x.metadata.json").write_text("{}")
    assert list(inputs([str(tmp_path)])) == [tmp_path / "x.metadata.json"]


def test_standard_input_is_an_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(FORM)))
    [batch] = list(batches(list(inputs(["-"])), Options()))
    assert batch == [Input("-", None, FORM, Channel.WEB_FORM)]


def test_a_missing_file_is_one_sentence_and_nothing_is_started(capsys: pytest.CaptureFixture[str]) -> None:
    status = run(["nowhere.eml"], as_json=True, channel=None, sender_authenticated=False, metadata=None, backend="moto")
    assert status == 2
    captured = capsys.readouterr()
    assert captured.err == "nowhere.eml: there is no such file.\n"
    assert captured.out == ""


def test_metadata_that_says_nothing_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [file, metadata] = given(tmp_path, call=CALL, metadata=b"[]")
    status = run([str(file)], as_json=True, channel=None, sender_authenticated=False, metadata=metadata, backend="moto")
    assert status == 2
    assert "is no JSON object that says something of a call" in capsys.readouterr().err


def test_a_missing_file_is_noticed_before_the_others_are_handed_in() -> None:
    with pytest.raises(NoInput):
        list(inputs(["-", "nowhere.eml"]))


def test_the_json_has_the_promised_fields_in_their_order() -> None:
    line = json.loads(json.dumps(told(Arrival(file="a", channel="email", outcome="opened"))))
    assert list(line) == list(FIELDS)


def test_what_got_no_receipt_is_told_as_held_and_not_as_nothing() -> None:
    line = told(unaccounted("a", "email", "EmailFunction: KeyError"))
    assert (line["outcome"], line["cause"]) == ("quarantined", "unaccounted: EmailFunction: KeyError")


def test_forms_are_posted_one_by_one(tmp_path: Path) -> None:
    fake = FakeIntake()
    batch = next(batches(given(tmp_path, a=FORM, b=FORM), Options()))
    assert [each.channel for each in hand_in(cast("Intake", fake), batch, Options())] == ["web_form", "web_form"]
    assert fake.batches == []
