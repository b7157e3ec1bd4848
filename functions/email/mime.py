"""The mail reader: raw MIME as SES stores it in, a message out."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

from casework.errors import UnreadableMessage
from casework.message import Message
from functions.email import attachments, bodies, headers, parts, sender, signals, thread, verdicts
from functions.email.parts import Mail

MAX_SUBJECT = 4_000
MAX_RECIPIENTS = 100
MAX_DECODINGS = 20

_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_SEARCHED = 65_536


def read(raw: bytes, *, received_at: datetime, locator: str = "") -> Message:
    """Read a mail. ``received_at`` is aware UTC; ``locator`` says where the original lies.

    Raises ``UnreadableMessage`` (``empty``, ``not_mail``) and nothing else. Time and memory grow with the mail's length
    only, whatever is in it; what is too long is cut, and a signal says so.
    """
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if not raw.strip():
        raise UnreadableMessage("empty")
    mail = parts.parse(raw)
    if not mail.headers.items and _BINARY.search(raw[:_SEARCHED]):
        raise UnreadableMessage("not_mail")
    return _message(raw, mail, received_at, locator)


def _message(raw: bytes, mail: Mail, received_at: datetime, locator: str) -> Message:
    head = mail.headers
    found = verdicts.read(head.items)
    by = sender.read(head, found)
    subject, decodings = headers.decoded(head.raw("subject"))
    said = bodies.read(mail)
    files = attachments.listed(mail.files)
    machine = signals.machine(mail, by, subject)
    return Message(
        source=thread.source(raw, head, locator),
        received_at=received_at,
        identities=by.identities,
        subject=subject[:MAX_SUBJECT],
        text=said.text,
        history=said.history,
        sent_at=sent_at(head.raw("date")),
        sender=by.display,
        recipients=sender.recipients(head, MAX_RECIPIENTS),
        thread_name=thread.name(head),
        references=thread.references(head, signals.original_ids(mail) if machine.is_bounce else ()),
        attachments=files,
        decodings=tuple(dict.fromkeys((*decodings, *said.decodings)))[:MAX_DECODINGS],
        signals=(
            *signals.scans(found),
            *machine.signals,
            *by.signals,
            *signals.content(mail, said, files, (*decodings, *said.decodings)),
        ),
        facts=found.as_facts() | machine.facts,
    )


def sent_at(date: str) -> datetime | None:
    """Read a Date header as aware UTC; nothing for what is no date. No zone is UTC (RFC 5322, 3.3)."""
    try:
        parsed = parsedate_tz(date[:200])
        if parsed is None:
            return None
        zone = timezone(timedelta(seconds=parsed[9] or 0))
        return datetime(*parsed[:6], tzinfo=zone).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
