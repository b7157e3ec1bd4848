"""The nouns of a backtest: a text to be judged, what is known of it, and everything that was read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from casework.case import Assessment, Secret
from casework.message import Message


class Unusable(ValueError):
    """A line or an item that cannot be judged. The message says why, in a few words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What a careful analyst would make of a text. What nobody said is empty or ``None``, and is not measured."""

    categories: tuple[str, ...] = ()
    """The acceptable ones, best first."""
    escalates: bool | None = None
    loss: str = ""
    role: str = ""

    @property
    def known(self) -> bool:
        """Whether there is anything to measure by."""
        return bool(self.categories or self.escalates is not None or self.loss or self.role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What was decided about a stored message when it came in."""

    assessment: Assessment
    shadow: Assessment | None = None
    """What the candidate of that day would have decided."""
    reread: bool = False
    """Whether a second reader had the last word, which no policy has."""
    choice_lost: bool = False
    """Whether the customer's own choice of a category counted, and the item does not say which it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One text to be judged, redacted."""

    place: str
    """Where it is found again: file and line, or case and message."""
    message: Message
    secrets: tuple[Secret, ...] = ()
    language: str = ""
    """As labelled or stored; empty: what the policy in use finds."""
    labels: Labels = field(default_factory=Labels)
    stored: Stored | None = None

    @property
    def text(self) -> str:
        """Everything that is judged."""
        return "\n".join(filter(None, (self.message.subject, self.message.text)))


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was there and could not be judged."""

    place: str
    why: str


@dataclass(slots=True)
class Input:
    """Everything that was read. ``others`` counts items of the table that are no messages."""

    origin: str
    samples: list[Sample] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    others: int = 0
    documents: list[Mapping[str, Any]] = field(default_factory=list)
    """The items of the case table that were read: messages, and the cases and commands that say what belongs together."""
    learned: int = 0
    """Texts that training learns from: figures over them say nothing about new ones."""


def gathered(origin: str, attempts: Iterable[tuple[str, Callable[[], Sample | None]]]) -> Input:
    """Make a sample of everything that is one. An attempt gives a sample, ``None`` for no message, or raises ``Unusable``."""
    read = Input(origin)
    for place, attempt in attempts:
        try:
            sample = attempt()
        except Unusable as unusable:
            read.skipped.append(Skipped(place, str(unusable)))
            continue
        if sample:
            read.samples.append(sample)
        else:
            read.others += 1
    return read
