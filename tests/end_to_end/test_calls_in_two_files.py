"""Calls through the deployed template: the original and the redacted file of one contact, and jobs that failed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from local.aws.stack import Stack

SAMPLES = Path(__file__).parents[2] / "events" / "voice"
ORIGINAL, REDACTED = "Analysis/Voice/2026/05/03/{}_analysis.json", "Analysis/Voice/Redacted/2026/05/03/{}_analysis_redacted.json"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack.start({"PublicUrl": "https://cases.example.com"}) as stack:
        yield stack


def put(stack: Stack, key: str, sample: str, contact: str) -> None:
    transcript = json.loads((SAMPLES / "transcripts" / f"{sample}.json").read_text(encoding="utf-8"))
    transcript["CustomerMetadata"]["ContactId"] = contact
    stack.put_object(
        "TranscriptBucket", key.format(contact), json.dumps(transcript).encode(), {"customer-account": f"KJ-{contact}"}
    )


def received(stack: Stack, contact: str) -> list[Json]:
    lines = (line for _, line in stack.logs if line["message"] == "message_received")
    return [line for line in lines if contact in line["locator"]]


FILES = {"original": (ORIGINAL, "contact_lens_en"), "redacted": (REDACTED, "contact_lens_redacted_en")}


@pytest.mark.parametrize("order", list(permutations(FILES)), ids=" then ".join)
@pytest.mark.parametrize("together", [True, False], ids=["in one batch", "one after the other"])
def test_two_files_of_a_contact_are_one_message_and_the_redacted_one(
    stack: Stack, order: tuple[str, str], together: bool
) -> None:
    contact = f"{order[0]}-{'together' if together else 'apart'}"
    for name in order:
        put(stack, *FILES[name], contact)
        if not together:
            stack.pump()
    stack.pump()
    (message,) = [item for item in stack.items("message") if contact in item["locator"]]
    assert "[PII]" in message["text"]
    assert "4471" not in str(message)
    assert (message["facts"]["redacted"], "/Redacted/" in message["locator"]) == ("yes", True)
    outcomes = [(line["outcome"], line["cause"]) for line in received(stack, contact)]
    assert outcomes == [("opened", ""), ("replayed", "replaced" if order[0] == "original" else "")]


def test_a_pair_opens_one_case_and_announces_it_once(stack: Stack) -> None:
    opened = [event["detail"]["case_id"] for event in stack.events() if event["detail-type"] == "CaseOpened"]
    assert len(opened) == len(set(opened)) == len(stack.items("case"))
    assert stack.failures == []


def tell(stack: Stack, events: list[Json]) -> None:
    """Put events on the default bus, as the services do."""
    entries = [
        {"Source": each["source"], "DetailType": each["detail-type"], "Detail": json.dumps(each["detail"])} for each in events
    ]
    assert stack.account.client("events").put_events(Entries=entries)["FailedEntryCount"] == 0
    stack.pump()


def sample_events(name: str) -> list[Json]:
    batch = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return [json.loads(record["body"]) for record in batch["Records"]]


def test_a_failed_job_waits_where_a_person_finds_it_once(stack: Stack) -> None:
    events = sample_events("three_jobs_failed") + sample_events("a_call_could_not_be_analysed")
    tell(stack, events)
    tell(stack, events)
    failed = [item for item in stack.items("quarantined") if item["cause"] == "job_failed"]
    assert sorted(item["facts"]["job"] for item in failed) == [
        "5b0f2d3e-9a64-4b7f-8c11-2e7d6a1b9f03",
        "7f3f2b62-52a4-4a3a-8f6a-1d6f7f3b7a10",
        "analytics-20260503-0113",
        "call-20260503-0112",
    ]
    assert {(item["queue"], item["channel"]) for item in failed} == {("quarantine", "voice")}
    assert {item["facts"]["failure_reason"] for item in failed} >= {"RECORDING_FILE_CANNOT_BE_READ", "unknown"}
    announced = [event["detail"] for event in stack.events() if event["detail-type"] == "MessageQuarantined"]
    assert [each["cause"] for each in announced] == ["job_failed"] * 4


def test_a_reason_that_quotes_a_secret_is_redacted(stack: Stack) -> None:
    detail = {
        "TranscriptionJobName": "call-with-a-card",
        "TranscriptionJobStatus": "FAILED",
        "FailureReason": "cannot read s3://calls/card 4111 1111 1111 1111.wav",
    }
    tell(stack, [{"source": "aws.transcribe", "detail-type": "Transcribe Job State Change", "detail": detail}])
    (item,) = [item for item in stack.items("quarantined") if item["facts"]["job"] == "call-with-a-card"]
    assert item["facts"]["failure_reason"] == "cannot read s3://calls/card [card number 1].wav"


def test_a_description_of_a_failed_job_in_the_bucket_says_why_too(stack: Stack) -> None:
    described = {"TranscriptionJob": {"TranscriptionJobStatus": "FAILED", "FailureReason": "The media is silent."}}
    stack.put_object("TranscriptBucket", "jobs/silent.json", json.dumps(described).encode())
    stack.pump()
    (item,) = [item for item in stack.items("quarantined") if "jobs/silent.json" in item["locator"]]
    assert (item["cause"], item["facts"]) == ("job_failed", {"failure_reason": "The media is silent."})


def test_a_failure_may_be_handed_to_the_function_as_it_is(stack: Stack) -> None:
    (event,) = sample_events("a_call_could_not_be_analysed")
    event["detail"]["contact"] += "-alone"
    assert stack.dispatcher.invoke("VoiceFunction", event).response == {"batchItemFailures": []}
    stack.pump()
    assert any(item["locator"].endswith("-alone") for item in stack.items("quarantined"))


def test_a_job_that_ended_well_and_a_chat_wake_nobody(stack: Stack) -> None:
    before = len(stack.invocations)
    done = {"TranscriptionJobName": "call-2", "TranscriptionJobStatus": "COMPLETED"}
    chat = {"contact": "arn:aws:connect:::contact/c-2", "channel": "CHAT", "state": "FAILED", "reasonCode": "X"}
    tell(
        stack,
        [
            {"source": "aws.transcribe", "detail-type": "Transcribe Job State Change", "detail": done},
            {"source": "aws.connect", "detail-type": "Contact Lens Analysis State Change", "detail": chat},
        ],
    )
    assert len(stack.invocations) == before
    assert stack.messages("TranscriptDeadLetters") == ()


@pytest.mark.parametrize("body", ["{", "[]", '{"source": "aws.transcribe"}'])
def test_what_is_no_event_ends_where_a_person_is_told(stack: Stack, body: str) -> None:
    before = len(stack.messages("TranscriptDeadLetters"))
    stack.send("TranscriptQueue", body)
    stack.pump()
    assert len(stack.messages("TranscriptDeadLetters")) == before + 1
