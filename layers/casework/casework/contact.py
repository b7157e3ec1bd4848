"""A message as the desk works on it: redacted, read and assessed, with everything that recognition compares."""

from __future__ import annotations

from dataclasses import dataclass

from casework.case import Assessment, Entity, Secret
from casework.identity import Sender
from casework.message import Message

STRONG_KINDS = frozenset({"tx_hash", "address", "reference", "own_reference", "url", "domain"})
"""Kinds of entity that name one thing in the world: two messages that share one are probably about the same thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One message and all that was found in it before anything was looked up."""

    message: Message
    secrets: tuple[Secret, ...]
    entities: tuple[Entity, ...]
    assessment: Assessment
    sender: Sender
    thread: str
    """The keyed hash of the name that replies will refer to, or empty."""
    own_reference: str
    """The keyed hash of its public reference: the customer may name it on any channel."""
    references: tuple[str, ...]
    """The keyed hashes of the names it answers, nearest first: what its channel says, and public references in its text."""
    fingerprint: str
    sketch: str = ""
    """The terms of its text, see ``casework.text.likeness``."""
    gist: str = ""
    """The meanings of its text, see ``casework.classifier.gist``."""
    said: str = ""
    """Passages of its text, see ``casework.text.passages``."""
    details: tuple[str, ...] = ()
    """What messages of one form differ in, see ``casework.text.details``."""
    quoted: frozenset[int] = frozenset()
    """Passages of earlier messages that it quotes."""
    thanks: bool = False
    """Whether it thanks for what was done, and says and brings nothing else."""
    shadow: Assessment | None = None
    """What a candidate policy would have thought: recorded, and never acted on."""

    def named(self, kinds: frozenset[str]) -> tuple[str, ...]:
        """``kind:value`` of its entities of those kinds, without repeats, in order of appearance."""
        return tuple(dict.fromkeys(f"{entity.kind}:{entity.value}" for entity in self.entities if entity.kind in kinds))
