"""A wave through the deployed system: mails of many customers come in, Trust hears of one campaign, and answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from local.aws.stack import Stack
from local.filing import VOUCHED, stored

Json = dict[str, Any]
MAIL = """From: Customer {number} <customer{number}@example.com>
To: support@kujira.example
Subject: Is this you? {number}
Message-ID: <wave.{number}@example.com>

Hello, I received a phishing email today that looks like it comes from you. It says that my account will be suspended
unless I log in at https://kujira-verify.example/secure/{number} and enter my password. I did not click on the link.
Please take this phishing site down. My number with you is {number}.
"""
EVERYDAY = """From: Taro <taro@example.com>
To: support@kujira.example
Subject: Tax report
Message-ID: <tax.1@example.com>

How do I download my tax report for last year? I can't find the button on https://kujira.example/reports any more.
"""
CUSTOMERS = 12


def mail(stack: Stack, name: str, text: str) -> None:
    raw = stored(text.encode(), received_at=datetime.now(UTC), verdicts=VOUCHED)
    stack.put_object("MailBucket", f"mail/{name}", raw)


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack.start({"PublicUrl": "https://cases.example.com"}) as stack:
        mail(stack, "everyday", EVERYDAY)
        for number in range(CUSTOMERS):
            mail(stack, f"wave-{number}", MAIL.format(number=number + 40))
        stack.pump()
        yield stack


def campaign(stack: Stack) -> Json:
    (found,) = stack.items("campaign")
    return found


def test_everybody_who_handed_the_lure_on_is_counted_once(stack: Stack) -> None:
    found = campaign(stack)
    assert (found["customers"], found["messages"]) == (CUSTOMERS, CUSTOMERS)
    assert len(stack.items("member")) == CUSTOMERS
    assert stack.failures == []
    assert stack.refused == []


def test_trust_hears_of_one_campaign_and_of_no_single_report(stack: Stack) -> None:
    told = [each for each in stack.notifications("TrustTopic") if "several customers" in each.message]
    assert len(told) == len(stack.notifications("TrustTopic"))
    assert 1 <= len(told) <= 2, "a batch may end between two orders of magnitude"
    assert "同じ手口" in told[0].message
    assert "kujira-verify.example" not in told[0].message.replace("[.]", "_")


def test_the_campaign_is_announced_without_what_it_was_recognised_by(stack: Stack) -> None:
    announced = [event for event in stack.events() if event["detail-type"].startswith("Campaign")]
    assert [event["detail-type"] for event in announced][:1] == ["CampaignOpened"]
    assert "kujira-verify" not in str(announced)
    assert "example.com" not in str(announced)


def test_whoever_answers_stops_the_ladder(stack: Stack) -> None:
    told = stack.notifications("TrustTopic")[0].message
    link = re.search(r"https://\S+(/acknowledge)\?(token=\S+)", told)
    assert link is not None
    assert stack.request("POST", link[1], {}, "", query=link[2]).status == 200
    answered = [item for item in stack.items("escalation") if "acknowledged_at" in item]
    assert [item["cause"] for item in answered] == ["campaign_found"]


def test_the_function_logs_ids_and_counts_and_no_text(stack: Stack) -> None:
    lines = [line for _, line in stack.logs if line["message"] == "messages_correlated"]
    assert sum(line["messages"] for line in lines) == CUSTOMERS + 1
    assert not any("phishing email" in str(line) or "kujira-verify" in str(line) for line in lines)
