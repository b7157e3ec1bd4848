"""The voice door's reader: a transcript of a call, whichever service wrote it, becomes a ``Message``.

Shapes are told apart by what is in them, never by a file's name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from casework.errors import UnreadableMessage
from casework.message import Channel, Identity, Message, Source, Trust, Turn
from functions.voice import analytics, bounds, document, dual_mono, post_call, realtime, telephony, transcribe
from functions.voice.call import AGENT, UNKNOWN, Call, Utterance, shortened
from functions.voice.document import at, text

MAX_NAME = 256
"""Characters of a contact id or a job's name. A longer one names nothing: the digest does."""

SHAPES: tuple[tuple[Callable[[object], bool], Callable[[object], Call]], ...] = (
    (post_call.recognises, post_call.read),
    (analytics.recognises_contact_lens, analytics.read_contact_lens),
    (analytics.recognises_call_analytics, analytics.read_call_analytics),
    (transcribe.recognises, transcribe.read),
    (realtime.recognises, realtime.read),
)
"""Who reads what: the first reader that recognises a document has it."""

STATUSES = (
    ("JobStatus",),
    ("EventType",),
    ("TranscriptionJob", "TranscriptionJobStatus"),
    ("MedicalTranscriptionJob", "TranscriptionJobStatus"),
    ("CallAnalyticsJob", "CallAnalyticsJobStatus"),
    ("detail", "TranscriptionJobStatus"),
    ("detail", "JobStatus"),
    ("detail", "PostCallStatus"),
)
"""Where results, descriptions and events of a job say how it ended; ``status`` beside ``jobName`` is one more."""

REASONS: tuple[tuple[str, ...], ...] = (
    (),
    ("TranscriptionJob",),
    ("MedicalTranscriptionJob",),
    ("CallAnalyticsJob",),
    ("detail",),
)
"""Where they say why: a ``FailureReason`` of theirs."""

NO_METADATA: Mapping[str, str] = MappingProxyType({})


def read(raw: bytes, *, received_at: datetime, locator: str = "", metadata: Mapping[str, str] = NO_METADATA) -> Message:
    """Read one transcript.

    ``metadata`` is the S3 object's user metadata: identities come from it alone. ``Message.text`` is every turn that is
    not the agent's, joined by newlines; no turn contains a line break. An empty transcript is a contact too: it gives a
    message with the signal ``empty_call``.

    Raises ``UnreadableMessage`` with cause ``empty``, ``not_json``, ``not_a_transcript`` or ``job_failed``, whose detail is
    the service's reason; nothing else.
    """
    call = _call(document.parse(raw))
    record = telephony.read(metadata)
    turns, signals = _turns(call)
    doubtful = _is_of_another_call(call, record)
    return Message(
        source=_source(raw, call, record, locator),
        received_at=received_at,
        identities=_identities(record, doubtful=doubtful),
        text=spoken_text(turns),
        language_hint=call.language or record.language,
        turns=tuple(turns),
        signals=_distinct(signals, call.signals, record.signals, ("contact_id_differs",) if doubtful else ()),
        facts=dict(call.facts),
    )


def spoken_text(turns: Iterable[Turn]) -> str:
    """Return what counts as said by the customer: every turn that is not known to be the agent's."""
    return "\n".join(turn.text for turn in turns if turn.role != AGENT)


def _call(content: object) -> Call:
    if _failed(content):
        raise UnreadableMessage("job_failed", _failure_reason(content))
    for recognises, reader in SHAPES:
        if recognises(content):
            return reader(content)
    raise UnreadableMessage("not_a_transcript")


def _failed(content: object) -> bool:
    own = [at(content, "status")] if text(at(content, "jobName")) else []
    return any(text(status).upper() == "FAILED" for status in (*own, *(at(content, *path) for path in STATUSES)))


def _failure_reason(content: object) -> str:
    reasons = (text(at(content, *path, "FailureReason")) for path in REASONS)
    return shortened(next(filter(None, reasons), ""))


def _source(raw: bytes, call: Call, record: telephony.Record, locator: str) -> Source:
    """Name the call by its contact id, so that its original and its redacted file are one message; else by its job."""
    digest = hashlib.sha256(raw).hexdigest()
    names = (call.contact_id, record.contact_id, _job_name(call))
    name = next((name for name in names if _is_name(name)), digest)
    return Source(Channel.VOICE, name, digest, locator)


def _job_name(call: Call) -> str:
    """Return the job's name and when the last word ends.

    A job's name may be given again once the job is deleted, and another call must not pass for a replay. The end of the
    last word is the same before and after redaction, and hardly ever in two calls.
    """
    ends = [utterance.end_ms for utterance in call.utterances if utterance.end_ms is not None]
    return f"{call.job}#{max(ends, default=0)}" if _is_name(call.job) else ""


def _is_name(name: str) -> bool:
    return len(name) <= MAX_NAME and name.casefold() not in telephony.PLACEHOLDERS


def _is_of_another_call(call: Call, record: telephony.Record) -> bool:
    """Whether file and record name two contacts."""
    names = {name.casefold() for name in (call.contact_id, record.contact_id) if _is_name(name)}
    return len(names) > 1


def _identities(record: telephony.Record, *, doubtful: bool) -> tuple[Identity, ...]:
    """Return the record's identities; a record of another contact may be another customer's, and only claims."""
    return tuple(replace(one, trust=Trust.CLAIMED) if doubtful else one for one in record.identities)


def _turns(call: Call) -> tuple[list[Turn], tuple[str, ...]]:
    spoken = _in_order(call.utterances)
    said, copied = (spoken, False) if call.one_channel else dual_mono.collapse(spoken)
    turns, cuts = bounds.bounded([Turn(one.role, one.text, one.start_ms, one.end_ms) for one in said])
    roles = {turn.role for turn in turns}
    found = {
        "empty_call": not turns,
        "roles_unknown": UNKNOWN in roles,
        "no_customer_turns": roles == {AGENT},
        "dual_mono": copied,
    }
    return turns, (*(name for name, holds in found.items() if holds), *cuts)


def _in_order(utterances: Sequence[Utterance]) -> list[Utterance]:
    """By time when every turn has one; else as written."""
    if any(utterance.start_ms is None for utterance in utterances):
        return list(utterances)
    return sorted(utterances, key=lambda utterance: utterance.start_ms or 0)


def _distinct(*groups: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for group in groups for name in group))
