"""Kind ``mail/threads``, as conversations of one customer: with the headers that name what is answered, and without them.

Every mail comes from the same customer, who is vouched for, at the time its Date says, in the order of time. So nothing is
measured but whether conversations are told apart: with their headers, where those are all it may go by, and without, where
only the subject, what is quoted and what is said are left.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from casework.errors import UnreadableMessage
from casework.message import Identity, IdentityKind, Message, Trust
from casework.policy import Policy
from casework.text.passages import passages, quoted, said
from casework.text.subjects import bare
from functions.email import mime
from local.evaluation.row import Row, pairs_of, share
from local.evaluation.trial import NEVER, START, Trial, shipped

CUSTOMER = Identity(IdentityKind.ACCOUNT, "THREADS-1", Trust.AUTHENTICATED)


class Mail(NamedTuple):
    """A mail as its door reads it, and the conversation it belongs to."""

    name: str
    thread: int
    message: Message


def rows(kind: str, folder: Path) -> Iterator[Row]:
    """Yield precision and recall of pairs: with headers (only joins by a thread count), and without any."""
    mails = conversations(folder)
    expected = pairs_of([mail.name for mail in mails if mail.thread == thread] for thread in {mail.thread for mail in mails})
    yield from _compared(f"{kind} (with headers)", expected, filed(mails, by_thread=True), mails)
    yield from _compared(f"{kind} (without headers)", expected, filed([_bereft(mail) for mail in mails], by_thread=False), mails)


def conversations(folder: Path) -> list[Mail]:
    """The mails of ``threads.json`` that can be read, in the order of their dates."""
    listed = json.loads((folder / "threads.json").read_text(encoding="utf-8"))
    named = [(thread, folder / name) for thread, names in enumerate(listed) for name in names if (folder / name).is_file()]
    mails = [mail for thread, file in named if (mail := _read(thread, file))]
    return sorted(mails, key=lambda mail: mail.message.received_at)


def _read(thread: int, file: Path) -> Mail | None:
    try:
        message = mime.read(file.read_bytes(), received_at=START)
    except UnreadableMessage:
        return None
    return Mail(file.name, thread, replace(message, received_at=message.sent_at or START, identities=(CUSTOMER,), signals=()))


def _bereft(mail: Mail) -> Mail:
    return mail._replace(message=replace(mail.message, thread_name="", references=()))


def filed(mails: Sequence[Mail], *, by_thread: bool) -> set[tuple[str, str]]:
    """Hand the mails to one desk; return the pairs that became one case. ``by_thread``: nothing joins but a thread."""
    trial = Trial(_headers_only() if by_thread else None)
    cases: dict[str, list[str]] = {}
    for mail in mails:
        cases.setdefault(trial.receive(mail.message).case_id, []).append(mail.name)
    return pairs_of(cases.values())


def _headers_only() -> Policy:
    """The shipped policy, by which no text is ever alike enough."""
    return replace(shipped(), duplicates=replace(shipped().duplicates, threshold=NEVER))


def _compared(kind: str, expected: set[tuple[str, str]], got: set[tuple[str, str]], mails: Sequence[Mail]) -> Iterator[Row]:
    right, by_name = len(expected & got), {mail.name: mail for mail in mails}
    wrong = sorted(got - expected)
    alike = sum(_look_like_one(by_name[one].message, by_name[other].message) for one, other in wrong)
    note = f"{alike} of {len(wrong)} wrong pairs have one subject, or one quotes the other"
    yield share(kind, "pairs in one case that are one conversation (precision)", right, len(got), note)
    yield share(kind, "pairs of one conversation in one case (recall)", right, len(expected))


def _look_like_one(one: Message, other: Message) -> bool:
    if bare(one.subject) == bare(other.subject):
        return True
    pairs = ((one, other), (other, one))
    return any(quoted(late.text, late.history) & passages(said(early.text)) for early, late in pairs)
