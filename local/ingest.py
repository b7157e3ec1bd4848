"""``python -m local ingest FILE…``: any mail, transcript or form through the whole way, and what became of it.

Every input gives exactly one line, whatever happens to it. The fields of the JSON are stable; see ``FIELDS``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from casework.message import Channel
from local.arrival import Arrival, unaccounted
from local.aws.stack import Backend, Stack
from local.channels import channel_of
from local.display import Display
from local.filing import NOBODY_VOUCHED, VOUCHED
from local.intake import Delivery, Intake
from local.progress import Progress
from local.scenes import METADATA, metadata_in, metadata_of

FIELDS = (
    "file",
    "channel",
    "outcome",
    "cause",
    "message",
    "case",
    "related",
    "language",
    "category",
    "also",
    "facets",
    "severity",
    "team",
    "confidence",
    "abstained",
    "reasons",
    "duplicate",
    "escalations",
    "secrets",
    "entities",
)
"""Of one JSON object, in this order."""
STANDARD_INPUT = "-"
BATCH = 10
"""Inputs whose consequences are waited for together."""


class NoInput(Exception):
    """What was asked for cannot be read; the message is one sentence for the person who asked."""


@dataclass(frozen=True, slots=True)
class Options:
    """How files are handed in."""

    channel: Channel | None = None
    """``None``: by content."""
    sender_authenticated: bool = False
    metadata: Mapping[str, str] = field(default_factory=dict)
    """Of every call; for lack of any, what lies beside each transcript."""


def run(
    files: Sequence[str],
    *,
    as_json: bool,
    channel: Literal["email", "voice", "web_form"] | None,
    sender_authenticated: bool,
    metadata: Path | None,
    backend: Backend,
) -> int:
    """Hand in all files, in order, to one stack, and print what became of each. 0 when all are accounted for."""
    try:
        named = list(inputs(files))
        options = Options(Channel(channel) if channel else None, sender_authenticated, _given(metadata))
    except NoInput as error:
        print(error, file=sys.stderr)
        return 2
    display = Display()
    tell = _as_json if as_json else lambda each: display.arrived(each, datetime.now(UTC), each.file)
    with Progress("starting the system on this machine", 1) as starting:
        starting.begin("a few seconds")
        with Stack.start(backend=backend) as stack:
            accounted = hand_in_all(Intake(stack), named, options, tell)
    return 0 if accounted else 1


def inputs(files: Sequence[str]) -> Iterator[Path | None]:
    """Each file once, in order; a folder stands for the files below it, ``-`` for standard input (``None``).

    What lies beside a transcript as its metadata is no input of its own. Raises ``NoInput``.
    """
    for name in files:
        path = Path(name)
        if name == STANDARD_INPUT:
            yield None
        elif path.is_dir():
            yield from (each for each in sorted(path.rglob("*")) if each.is_file() and not _belongs_to_another(each))
        elif path.is_file():
            yield path
        else:
            raise NoInput(f"{name}: there is no such file.")


def hand_in_all(intake: Intake, files: Sequence[Path | None], options: Options, tell: Callable[[Arrival], None]) -> bool:
    """Hand in everything in order and tell each. Returns whether all are accounted for."""
    accounted = True
    with Progress("handing in", len(files)) as progress:
        for batch in batches(files, options):
            progress.begin(batch[0].name)
            for arrival in hand_in(intake, batch, options):
                accounted &= arrival.accounted
                progress.clear()
                tell(arrival)
                progress.done()
    return accounted


@dataclass(frozen=True, slots=True)
class Input:
    """One file as it was found. ``problem`` says why it could not be read."""

    name: str
    file: Path | None
    raw: bytes
    channel: Channel
    problem: str = ""


def batches(files: Sequence[Path | None], options: Options) -> Iterator[list[Input]]:
    """Inputs in order, neighbours of one channel together: what they cause is waited for once."""
    batch: list[Input] = []
    for each in (_found(file, options) for file in files):
        if batch and (each.channel is not batch[0].channel or len(batch) == BATCH):
            yield batch
            batch = []
        batch.append(each)
    if batch:
        yield batch


def hand_in(intake: Intake, batch: Sequence[Input], options: Options) -> list[Arrival]:
    """Put inputs of one channel through the whole way. Nothing that goes wrong with one input stops the others."""
    if len(batch) > 1 and batch[0].channel is not Channel.WEB_FORM:
        try:
            return intake.deliver(*(_addressed(intake, each, options) for each in batch))
        except Exception:  # noqa: BLE001 - one of them, or all: each is tried on its own to find out
            intake.arrivals()
    return [_one(intake, each, options) for each in batch]


def _one(intake: Intake, each: Input, options: Options) -> Arrival:
    try:
        if each.problem:
            raise NoInput(each.problem)  # noqa: TRY301 - told like everything else that may go wrong with it
        if each.channel is Channel.WEB_FORM:
            return intake.form(each.name, each.raw)
        return intake.deliver(_addressed(intake, each, options))[0]
    except Exception as error:  # noqa: BLE001 - every input gives its line, whatever happens to it
        return unaccounted(each.name, each.channel, f"{type(error).__name__}: {error}")


def _found(file: Path | None, options: Options) -> Input:
    name = str(file or STANDARD_INPUT)
    try:
        raw = file.read_bytes() if file else sys.stdin.buffer.read()
    except OSError as error:
        return Input(name, file, b"", options.channel or Channel.EMAIL, error.strerror or str(error))
    return Input(name, file, raw, options.channel or channel_of(raw))


def _addressed(intake: Intake, each: Input, options: Options) -> Delivery:
    if each.problem:
        raise NoInput(each.problem)
    if each.channel is Channel.EMAIL:
        return intake.mail(each.name, each.raw, VOUCHED if options.sender_authenticated else NOBODY_VOUCHED)
    return intake.call(each.name, each.raw, options.metadata or (metadata_of(each.file) if each.file else {}))


def told(arrival: Arrival) -> dict[str, Any]:
    """What is printed as JSON: the fields of ``FIELDS``. Whatever got no receipt counts as held, with what went wrong."""
    outcome = {} if arrival.accounted else {"outcome": "quarantined", "cause": f"unaccounted: {arrival.cause}"}
    return {name: getattr(arrival, name) for name in FIELDS} | outcome


def _as_json(arrival: Arrival) -> None:
    print(json.dumps(told(arrival), ensure_ascii=False), flush=True)


def _given(metadata: Path | None) -> Mapping[str, str]:
    if metadata is None:
        return {}
    try:
        return metadata_in(metadata)
    except (OSError, ValueError) as error:
        raise NoInput(f"{metadata} is no JSON object that says something of a call.") from error


def _belongs_to_another(file: Path) -> bool:
    return file.name.endswith(METADATA) and file.with_name(file.name.removesuffix(METADATA) + ".json").is_file()
