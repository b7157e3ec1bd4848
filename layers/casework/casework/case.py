"""The nouns the desk decides about: an assessment, a case, its customer, an escalation, a receipt."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is. Order it with ``rank``."""

    CRITICAL = "critical"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"
    NONE = "none"

    @property
    def rank(self) -> int:
        """0 is the worst, so that ascending order is the order of a queue."""
        return list(Severity).index(self)

    def worse_than(self, other: Severity) -> bool:
        """Whether this is strictly worse."""
        return self.rank < other.rank


class Team(StrEnum):
    """Who owns a case. Only ``ESCALATION_TEAMS`` are interrupted."""

    FRAUD = "fraud"
    TRUST = "trust"
    IDENTITY = "identity"
    OPERATIONS = "operations"
    NONE = "none"


ESCALATION_TEAMS = (Team.FRAUD, Team.TRUST, Team.IDENTITY)


class Outcome(StrEnum):
    """Where a message ended. Every received message has exactly one."""

    OPENED = "opened"
    ATTACHED = "attached"
    REPLAYED = "replayed"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class Reason:
    r"""Why the triage thinks so: a rule, and where in the redacted text it holds.

    ``start`` and ``end`` are character offsets into ``"\n".join((subject, text))`` after redaction; ``at_ms`` is the
    millisecond of the call, when the message is one.
    """

    rule: str
    start: int
    end: int
    weight: float
    at_ms: int | None = None


SUSPECTED = "suspected"
"""The cause of an escalation for what is not the likeliest."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A category that interrupts a team, is not the likeliest one, and cannot be ruled out: the team is told for its sake."""

    category: str
    team: Team
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What the triage thinks of one message, with reasons."""

    language: str
    category: str
    severity: Severity
    team: Team
    confidence: float
    """0 to 1."""
    escalates: bool
    """Whether a team must be told at once: the category's own, or that of ``suspicion``."""
    abstained: bool = False
    also: tuple[str, ...] = ()
    """Other categories with evidence, best first; for an abstention its best guesses."""
    facets: dict[str, str] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()
    policy_version: str = ""
    model_version: str = ""
    suspicion: Suspicion | None = None
    """What the team is told for, where the category alone would interrupt nobody."""
    follow_up: float = 0.5
    """How likely it goes on with what its sender told before, by its words alone, 0 to 1."""

    @property
    def told(self) -> tuple[Team, Severity] | None:
        """Which team is told at once, and how severe it is to them."""
        if self.suspicion:
            return self.suspicion.team, self.suspicion.severity
        return (self.team, self.severity) if self.escalates else None


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret that was taken out of a text. What it was is never kept: only its kind and its placeholder."""

    kind: str
    placeholder: str
    verified: bool | None = None
    """Whether its checksum holds; ``None`` when the kind has none."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing named in a text that can be compared: ``kind`` such as ``tx_hash``, ``address``, ``reference``, ``amount``."""

    kind: str
    value: str
    """In normal form, so that two mentions of one thing are equal."""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSummary:
    """What must be known of a case to recognise its next message; it travels on the customer's item, so keep it small."""

    case_id: str
    opened_at: datetime
    last_at: datetime
    category: str
    severity: Severity
    team: Team
    opened_as: str = ""
    """The category it had first, ``other`` aside, where it has another one now; empty where it has not."""
    certainty: int = 100
    """In percent, how sure the triage is of the category; a person's word is 100, and so is what was stored without it."""
    loss: str = "none"
    verified: bool = True
    """Whether anybody authenticated has spoken in it; a case opened by a claim alone is the first to be forgotten."""
    closed_at: datetime | None = None
    merged_into: str = ""
    """The case that goes on with this one's matter, or empty: what would come here goes there."""
    split_from: str = ""
    """The case whose messages it was opened for, or empty: names that led there may lead here."""
    messages: int = 1
    entities: tuple[str, ...] = ()
    """``kind:value`` of strong entities, newest last, bounded."""
    fingerprint: str = ""
    sketch: str = ""
    """The terms of its first message, see ``casework.text.likeness``: what another telling is compared with."""
    gist: str = ""
    """The meanings of its first message, see ``casework.classifier.gist``: another language has them, too."""
    said: str = ""
    """Passages of its newest messages, see ``casework.text.passages``: what a reply without headers may quote."""
    details: tuple[str, ...] = ()
    """``kind:value`` of what messages of one form differ in, see ``casework.text.details``; newest last, bounded."""
    escalated: dict[str, str] = field(default_factory=dict)
    """team -> worst severity already raised to it."""
    subject: str = ""
    """Redacted, normalised and short: replies without headers are recognised by it."""


@dataclass(frozen=True, slots=True)
class Customer:
    """What one read tells of a customer: every identity known to be theirs, and their recent cases.

    All identity items of one customer carry the same content and the same ``version``: whoever reads one has read all,
    and a writer who replaces all of them on the condition of that version excludes every other writer.
    ``version`` 0 means that nothing is stored yet.
    """

    keys: tuple[str, ...]
    version: int = 0
    cases: tuple[CaseSummary, ...] = ()
    parted: tuple[str, ...] = ()
    """Identities that a person said are somebody else's: no message ever links them again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """A demand for a team's attention, with a deadline. ``rung`` 0 is the first notification."""

    escalation_id: str
    case_id: str
    message_id: str
    team: Team
    severity: Severity
    category: str
    language: str
    raised_at: datetime
    due_at: datetime
    """When somebody must have acknowledged it, aware UTC."""
    cause: str
    """``opened``, ``suspected``, ``severity_rose``, ``loss_worsened``, ``new_fact``, or ``reclassified`` by a person."""
    reasons: tuple[str, ...] = ()
    """Rule names, best first."""
    facets: dict[str, str] = field(default_factory=dict)
    rung: int = 0
    policy_version: str = ""
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """How a message was recognised as belonging to a case: which rule, how sure, on what evidence."""

    rule: str
    """``replay``, ``thread`` or ``same_matter``."""
    score: float
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a door answers. ``reference`` is public: it belongs to the message and reveals nothing of any case."""

    message_id: str
    outcome: Outcome
    reference: str
    received_at: datetime
    """When the message first arrived; a replay says the same."""
    case_id: str = ""
    cause: str = ""
    """Why it was quarantined; ``replaced`` for a replay that gave the message its redacted text; else empty."""
    related: tuple[str, ...] = ()
    escalations: tuple[str, ...] = ()
    unverified: bool = False
    """Attached beside a matter by somebody who only claims to be its customer."""
    duplicate: Duplicate | None = None
    """How it was recognised as belonging to a case, or ``None`` when it opened one."""
    assessment: Assessment | None = None
    """What the triage thought; ``None`` for a replay and for what could not be read."""
    shadow: Assessment | None = None
    """What a candidate policy would have thought, while one is tried."""
