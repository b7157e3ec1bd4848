"""kill -9 at every step between a mail's arrival and its notification: nothing is lost, nobody is told twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from local.aws.server import Server
from local.aws.stack import Stack
from local.aws.template import PROJECT
from local.filing import VOUCHED, stored

MAIL = b"""From: Hannah Berg <hannah@example.com>
To: support@kujira.example
Subject: STOP the withdrawal
Message-ID: <killed-hannah@example.com>
Date: Fri, 20 Nov 2026 00:00:00 +0000

Someone is withdrawing 1.84 BTC from my account right now. I did not authorise this. Please freeze it.
"""

WORKER = """
import os, signal, sys
from botocore.handlers import BUILTIN_HANDLERS
from local.aws.stack import Stack

def die(**_):
    os.kill(os.getpid(), signal.SIGKILL)

with Stack.attach(sys.argv[1]) as stack:
    BUILTIN_HANDLERS.append((sys.argv[2], die))
    stack.pump()
"""

STEPS = [
    "before-call.s3.GetObject",
    "before-call.dynamodb.TransactWriteItems",
    "after-call.dynamodb.TransactWriteItems",
    "before-call.events.PutEvents",
    "after-call.events.PutEvents",
    "before-call.sns.Publish",
]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """One account for all steps; each has a customer and a mail of its own, so that Trust may hear of a campaign besides."""
    with Server.start() as server:
        yield server


def killed_at(step: str, server: Server, customer: str) -> None:
    """A mail arrives, and its worker dies at a step."""
    mail = MAIL.replace(b"hannah", customer.encode())
    with Stack.attach(server.endpoint) as stack:
        stack.put_object("MailBucket", f"mail/{customer}", stored(mail, received_at=datetime.now(UTC), verdicts=VOUCHED))
    command = [sys.executable, "-c", WORKER, server.endpoint, step]
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    assert subprocess.run(command, env=environment, check=False, timeout=120).returncode == -signal.SIGKILL


def finish(stack: Stack) -> None:
    """The next worker goes on, when the time has passed that leases and queues wait for."""
    later = datetime.now(UTC) + timedelta(minutes=10)
    stack.module("NotifyFunction", "casework.runtime").now = lambda: later  # type: ignore[attr-defined]
    stack.pump()


def told(stack: Stack, case_id: str) -> int:
    return sum(case_id in notification.message for notification in stack.notifications("FraudTopic"))


def case_of(stack: Stack, customer: str) -> str:
    """The one case of a customer's mail; fails when there are several or none."""
    (message,) = [item for item in stack.items("message") if item["locator"].partition("?")[0].endswith(f"mail/{customer}")]
    return str(message["case_id"])


@pytest.mark.parametrize("step", STEPS)
def test_an_escalation_survives_and_is_told_once(step: str, server: Server) -> None:
    customer = f"c{STEPS.index(step)}"
    killed_at(step, server, customer)
    with Stack.attach(server.endpoint) as stack:
        finish(stack)
        case_id = case_of(stack, customer)
        of_case = [event["detail"] for event in stack.events() if event["detail"].get("case_id") == case_id]
        assert len([item for item in stack.items("escalation") if item["case_id"] == case_id and item["team"] == "fraud"]) == 1
        assert len({detail["event_id"] for detail in of_case if "due_at" in detail and detail["team"] == "fraud"}) == 1
        assert told(stack, case_id) == 1
        assert stack.messages("MailDeadLetters") == stack.messages("NotifyDeadLetters") == ()


def test_only_a_death_between_the_topics_answer_and_the_mark_may_repeat_a_notification(server: Server) -> None:
    killed_at("after-call.sns.Publish", server, "last")
    with Stack.attach(server.endpoint) as stack:
        finish(stack)
        assert 1 <= told(stack, case_of(stack, "last")) <= 2
