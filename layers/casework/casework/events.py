"""What the system announces: frozen models in the past tense, one JSON Schema each in ``docs/events``.

A class's name is its ``detail-type`` on the bus. An event names ids, categories, reasons and deadlines; it never carries
text, an address or anything else about a person, because events are archived, logged and fanned out to other systems.
Delivery is at least once: ``event_id`` is the same whenever the same thing is announced again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from casework.case import Severity, Team
from casework.message import Channel
from casework.table import Item
from casework.times import parse

SOURCE = "casework"
"""The ``source`` of every event on the bus; the only one the publisher's role may use."""


class Event(BaseModel):
    """Something that has happened to a case."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    event_id: str = Field(pattern=r"^[0-9a-f]{32}$", description="Stable: the same announcement repeated has the same id.")
    occurred_at: AwareDatetime
    case_id: str = Field(description="Opaque id of the case; empty for a message that became no case's.")

    detail_types: ClassVar[dict[str, type[Event]]] = {}

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        """Keep the catalogue of everything that may be announced."""
        Event.detail_types[cls.__name__] = cls


class CaseOpened(Event):
    """A message was about something new."""

    category: str
    severity: Severity
    team: Team
    language: str
    message_id: str
    related: tuple[str, ...] = ()


class MessageAttached(Event):
    """A message was recognised as belonging to a case."""

    message_id: str
    channel: Channel
    rule: Literal["thread", "same_matter"] = Field(description="Which rule recognised it.")
    score: float = Field(ge=0, le=1)
    unverified: bool = Field(description="Its sender only claims to be the case's customer.")


class MessageQuarantined(Event):
    """A message became no case's and waits for a person."""

    message_id: str
    channel: Channel
    cause: str


class EscalationRaised(Event):
    """A team must look at a case now."""

    escalation_id: str
    message_id: str
    team: Team
    severity: Severity
    category: str
    language: str
    cause: Literal["opened", "severity_rose", "loss_worsened", "new_fact"]
    reasons: tuple[str, ...] = Field(description="Names of the rules that held, best first.")
    due_at: AwareDatetime
    rung: int
    policy_version: str


class EscalationClimbed(Event):
    """Nobody answered in time, and the next people must hear of it."""

    escalation_id: str
    message_id: str
    team: Team
    severity: Severity
    category: str
    language: str
    due_at: AwareDatetime
    rung: int = Field(ge=1)
    unanswered: bool = Field(description="This was the last rung of the ladder.")


class EscalationAcknowledged(Event):
    """Somebody of the team has taken an escalation on. Who it was is in the table, not here."""

    escalation_id: str
    team: Team
    severity: Severity
    rung: int
    seconds_to_acknowledge: int = Field(ge=0)


def announcements(before: Item | None, after: Item | None) -> Iterator[Event]:
    """What a change of one item of the table means to the world: nothing, or one event.

    A pure function of the two images, so that a stream record that is read twice announces the same event twice.
    """
    if after is None:
        return
    announce = _ANNOUNCED.get(after.get("kind", ""))
    event = announce(before, after) if announce else None
    if event:
        yield event


def _case(before: Item | None, after: Item) -> Event | None:
    if before is not None:
        return None
    return CaseOpened(
        event_id=_id("CaseOpened", after["case_id"]),
        occurred_at=after["opened_at"],
        message_id=after["opened_by"],
        related=tuple(after.get("related", ())),
        **_some(after, "case_id", "category", "severity", "team", "language"),
    )


def _message(before: Item | None, after: Item) -> Event | None:
    if before is not None or after["outcome"] != "attached":
        return None
    return MessageAttached(
        event_id=_id("MessageAttached", after["message_id"]),
        occurred_at=after["received_at"],
        rule=after["duplicate"]["rule"],
        score=after["duplicate"]["score"],
        **_some(after, "case_id", "message_id", "channel", "unverified"),
    )


def _quarantined(before: Item | None, after: Item) -> Event | None:
    if before is not None:
        return None
    return MessageQuarantined(
        event_id=_id("MessageQuarantined", after["message_id"]),
        occurred_at=after["received_at"],
        case_id="",
        **_some(after, "message_id", "channel", "cause"),
    )


def _escalation(before: Item | None, after: Item) -> Event | None:
    if before is None:
        return _raised(after)
    if "acknowledged_at" in after and "acknowledged_at" not in before:
        return _acknowledged(after)
    return _climbed(after) if after["rung"] > before["rung"] else None


def _raised(after: Item) -> Event:
    return EscalationRaised(
        event_id=_id("EscalationRaised", after["escalation_id"]),
        occurred_at=after["raised_at"],
        reasons=tuple(after.get("reasons", ())),
        **_some(after, *_ESCALATION, "category", "language", "cause", "message_id", "due_at", "policy_version"),
    )


def _climbed(after: Item) -> Event:
    return EscalationClimbed(
        event_id=_id("EscalationClimbed", after["escalation_id"], str(after["rung"])),
        occurred_at=after["climbed_at"],
        unanswered="due" not in after,
        **_some(after, *_ESCALATION, "category", "language", "message_id", "due_at"),
    )


def _acknowledged(after: Item) -> Event:
    waited = parse(after["acknowledged_at"]) - parse(after["raised_at"])
    return EscalationAcknowledged(
        event_id=_id("EscalationAcknowledged", after["escalation_id"]),
        occurred_at=after["acknowledged_at"],
        seconds_to_acknowledge=max(0, int(waited.total_seconds())),
        **_some(after, *_ESCALATION),
    )


_ESCALATION = ("case_id", "escalation_id", "team", "severity", "rung")
_ANNOUNCED = {"case": _case, "message": _message, "quarantined": _quarantined, "escalation": _escalation}


def _some(item: Item, *names: str) -> dict[str, Any]:
    return {name: item[name] for name in names}


def _id(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
