"""Telling a replay, a reply in a thread and the same customer's same matter from something new.

The order is fixed and the first rule that holds decides. No rule ever looks at a case of somebody else: a header alone
joins nothing, because a stranger's text would land in a customer's case and the customer's replies with the stranger.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from casework.case import CaseSummary, Customer, Duplicate, Severity, Team
from casework.contact import STRONG_KINDS, Contact
from casework.policy import Policy
from casework.records import SourceClaim, ThreadClaim
from casework.text.fingerprint import similarity

AMOUNT_KINDS = frozenset({"amount"})
CONFLICTING_KINDS = ("url", "domain", "tx_hash", "reference", "address")
"""Kinds that tell two matters apart when both name one and none is shared."""
CONFLICTING_IN_INCIDENTS = CONFLICTING_KINDS[:2]
"""Of an incident one more transaction or address is a new fact; another site is another attempt, told in the same words."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A case that the message belongs to."""

    case: CaseSummary
    duplicate: Duplicate
    recalled: bool = True
    """Whether ``case`` is what is stored; ``False`` for a thread's case too old to be on the customer's item."""


def recognise(contact: Contact, known: Known, policy: Policy) -> Match | None:
    """The case this message belongs to, or ``None``: it is something new."""
    return _by_thread(contact, known) or _by_matter(contact, known, policy)


def related_cases(known: Known, own: str) -> tuple[str, ...]:
    """Cases of threads that the message names and may not join."""
    named = (claim.case_id for claim in known.threads)
    return tuple(dict.fromkeys(case_id for case_id in named if case_id != own))


def _by_thread(contact: Contact, known: Known) -> Match | None:
    mine = {key for customer in known.customers for key in customer.keys}
    for claim in known.threads:
        if mine.intersection(claim.keys):
            return _thread_match(contact, known, claim)
    return None


def _thread_match(contact: Contact, known: Known, claim: ThreadClaim) -> Match:
    duplicate = Duplicate("thread", 1.0, ("answers a message of the case", "the sender belongs to it"))
    for case in _cases(known.customers):
        if case.case_id == claim.case_id:
            return Match(case=case, duplicate=duplicate)
    return Match(case=_unrecalled(contact, claim.case_id), duplicate=duplicate, recalled=False)


def _unrecalled(contact: Contact, case_id: str) -> CaseSummary:
    at = contact.message.received_at
    return CaseSummary(
        case_id=case_id, opened_at=at, last_at=at, category="other", severity=Severity.NONE, team=Team.OPERATIONS, verified=False
    )


def _by_matter(contact: Contact, known: Known, policy: Policy) -> Match | None:
    current = [case for case in _cases(known.customers) if _within(case, contact, policy)]
    scored = [(_score(contact, case, policy), case) for case in current]
    if not scored:
        return None
    (score, evidence), case = max(scored, key=lambda each: (each[0][0], each[1].last_at))
    if score < policy.duplicates.threshold:
        return None
    return Match(case=case, duplicate=Duplicate("same_matter", round(min(score, 1.0), 3), evidence))


def _cases(customers: Iterable[Customer]) -> Iterable[CaseSummary]:
    return (case for customer in customers for case in customer.cases)


def _within(case: CaseSummary, contact: Contact, policy: Policy) -> bool:
    at = contact.message.received_at
    if case.closed_at is not None and at - case.closed_at > timedelta(days=policy.duplicates.reopen_grace_days):
        return False
    return abs(at - case.last_at) <= timedelta(days=policy.duplicates.window_days)


def _score(contact: Contact, case: CaseSummary, policy: Policy) -> tuple[float, tuple[str, ...]]:
    """How much speaks for the same matter, and what does; 1 is as good as certain."""
    terms = [*_entity_terms(contact, case, policy), *_category_terms(contact, case, policy), *_text_terms(contact, case, policy)]
    return sum(weight for weight, _ in terms), tuple(words for _, words in terms)


def _entity_terms(contact: Contact, case: CaseSummary, policy: Policy) -> Iterable[tuple[float, str]]:
    weights = policy.duplicates.weights
    known = set(case.entities)
    strong = [name for name in contact.named(STRONG_KINDS) if name in known]
    if strong:
        yield weights.strong_entity, f"both name {strong[0]}"
    amounts = [name for name in contact.named(AMOUNT_KINDS) if name in known]
    if amounts:
        yield weights.amount, f"both name {amounts[0]}"
    kinds = CONFLICTING_IN_INCIDENTS if policy.incident(contact.assessment.category) else CONFLICTING_KINDS
    apart = [kind for kind in kinds if _differ(kind, contact, known)]
    if apart and not strong:
        yield weights.conflicting_entity, f"each names another {apart[0]}"


def _differ(kind: str, contact: Contact, known: set[str]) -> bool:
    ours = set(contact.named(frozenset({kind})))
    theirs = {name for name in known if name.startswith(f"{kind}:")}
    return bool(ours and theirs and not ours & theirs)


def _category_terms(contact: Contact, case: CaseSummary, policy: Policy) -> Iterable[tuple[float, str]]:
    weights, category = policy.duplicates.weights, contact.assessment.category
    if contact.assessment.abstained or category == "other" or case.category == "other":
        return
    if category == case.category:
        yield weights.same_category if policy.incident(category) else weights.same_routine, f"both are {category}"
    elif policy.family(category) == policy.family(case.category) and policy.incident(category):
        yield weights.same_family, f"{category} and {case.category} are alike"
    else:
        yield weights.other_category, f"{category} is not {case.category}"


def _text_terms(contact: Contact, case: CaseSummary, policy: Policy) -> Iterable[tuple[float, str]]:
    weights = policy.duplicates.weights
    alike = similarity(contact.fingerprint, case.fingerprint)
    if alike > 0:
        yield weights.similarity * alike, f"texts alike by {alike:.2f}"
    if abs(contact.message.received_at - case.last_at) <= timedelta(days=1):
        yield weights.recent_day, "within a day of it"
