"""What each function calls, held against what its role in template.yaml grants: nothing outside it, nothing unused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from local.aws.stack import Stack
from local.filing import VOUCHED, stored

EVENTS = Path(__file__).parents[2] / "events"
MAIL = """From: {name} <{name}@example.com>
To: support@kujira.example
Subject: Please read
Message-ID: <{name}.{number}@example.com>

{text}
"""
URGENT = {
    "fraud": "Someone is withdrawing all my bitcoin right now. I did not authorise this withdrawal. Please freeze my account!",
    "trust": "I was called by somebody who claimed to be Kujira support and wanted me to move my coins to a safe wallet.",
    "identity": "Somebody opened an account in my name with my passport. I never opened an account with you.",
}

CALM = "I was offered an online job where I have to deposit USDT to unlock tasks. I have not paid anything. Is this job a scam?"
"""Trust's as well, and told after a while."""


def mail(stack: Stack, name: str, text: str, number: int = 1) -> tuple[str, str]:
    raw = MAIL.format(name=name, number=number, text=text).encode()
    key = f"mail/{name}-{number}"
    return key, stack.put_object("MailBucket", key, stored(raw, received_at=datetime.now(UTC), verdicts=VOUCHED))


def call(stack: Stack, contact: str, said: str = "") -> tuple[str, str]:
    transcript = json.loads((EVENTS / "voice" / "transcripts" / "contact_lens_en.json").read_text(encoding="utf-8"))
    transcript["CustomerMetadata"]["ContactId"] = contact
    if said:
        (turn,) = [each for each in transcript["Transcript"] if each["ParticipantId"] == "CUSTOMER"]
        turn["Content"] = said
    key = f"Analysis/{contact}.json"
    return key, stack.put_object("TranscriptBucket", key, json.dumps(transcript).encode(), {"customer-account": "KJ-1"})


def form(stack: Stack, text: str) -> None:
    body = json.dumps({"description": text, "email": "taro@example.com"})
    assert stack.request("POST", "/cases", {"content-type": "application/json"}, body).status == 201


def attach(stack: Stack, content: bytes | None) -> int:
    """Ask where to put a file, put it there or not, and name it in a form."""
    headers = {"content-type": "application/json"}
    wanted = {"files": [{"name": "note.txt", "type": "text/plain", "size": 64}]}
    (upload,) = stack.request("POST", "/uploads", headers, json.dumps(wanted)).json()["uploads"]
    if content is not None:
        assert stack.upload(upload["url"], upload["fields"], content).status == 204
    body = {"description": "Please see the file.", "email": "taro@example.com", "attachments": [upload["id"]]}
    return stack.request("POST", "/cases", headers, json.dumps(body)).status


def command(stack: Stack) -> None:
    """Link two cases, whoever's they are."""
    one, other = [item["case_id"] for item in stack.items("case") if "case_id" in item][:2]
    given = {"command": "link", "case": one, "other": other, "by": "mori@kujira.example", "reason": "one attack"}
    assert stack.dispatcher.invoke("CommandFunction", given).response["outcome"] == "done"
    given |= {"command": "close", "by": ""}
    assert stack.dispatcher.invoke("CommandFunction", given).response["outcome"] == "invalid"


def answer(stack: Stack) -> None:
    """Answer, at each door, a message whose case its customer's item has forgotten, as after many newer ones."""
    stored = stack.items("message")
    asked = {channel: [item for item in stored if item["channel"] == channel][-1] for channel in ("email", "voice", "web_form")}
    texts = {channel: f"Is there any news about {item['reference']}?" for channel, item in asked.items()}
    table = stack.table()
    for item in stack.items("identity"):
        table.put_item(Item={**item, "cases": []})
    mail(stack, "hanako", texts["email"], 3)
    call(stack, "contact-3", texts["voice"])
    form(stack, texts["web_form"])
    stack.pump()
    answers = [item for item in stack.items("message") if "Is there any news about" in item["text"]]
    assert sorted(item["case_id"] for item in answers) == sorted(item["case_id"] for item in asked.values())


def gone(stack: Stack, bucket: str, stored_at: tuple[str, str]) -> None:
    key, version = stored_at
    stack.account.client("s3").delete_object(Bucket=stack.deployment.identity(bucket), Key=key, VersionId=version)


def used(stack: Stack) -> None:
    """Everything the system does in a year, once."""
    for team, text in URGENT.items():
        mail(stack, team, text)
    mail(stack, "calm", CALM)
    for number in (1, 2):  # the second finds the case of the first
        mail(stack, "hanako", "How do I download my tax report for last year? I can't find the button.", number)
        call(stack, f"contact-{number}")
        form(stack, "How do I download my tax report for last year?" + "!" * number)
        stack.pump()
    answer(stack)
    assert (attach(stack, b"the text of a file"), attach(stack, None)) == (201, 422)
    gone(stack, "MailBucket", mail(stack, "gone", "This expires before it is read."))
    gone(stack, "TranscriptBucket", call(stack, "contact-gone"))
    stack.table().put_item(Item={"pk": "CASE#broken", "sk": "CASE", "kind": "case"})  # nobody can announce this
    stack.pump()
    stack.tick(datetime.now(UTC) + timedelta(hours=9))
    stack.pump()
    told = stack.notifications("FraudTopic")[0].message
    link = re.search(r"https://\S+(/acknowledge)\?(token=\S+)", told)
    assert link is not None
    assert stack.request("POST", link[1], {}, "", query=link[2]).status == 200
    command(stack)
    stack.pump()


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack.start({"PublicUrl": "https://cases.example.com"}) as stack:
        used(stack)
        yield stack


def test_every_function_was_used(stack: Stack) -> None:
    assert {invocation.function for invocation in stack.invocations} == set(stack.dispatcher.functions)


def test_no_function_calls_what_its_role_does_not_grant(stack: Stack) -> None:
    assert stack.refused == []


def test_no_role_grants_what_its_function_does_not_call(stack: Stack) -> None:
    assert [(grant.function, grant.action) for grant in stack.unused_permissions()] == []


def test_only_the_publisher_has_put_events_on_the_bus(stack: Stack) -> None:
    assert {call.function for call in stack.calls if call.action == "events:PutEvents"} == {"PublishFunction"}


def test_what_cannot_be_announced_is_set_aside_and_the_rest_goes_on(stack: Stack) -> None:
    assert len(stack.messages("PublishDeadLetters")) == 1
    assert {event["detail-type"] for event in stack.events()} >= {"CaseOpened", "EscalationClimbed", "EscalationAcknowledged"}
