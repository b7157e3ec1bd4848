"""Mail of ours that came back, and the other reports that machines send about mail.

A bounce needs a machine as its witness: its form (RFC 3464), its sender, or the null return path (RFC 5321, 4.5.5). What it
says counts only beside such a witness, for customers write about undeliverable mail, and forward it, in the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from casework.text.patterns import compiled
from functions.email import bounce_wording as wording
from functions.email.bodies import Said
from functions.email.parts import Mail
from functions.email.sender import Sender

NULL_PATH = "null_return_path"
_OFFICER = "officer"
_ROBOT = "robot"
_STATUS, _ORIGINAL, _SUBJECT, _TEXT, _REPLY = "delivery_status", "original", "subject", "text", "smtp_reply"

_BY_SNS = "x-amz-sns-message-id"
_STATUSES = frozenset({"message/delivery-status", "message/global-delivery-status"})
_ENCLOSED = frozenset({"message/rfc822", "message/global", "text/rfc822-headers", "text/rfc822-header", "message/global-headers"})
_FEEDBACK = "message/feedback-report"
_ORIGINAL_ID = re.compile(r"^[> \t]*Message-ID:[ \t]*\r?\n?[ \t]*<([^<>\s]{3,250})>", re.IGNORECASE | re.MULTILINE)
_HEADER_LINE = r"(?im)^[> \t]*(from|to|subject|date|sent):[ \t]*\S"
_HEADERS_QUOTED = 3
"""Headers of one mail that make its beginning."""
_MAX_SEARCHED = 262_144
_MAX_READ = 6_000
"""Characters of what a mail says, and of what it quotes, in which a machine would have said why."""


def evidence(mail: Mail, sender: Sender, subject: str, said: Said, *, is_away: bool = False) -> tuple[str, ...]:
    """Name what shows that a mail of ours came back; nothing if it did not, or if only a person says so.

    A mail that says that somebody ``is_away`` arrived: only proof makes a bounce of its answer.
    """
    if proof := tuple(_proof(mail, sender, subject, said)):
        return proof
    witnesses = tuple(_witnesses(mail, sender))
    if is_away or not witnesses:
        return ()
    words = tuple(dict.fromkeys(_words(mail, subject, said)))
    return (*witnesses, *words) if _suffices(frozenset(witnesses), frozenset(words)) else ()


def is_feedback(mail: Mail, sender: Sender, subject: str, said: Said) -> bool:
    """Whether a mailbox provider passes a complaint about a mail of ours on (ARF, RFC 5965, and what came before it).

    Customers report abuse and enclose it, too: without that form it must come from a machine.
    """
    if is_report(mail, _FEEDBACK) or "x-arf" in mail.headers or _notified(mail, said) == "Complaint":
        return True
    if not _encloses(mail):
        return False
    witness = compiled(wording.IP_COMPLAINTS).match(subject) or any(_witnesses(mail, sender))
    return bool(witness and compiled(wording.COMPLAINTS).match(subject))


def is_by_daemon(sender: Sender) -> bool:
    """Whether a mail system itself wrote, by the name of its mailbox."""
    return _is_daemon(sender.mailbox or sender.display.partition("<")[0].strip(' "'))


def _is_daemon(mailbox: str) -> bool:
    return mailbox.lower().startswith(wording.DAEMONS_BEGIN) and bool(compiled(wording.DAEMON).match(mailbox))


def is_null(path: str) -> bool:
    """Whether nobody is to be told if a mail does not arrive: the null return path."""
    return path.replace(" ", "") == "<>"


def is_robot(mailbox: str) -> bool:
    """Whether a mailbox is one that sends and does not read."""
    return bool(compiled(wording.ROBOTS).match(mailbox))


def is_report(mail: Mail, *kinds: str) -> bool:
    """Whether a mail is a report (RFC 6522) of one of these media types, by its form; persons who forward one send no report."""
    if mail.media_type in kinds:
        return True
    if mail.media_type != "multipart/report":
        return False
    declared = mail.parameters.get("report-type", "").lower()
    return f"message/{declared}" in kinds or not mail.leaf_types.isdisjoint(kinds)


def original_ids(mail: Mail) -> Iterator[str]:
    """Find the Message-IDs of mails enclosed in a bounce, whole or as headers, as a part or in its text."""
    for leaf in mail.leaves:
        if leaf.media_type.startswith(("message/", "text/")):
            searched = leaf.content[:_MAX_SEARCHED].decode("latin-1")
            yield from (found[1] for found in _ORIGINAL_ID.finditer(searched))


def _notified(mail: Mail, said: Said) -> str:
    found = compiled(wording.NOTIFICATIONS).search(said.text[:_MAX_READ]) if _BY_SNS in mail.headers else None
    return found[1] if found else ""


def _proof(mail: Mail, sender: Sender, subject: str, said: Said) -> Iterator[str]:
    """What is enough alone: the form of a report, and senders and headers that nobody else has."""
    if is_report(mail, *_STATUSES):
        yield "report"
    elif _has_status(mail) and _announces(subject):
        yield _STATUS
    if "x-failed-recipients" in mail.headers:
        yield "x-failed-recipients"
    if is_by_daemon(sender):
        yield "daemon"
    if _notified(mail, said) == "Bounce":
        yield _BY_SNS


def _witnesses(mail: Mail, sender: Sender) -> Iterator[str]:
    """What shows that no person sent a mail."""
    path = mail.headers.raw("return-path")
    if is_null(path) or _is_daemon(path.replace(" ", "").strip("<>")):
        yield NULL_PATH
    if compiled(wording.OFFICERS).match(sender.mailbox) or compiled(wording.TITLES).match(sender.display):
        yield _OFFICER
    if not sender.mailbox or is_robot(sender.mailbox) or mail.headers.token("auto-submitted") not in ("", "no"):
        yield _ROBOT


def _words(mail: Mail, subject: str, said: Said) -> Iterator[str]:
    """What a mail says and encloses that mails which come back say and enclose."""
    if _has_status(mail):
        yield _STATUS
    if _encloses(mail) or any(original_ids(mail)) or _quotes_headers(said):
        yield _ORIGINAL
    if _announces(subject):
        yield _SUBJECT
    for text in (said.text[:_MAX_READ], said.history[:_MAX_READ]):
        if compiled(wording.TEXTS).search(text):
            yield _TEXT
        if compiled(wording.ANSWERS).search(text):
            yield _REPLY


def _quotes_headers(said: Said) -> bool:
    found = compiled(_HEADER_LINE).findall(f"{said.text[:_MAX_READ]}\n{said.history[:_MAX_READ]}")
    return len({name.lower() for name in found}) >= _HEADERS_QUOTED


def _announces(subject: str) -> bool:
    if compiled(wording.REPLIES).match(subject):
        return False
    return bool(compiled(wording.SUBJECTS).match(subject) or compiled(wording.TEXTS).search(subject))


def _suffices(witnesses: frozenset[str], words: frozenset[str]) -> bool:
    """Weigh what is said by who says it.

    From the null path anything of a bounce will do. A postmaster may be a person who reports a mail or writes about one,
    and robots send all sorts of things: it must be announced as well as explained, with more or less at hand to show for it.
    """
    if _STATUS in words or (NULL_PATH in witnesses and words):
        return True
    if words >= {_ORIGINAL, _REPLY}:
        return _OFFICER in witnesses or _SUBJECT in words
    shown = {_ORIGINAL, _REPLY, _TEXT} if _OFFICER in witnesses else {_ORIGINAL, _REPLY}
    return _SUBJECT in words and not words.isdisjoint(shown)


def _has_status(mail: Mail) -> bool:
    return not mail.leaf_types.isdisjoint(_STATUSES)


def _encloses(mail: Mail) -> bool:
    return not mail.leaf_types.isdisjoint(_ENCLOSED)
