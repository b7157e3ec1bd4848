"""A policy or a setting that is wrong is nobody's message: it waits, whole, until the deployment is mended."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from casework.aws.intake import Intake, Reader
from casework.aws.originals import Original
from casework.errors import InvalidPolicy, InvalidSettings, Misconfigured, Rejected, Unavailable
from casework.message import Channel
from functions.email import mime
from functions.voice import failure, transcript
from tests.unit.email_door.mails import a_mail
from tests.unit.voice_door.voice_calls import contact_lens, turn
from tests.unit.web_form.counter_of_forms import Counter, FakeDesk

BROKEN = (InvalidPolicy("triage.toml", "rule[3].weight", "a number"), InvalidSettings("CASE_TABLE is missing"))
CALL = json.dumps(contact_lens(turn("CUSTOMER", "Help."))).encode()
READERS: dict[Channel, tuple[Reader, bytes]] = {
    Channel.EMAIL: (lambda stored, original: mime.read(original.content, received_at=stored.created_at), a_mail()),
    Channel.VOICE: (lambda stored, original: transcript.read(original.content, received_at=stored.created_at), CALL),
}


@dataclass
class BrokenDesk:
    """Finds out that its policy cannot be used when it is given something to read."""

    error: Misconfigured
    quarantined: list[object] = field(default_factory=list)

    def receive(self, _message: object) -> None:
        raise self.error

    def quarantine(self, message: object, _cause: str) -> None:
        self.quarantined.append(message)
        raise self.error


@dataclass
class Bucket:
    content: bytes

    def fetch(self, _stored: object) -> Original:
        return Original(self.content, {})


@dataclass
class Log:
    lines: list[tuple[str, str, dict[str, object]]] = field(default_factory=list)

    def error(self, event: str, **fields: object) -> None:
        self.lines.append(("error", event, fields))

    def warning(self, event: str, **fields: object) -> None:
        self.lines.append(("warning", event, fields))


def delivered(body: object) -> dict[str, Any]:
    return {"Records": [{"messageId": "delivery-1", "eventSource": "aws:sqs", "body": json.dumps(body)}]}


def created() -> dict[str, Any]:
    detail = {"bucket": {"name": "mail"}, "object": {"key": "inbound/1", "size": 10}}
    return {"source": "aws.s3", "detail-type": "Object Created", "time": "2026-05-03T01:00:00Z", "detail": detail}


def a_door(channel: Channel, desk: BrokenDesk, log: Log) -> Intake:
    read, content = READERS[channel]
    parts: dict[str, Any] = {"desk": desk, "originals": Bucket(content), "log": log, "account": lambda *_: None}
    return Intake(channel, read, **parts, read_failure=failure.read)


@pytest.mark.parametrize("error", BROKEN, ids=["policy", "settings"])
@pytest.mark.parametrize("channel", READERS)
def test_what_came_by_a_queue_goes_back_to_it_and_nobody_holds_it_back(channel: Channel, error: Misconfigured) -> None:
    desk, log = BrokenDesk(error), Log()

    answer = a_door(channel, desk, log).take(delivered(created()))

    assert answer == {"batchItemFailures": [{"itemIdentifier": "delivery-1"}]}
    assert desk.quarantined == []
    [(level, event, fields)] = log.lines
    assert (level, event) == ("error", "delivery_failed")
    assert (fields["error"], fields["why"], fields["hopeless"]) == (type(error).__name__, str(error), False)


@pytest.mark.parametrize("error", BROKEN, ids=["policy", "settings"])
def test_a_failed_job_of_a_call_goes_back_to_its_queue(error: Misconfigured) -> None:
    told = {"TranscriptionJobName": "call-1", "TranscriptionJobStatus": "FAILED"}
    event = {
        "id": "1",
        "source": "aws.transcribe",
        "detail-type": "Transcribe Job State Change",
        "time": "2026-05-03T01:00:00Z",
        "detail": told,
    }
    log = Log()

    answer = a_door(Channel.VOICE, BrokenDesk(error), log).take(delivered(event))

    assert answer == {"batchItemFailures": [{"itemIdentifier": "delivery-1"}]}
    assert log.lines[0][0] == "error"


@pytest.mark.parametrize("error", BROKEN, ids=["policy", "settings"])
def test_a_form_is_asked_to_come_again_and_is_not_at_fault(error: Misconfigured) -> None:
    counter = Counter(FakeDesk(error=error))

    answer = counter.post()

    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert str(error) not in answer.text
    assert counter.recorded == []
    assert [(each["event"], each["why"]) for each in counter.warned] == [("deployment_broken", str(error))]


def test_a_table_that_does_not_answer_is_no_broken_deployment() -> None:
    counter = Counter(FakeDesk(error=Unavailable("no table")))
    assert counter.post().status == 503
    assert counter.warned == []


def test_what_is_broken_is_never_the_messages_fault() -> None:
    assert not any(isinstance(error, Rejected) for error in BROKEN)
