"""The story's scenes: what arrives at Kujira Exchange on one morning, in which order, and what must come of it."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

STORY = Path(__file__).parent / "story"
METADATA = ".metadata.json"
"""How the name of a file ends that says something of the call beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One arrival."""

    name: str
    file: Path
    says: str
    """One line for the reader."""
    at: datetime
    """When it arrives, aware UTC."""
    dmarc: str = "none"
    """What the mail service found about the sender; ignored for calls and forms."""
    envelope: str | None = None
    """The SMTP sender, when it is not the mail's own."""
    filed: bool = True
    """Whether the mail service wrote its headers above a mail; if not, the file is the object."""
    key: str = ""
    """A form's Idempotency-Key."""
    metadata: dict[str, str] = field(default_factory=dict)
    """What the call centre's exporter writes on a transcript."""
    expect: dict[str, Any] = field(default_factory=dict)
    """What the tests hold the system to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Something that happens on our side, about the escalation that an earlier scene raised."""

    says: str
    at: datetime
    climbs: str = ""
    """The scene whose escalation nobody answers in time."""
    acknowledges: str = ""
    """The scene whose escalation somebody takes on."""
    by: str = ""
    """Who that is."""


def scenes(directory: Path = STORY) -> tuple[Scene, ...]:
    """Everything that arrives, in its order."""
    return tuple(each for each in story(directory) if isinstance(each, Scene))


def story(directory: Path = STORY) -> tuple[Scene | Turn, ...]:
    """The whole story by its clock; a turn comes after what arrived in the same minute."""
    read = tomllib.loads((directory / "story.toml").read_text(encoding="utf-8"))
    arriving = [_scene(directory, read["start"], each) for each in read["scene"]]
    turning = [Turn(**{**each, "at": read["start"] + timedelta(minutes=each["at"])}) for each in read.get("turn", ())]
    return tuple(sorted([*arriving, *turning], key=lambda each: (each.at, isinstance(each, Turn))))


def sidecar(transcript: Path) -> Path:
    """Where the metadata of a transcript lies: ``call.json`` -> ``call.metadata.json``."""
    return transcript.with_name(transcript.stem + METADATA)


def metadata_of(transcript: Path) -> dict[str, str]:
    """What lies beside a transcript, or nothing. Raises ``ValueError`` when it is no JSON object."""
    beside = sidecar(transcript)
    if not beside.is_file():
        return {}
    return metadata_in(beside)


def metadata_in(file: Path) -> dict[str, str]:
    """Metadata of a file as S3 would hold it: names and values are text. Raises ``ValueError`` when it is no JSON object."""
    found = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise ValueError(f"{file} holds no JSON object")  # noqa: TRY004 - the content is wrong, not the caller
    return {str(name): str(value) for name, value in found.items()}


def _scene(directory: Path, start: datetime, entry: dict[str, Any]) -> Scene:
    file = directory / entry["file"]
    return Scene(
        **{**entry, "file": file, "at": start + timedelta(minutes=entry["at"])},
        metadata=metadata_of(file),
    )
