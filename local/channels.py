"""Which door a file belongs to, told by its content: nobody should have to rename anything to try it."""

from __future__ import annotations

import json
from typing import Any

from casework.message import Channel

TRANSCRIPT_KEYS = frozenset(
    {
        "results",
        "Transcript",
        "SpeechSegments",
        "ConversationAnalytics",
        "Participants",
        "ContactId",
        "CustomerMetadata",
        "jobName",
        "JobName",
        "JobStatus",
        "TranscriptionJob",
        "MedicalTranscriptionJob",
        "CallAnalyticsJob",
    }
)
"""What outputs of Amazon Transcribe, Call Analytics, Contact Lens and post-call analytics have at their top, each some of it."""


def channel_of(raw: bytes) -> Channel:
    """Tell a transcript and a form by what is in them; everything else is mail, whatever it is called."""
    document = _object(raw)
    if document.keys() & TRANSCRIPT_KEYS:
        return Channel.VOICE
    return Channel.WEB_FORM if "description" in document else Channel.EMAIL


def _object(raw: bytes) -> dict[str, Any]:
    """Read a JSON object, or an empty one for anything else."""
    if not raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return {}
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}
