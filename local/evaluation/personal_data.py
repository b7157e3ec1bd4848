"""What leaves a text that should, and what leaves one that should not.

Kind ``text/pii_en``: sentences with labelled spans. Kinds ``mail``, ``text``, ``voice`` and ``duplicates``: everything below
them, in which hardly anybody sends a secret; whatever is taken out there is named, so that a person can look at it.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casework.case import Secret
from casework.errors import UnreadableMessage
from casework.message import Channel, Message, Source, Turn
from casework.redaction import Redactor, redact_message
from functions.email import mime
from local.evaluation.mails import mails_in
from local.evaluation.row import Row, most_common, share
from local.evaluation.trial import START

WANTED = {
    "CREDIT_CARD": {"card_number"},
    "IBAN_CODE": {"bank_account"},
    "US_SSN": {"social_security_number"},
    "US_DRIVER_LICENSE": {"driving_licence"},
    "US_PASSPORT": {"passport"},
    "US_BANK_NUMBER": {"bank_account"},
}
"""Labels of the set, and the kinds of placeholder that such a span may become."""

KEYS = frozenset({"seed_phrase", "private_key", "authenticator_secret", "api_credential", "password", "one_time_code"})
"""Kinds that hardly stand in anybody's mail."""


# What is labelled


def labelled(kind: str, folder: Path) -> Iterator[Row]:
    """Count the labelled spans of which nothing is left, for each label, and what was taken out beside them."""
    records = [record for file in sorted(folder.glob("*.json")) for record in json.loads(file.read_text(encoding="utf-8"))]
    found: defaultdict[str, list[bool]] = defaultdict(list)
    false: Counter[str] = Counter()
    for record in records:
        clean, secrets = _redacted(record["full_text"])
        spans = [(span["entity_type"], span["entity_value"]) for span in record["spans"]]
        for label, value in spans:
            if label in WANTED:
                found[label].append(value not in clean and bool(WANTED[label] & {secret.kind for secret in secrets}))
        wanted = {name for label, _ in spans for name in WANTED.get(label, ())}
        false.update(secret.kind for secret in secrets if secret.kind not in wanted)
    for label, each in sorted(found.items()):
        yield share(kind, f"{label} taken out", sum(each), len(each))
    yield share(kind, "taken out without a label", false.total(), len(records), most_common(false))


def _redacted(text: str) -> tuple[str, tuple[Secret, ...]]:
    redactor = Redactor()
    return redactor.redact(text), redactor.secrets


# What holds no secret


@dataclass(frozen=True, slots=True)
class Suspect:
    """Something that was taken out, and where."""

    file: str
    kind: str


def in_mails(kind: str, folder: Path) -> Iterator[Row]:
    """Every mail below a folder, with its history and what its files say."""
    files, suspects, read = mails_in(folder), [], 0
    for file in files:
        try:
            message = mime.read(file.read_bytes(), received_at=START)
        except UnreadableMessage:
            continue
        read += 1
        suspects += [Suspect(file.name, secret.kind) for secret in redact_message(message)[1]]
    yield from _rows(kind, "mails", suspects, read)


def in_texts(kind: str, folder: Path) -> Iterator[Row]:
    """Every text in every file below a folder, each by itself."""
    suspects, count = [], 0
    for file in sorted(each for each in folder.rglob("*") if each.is_file()):
        for text in _texts(file):
            count += 1
            suspects += [Suspect(file.name, secret.kind) for secret in _redacted(text)[1]]
    yield from _rows(kind, "texts", suspects, count)


def in_speech(kind: str, folder: Path) -> Iterator[Row]:
    """The same for what was spoken: each text as one turn of a call."""
    suspects, count = [], 0
    for file in sorted(each for each in folder.rglob("*") if each.is_file()):
        for text in _texts(file):
            count += 1
            suspects += [Suspect(file.name, secret.kind) for secret in redact_message(_a_call(text))[1]]
    yield from _rows(kind, "texts", suspects, count)


def _a_call(text: str) -> Message:
    source = Source(Channel.VOICE, "call", "")
    return Message(source=source, received_at=START, text=text, turns=(Turn("customer", text),))


def _rows(kind: str, what: str, suspects: Iterable[Suspect], of: int) -> Iterator[Row]:
    keys = Counter(f"{each.kind} {each.file}" for each in suspects if each.kind in KEYS)
    others = Counter(each.kind for each in suspects if each.kind not in KEYS)
    phrases = sum(count for name, count in keys.items() if name.startswith("seed_phrase"))
    yield share(kind, f"seed phrases taken out of {what}", phrases, of, "suspects: a person looks at each")
    yield share(kind, f"keys, passwords, codes taken out of {what}", keys.total(), of, most_common(keys))
    yield share(kind, f"other numbers taken out of {what}", others.total(), of, most_common(others))


def _texts(file: Path) -> Iterator[str]:
    """Every string of a JSON file, every cell of a table, every other file whole."""
    text = file.read_text(encoding="utf-8", errors="replace")
    match file.suffix.lower():
        case ".json" | ".jsonl":
            yield from _strings(_loaded(text))
        case ".csv" | ".tsv":
            csv.field_size_limit(sys.maxsize)
            for row in csv.reader(text.splitlines(keepends=True), delimiter="\t" if file.suffix.lower() == ".tsv" else ","):
                yield from row
        case _:
            yield text


def _loaded(text: str) -> Any:
    """One document, or one to a line whatever the file is called."""
    try:
        return json.loads(text)
    except ValueError:
        return [_line(line) for line in text.splitlines()]


def _line(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
