"""Kind ``entities/bip39``: recovery phrases out of the standard's test vectors, of any length and language."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from casework.message import Channel, Message, Source
from casework.redaction import redact_message
from local.evaluation.row import Row, absent, share
from local.evaluation.trial import START

MEANT = "I cannot open my wallet any more.\n{}\nCan you look?"


def rows(kind: str, folder: Path) -> Iterator[Row]:
    """Count the phrases that are found and of which no word is left."""
    for file in sorted(folder.glob("*.json")):
        for language, vectors in json.loads(file.read_text(encoding="utf-8")).items():
            phrases = [phrase for vector in vectors if (phrase := _phrase(vector))]
            found = sum(_taken_out(phrase) for phrase in phrases)
            yield (
                share(kind, f"recovery phrases taken out, {language}", found, len(phrases))
                if phrases
                else absent(kind, file.name)
            )


def _phrase(vector: Any) -> str:
    """The longest run of words in a vector, wherever the file keeps it."""
    texts = vector.values() if isinstance(vector, dict) else vector
    return max((text for text in texts if isinstance(text, str)), key=lambda text: len(text.split()), default="")


def _taken_out(phrase: str) -> bool:
    message = Message(source=Source(Channel.WEB_FORM, "vector", ""), received_at=START, text=MEANT.format(phrase))
    clean, secrets = redact_message(message)
    left = [word for word in phrase.split() if f" {word} " in f" {' '.join(clean.text.split())} "]
    return any(secret.kind == "seed_phrase" for secret in secrets) and not set(left) - set(MEANT.split())
