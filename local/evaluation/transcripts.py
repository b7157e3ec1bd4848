"""Kind ``voice/transcripts``: outputs of Amazon's services. What is rebuilt must be what was spoken."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casework.errors import UnreadableMessage
from casework.message import Message
from functions.voice import transcript
from local.evaluation.row import Row, most_common, share
from local.evaluation.trial import START


def rows(kind: str, folder: Path) -> Iterator[Row]:
    """Compare letters, for no two services put blanks and turns alike; as a bag, for channels are interleaved."""
    results = {file: _result(file.read_bytes()) for file in sorted(folder.rglob("*.json"))}
    refused = Counter(each for each in results.values() if isinstance(each, str))
    read = {file: each for file, each in results.items() if isinstance(each, Rebuilt)}
    yield share(kind, "transcripts read", len(read), len(results), most_common(refused))
    compared = {file: each for file, each in read.items() if "dual_mono" not in each.message.signals}
    missed = [file.name for file, each in compared.items() if not each.is_exact]
    note = ", ".join(missed[:4]) or f"{len(read) - len(compared)} recorded twice, not compared"
    yield share(kind, "words rebuilt = words spoken", len(compared) - len(missed), len(compared), note)
    words = sum(len(each.spoken.split()) for each in compared.values())
    kept = sum((Counter(each.text.split()) & Counter(each.spoken.split())).total() for each in compared.values())
    yield share(kind, "words kept, over all", kept, words)
    turns = [turn for each in read.values() for turn in each.message.turns]
    yield share(kind, "turns with a place in the call", sum(turn.start_ms is not None for turn in turns), len(turns))


def documented(kind: str, folder: Path) -> Iterator[Row]:
    """Kind ``voice/aws_docs``: the examples in AWS's pages. Most are cut short there, and are refused for that."""
    examples = [
        (file.stem, block) for file in sorted(folder.glob("*.md")) for block in _examples(file.read_text(encoding="utf-8"))
    ]
    results = {f"{stem} {number}": _result(block.encode()) for number, (stem, block) in enumerate(examples)}
    crashed = [f"{name}: {result}" for name, result in results.items() if str(result).startswith("EXCEPTION")]
    refused = Counter(result for result in results.values() if isinstance(result, str))
    yield share(kind, "examples read, or refused with a cause", len(results) - len(crashed), len(results), most_common(refused))
    read = {name: result for name, result in results.items() if isinstance(result, Rebuilt)}
    exact = sum(each.is_exact for each in read.values())
    yield share(kind, "words rebuilt = words spoken", exact, len(read), ", ".join(read))


def _examples(page: str) -> Iterator[str]:
    """Code blocks that look like JSON; commas that AWS's pages leave before a bracket are taken out."""
    for block in re.findall(r"```\w*\n(.*?)```", page, re.DOTALL):
        if block.lstrip().startswith("{"):
            yield re.sub(r",(\s*[}\]])", r"\1", block)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A call as the door read it, and what its service says was spoken."""

    message: Message
    spoken: str

    @property
    def text(self) -> str:
        """What all sides said."""
        return " ".join(turn.text for turn in self.message.turns)

    @property
    def is_exact(self) -> bool:
        """Whether every letter is there, and no other."""
        return _letters(self.text) == _letters(self.spoken)


def _result(raw: bytes) -> Rebuilt | str:
    """What was rebuilt and what was spoken, or why it was refused."""
    try:
        message = transcript.read(raw, received_at=START)
    except UnreadableMessage as unreadable:
        return unreadable.cause
    except Exception as error:  # noqa: BLE001 - that nothing else escapes is what is being measured
        return f"EXCEPTION {type(error).__name__}"
    return Rebuilt(message, _spoken(json.loads(raw)))


def _spoken(document: Any) -> str:
    """What the service says was spoken, as each shape says it."""
    if "results" in document:
        return " ".join(each["transcript"] for each in document["results"].get("transcripts", ()))
    if "SpeechSegments" in document:
        return " ".join(each.get("OriginalText") or each.get("DisplayText") or "" for each in document["SpeechSegments"])
    turns = document.get("Transcript")
    if isinstance(turns, list):
        return " ".join(str(each.get("Content") or "") for each in turns if isinstance(each, dict))
    return " ".join(_streamed(document))


def _streamed(document: Any) -> Iterator[str]:
    """The first text of every alternative that a stream's result has, and the content of every segment's turn."""
    if isinstance(document, list):
        yield from (text for each in document for text in _streamed(each))
    elif isinstance(document, dict):
        alternatives = document.get("Alternatives") or document.get("alternatives")
        if alternatives:
            yield str(alternatives[0].get("Transcript") or alternatives[0].get("transcript") or "")
        elif isinstance(document.get("Content"), str):
            yield document["Content"]
        else:
            yield from (text for each in document.values() for text in _streamed(each))


def _letters(text: str) -> Counter[str]:
    return Counter("".join(each for each in text if each.isalnum()))
