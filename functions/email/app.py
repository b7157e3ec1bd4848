"""Email door: a mail that SES has stored becomes a message of a case."""

from __future__ import annotations

import os
from typing import Any

from casework import runtime
from casework.aws.originals import Original, StoredObject
from casework.message import Channel, Message
from functions.email import loops, mime

OWN_DOMAINS = loops.own_domains(os.environ.get("OWN_DOMAINS", ""))
"""Empty where no mail is received by name: then no domain is taken for ours."""


def read(stored: StoredObject, original: Original) -> Message:
    """The mail as SES stored it."""
    return mime.read(original.content, received_at=stored.created_at, locator=stored.locator, own_domains=OWN_DOMAINS)


intake = runtime.intake(Channel.EMAIL, read, runtime.logger("email"))


def handler(event: Any, _context: object) -> dict[str, object]:
    """Receive every mail of the batch. Delivering the same mail again changes nothing."""
    return intake.take(event)
