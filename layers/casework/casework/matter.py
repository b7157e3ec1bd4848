"""How the summary of a case changes with each of its messages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from casework.case import Assessment, CaseSummary, Escalation, Severity
from casework.contact import STRONG_KINDS, Contact
from casework.escalation import worse_loss
from casework.text.details import MAX_DETAILS
from casework.text.passages import added

MAX_ENTITIES = 30
"""Of a case, on the customer's item; the newest are kept."""
MAX_SUBJECT = 80
MACHINES = frozenset({"auto_reply", "out_of_office"})
"""Signals of an answer that nobody wrote: it joins its case and does not reopen it."""
COMPARED_KINDS = STRONG_KINDS | {"amount"}


def case_id_of(message_id: str) -> str:
    """The id of the case a message opens: the same on every retry."""
    return hashlib.sha256(f"case\n{message_id}".encode()).hexdigest()[:16]


def revived(before: CaseSummary, at: datetime) -> CaseSummary:
    """The summary of a closed case that is open again. What teams had heard before it was closed was settled by closing it."""
    return replace(before, closed_at=None, last_at=max(before.last_at, at))


def closed(before: CaseSummary, at: datetime) -> CaseSummary:
    """The summary of a case that somebody closed. Whatever is said of the matter from now on is heard again."""
    return replace(before, closed_at=at, escalated={})


def opened(contact: Contact, case_id: str, raised: Iterable[Escalation]) -> CaseSummary:
    """The summary of a case that this message opens."""
    assessment, at = contact.assessment, contact.message.received_at
    return CaseSummary(
        case_id=case_id,
        opened_at=at,
        last_at=at,
        category=assessment.category,
        severity=assessment.severity,
        team=assessment.team,
        certainty=certainty(assessment),
        loss=assessment.facets.get("loss", "none"),
        verified=bool(contact.sender.authenticated),
        entities=contact.named(COMPARED_KINDS)[-MAX_ENTITIES:],
        fingerprint=contact.fingerprint,
        sketch=contact.sketch,
        gist=contact.gist,
        said=contact.said,
        details=contact.details,
        escalated=heard({}, raised),
        subject=contact.message.subject[:MAX_SUBJECT],
    )


def certainty(assessment: Assessment) -> int:
    """In percent, how sure the triage is of a category: not at all when it abstained."""
    return 0 if assessment.abstained else round(100 * assessment.confidence)


def began_as(first: str, category: str) -> str:
    """What is kept of the category that a case began with, once it has this one: ``other`` is nothing to be known by."""
    return "" if first in {category, "other"} else first


def continued(before: CaseSummary, contact: Contact, raised: Sequence[Escalation]) -> CaseSummary:
    """The summary after one more message: nothing gets less severe by being written to again."""
    assessment = contact.assessment
    decisive = assessment.severity.worse_than(before.severity) or (before.category == "other" and not assessment.abstained)
    category = assessment.category if decisive else before.category
    asks_nothing = (contact.thanks and not raised) or MACHINES.intersection(contact.message.signals)
    return replace(
        before,
        last_at=max(before.last_at, contact.message.received_at),
        category=category,
        opened_as=began_as(before.opened_as or before.category, category),
        team=assessment.team if decisive else before.team,
        certainty=certainty(assessment) if decisive else before.certainty,
        severity=min(before.severity, assessment.severity, key=lambda each: each.rank),
        loss=worse_loss(before.loss, assessment.facets.get("loss", "none")),
        verified=before.verified or bool(contact.sender.authenticated),
        closed_at=before.closed_at if asks_nothing else None,
        messages=before.messages + 1,
        entities=tuple(dict.fromkeys((*before.entities, *contact.named(COMPARED_KINDS))))[-MAX_ENTITIES:],
        sketch=before.sketch or contact.sketch,
        gist=before.gist or contact.gist,
        said=added(before.said, contact.said),
        details=tuple(dict.fromkeys((*before.details, *contact.details)))[-MAX_DETAILS:],
        escalated=heard(before.escalated, raised),
    )


def heard(before: Mapping[str, str], raised: Iterable[Escalation]) -> dict[str, str]:
    """The worst severity each team has heard of."""
    worst = dict(before)
    for escalation in raised:
        known = Severity(worst.get(escalation.team.value, Severity.NONE))
        worst[escalation.team.value] = min(known, escalation.severity, key=lambda each: each.rank).value
    return worst
