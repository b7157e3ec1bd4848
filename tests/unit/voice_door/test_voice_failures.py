"""A call that will never have a transcript is a message too: who failed, which job, why."""

from __future__ import annotations

import json
from typing import Any

import pytest

from casework.errors import NotOurEvent
from casework.message import Channel, Message
from functions.voice import failure
from tests.unit.voice_door.voice_calls import RECEIVED_AT, SAMPLES

EVENTS = SAMPLES.parent
CONTACT = "arn:aws:connect:eu-west-1:123456789012:instance/i-1/contact/c-1"


def an_event(source: str, kind: str, **detail: Any) -> dict[str, Any]:
    envelope = {"version": "0", "id": "event-1", "account": "123456789012", "region": "eu-west-1", "time": "2026-05-03T01:12:00Z"}
    return {**envelope, "source": source, "detail-type": kind, "resources": [], "detail": detail}


def a_job(name: str = "call-1", status: str = "FAILED", **detail: Any) -> dict[str, Any]:
    names = {"TranscriptionJobName": name, "TranscriptionJobStatus": status}
    return an_event("aws.transcribe", "Transcribe Job State Change", **names, **detail)


def read(event: object) -> Message:
    message = failure.read(event)
    assert message is not None
    return message


FAILURES = {
    "transcribe": (
        a_job(FailureReason="The media is silent."),
        "transcribe://eu-west-1/123456789012/transcription-job/call-1",
        {"service": "transcribe", "job": "call-1", "failure_reason": "The media is silent."},
    ),
    "call analytics": (
        an_event("aws.transcribe", "Call Analytics Job State Change", JobName="a-1", JobStatus="FAILED", FailureReason="No."),
        "transcribe://eu-west-1/123456789012/analytics-job/a-1",
        {"service": "call_analytics", "job": "a-1", "failure_reason": "No."},
    ),
    "post call": (
        an_event(
            "aws.transcribe", "Call Analytics Post Call Job State Change", StreamingSessionId="s-1", PostCallStatus="FAILED"
        ),
        "transcribe://eu-west-1/123456789012/streaming-session/s-1",
        {"service": "call_analytics", "job": "s-1", "failure_reason": "unknown"},
    ),
    "contact lens": (
        an_event(
            "aws.connect",
            "Contact Lens Analysis State Change",
            contact=CONTACT,
            channel="VOICE",
            state="FAILED",
            reasonCode="RECORDING_FILE_EMPTY",
        ),
        CONTACT,
        {"service": "contact_lens", "job": "c-1", "failure_reason": "RECORDING_FILE_EMPTY"},
    ),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failed_job_names_itself_and_says_why(name: str) -> None:
    event, locator, facts = FAILURES[name]
    message = read(event)
    assert (message.source.channel, message.source.locator, message.facts) == (Channel.VOICE, locator, facts)
    assert (message.received_at, message.text, message.turns, message.identities) == (RECEIVED_AT, "", (), ())


def test_the_same_job_is_the_same_message_however_often_its_failure_is_told() -> None:
    again = {**a_job(), "id": "event-2", "time": "2026-05-03T02:00:00Z"}
    assert read(again).message_id == read(a_job()).message_id


@pytest.mark.parametrize(
    "other",
    [
        a_job("call-2"),
        {**a_job(), "account": "210987654321"},
        {**a_job(), "region": "ap-northeast-1"},
        FAILURES["call analytics"][0],
    ],
)
def test_another_job_account_region_or_service_is_another_message(other: object) -> None:
    assert read(other).message_id != read(a_job()).message_id


@pytest.mark.parametrize(
    "event",
    [
        a_job(status="COMPLETED"),
        a_job(status="IN_PROGRESS"),
        an_event("aws.connect", "Contact Lens Analysis State Change", contact=CONTACT, channel="CHAT", state="FAILED"),
        an_event("aws.transcribe", "Vocabulary State Change", VocabularyName="names", VocabularyState="FAILED"),
        an_event("somebody.else", "Transcribe Job State Change", TranscriptionJobName="x", TranscriptionJobStatus="FAILED"),
        {"source": "aws.s3", "detail-type": "Object Created"},
        {"Records": []},
        [],
        "FAILED",
        None,
    ],
)
def test_what_is_no_failure_of_a_call_is_none(event: object) -> None:
    assert failure.read(event) is None


def test_a_failure_of_a_job_without_a_name_is_kept_by_the_events_own_id() -> None:
    assert read(a_job("")).source.locator.endswith("/transcription-job/event-1")


def test_a_reason_is_a_short_fact() -> None:
    assert len(read(a_job(FailureReason="no " * 5000)).facts["failure_reason"]) == 200


@pytest.mark.parametrize("time", ["", "yesterday", "2026-05-03T01:12:00", 7, None])
def test_a_failure_that_does_not_say_when_goes_to_the_dead_letters(time: object) -> None:
    with pytest.raises(NotOurEvent):
        failure.read({**a_job(), "time": time})


@pytest.mark.parametrize(("sample", "kinds"), [("three_jobs_failed", 3), ("a_call_could_not_be_analysed", 1)])
def test_the_samples_are_failures(sample: str, kinds: int) -> None:
    batch = json.loads((EVENTS / f"{sample}.json").read_text(encoding="utf-8"))
    messages = [read(json.loads(record["body"])) for record in batch["Records"]]
    assert len({message.message_id for message in messages}) == kinds
