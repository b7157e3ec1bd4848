"""The account in a process of its own: workers come and go, even by kill -9, and what was recorded is announced."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from typing import Any
from urllib.parse import urlsplit

import pytest

from local.aws.server import Server
from local.aws.stack import Stack
from local.aws.template import PROJECT

KILLED_AFTER_RECORDING = """
import os, signal, sys
from pathlib import Path
from botocore.handlers import BUILTIN_HANDLERS
from local.aws.stack import Stack

def die(**_):
    os.kill(os.getpid(), signal.SIGKILL)

with Stack.attach(sys.argv[1], template=Path(sys.argv[2])) as stack:
    BUILTIN_HANDLERS.append(("after-call.dynamodb.TransactWriteItems", die))
    stack.pump()
"""

PARENT = """
import sys, time
from pathlib import Path
from local.aws.server import Server

with Server.start(template=Path(sys.argv[1])) as server:
    print(server.endpoint, flush=True)
    time.sleep(60)
"""


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(PROJECT)}


def test_what_a_killed_worker_recorded_the_next_one_announces_once(small: Any) -> None:
    with Server.start(template=small.template) as server:
        with Stack.attach(server.endpoint, template=small.template) as stack:
            stack.put_object("Bucket", "1", b"case 1")

        command = [sys.executable, "-c", KILLED_AFTER_RECORDING, server.endpoint, str(small.template)]
        killed = subprocess.run(command, env=environment(), check=False)

        assert killed.returncode == -signal.SIGKILL
        with Stack.attach(server.endpoint, template=small.template) as stack:
            assert [item["kind"] for item in stack.items()] == ["case", "escalation"]
            assert stack.events() == ()

            stack.pump()

            assert [event["detail"]["case"] for event in stack.events()] == ["case 1"]
            assert [told.message for told in stack.notifications("Topic")] == ["case 1"]
            assert stack.messages("MailQueue") == ()


def test_the_next_worker_goes_on_where_the_last_one_stood_in_the_stream(small: Any) -> None:
    with Server.start(template=small.template) as server:
        for number in range(2):
            with Stack.attach(server.endpoint, template=small.template) as stack:
                stack.put_object("Bucket", str(number), f"case {number}".encode())
                stack.pump()
                batches = [len(each.event["Records"]) for each in stack.invocations if each.function == "Publish"]
                assert batches == [1]


def test_one_of_two_servers_knows_nothing_of_the_other(small: Any) -> None:
    with Server.start(template=small.template) as one, Server.start(template=small.template) as other:
        with Stack.attach(one.endpoint, template=small.template) as stack:
            stack.put_object("Bucket", "1", b"case 1")
            stack.pump()
        with Stack.attach(other.endpoint, template=small.template) as stack:
            assert stack.pump() == 0
            assert stack.items() == []


def test_the_server_is_gone_when_its_parent_is_killed(small: Any) -> None:
    command = [sys.executable, "-c", PARENT, str(small.template)]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        address = urlsplit(parent.stdout.readline().strip())
        assert answers(address.port)
        parent.kill()

    assert not still_answers(address.port)


def answers(port: int | None) -> bool:
    with socket.socket() as connection:
        connection.settimeout(1)
        return connection.connect_ex(("127.0.0.1", port or 0)) == 0


def still_answers(port: int | None, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while answers(port) and time.monotonic() < deadline:
        time.sleep(0.05)
    return answers(port)


def test_nothing_can_leave_this_machine() -> None:
    import boto3

    from local.aws.account import RealAwsRefused, secluded

    with secluded({}), pytest.raises(RealAwsRefused, match=r"sts\..*amazonaws\.com"):
        boto3.client("sts").get_caller_identity()
