"""Telling a replay, a reply in a thread and the same customer's same matter from something new.

The order is fixed and the first rule that holds decides. No rule ever looks at a case of somebody else: a header alone
joins nothing, because a stranger's text would land in a customer's case and the customer's replies with the stranger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from casework.case import CaseSummary, Customer, Duplicate, Severity, Team
from casework.contact import Contact
from casework.policy import Policy
from casework.records import SourceClaim, ThreadClaim
from casework.resemblance import among, resemblance


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What one batch read found."""

    source: SourceClaim | None = None
    own_thread: ThreadClaim | None = None
    """Whose message already bears this message's own name."""
    threads: tuple[ThreadClaim, ...] = ()
    """The claims of the names it answers, nearest first."""
    customers: tuple[Customer, ...] = ()
    """Whom the sender's keys belong to, without repeats; a key nobody has seen is a customer of version 0."""
    filed: Mapping[str, CaseSummary] = field(default_factory=dict)
    """What the items of cases tell that no customer remembers. Read only after a race was lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A case that the message belongs to."""

    case: CaseSummary
    duplicate: Duplicate
    recalled: bool = True
    """Whether ``case`` is what is stored; ``False`` for a thread's case too old to be on the customer's item."""


def recognise(contact: Contact, known: Known, policy: Policy) -> Match | None:
    """The case this message belongs to, or ``None``: it is something new."""
    return _by_thread(contact, known, policy) or _by_matter(contact, known, policy)


def related_cases(known: Known, own: str) -> tuple[str, ...]:
    """Cases of threads that the message names and may not join."""
    named = (claim.case_id for claim in known.threads)
    return tuple(dict.fromkeys(case_id for case_id in named if case_id != own))


def _by_thread(contact: Contact, known: Known, policy: Policy) -> Match | None:
    mine = {key for customer in known.customers for key in customer.keys}
    for claim in known.threads:
        match = _thread_match(contact, known, claim, policy) if mine.intersection(claim.keys) else None
        if match:
            return match
    return None


def _thread_match(contact: Contact, known: Known, claim: ThreadClaim, policy: Policy) -> Match | None:
    """The thread's case, unless it was closed too long ago, or may be that of somebody the sender was parted from.

    Whoever was parted from somebody, and does not remember the case, may no longer have it.
    """
    duplicate = Duplicate("thread", 1.0, ("answers a message of the case", "the sender belongs to it"))
    match = _followed(claim.case_id, contact, known, duplicate)
    parted = {key for customer in known.customers for key in customer.parted}
    if not match.recalled and parted:
        return None
    return match if _in_grace(match.case, contact, policy) else None


def _followed(case_id: str, contact: Contact, known: Known, duplicate: Duplicate) -> Match:
    """The case of this id; where it was merged, the one that goes on with its matter. Merges are never longer than one step."""
    case, recalled = _recalled(case_id, contact, known)
    if not case.merged_into:
        return Match(case=case, duplicate=duplicate, recalled=recalled)
    evidence = (*duplicate.evidence, f"case {case_id} was merged into it")
    case, recalled = _recalled(case.merged_into, contact, known)
    return Match(case=case, duplicate=replace(duplicate, evidence=evidence), recalled=recalled)


def _recalled(case_id: str, contact: Contact, known: Known) -> tuple[CaseSummary, bool]:
    """The case as its customer's item remembers it; else as its own item has it, or as little as its id tells."""
    for case in _cases(known.customers):
        if case.case_id == case_id:
            return case, True
    return known.filed.get(case_id) or _unrecalled(contact, case_id), False


def _unrecalled(contact: Contact, case_id: str) -> CaseSummary:
    at = contact.message.received_at
    return CaseSummary(
        case_id=case_id, opened_at=at, last_at=at, category="other", severity=Severity.NONE, team=Team.OPERATIONS, verified=False
    )


_BY_MATTER = Duplicate("same_matter", 0.0)


def _by_matter(contact: Contact, known: Known, policy: Policy) -> Match | None:
    places = [(case, _followed(case.case_id, contact, known, _BY_MATTER).case) for case in _cases(known.customers)]
    current = [case for case, place in places if _within(case, place, contact, policy)]
    if not current:
        return None
    score, evidence, case = ranked(contact, current, tuple(_cases(known.customers)), policy)[0]
    if score < policy.duplicates.threshold:
        return None
    return _followed(case.case_id, contact, known, Duplicate("same_matter", round(min(score, 1.0), 3), evidence))


def ranked(
    contact: Contact, cases: Iterable[CaseSummary], remembered: Sequence[CaseSummary], policy: Policy
) -> list[tuple[float, tuple[str, ...], CaseSummary]]:
    """The cases with the sum of what speaks for each and the words for it, best first; of equal ones the one last written to.

    ``remembered``: all cases of the customer, in view of which what several of them have in common tells little.
    """
    others = among(remembered, contact)
    found = ((resemblance(contact, case, others, policy), case) for case in cases)
    scored = [(sum(weight for weight, _ in signs), tuple(words for _, words in signs), case) for signs, case in found]
    return sorted(scored, key=lambda each: (each[0], each[2].last_at), reverse=True)


def _cases(customers: Iterable[Customer]) -> Iterable[CaseSummary]:
    return (case for customer in customers for case in customer.cases)


def _within(case: CaseSummary, place: CaseSummary, contact: Contact, policy: Policy) -> bool:
    """Whether the matter is recent, in its own case or in the one that goes on with it, and that one still takes messages."""
    window = timedelta(days=policy.duplicates.window_days)
    recent = any(_apart(contact.message.received_at, each) <= window for each in (case, place))
    return recent and _in_grace(place, contact, policy)


def _apart(at: datetime, case: CaseSummary) -> timedelta:
    """How long before a case's first message, or after its last, something was said; nothing where it was said between them.

    Messages arrive late: the last one of a case may be younger than one that is still on its way.
    """
    return max(case.opened_at - at, at - case.last_at, timedelta(0))


def _in_grace(case: CaseSummary, contact: Contact, policy: Policy) -> bool:
    """Whether a message may still go to the case: one that was closed takes messages for a while, and is opened again by them."""
    grace = timedelta(days=policy.duplicates.reopen_grace_days)
    return case.closed_at is None or contact.message.received_at - case.closed_at <= grace
