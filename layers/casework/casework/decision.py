"""What becomes of a message, as a function of what it says and what one read found: nothing here waits for anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from casework.case import CaseSummary, Customer, Escalation, Outcome, Receipt
from casework.contact import Contact
from casework.customers import linkable, remembering, united
from casework.duplicates import Known, Match, recognise, related_cases
from casework.errors import KeyReused
from casework.escalation import escalations
from casework.identity import Pseudonyms
from casework.matter import case_id_of, continued, opened
from casework.message import Channel, Message
from casework.policy import Policy
from casework.records import (
    SourceClaim,
    ThreadClaim,
    case_changes,
    case_item,
    case_key,
    escalation_item,
    identity_item,
    message_item,
    source_item,
    stub_item,
    thread_item,
)
from casework.table import ABSENT, PRESENT, Change, Put, Write
from casework.times import stamp

HELD = {"virus_fail": "virus", "bounce": "bounce", "empty_call": "empty_call"}
"""Signals that hold a message back whatever it says, and the cause an analyst reads."""
HELD_UNLESS_WANTED = {"spam_fail": "spam", "auto_reply": "auto_reply", "out_of_office": "auto_reply"}
"""Signals that hold a message back unless it would escalate or comes from a customer we know: a filter may be wrong."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be answered, and what must be written for that to be true."""

    receipt: Receipt
    writes: tuple[Write, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """What decisions are made by: the policy, and the secret that makes references."""

    policy: Policy
    pseudonyms: Pseudonyms

    def decide(self, contact: Contact, known: Known) -> Decision:
        """Replay, held back, attached or opened. Raises ``KeyReused``."""
        if known.source:
            return self.replayed(contact.message, known.source)
        match = recognise(contact, known, self.policy)
        cause = held_for(contact, known, match)
        if cause:
            return self._held(contact, cause)
        return self._attached(contact, known, match) if match else self._opened(contact, known)

    def replayed(self, message: Message, claim: SourceClaim) -> Decision:
        """The same delivery again: no effect, the same receipt."""
        if claim.digest != message.source.digest and message.source.channel is Channel.WEB_FORM:
            raise KeyReused("this Idempotency-Key was used for another payload")
        receipt = replace(self._receipt(message, Outcome.REPLAYED), case_id=claim.case_id, cause=claim.cause)
        return Decision(replace(receipt, unverified=claim.unverified, received_at=claim.received_at))

    def unreadable(self, message: Message, cause: str) -> Decision:
        """A stub for people to look after."""
        receipt = replace(self._receipt(message, Outcome.QUARANTINED), cause=cause)
        return Decision(receipt, (_claim(message, receipt), Put(stub_item(message, receipt))))

    def _held(self, contact: Contact, cause: str) -> Decision:
        receipt = replace(self._receipt(contact.message, Outcome.QUARANTINED), cause=cause, assessment=contact.assessment)
        return Decision(receipt, (_claim(contact.message, receipt), Put(message_item(contact, receipt))))

    def _opened(self, contact: Contact, known: Known) -> Decision:
        case_id = case_id_of(contact.message.message_id)
        raised = escalations(contact, case_id, None, self.policy)
        case = opened(contact, case_id, raised)
        receipt = replace(
            self._filed(contact, Outcome.OPENED, case_id, raised),
            related=related_cases(known, case_id),
            unverified=not contact.sender.authenticated,
        )
        put = Put(case_item(case, contact.message.message_id, receipt.related, contact.assessment), {"pk": ABSENT})
        owners = _owners(contact, known, case)
        return Decision(receipt, (put, *self._remember(owners, case), *_log(contact, known, receipt, raised, owners)))

    def _attached(self, contact: Contact, known: Known, match: Match) -> Decision:
        before = match.case
        raised = escalations(contact, before.case_id, before, self.policy)
        after = continued(before, contact, raised)
        receipt = replace(
            self._filed(contact, Outcome.ATTACHED, before.case_id, raised),
            related=related_cases(known, before.case_id),
            unverified=not contact.sender.authenticated,
            duplicate=match.duplicate,
        )
        changes = case_changes(after, contact.assessment) if match.recalled else {"last_at": stamp(after.last_at)}
        change = Change(case_key(before.case_id), set=changes, add={"messages": 1}, expect={"pk": PRESENT})
        owners = _owners(contact, known, after) if match.recalled or contact.sender.authenticated else ()
        memory = self._remember(owners, after) if match.recalled else ()
        return Decision(receipt, (change, *memory, *_log(contact, known, receipt, raised, owners)))

    def _filed(self, contact: Contact, outcome: Outcome, case_id: str, raised: tuple[Escalation, ...]) -> Receipt:
        return replace(
            self._receipt(contact.message, outcome),
            case_id=case_id,
            escalations=tuple(escalation.escalation_id for escalation in raised),
            assessment=contact.assessment,
        )

    def _receipt(self, message: Message, outcome: Outcome) -> Receipt:
        reference = self.pseudonyms.reference(message.message_id)
        return Receipt(message_id=message.message_id, outcome=outcome, reference=reference, received_at=message.received_at)

    def _remember(self, owners: Sequence[Customer], case: CaseSummary) -> Iterator[Write]:
        """The owners' identities with the case as it is now, on the condition that nobody else wrote them meanwhile."""
        after = remembering(united(owners), case, self.policy.duplicates.recent_cases)
        for customer in owners:
            expect = {"version": customer.version} if customer.version else {"pk": ABSENT}
            yield from (Put(identity_item(key, after), expect) for key in customer.keys)


def held_for(contact: Contact, known: Known, match: Match | None) -> str:
    """Why a message is held back for a person, or empty."""
    signals = contact.message.signals
    for signal, cause in HELD.items():
        if signal in signals:
            return cause
    if contact.assessment.escalates or (match and contact.sender.authenticated) or _is_customer(contact, known):
        return ""
    return next((cause for signal, cause in HELD_UNLESS_WANTED.items() if signal in signals), "")


def _is_customer(contact: Contact, known: Known) -> bool:
    return bool(contact.sender.authenticated) and any(case.verified for each in known.customers for case in each.cases)


def _owners(contact: Contact, known: Known, case: CaseSummary) -> Sequence[Customer]:
    """Whose case it is, and who may answer in it.

    An authenticated sender links all identities they came with. A claim speaks for one customer at most: the one whose
    matter it was found to be, for a new matter the first that was named. Whoever else it names gets no say in the case.
    """
    if contact.sender.authenticated:
        return linkable(known.customers)
    owners = (each for each in known.customers if any(other.case_id == case.case_id for other in each.cases))
    owner = next(owners, None) or next(iter(known.customers), None)
    return (owner,) if owner else ()


def _claim(message: Message, receipt: Receipt) -> Put:
    return Put(source_item(message, receipt), {"pk": ABSENT})


def _log(
    contact: Contact, known: Known, receipt: Receipt, raised: tuple[Escalation, ...], owners: Sequence[Customer]
) -> Iterator[Write]:
    """What every filed message leaves: its claim, its text, its escalations, and the names that replies will refer to."""
    yield _claim(contact.message, receipt)
    yield Put(message_item(contact, receipt))
    yield from (Put(escalation_item(escalation), {"pk": ABSENT}) for escalation in raised)
    names = [contact.own_reference] if known.own_thread or not contact.thread else [contact.own_reference, contact.thread]
    claim = ThreadClaim(receipt.case_id, tuple(dict.fromkeys(key for customer in owners for key in customer.keys)))
    yield from (Put(thread_item(name, claim), {"pk": ABSENT}) for name in names)
