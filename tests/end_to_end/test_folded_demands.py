"""A wave of which each message alone would make Trust hear, through the deployed system: people hear of it once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from local.aws.stack import Stack
from local.filing import VOUCHED, stored

JOB = """From: Customer {number} <customer{number}@example.com>
To: support@kujira.example
Subject: A job {number}
Message-ID: <job.{number}@example.com>

I was offered an online job at https://kujira-tasks.example/apply/{number} where I have to deposit USDT with you to unlock
the next task. I have not paid anything. Is this job a scam? My number with you is {number}.
"""
URGENT = """From: Aoi <aoi@example.com>
To: support@kujira.example
Subject: A call
Message-ID: <call.1@example.com>

I was called by somebody who claimed to be Kujira support and wanted me to move my coins to a safe wallet.
"""
CUSTOMERS = 12


def mail(stack: Stack, name: str, text: str) -> None:
    raw = stored(text.encode(), received_at=datetime.now(UTC), verdicts=VOUCHED)
    stack.put_object("MailBucket", f"mail/{name}", raw)


@pytest.fixture
def jobs() -> Iterator[Stack]:
    """The wave, and one message that presses; no time has passed."""
    with Stack.start({"PublicUrl": "https://cases.example.com"}) as stack:
        mail(stack, "urgent", URGENT)
        for number in range(CUSTOMERS):
            mail(stack, f"job-{number}", JOB.format(number=number + 40))
        stack.dispatcher.pump(retry=False)
        yield stack


def test_of_what_can_wait_people_hear_by_its_campaign_alone(jobs: Stack) -> None:
    raised = [item for item in jobs.items("escalation") if item["team"] == "trust" and item["cause"] == "opened"]
    assert sorted(item["severity"] for item in raised) == ["high"] + CUSTOMERS * ["normal"]
    opened = [each.attributes["severity"] for each in jobs.notifications("TrustTopic") if "a new case" in each.message]
    assert opened == ["high"]
    assert len(jobs.messages("NotifyLaterQueue")) >= CUSTOMERS
    assert len(jobs.messages("TrustQueue")) > CUSTOMERS, "the team's systems hear of everything at once"
    jobs.pump()
    told = [each for each in jobs.notifications("TrustTopic") if each.attributes["severity"] == "normal"]
    assert told == [each for each in told if "several customers" in each.message]
    logged = [line["message"] for _, line in jobs.logs if line["message"].startswith("notification_")]
    assert logged.count("notification_folded") == CUSTOMERS
    folded = [item for item in jobs.items("escalation") if "folded_into" in item]
    assert len(folded) == CUSTOMERS
    assert not any("due" in item for item in folded)
    assert jobs.messages("NotifyLaterQueue") == ()
