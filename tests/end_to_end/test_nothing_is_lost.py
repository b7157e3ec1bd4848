"""Whatever lands in a bucket ends where a person finds it: a case, or the quarantine with its cause."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from local.aws.stack import Stack

FAILED_JOB = {"jobName": "j", "status": "FAILED", "results": {}}
ODD = {
    "an empty mail": ("MailBucket", "mail/empty", b"", "quarantined", "empty"),
    "a picture in the place of a mail": (
        "MailBucket",
        "mail/picture",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
        "quarantined",
        None,
    ),
    "a mail of ten megabytes": ("MailBucket", "mail/large", b"Subject: long\r\n\r\n" + b"x " * 5_000_000, "opened", ""),
    "a mail of ten thousand parts": (
        "MailBucket",
        "mail/parts",
        b"Subject: parts\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\npart\r\n" * 10_000 + b"--b--",
        "opened",
        "",
    ),
    "a transcript that is no JSON": ("TranscriptBucket", "Analysis/broken.json", b"{", "quarantined", "not_json"),
    "something that is no transcript": (
        "TranscriptBucket",
        "Analysis/other.json",
        b'{"a": 1}',
        "quarantined",
        "not_a_transcript",
    ),
    "a note without a suffix": ("TranscriptBucket", "Analysis/note", b"call me back", "quarantined", "not_json"),
    "a job that failed": ("TranscriptBucket", "j.json", json.dumps(FAILED_JOB).encode(), "quarantined", "job_failed"),
}


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack.start({"PublicUrl": "https://cases.example.com"}) as stack:
        for bucket, key, body, _, _ in ODD.values():
            stack.put_object(bucket, key, body)
        stack.put_object("TranscriptBucket", ".write_access_check_file.temp", b"")
        stack.pump()
        yield stack


@pytest.mark.parametrize("name", ODD)
def test_an_odd_original_is_accounted_for(stack: Stack, name: str) -> None:
    _, key, _, outcome, cause = ODD[name]
    (item,) = [each for each in stack.items() if key == each.get("locator", "").partition("?")[0].split("/", 3)[-1]]
    assert item["outcome"] == outcome
    assert cause is None or item.get("cause", "") == cause


def test_every_original_but_the_services_own_check_is_counted_once(stack: Stack) -> None:
    counted = [line for invocation in stack.invocations for line in invocation.metrics if "MessagesReceived" in line]
    assert len(counted) == len(ODD)
    assert stack.messages("MailDeadLetters") == stack.messages("TranscriptDeadLetters") == ()
    assert stack.failures == []
