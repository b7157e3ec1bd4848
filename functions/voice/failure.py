"""Jobs that failed: a service says that a call will never have a transcript. A person must listen to it instead.

These events are sent on a best-effort basis, so that none of them is no proof of anything. Shapes as in the Transcribe
developer guide, "Using Amazon EventBridge with Amazon Transcribe", and the Connect administrator guide, "Error notifications:
When Contact Lens can't analyze a contact".
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from casework.errors import NotOurEvent
from casework.message import Channel, Message, Source
from casework.redaction.cuts import cut
from casework.times import parse
from functions.voice.call import stated
from functions.voice.document import at, text

MAX_NAME = 512
"""Characters of what names a job: Transcribe allows 200, the ARN of a contact has about 150."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a service calls its jobs, and where its events say which it was, how it ended and why."""

    service: str
    jobs: str
    name: str
    status: str
    reason: str = "FailureReason"


KINDS: Mapping[tuple[str, str], Kind] = {
    ("aws.transcribe", "Transcribe Job State Change"): Kind(
        "transcribe", "transcription-job", "TranscriptionJobName", "TranscriptionJobStatus"
    ),
    ("aws.transcribe", "Call Analytics Job State Change"): Kind("call_analytics", "analytics-job", "JobName", "JobStatus"),
    ("aws.transcribe", "Call Analytics Post Call Job State Change"): Kind(
        "call_analytics", "streaming-session", "StreamingSessionId", "PostCallStatus"
    ),
    ("aws.connect", "Contact Lens Analysis State Change"): Kind("contact_lens", "contact", "contact", "state", "reasonCode"),
}
"""By the event's ``source`` and ``detail-type``. The template's rule TranscriptionFailed lets the same ones through."""


def read(event: object) -> Message | None:
    """Read the failure of a job as a message without text; ``None`` for any other event, a job that ended well, or a chat's.

    The same job always gives the same source, however often its failure is told. What names the job is the locator.
    Raises ``NotOurEvent`` for a failure that does not say when it was.
    """
    kind = KINDS.get((text(at(event, "source")), text(at(event, "detail-type"))))
    if kind is None or not _failed(event, kind):
        return None
    job = cut(text(at(event, "detail", kind.name)) or text(at(event, "id")), MAX_NAME)
    locator = job if job.startswith("arn:") else _locator(event, kind, job)
    digest = hashlib.sha256(locator.encode()).hexdigest()
    return Message(
        source=Source(Channel.VOICE, f"failed\n{locator}", digest, locator),
        received_at=_instant(event),
        facts=stated(
            service=kind.service, job=job.rsplit("/", 1)[-1], failure_reason=text(at(event, "detail", kind.reason)) or "unknown"
        ),
    )


def _failed(event: object, kind: Kind) -> bool:
    spoken = text(at(event, "detail", "channel")).upper() in {"", "VOICE"}
    return spoken and text(at(event, "detail", kind.status)).upper() == "FAILED"


def _locator(event: object, kind: Kind, job: str) -> str:
    """Transcribe's events carry no ARN; a job's name is unique in an account and region."""
    return f"transcribe://{text(at(event, 'region'))}/{text(at(event, 'account'))}/{kind.jobs}/{job}"


def _instant(event: object) -> datetime:
    try:
        return parse(text(at(event, "time")))
    except ValueError as error:
        raise NotOurEvent("expected the time of a job's failure") from error
