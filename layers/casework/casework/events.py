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
    cause: Literal[
        "opened",
        "suspected",
        "severity_rose",
        "loss_worsened",
        "new_fact",
        "reclassified",
        "campaign_found",
        "campaign_grew",
        "campaign_loss",
    ]
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


class CaseClosed(Event):
    """Somebody closed a case."""

    category: str
    severity: Severity
    team: Team


class CaseReopened(Event):
    """A closed case is worked on again."""

    category: str
    severity: Severity
    team: Team
    cause: Literal["message", "command"] = Field(description="The customer wrote again, or somebody reopened it.")


class CaseReclassified(Event):
    """A person corrected what a case is about. Who it was is in the table, not here, and likewise below."""

    command_id: str
    from_category: str
    from_severity: Severity
    from_team: Team
    category: str
    severity: Severity
    team: Team
    policy_version: str
    model_version: str = ""


class CasesMerged(Event):
    """A case goes on in another case of the same customer."""

    command_id: str
    into: str = Field(description="The case that goes on.")
    suspended: tuple[str, ...] = Field((), description="Escalations that wait no more: the other case makes its team hear.")
    ringing: tuple[str, ...] = Field((), description="Escalations that wait on, because nothing else would make their team hear.")


class CasesUnmerged(Event):
    """A case stands by itself again."""

    command_id: str
    out_of: str = Field(description="The case that it had been merged into.")
    restored: tuple[str, ...] = Field((), description="Escalations that wait again.")


class CaseSplit(Event):
    """Messages of a case became another one."""

    command_id: str
    to: str = Field(description="The new case.")
    messages: tuple[str, ...] = Field(description="Their ids.")


class CasesLinked(Event):
    """Two cases have to do with each other, whoever's they are."""

    command_id: str
    other: str


class CasesUnlinked(Event):
    """Two cases have nothing to do with each other after all."""

    command_id: str
    other: str


class IdentityLinked(Event):
    """Two customers are one, by a person's word. Which they are is in the table, not here."""

    command_id: str


class IdentityUnlinked(Event):
    """Two identities that were taken for one customer's are two customers'. Which they are is in the table, not here."""

    command_id: str
    cases: tuple[str, ...] = Field((), description="Cases that went with the identity.")


class CampaignOpened(Event):
    """Several customers are being attacked in the same way. ``case_id`` is the first of their cases, here and below."""

    campaign_id: str
    customers: int = Field(ge=0, description="How many different ones are counted.")
    messages: int = Field(ge=0)


class CampaignGrew(Event):
    """A campaign has reached another order of magnitude, or money was lost in it."""

    campaign_id: str
    customers: int = Field(ge=0)
    messages: int = Field(ge=0)
    lost: int = Field(ge=0, description="Messages of customers whose money is gone, or going.")


class CampaignJoined(Event):
    """A campaign turned out to be another one, and goes on in it."""

    campaign_id: str
    into: str


class CampaignClosed(Event):
    """Somebody closed a campaign. Who it was is in the table, not here."""

    campaign_id: str
    customers: int = Field(ge=0)
    messages: int = Field(ge=0)


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
        return _standing(before, after)
    return CaseOpened(
        event_id=_id("CaseOpened", after["case_id"]),
        occurred_at=after["opened_at"],
        message_id=after["opened_by"],
        related=tuple(after.get("related", ())),
        **_some(after, "case_id", "category", "severity", "team", "language"),
    )


def _standing(before: Item, after: Item) -> Event | None:
    """Closed or open again. What comes of a merge is told by the command that made it."""
    step, named = (before.get("status"), after.get("status")), ("case_id", "category", "severity", "team")
    if step == ("open", "closed"):
        at = after["closed_at"]
        return CaseClosed(event_id=_id("CaseClosed", after["case_id"], at), occurred_at=at, **_some(after, *named))
    if step == ("closed", "open"):
        at, cause = after["reopened_at"], after["reopened_by"]
        return CaseReopened(
            event_id=_id("CaseReopened", after["case_id"], at), occurred_at=at, cause=cause, **_some(after, *named)
        )
    return None


def _command(before: Item | None, after: Item) -> Event | None:
    told = _COMMANDED.get(after["command"])
    if before is not None or told is None:
        return None
    event, names = told
    announced: Event = event(
        event_id=_id(event.__name__, after["command_id"], after["at"]),
        occurred_at=after["at"],
        case_id=after.get("case_id", ""),
        command_id=after["command_id"],
        **{name: after[name] for name in names if name in after},
        **(_corrected(after) if event is CaseReclassified else {}),
    )
    return announced


def _corrected(after: Item) -> dict[str, Any]:
    before = {f"from_{name}": value for name, value in after["from"].items()}
    return before | _some(after["to"], "category", "severity", "team")


def _campaign(before: Item | None, after: Item) -> Event | None:
    """One event for each thing that happens to a campaign once. That it counts on is nobody's news."""
    told = _campaign_told(before, after)
    if told is None:
        return None
    event, mark = told
    known: Item = {**after, "into": after.get("joined_into", ""), "lost": after.get("lost", 0)}
    return event(
        event_id=_id(event.__name__, after["campaign_id"], mark),
        occurred_at=after["last_at"],
        case_id=after["first_case"],
        **{
            name: known.get(name, 0)
            for name in ("campaign_id", "into", "customers", "messages", "lost")
            if name in event.model_fields
        },
    )


def _campaign_told(before: Item | None, after: Item) -> tuple[type[Event], str] | None:
    """What has happened, and what makes it different from the same thing happening another time."""
    if before is None:
        return CampaignOpened, ""
    if after["status"] != before["status"]:
        ended: dict[str, type[Event]] = {"joined": CampaignJoined, "closed": CampaignClosed}
        return (ended[after["status"]], after.get("closed_at", "")) if after["status"] in ended else None
    reached = [f"{item.get('rung', 0)} {item.get('loss_told', False)}" for item in (before, after)]
    return (CampaignGrew, reached[1]) if reached[0] != reached[1] else None


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
_COMMANDED: dict[str, tuple[Any, tuple[str, ...]]] = {
    "merge": (CasesMerged, ("into", "suspended", "ringing")),
    "unmerge": (CasesUnmerged, ("out_of", "restored")),
    "split": (CaseSplit, ("to", "messages")),
    "link": (CasesLinked, ("other",)),
    "unlink": (CasesUnlinked, ("other",)),
    "reclassify": (CaseReclassified, ("policy_version", "model_version")),
    "link_identity": (IdentityLinked, ()),
    "unlink_identity": (IdentityUnlinked, ("cases",)),
}
"""What the note of a command announces, and what it tells. That a case was closed or reopened, the case itself tells."""
_ANNOUNCED = {
    "case": _case,
    "message": _message,
    "quarantined": _quarantined,
    "escalation": _escalation,
    "command": _command,
    "campaign": _campaign,
}


def _some(item: Item, *names: str) -> dict[str, Any]:
    return {name: item[name] for name in names}


def _id(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
