"""Attachments of a form: where a client may put them, and what was put there, once a form names it.

A file never passes through the form. The client gets a form of its own for the bucket, which takes that one type and no more
than the declared size under a key nobody can guess; the ticket it gets beside it is what the form then carries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from casework.errors import UnreadableMessage
from casework.message import Attachment, Message
from casework.times import stamp
from functions.web_form import ticket
from functions.web_form.ticket import Ticket

if TYPE_CHECKING:
    from functions.web_form.upload_request import File

TO_UPLOAD = timedelta(minutes=15)
"""How long the bucket takes the file."""
TO_ATTACH = timedelta(hours=24)
"""How long a form may name it."""


class Bucket(Protocol):
    """Where uploads lie. Two exist: ``casework.aws.uploads`` and the tests'."""

    def offer(self, key: str, media_type: str, size: int, lifetime: timedelta) -> dict[str, Any]:
        """What a browser posts a file with: ``url`` and ``fields``; good for one type, and at most ``size`` bytes."""

    def take(self, key: str, limit: int) -> tuple[bytes, str] | None:
        """The content and its locator, or ``None`` when nothing of at most ``limit`` bytes is there. Raises ``Unavailable``."""


@dataclass(frozen=True, slots=True)
class Uploads:
    """Gives out tickets and takes them back. ``bucket`` and ``secret`` are asked for when first needed."""

    bucket: Callable[[], Bucket]
    secret: Callable[[], bytes]
    types: Sequence[str]
    new_key: Callable[[], str]

    def offer(self, files: Sequence[File], account: str, at: datetime) -> list[dict[str, Any]]:
        """Where to put each file, in order."""
        return [self._offer(file, account, at) for file in files]

    def _offer(self, file: File, account: str, at: datetime) -> dict[str, Any]:
        expires_at = int((at + TO_ATTACH).timestamp())
        given = Ticket(self.new_key(), file.name, file.type, file.size, account, expires_at)
        post = self.bucket().offer(given.key, given.media_type, given.size, TO_UPLOAD)
        return {"id": ticket.sign(given, self.secret()), **post, "expires_at": stamp(at + TO_UPLOAD)}

    def attached(self, message: Message, tokens: Sequence[str], account: str) -> Message:
        """The message with the files that the tickets stand for, described; where each lies is among its facts.

        Raises ``UnreadableMessage`` for the first ticket that is of no use, its position as the detail: ``upload_unknown``,
        ``upload_expired``, ``upload_repeated`` or ``upload_missing``. Raises ``Unavailable`` when the bucket does not answer.
        """
        if not tokens:
            return message
        tickets = tuple(self._tickets(tokens, account, message.received_at))
        found = [self._described(position, each) for position, each in enumerate(tickets)]
        facts = {f"attachment_{position}": locator for position, (_, locator) in enumerate(found, 1)}
        return replace(message, attachments=tuple(each for each, _ in found), facts={**message.facts, **facts})

    def _tickets(self, tokens: Sequence[str], account: str, at: datetime) -> Iterator[Ticket]:
        seen: set[str] = set()
        for position, token in enumerate(tokens):
            try:
                read = ticket.read(token, self.secret(), account=account, at=at)
            except UnreadableMessage as error:
                raise UnreadableMessage(error.cause, str(position)) from error
            if read.key in seen:
                raise UnreadableMessage("upload_repeated", str(position))
            seen.add(read.key)
            yield read

    def _described(self, position: int, given: Ticket) -> tuple[Attachment, str]:
        from casework import files  # only forms with attachments pay for it

        found = self.bucket().take(given.key, given.size)
        if found is None:
            raise UnreadableMessage("upload_missing", str(position))
        content, locator = found
        return files.describe(given.name, given.media_type, content), locator
