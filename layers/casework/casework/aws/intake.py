"""What the doors that read from a bucket have in common: notification, original, message, receipt."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from casework.aws.originals import Original, Originals, StoredObject, created_object, queued_object
from casework.aws.queue import each_message
from casework.case import Receipt
from casework.desk import Desk
from casework.errors import UnreadableMessage
from casework.message import Channel, Message, Source

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

Reader = Callable[[StoredObject, Original], Message]


@dataclass(frozen=True, slots=True)
class Intake:
    """A door whose messages lie in a bucket."""

    channel: Channel
    read: Reader
    desk: Desk
    originals: Originals
    log: Logger
    account: Callable[[Logger, Message, Receipt], None]

    def take(self, event: Any) -> dict[str, object]:
        """Receive every original that a batch of S3's notifications names; also a single notification, as EventBridge sends it.

        Raises ``NotOurEvent`` for any other event.
        """
        if isinstance(event, Mapping) and "Records" not in event:
            self._receive(created_object(event))
            return {"batchItemFailures": []}
        return each_message(event, self.log, lambda record: self._receive(queued_object(record["body"])))

    def _receive(self, stored: StoredObject) -> None:
        try:
            message = self.read(stored, self.originals.fetch(stored))
        except UnreadableMessage as error:
            message = self._stub(stored)
            receipt = self.desk.quarantine(message, error.cause)
        else:
            receipt = self.desk.receive(message)
        self.account(self.log, message, receipt)

    def _stub(self, stored: StoredObject) -> Message:
        """An unreadable original is known by where it lies: its content has no name to be recognised by."""
        digest = hashlib.sha256(stored.locator.encode()).hexdigest()
        source = Source(self.channel, f"unreadable\n{stored.locator}", digest, stored.locator)
        return Message(source=source, received_at=stored.created_at)
