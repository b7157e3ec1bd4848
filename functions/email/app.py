"""Email door: a mail that SES has stored becomes a message of a case."""

from __future__ import annotations

from typing import Any

from casework import runtime
from casework.aws.originals import Original, StoredObject
from casework.message import Channel, Message
from functions.email import mime


def read(stored: StoredObject, original: Original) -> Message:
    """The mail as SES stored it."""
    return mime.read(original.content, received_at=stored.created_at, locator=stored.locator)


intake = runtime.intake(Channel.EMAIL, read, runtime.logger("email"))


def handler(event: Any, _context: object) -> dict[str, object]:
    """Receive every mail of the batch. Delivering the same mail again changes nothing."""
    return intake.take(event)
