"""Kind ``events``: events of every AWS service, at every function's door. Each takes its own kind and refuses the others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from local.aws.function import Invocation
from local.aws.stack import Stack
from local.demo import PUBLIC_URL
from local.evaluation.row import Row, share

BUCKETS = {"EmailFunction": "MailBucket", "VoiceFunction": "TranscriptBucket"}
CONTENT = b"From: someone@example.com\r\nSubject: Hello\r\n\r\nHello.\r\n"
"""What is laid where an event says that an object is: a mail, and for the other door something to hold back."""


def rows(kind: str, folder: Path) -> Iterator[Row]:
    """One row for each function. Taken, or refused by name; anything else is a crash."""
    events = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.rglob("*.json"))}
    with Stack.start({"PublicUrl": PUBLIC_URL}) as stack:
        for function in sorted(stack.dispatcher.functions):
            verdicts = {name: _verdict(stack, function, event) for name, event in events.items()}
            taken = [name for name, verdict in verdicts.items() if verdict == "taken"]
            crashed = [f"{name} {verdict}" for name, verdict in verdicts.items() if verdict not in {"taken", "refused"}]
            note = "; ".join(["CRASHED: " + ", ".join(crashed)] * bool(crashed) + [f"taken {len(taken)}: {', '.join(taken)}"])
            yield share(kind, f"{function}: taken, or refused by name", len(verdicts) - len(crashed), len(verdicts), note)


def _verdict(stack: Stack, function: str, event: Any) -> str:
    if function in BUCKETS and _names_a_bucket(event):
        event = _with_our_bucket(stack, BUCKETS[function], event)
    return _outcome(stack.dispatcher.invoke(function, event))


def _outcome(invocation: Invocation) -> str:
    if invocation.failure:
        return (
            "refused" if invocation.failure.type == "NotOurEvent" else f"{invocation.failure.type}: {invocation.failure.message}"
        )
    failed = [line for line in invocation.logs if line.get("message") == "delivery_failed"]
    strangers = [line for line in failed if line.get("error") == "NotOurEvent"]
    if failed and len(strangers) == len(failed):
        return "refused"
    return f"delivery failed: {failed}" if failed else "taken"


def _names_a_bucket(event: Any) -> bool:
    return isinstance(event, dict) and isinstance(event.get("detail"), dict) and "bucket" in event["detail"]


def _with_our_bucket(stack: Stack, bucket: str, event: Any) -> Any:
    """The same event about an object that is there: functions may read no bucket but their own."""
    detail = event["detail"]
    version = stack.put_object(bucket, detail["object"]["key"], CONTENT)
    named = {"bucket": {"name": stack.deployment.identity(bucket)}, "object": detail["object"] | {"version-id": version}}
    return event | {"detail": detail | named}
