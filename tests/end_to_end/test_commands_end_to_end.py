"""An analyst's afternoon on the deployed system: cases are merged, corrected and closed, and the bus hears of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.aws.stack import Stack
from local.filing import VOUCHED, stored

MAIL = """From: Hanako <hanako@example.com>
To: support@kujira.example
Subject: {subject}
Message-ID: <{name}@example.com>
{more}
{text}
"""
DRAINED = "Someone is withdrawing all my bitcoin right now. I did not authorise this withdrawal. Please freeze my account!"
CALLED = "I was called by somebody who claimed to be Kujira support and wanted me to move my coins to a safe wallet."
FIRST, SECOND = "<theft@example.com>", "<call@example.com>"


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack.start({"PublicUrl": "https://cases.example.com"}) as stack:
        yield stack


def mail(stack: Stack, name: str, text: str, answers: str = "") -> dict[str, Any]:
    """A mail and what the door logged of it."""
    more = f"In-Reply-To: {answers}\n" if answers else ""
    raw = MAIL.format(name=name, subject="Please help" if not answers else "Re: Please help", text=text, more=more).encode()
    stack.put_object("MailBucket", f"mail/{name}", stored(raw, received_at=datetime.now(UTC), verdicts=VOUCHED))
    stack.pump()
    return [line for _, line in stack.logs if line.get("message") == "message_received"][-1]


def command(stack: Stack, name: str, **fields: Any) -> dict[str, Any]:
    given = {"command": name, "by": "mori@kujira.example", "reason": "One attacker, one story.", **fields}
    invocation = stack.dispatcher.invoke("CommandFunction", given)
    assert invocation.failure is None
    stack.pump()
    answer: dict[str, Any] = invocation.response
    return answer


def announced(stack: Stack) -> list[str]:
    return [event["detail-type"] for event in stack.events()]


def ringing(stack: Stack) -> list[str]:
    return sorted(item["team"] for item in stack.items("escalation") if item.get("due") == "open")


def test_an_afternoon_of_commands(stack: Stack) -> None:
    theft, scam = mail(stack, "theft", DRAINED), mail(stack, "call", CALLED)
    assert (theft["outcome"], scam["outcome"]) == ("opened", "opened")
    assert ringing(stack) == ["fraud", "trust"]

    merged = command(stack, "merge", case=scam["case"], into=theft["case"], id="click-1")
    assert (merged["outcome"], merged["ringing"]) == ("done", scam["escalations"])
    assert ringing(stack) == ["fraud", "trust"], "nothing reaches Trust in the other case"
    assert command(stack, "merge", case=scam["case"], into=theft["case"], id="click-1") == merged

    reply = mail(stack, "reply", "They are calling again.", answers=SECOND)
    assert (reply["outcome"], reply["case"]) == ("attached", theft["case"])

    assert command(stack, "unmerge", case=scam["case"])["outcome"] == "done"
    corrected = command(stack, "reclassify", case=scam["case"], category="account_takeover", severity="critical")
    assert corrected["to"]["team"] == "fraud"
    assert len(corrected["escalations"]) == 1
    assert command(stack, "close", case=scam["case"])["code"] == "escalation_open"
    assert {"CasesMerged", "CasesUnmerged", "CaseReclassified"} <= set(announced(stack))
    told = [each.message for each in stack.notifications("FraudTopic") if "a colleague has corrected" in each.message]
    assert len(told) == 1

    stack.tick(datetime.now(UTC) + timedelta(hours=9))
    stack.pump()
    assert "EscalationClimbed" in announced(stack)
    assert stack.refused == []
    assert stack.failures == []


def test_a_slip_is_answered_by_its_field_and_fails_nothing(stack: Stack) -> None:
    answer = command(stack, "close", case="the one of this morning")
    assert (answer["outcome"], answer["field"]) == ("invalid", "case")
    logged = [line for function, line in stack.logs if function == "CommandFunction" and line["message"] == "command_answered"]
    assert logged[-1]["code"] == "invalid_command"
    assert "mori" not in str(logged), "no log names a person"


def test_a_ladder_that_ends_unanswered_is_counted_for_its_alarm(stack: Stack) -> None:
    mail(stack, "unanswered", DRAINED)
    rang = ringing(stack)
    sweeps = [each for days in range(1, 30) for each in stack.tick(datetime.now(UTC) + timedelta(days=days))]
    stack.pump()
    counted = [metric["LaddersExhausted"][0] for sweep in sweeps for metric in sweep.metrics if "LaddersExhausted" in metric]
    assert len(counted) == len(sweeps), "every sweep counts, so that the alarm has a figure"
    assert sum(counted) == len(rang) > 0
    assert ringing(stack) == []
