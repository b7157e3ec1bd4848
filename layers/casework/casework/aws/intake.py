"""What the doors that read from a bucket have in common: notification, original, message, receipt.

A door may also be told that an original will never come; that is a message too, and people look after it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from casework.aws.originals import Original, Originals, StoredObject, created_object
from casework.aws.queue import each_message, queued_event
from casework.case import Receipt
from casework.desk import Desk
from casework.errors import UnreadableMessage
from casework.message import Channel, Message, Source

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

Reader = Callable[[StoredObject, Original], Message]
FailureReader = Callable[[Any], Message | None]
"""Reads an event that says that an original will never come: a message without text; ``None`` for every other event."""

JOB_FAILED = "job_failed"
"""The cause of quarantine of what will never come."""


def no_failure(_event: Any) -> Message | None:
    """For a channel of which nobody says so when nothing will come."""
    return None


@dataclass(frozen=True, slots=True)
class Intake:
    """A door whose messages lie in a bucket."""

    channel: Channel
    read: Reader
    desk: Desk
    originals: Originals
    log: Logger
    account: Callable[[Logger, Message, Receipt], None]
    read_failure: FailureReader = no_failure

    def take(self, event: Any) -> dict[str, object]:
        """Receive every original that a batch of notifications names; also a single notification, as EventBridge sends it.

        Raises ``NotOurEvent`` for any other event.
        """
        if isinstance(event, Mapping) and "Records" not in event:
            self._hear(event)
            return {"batchItemFailures": []}
        return each_message(event, self.log, lambda record: self._hear(queued_event(record["body"])))

    def _hear(self, event: Any) -> None:
        failure = self.read_failure(event)
        if failure:
            self.account(self.log, failure, self.desk.quarantine(failure, JOB_FAILED))
        else:
            self._receive(created_object(event))

    def _receive(self, stored: StoredObject) -> None:
        try:
            message = self.read(stored, self.originals.fetch(stored))
        except UnreadableMessage as error:
            message = self._stub(stored, error)
            receipt = self.desk.quarantine(message, error.cause)
        else:
            receipt = self.desk.receive(message)
        self.account(self.log, message, receipt)

    def _stub(self, stored: StoredObject, error: UnreadableMessage) -> Message:
        """An unreadable original is known by where it lies: its content has no name to be recognised by."""
        told = error.cause == JOB_FAILED and error.detail
        digest = hashlib.sha256(stored.locator.encode()).hexdigest()
        source = Source(self.channel, f"unreadable\n{stored.locator}", digest, stored.locator)
        return Message(source=source, received_at=stored.created_at, facts={"failure_reason": error.detail} if told else {})
