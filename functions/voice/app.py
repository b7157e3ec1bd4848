"""Voice door: a finished transcript of a call becomes a message of a case; one that failed, a message in quarantine."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from casework import runtime
from casework.aws.originals import Original, StoredObject
from casework.message import Channel, Message
from functions.voice import failure, transcript


def read(stored: StoredObject, original: Original) -> Message:
    """The transcript, with what the call centre's exporter noted beside it from the telephony record."""
    return transcript.read(original.content, received_at=stored.created_at, locator=stored.locator, metadata=original.metadata)


intake = replace(runtime.intake(Channel.VOICE, read, runtime.logger("voice")), read_failure=failure.read)


def handler(event: Any, _context: object) -> dict[str, object]:
    """Receive every transcript of the batch, and every failure to make one.

    Delivering the same call again changes nothing, but that of its two files the redacted one is preferred.
    """
    return intake.take(event)
