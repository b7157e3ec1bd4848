"""What `sam build` makes: every handler imports under its built layers, and three doors run under AWS's runtime emulator."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from local.aws import account
from local.aws.server import Server
from local.aws.stack import Stack
from local.aws.template import PROJECT
from local.built import built_function, interpreter
from local.built.emulator import emulated
from local.filing import VOUCHED, stored

DOORS = ("email", "voice", "web_form")
FUNCTIONS = sorted(path.parent.name for path in (PROJECT / "functions").glob("*/app.py"))
MAIL = b"""From: Hannah Berg <hannah@example.com>
To: support@kujira.example
Subject: STOP
Message-ID: <built-1@example.com>

Someone is withdrawing 1.84 BTC from my account right now. I did not authorise this. Please freeze it.
"""

pytestmark = pytest.mark.skipif(
    sys.version_info[:2] != (3, 13) or sys.platform != "linux",
    reason="a build is for Python 3.13, and AWS's emulator is a program for Linux",
)


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("build")
    sam = str(Path(sys.executable).parent / "sam")
    command = [sam, "build", "--build-dir", str(folder), "--cache-dir", str(folder.parent / "cache")]
    environment = {
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "SAM_CLI_TELEMETRY": "0",
        "HOME": str(folder),
    }
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return folder


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server.start({"PublicUrl": "https://cases.example.com"}) as server:
        yield server


def deployed(stack: Stack, function: str) -> dict[str, str]:
    """What only the deployment knows, and where its pretended AWS answers."""
    (variables,) = (dict(each.variables) for each, _ in stack.deployment.functions() if each.handler.split(".")[1] == function)
    return variables | account.environment() | {"AWS_ENDPOINT_URL": stack.account.endpoints["AWS_ENDPOINT_URL"]}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_built_handler_imports_with_its_layers_alone(build: Path, server: Server, function: str) -> None:
    built = built_function(function, build)
    module, _, handler = built.handler.rpartition(".")
    program = f"import {module} as app, sys; assert callable(app.{handler}); print(sys.modules['casework'].__file__)"
    with Stack.attach(server.endpoint) as stack:
        environment = deployed(stack, function) | {"PYTHONPATH": built.import_path}
        command = [*interpreter(built), "-c", program]
        done = subprocess.run(command, cwd=build, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip().startswith(str(build))


def events_of(stack: Stack) -> dict[str, Any]:
    """A mail, a call and a form, as the deployed system hands them to its doors."""
    filed = stored(MAIL, received_at=datetime.now(UTC), verdicts=VOUCHED)
    call = (PROJECT / "events" / "voice" / "transcripts" / "contact_lens_ja.json").read_bytes()
    form = PROJECT / "events" / "web_form" / "the_same_form_sent_with_an_idempotency_key.json"
    stack.put_object("MailBucket", "mail/built", filed)
    stack.put_object("TranscriptBucket", "Analysis/built.json", call)
    return {
        "email": a_batch(stack, "MailQueue"),
        "voice": a_batch(stack, "TranscriptQueue"),
        "web_form": json.loads(form.read_text(encoding="utf-8")),
    }


def a_batch(stack: Stack, queue: str) -> dict[str, Any]:
    (waiting,) = stack.messages(queue)
    return {"Records": [{"messageId": waiting.id, "eventSource": "aws:sqs", "body": waiting.body}]}


def test_the_doors_run_under_awss_own_runtime(build: Path, server: Server) -> None:
    answers: dict[str, list[Any]] = {}
    with Stack.attach(server.endpoint) as stack:
        for door, event in events_of(stack).items():
            with emulated(built_function(door, build), deployed(stack, door)) as emulator:
                answers[door] = [emulator.invoke(event), emulator.invoke(event)]
        assert answers["email"] == answers["voice"] == [{"batchItemFailures": []}] * 2
        assert [answer["statusCode"] for answer in answers["web_form"]] == [201, 200]
        assert sorted(item["channel"] for item in stack.items("message")) == sorted(DOORS)
        assert [item["team"] for item in stack.items("escalation") if item["category"] == "unauthorized_withdrawal"] == [
            "fraud"
        ] * 2
