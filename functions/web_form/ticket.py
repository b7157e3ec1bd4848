"""What a client holds for a file it may upload: signed, so that nobody can make one up or use somebody else's.

The id of an upload *is* its ticket: nothing is stored until a form names it. A ticket from a signed-in customer serves
that customer alone; one that was given to nobody in particular serves whoever holds it, and nobody can guess it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from datetime import datetime

from casework.errors import UnreadableMessage


@dataclass(frozen=True, slots=True)
class Ticket:
    """One file that may be uploaded, and then attached."""

    key: str
    """Where it goes in the bucket."""
    name: str
    media_type: str
    size: int
    """Bytes, as declared; the bucket takes no more."""
    account: str
    """Who was signed in, or empty."""
    expires_at: int
    """Epoch seconds."""


def sign(ticket: Ticket, key: bytes) -> str:
    """Write a ticket for a URL or a JSON text."""
    content = _written(json.dumps(asdict(ticket), ensure_ascii=False, separators=(",", ":")).encode())
    return f"{content}.{_seal(content, key)}"


def read(token: str, key: bytes, *, account: str, at: datetime) -> Ticket:
    """Read a ticket that we signed, for the account that presents it.

    Raises ``UnreadableMessage``: ``upload_unknown`` for one that we never gave to this account, ``upload_expired``.
    """
    content, _, seal = token.partition(".")
    if not hmac.compare_digest(_seal(content, key).encode(), seal.encode("utf-8", "replace")):
        raise UnreadableMessage("upload_unknown")
    ticket = Ticket(**json.loads(_read(content)))
    if ticket.account != account:
        raise UnreadableMessage("upload_unknown")
    if ticket.expires_at <= at.timestamp():
        raise UnreadableMessage("upload_expired")
    return ticket


def _seal(content: str, key: bytes) -> str:
    return _written(hmac.new(key, b"upload\n" + content.encode("utf-8", "replace"), hashlib.sha256).digest())


def _written(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _read(content: str) -> bytes:
    return base64.urlsafe_b64decode(content + "=" * (-len(content) % 4))
