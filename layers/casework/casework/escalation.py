"""Whether a message must interrupt a team now, by when somebody must answer, and who hears of it if nobody does."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from casework.case import ESCALATION_TEAMS, SUSPECTED, Assessment, CaseSummary, Escalation, Severity, Team
from casework.contact import STRONG_KINDS, Contact
from casework.policy import Policy
from casework.records import OPEN, escalation_key, escalation_of
from casework.table import ABSENT, PRESENT, Change, Conflict, Key, Table
from casework.times import stamp

LOSS_ORDER = ("none", "attempted", "completed", "in_progress")
"""From the least to the most pressing: what is going on now can still be stopped."""


def escalations(contact: Contact, case_id: str, before: CaseSummary | None, policy: Policy) -> tuple[Escalation, ...]:
    """The demands this message makes. A case that is known already is escalated again only for something new."""
    return tuple(
        _raise(contact, case_id, demand, SUSPECTED if demand.suspected else cause, policy)
        for demand in _demands(contact, policy)
        if (cause := _cause(contact, demand, before))
    )


def worse_loss(one: str, other: str) -> str:
    """The more pressing of two states of a loss."""
    return max(one, other, key=_loss_rank)


def _loss_rank(loss: str) -> int:
    return LOSS_ORDER.index(loss) if loss in LOSS_ORDER else 0


class _Demand(NamedTuple):
    """What a team must hear of, and how severe it is."""

    team: Team
    severity: Severity
    category: str
    suspected: bool = False


def _demands(contact: Contact, policy: Policy) -> Iterator[_Demand]:
    """At most one for each team."""
    first: dict[Team, _Demand] = {}
    for each in _all_demands(contact, policy):
        first.setdefault(each.team, each)
    return (each for each in first.values() if each.team in ESCALATION_TEAMS)


def _all_demands(contact: Contact, policy: Policy) -> Iterator[_Demand]:
    assessment, feared = contact.assessment, contact.assessment.suspicion
    if _is_urgent(assessment, policy):
        yield _Demand(assessment.team, assessment.severity, assessment.category)
    if any(secret.kind in WALLET_SECRETS for secret in contact.secrets):
        yield _Demand(Team.TRUST, policy.category(EXPOSED).severity, EXPOSED)
    if feared:
        yield _Demand(feared.team, feared.severity, feared.category, suspected=True)


def _is_urgent(assessment: Assessment, policy: Policy) -> bool:
    """Whether it interrupts for what it is, and not only for what it might be."""
    if not assessment.suspicion:
        return assessment.escalates
    return policy.escalates(assessment.category, assessment.facets, assessment.severity, assessment.team)


EXPOSED = "secret_exposed"
WALLET_SECRETS = frozenset({"seed_phrase", "private_key", "extended_key"})
"""Whoever has seen one of these owns the wallet: Trust hears of it whatever else the message is about."""


def _cause(contact: Contact, demand: _Demand, before: CaseSummary | None) -> str:
    """Why this team must hear of it now, or empty when it has heard all of it already."""
    if before is None:
        return "opened"
    heard = before.escalated.get(demand.team.value)
    if heard is None or demand.severity.worse_than(Severity(heard)):
        return "severity_rose"
    if _loss_rank(contact.assessment.facets.get("loss", "none")) > _loss_rank(before.loss):
        return "loss_worsened"
    if any(name not in before.entities for name in contact.named(STRONG_KINDS | {"amount"})):
        return "new_fact"
    return ""


def _raise(contact: Contact, case_id: str, demand: _Demand, cause: str, policy: Policy) -> Escalation:
    at, assessment = contact.message.received_at, contact.assessment
    return Escalation(
        escalation_id=escalation_id(case_id, demand.team, contact.message.message_id),
        case_id=case_id,
        message_id=contact.message.message_id,
        team=demand.team,
        severity=demand.severity,
        category=demand.category,
        language=assessment.language,
        raised_at=at,
        due_at=at + timedelta(minutes=policy.minutes(demand.severity, 0, demand.team)),
        cause=cause,
        reasons=tuple(dict.fromkeys(reason.rule for reason in assessment.reasons))[:8],
        facets=dict(assessment.facets),
        policy_version=assessment.policy_version,
    )


def escalation_id(case_id: str, team: Team, message_id: str) -> str:
    """20 hex digits: one message demands each team's attention at most once."""
    return hashlib.sha256(f"escalation\n{case_id}\n{team}\n{message_id}".encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class Escalations:
    """What happens to escalations after they were raised. Everything is by the table alone, so that no lost event matters."""

    table: Table

    def find(self, case_id: str, escalation_id: str) -> Escalation | None:
        """The escalation as stored, or ``None``."""
        key = escalation_key(case_id, escalation_id)
        item = self.table.read([key]).get(key)
        return escalation_of(item) if item else None

    def acknowledge(self, case_id: str, escalation_id: str, *, by: str, at: datetime) -> tuple[Escalation, bool]:
        """Stop the ladder. The flag says whether this very call did it; what is returned is as stored.

        Raises ``KeyError`` when there is no such escalation.
        """
        change = Change(
            escalation_key(case_id, escalation_id),
            set={"acknowledged_at": stamp(at), "acknowledged_by": by},
            remove=("due",),
            expect={"pk": PRESENT, "acknowledged_at": ABSENT},
        )
        stored = self._stored(case_id, escalation_id)
        if stored.acknowledged_at is not None:
            return stored, False
        try:
            self.table.write([change])
        except Conflict:
            return self._stored(case_id, escalation_id), False
        return replace(stored, acknowledged_at=at, acknowledged_by=by), True

    def _stored(self, case_id: str, escalation_id: str) -> Escalation:
        found = self.find(case_id, escalation_id)
        if found is None:
            raise KeyError(escalation_id)
        return found


@dataclass(frozen=True, slots=True)
class Climbed:
    """A rung that was climbed. ``exhausted``: it was the last one, and only people can go on from here."""

    escalation_id: str
    severity: Severity
    rung: int
    exhausted: bool


def climb(table: Table, policy: Policy, now: datetime) -> Iterator[Climbed]:
    """Every overdue escalation climbs one rung.

    Safe to run twice, late, or beside itself: a rung is climbed on the condition that it is the stored one. The next
    deadline counts from ``now``, so that a chaser that was down does not rush through every rung at once.
    """
    for item in table.overdue(now):
        key, severity, rung = Key(item["pk"], item["sk"]), Severity(item["severity"]), int(item["rung"]) + 1
        due = now + timedelta(minutes=policy.minutes(severity, rung, item["team"]))
        exhausted = rung >= policy.last_rung(severity, item["team"])
        change = Change(
            key,
            set={"rung": rung, "due_at": stamp(due), "climbed_at": stamp(now)},
            remove=("due",) if exhausted else (),
            expect={"rung": rung - 1, "due": OPEN},
        )
        try:
            table.write([change])
        except Conflict:
            continue  # somebody acknowledged it, or another chaser was here first
        yield Climbed(key.sk.removeprefix("ESCALATION#"), severity, rung, exhausted)
