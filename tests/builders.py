"""Messages, desks and events of the tests: say only what matters."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from casework import policy
from casework.desk import Desk
from casework.identity import Pseudonyms
from casework.message import Channel, Identity, IdentityKind, Message, Source, Trust
from tests.memory_table import MemoryTable

NOON = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)
SECRET = b"a key of the tests, at least 32 bytes long"
POLICY = policy.load()

DRAINED = "Someone is withdrawing all my bitcoin right now, I did not authorise this withdrawal. Please freeze my account!"
DRAINED_JA = "身に覚えのない出金が今まさに行われています。すぐに口座を凍結してください。"
TAX = "How do I download my tax report for last year? I can't find the button."


def minutes(count: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=count)


def an_email(address: str = "hanako@example.jp", trust: Trust = Trust.AUTHENTICATED) -> Identity:
    return Identity(IdentityKind.EMAIL, address, trust)


def an_account(number: str = "KJ-100", trust: Trust = Trust.AUTHENTICATED) -> Identity:
    return Identity(IdentityKind.ACCOUNT, number, trust)


def a_message(
    text: str = TAX,
    *,
    name: str = "",
    channel: Channel = Channel.EMAIL,
    at: datetime = NOON,
    identities: tuple[Identity, ...] | None = None,
    subject: str = "",
    thread: str = "",
    references: tuple[str, ...] = (),
    signals: tuple[str, ...] = (),
) -> Message:
    digest = hashlib.sha256(f"{subject}{text}".encode()).hexdigest()
    return Message(
        source=Source(channel, name or digest, digest, f"s3://originals/{digest[:8]}"),
        received_at=at,
        identities=(an_email(),) if identities is None else identities,
        subject=subject,
        text=text,
        thread_name=thread,
        references=references,
        signals=signals,
    )


def a_desk(table: MemoryTable | None = None) -> tuple[Desk, MemoryTable]:
    table = table or MemoryTable()
    return Desk(table, POLICY, Pseudonyms(SECRET)), table


def a_wary_desk() -> tuple[Desk, MemoryTable]:
    """A desk that tells a team of whatever is not impossible."""
    desk, table = a_desk()
    triage = replace(POLICY.triage, suspicion=replace(POLICY.triage.suspicion, least=1e-6, floor=0.0))
    return replace(desk, policy=replace(POLICY, triage=triage)), table
