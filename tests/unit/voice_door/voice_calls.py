"""Builders of transcripts: a test says only what matters to it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from casework.message import Message
from functions.voice import transcript

RECEIVED_AT = datetime(2026, 5, 3, 1, 12, tzinfo=UTC)
SAMPLES = Path(__file__).parents[3] / "events" / "voice" / "transcripts"
MARKS = frozenset(".,?!。、？")


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.json").read_bytes()


def read(content: object, **metadata: str) -> Message:
    """Read bytes as they are, anything else as JSON; ``caller_number="…"`` is metadata ``caller-number``."""
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return transcript.read(raw, received_at=RECEIVED_AT, metadata={key.replace("_", "-"): metadata[key] for key in metadata})


def item(content: str, start: float = 0.0, **more: Any) -> dict[str, Any]:
    if content in MARKS:
        return {"type": "punctuation", "alternatives": [{"confidence": "0.0", "content": content}], **more}
    times = {"start_time": f"{start:g}", "end_time": f"{start + 0.2:g}"}
    return {"type": "pronunciation", **times, "alternatives": [{"confidence": "0.99", "content": content}], **more}


def items(words: Iterable[str], start: float = 0.0, **more: Any) -> list[dict[str, Any]]:
    return [item(word, start + place * 0.25, **more) for place, word in enumerate(words)]


def transcribe(results: Mapping[str, Any], **top: Any) -> dict[str, Any]:
    return {"jobName": "call-1", "accountId": "example", "status": "COMPLETED", "results": dict(results), **top}


def turn(role: str, content: str, start_ms: int | None = 0, end_ms: int | None = 900) -> dict[str, Any]:
    return {"ParticipantRole": role, "Content": content, "BeginOffsetMillis": start_ms, "EndOffsetMillis": end_ms}


def contact_lens(*turns: Mapping[str, Any], contact: str = "contact-1", **top: Any) -> dict[str, Any]:
    return {"CustomerMetadata": {"ContactId": contact}, "JobStatus": "COMPLETED", "Transcript": list(turns), **top}
