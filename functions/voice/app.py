"""Voice door: a finished transcript of a call becomes a message of a case."""

from __future__ import annotations

from typing import Any

from casework import runtime
from casework.aws.originals import Original, StoredObject
from casework.message import Channel, Message
from functions.voice import transcript


def read(stored: StoredObject, original: Original) -> Message:
    """The transcript, with what the call centre's exporter noted beside it from the telephony record."""
    return transcript.read(original.content, received_at=stored.created_at, locator=stored.locator, metadata=original.metadata)


intake = runtime.intake(Channel.VOICE, read, runtime.logger("voice"))


def handler(event: Any, _context: object) -> dict[str, object]:
    """Receive every transcript of the batch. Delivering the same call again changes nothing."""
    return intake.take(event)
