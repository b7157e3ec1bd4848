"""Mails of any kind: whether each is read, and where it ends.

Kinds ``mail/awkward``, ``mail/threads``, ``mail/phishing``, and the accounting of ``mail/parsed``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from casework.case import Outcome, Receipt
from casework.errors import UnreadableMessage
from casework.message import Channel, Message, Source
from functions.email import mime
from local.evaluation.row import Row, most_common, share
from local.evaluation.trial import START, Trial
from local.filing import VOUCHED, Verdicts, object_id, stored

NO_MAIL = frozenset({".md", ".golden", ".json", ".xml", ".yml", ".jsonl"})
"""What lies beside mails and is none."""
_UNREADABLE, _ESCAPED, _LOST = "unreadable: ", "exception: ", "lost characters"


@dataclass(frozen=True, slots=True)
class Sorted:
    """One mail after the desk had it; ``message`` is ``None`` when it could not be read."""

    file: Path
    message: Message | None
    receipt: Receipt


def mails_in(folder: Path) -> list[Path]:
    """Every file below a folder that may be a mail, in a stable order."""
    return sorted(file for file in folder.rglob("*") if file.is_file() and file.suffix.lower() not in NO_MAIL)


def sort_mails(files: list[Path], verdicts: Verdicts = VOUCHED) -> tuple[list[Sorted], list[str]]:
    """File each mail as SES would and give it to one desk, in order. Returns also what went wrong, by file."""
    trial, done, wrong = Trial(), [], []
    for file in files:
        try:
            done.append(_sort(trial, file, verdicts))
        except Exception as error:  # noqa: BLE001 - that nothing at all escapes is what is being measured
            wrong.append(f"{file.name}: {type(error).__name__}: {error}")
    return done, wrong


def _sort(trial: Trial, file: Path, verdicts: Verdicts) -> Sorted:
    raw, at = file.read_bytes(), trial.now
    filed = stored(raw, received_at=at, verdicts=verdicts)
    try:
        message = mime.read(filed, received_at=at, locator=f"s3://mail/{object_id(raw)}")
    except UnreadableMessage as unreadable:
        stub = Message(source=Source(Channel.EMAIL, object_id(raw), object_id(raw)), received_at=at)
        return Sorted(file, None, trial.quarantine(stub, unreadable.cause))
    return Sorted(file, message, trial.receive(message))


def accounted(kind: str, files: list[Path], done: list[Sorted], wrong: list[str]) -> Iterator[Row]:
    """Say how many were read without an exception, and where they ended."""
    ended = Counter(each.receipt.outcome.value for each in done)
    causes = Counter(each.receipt.cause for each in done if each.receipt.outcome is Outcome.QUARANTINED)
    yield share(kind, "mails without an exception", len(done), len(files), "; ".join(wrong[:3]))
    yield share(kind, "mails accounted for", ended.total(), len(files), most_common(ended))
    if causes:
        yield share(kind, "mails quarantined", causes.total(), len(files), most_common(causes))


def every(kind: str, folder: Path) -> Iterator[Row]:
    """``mail``: every mail of every kind, only read. Nothing may escape but ``UnreadableMessage``, and no character be lost."""
    files = mails_in(folder)
    ended = Counter(_read_alone(file) for file in files)
    escaped = {name: count for name, count in ended.items() if name.startswith(_ESCAPED)}
    unreadable = Counter({name: count for name, count in ended.items() if name.startswith(_UNREADABLE)})
    yield share(kind, "exceptions over every mail", sum(escaped.values()), len(files), most_common(Counter(escaped)))
    yield share(kind, "mails refused as unreadable", unreadable.total(), len(files), most_common(unreadable))
    yield share(kind, "mails with a lost character", ended[_LOST], len(files))


def _read_alone(file: Path) -> str:
    try:
        message = mime.read(file.read_bytes(), received_at=START)
    except UnreadableMessage as unreadable:
        return f"{_UNREADABLE}{unreadable.cause}"
    except Exception as error:  # noqa: BLE001 - that nothing at all escapes is what is being measured
        return f"{_ESCAPED}{type(error).__name__}"
    return _LOST if any(decoding.replaced for decoding in message.decodings) else "read"


def awkward(kind: str, folder: Path) -> Iterator[Row]:
    """``mail/awkward``: malformed and nested mails of other libraries' tests."""
    files = mails_in(folder)
    done, wrong = sort_mails(files)
    yield from accounted(kind, files, done, wrong)
    read = [each.message for each in done if each.message]
    garbled = sum(any(decoding.replaced for decoding in message.decodings) for message in read)
    yield share(kind, "mails read without a lost character", len(read) - garbled, len(read))


def threads(kind: str, folder: Path) -> Iterator[Row]:
    """``mail/threads``: ordinary conversations, none of them anybody's emergency."""
    files = _conversation(folder)
    done, wrong = sort_mails(files)
    yield from accounted(kind, files, done, wrong)
    yield _escalated(kind, "false escalations", done)
    replies = [each for each in done if each.message and each.message.references]
    known = sum(bool(each.receipt.related or each.receipt.duplicate) for each in replies)
    yield share(
        kind, "replies joined or linked to a case", known, len(replies), "also counts replies to mails outside the folder"
    )


def phishing(kind: str, folder: Path) -> Iterator[Row]:
    """``mail/phishing``: what attackers send, as if it had been sent to support."""
    files = mails_in(folder)
    done, wrong = sort_mails(files, Verdicts())
    yield from accounted(kind, files, done, wrong)
    found = Counter(each.receipt.assessment.category for each in done if each.receipt.assessment)
    abstained = sum(each.receipt.assessment.abstained for each in done if each.receipt.assessment)
    yield share(
        kind, "category found (neither other nor abstained)", found.total() - found["other"], len(files), most_common(found)
    )
    told = sum(found[name] for name in ("phishing_report", "impersonation_of_us", "impersonation_of_others"))
    yield share(kind, "assessed as phishing or impersonation", told, len(files))
    yield share(kind, "abstained", abstained, len(files))
    yield _escalated(kind, "escalated", done)


def _escalated(kind: str, measure: str, done: list[Sorted]) -> Row:
    raised = [each for each in done if each.receipt.escalations]
    found = Counter(each.receipt.assessment.category for each in raised if each.receipt.assessment)
    return share(kind, measure, len(raised), len(done), most_common(found))


def _conversation(folder: Path) -> list[Path]:
    """The mails in the order of their conversations, then any that belong to none."""
    index = folder / "threads.json"
    listed = json.loads(index.read_text(encoding="utf-8")) if index.is_file() else []
    named = [folder / name for thread in listed for name in thread if (folder / name).is_file()]
    return [*named, *(file for file in mails_in(folder) if file not in set(named))]
