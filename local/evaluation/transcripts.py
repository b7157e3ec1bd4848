"""Kind ``voice/transcripts``: outputs of Amazon's services. What is rebuilt must be what was spoken."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from casework.errors import UnreadableMessage
from functions.voice import transcript
from local.evaluation.row import Row, most_common, share
from local.evaluation.trial import START


def rows(kind: str, folder: Path) -> Iterator[Row]:
    """Compare letters, for no two services put blanks and turns alike; as a bag, for channels are interleaved."""
    results = {file: _result(file.read_bytes()) for file in sorted(folder.rglob("*.json"))}
    refused = Counter(each for each in results.values() if isinstance(each, str))
    compared = {file: each for file, each in results.items() if isinstance(each, tuple)}
    yield share(kind, "transcripts read", len(compared), len(results), most_common(refused))
    missed = [file.name for file, (rebuilt, spoken) in compared.items() if _letters(rebuilt) != _letters(spoken)]
    yield share(kind, "words rebuilt = words spoken", len(compared) - len(missed), len(compared), ", ".join(missed[:4]))
    words = sum(len(spoken.split()) for _, spoken in compared.values())
    kept = sum((Counter(rebuilt.split()) & Counter(spoken.split())).total() for rebuilt, spoken in compared.values())
    yield share(kind, "words kept, over all", kept, words)


def documented(kind: str, folder: Path) -> Iterator[Row]:
    """Kind ``voice/aws_docs``: the examples in AWS's pages. Most are cut short there, and are refused for that."""
    examples = [
        (file.stem, block) for file in sorted(folder.glob("*.md")) for block in _examples(file.read_text(encoding="utf-8"))
    ]
    results = {f"{stem} {number}": _result(block.encode()) for number, (stem, block) in enumerate(examples)}
    crashed = [f"{name}: {result}" for name, result in results.items() if str(result).startswith("EXCEPTION")]
    refused = Counter(result for result in results.values() if isinstance(result, str))
    yield share(kind, "examples read, or refused with a cause", len(results) - len(crashed), len(results), most_common(refused))
    read = {name: result for name, result in results.items() if isinstance(result, tuple)}
    exact = sum(_letters(rebuilt) == _letters(spoken) for rebuilt, spoken in read.values())
    yield share(kind, "words rebuilt = words spoken", exact, len(read), ", ".join(read))


def _examples(page: str) -> Iterator[str]:
    """Code blocks that look like JSON; commas that AWS's pages leave before a bracket are taken out."""
    for block in re.findall(r"```\w*\n(.*?)```", page, re.DOTALL):
        if block.lstrip().startswith("{"):
            yield re.sub(r",(\s*[}\]])", r"\1", block)


def _result(raw: bytes) -> tuple[str, str] | str:
    """What was rebuilt and what was spoken, or why it was refused."""
    try:
        message = transcript.read(raw, received_at=START)
    except UnreadableMessage as unreadable:
        return unreadable.cause
    except Exception as error:  # noqa: BLE001 - that nothing else escapes is what is being measured
        return f"EXCEPTION {type(error).__name__}"
    return " ".join(turn.text for turn in message.turns), _spoken(json.loads(raw))


def _spoken(document: Any) -> str:
    """What the service says was spoken, as each shape says it."""
    if "results" in document:
        return " ".join(each["transcript"] for each in document["results"].get("transcripts", ()))
    if "SpeechSegments" in document:
        return " ".join(each.get("OriginalText") or each.get("DisplayText") or "" for each in document["SpeechSegments"])
    turns = document.get("Transcript") or ()
    return " ".join(str(each.get("Content") or "") for each in turns if isinstance(each, dict))


def _letters(text: str) -> Counter[str]:
    return Counter("".join(each for each in text if each.isalnum()))
