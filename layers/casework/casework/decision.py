"""What becomes of a message, as a function of what it says and what one read found: nothing here waits for anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from casework.case import Assessment, CaseSummary, Customer, Escalation, Outcome, Receipt
from casework.contact import Contact
from casework.customers import linkable, remembering, united
from casework.duplicates import Known, Match, recognise, related_cases
from casework.errors import KeyReused
from casework.escalation import escalations
from casework.identity import Pseudonyms
from casework.matter import case_id_of, continued, opened, revived
from casework.message import Channel, Message
from casework.policy import Policy
from casework.records import (
    SourceClaim,
    ThreadClaim,
    case_change,
    case_changes,
    case_item,
    case_key,
    escalation_item,
    identity_items,
    identity_key,
    lean,
    message_item,
    rendition,
    source_item,
    source_key,
    stub_item,
    thread_item,
)
from casework.table import ABSENT, PRESENT, Change, Check, Expectation, Put, Write
from casework.times import stamp

HELD = {
    "virus_fail": "virus",
    "bounce": "bounce",
    "feedback_report": "feedback_report",
    "mail_loop": "mail_loop",
    "empty_call": "empty_call",
}
"""Signals that hold a message back whatever it says, and the cause an analyst reads: what it says is somebody else's mail."""
HELD_UNLESS_WANTED = {"spam_fail": "spam", "honeypot": "honeypot"}
"""Signals that hold a message back unless it would escalate or comes from a customer we know: a filter may be wrong."""
HELD_UNLESS_ANSWERING = {"auto_reply": "auto_reply", "out_of_office": "auto_reply"}
"""Signals that hold a message back unless it would escalate or answers a case: a customer's machine opens none."""
REPLACED = "replaced"
"""The cause of a replay that gave the stored message its redacted text."""


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
        """Replay, a better rendition, held back, attached or opened. Raises ``KeyReused``."""
        if known.source:
            return self._again(contact, known.source)
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

    def _again(self, contact: Contact, claim: SourceClaim) -> Decision:
        """A recorded source again. The redacted rendition takes the place of the original's, whichever came first.

        Only what the stored message says is rewritten. Its case, its place there, the secrets that were spoken, the
        escalations and the names that replies refer to stay as the first delivery made them: redaction takes words out,
        and a rendition with fewer words demands nothing new.
        """
        again = self.replayed(contact.message, claim)
        if not _is_preferred(contact.message, claim):
            return again
        return Decision(replace(again.receipt, cause=REPLACED), tuple(_rewritten(contact, claim)))

    def unreadable(self, message: Message, cause: str) -> Decision:
        """A stub for people to look after."""
        receipt = replace(self._receipt(message, Outcome.QUARANTINED), cause=cause)
        return Decision(receipt, (_claim(message, receipt), Put(stub_item(message, receipt))))

    def _held(self, contact: Contact, cause: str) -> Decision:
        receipt = replace(
            self._receipt(contact.message, Outcome.QUARANTINED), cause=cause, assessment=contact.assessment, shadow=contact.shadow
        )
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
        owners = _owners(contact, known, case)
        item = case_item(case, contact.message.message_id, receipt.related, contact.assessment, _keys(owners))
        put = Put(item, {"pk": ABSENT})
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
        change = _one_more(before, after, contact) if match.recalled else _one_more_unrecalled(before, after, contact)
        owners = _owners(contact, known, after) if match.recalled or contact.sender.authenticated else ()
        memory = self._remember(owners, after) if match.recalled else _still_unaware(known.customers)
        return Decision(receipt, (change, *memory, *_log(contact, known, receipt, raised, owners)))

    def _filed(self, contact: Contact, outcome: Outcome, case_id: str, raised: tuple[Escalation, ...]) -> Receipt:
        return replace(
            self._receipt(contact.message, outcome),
            case_id=case_id,
            escalations=tuple(escalation.escalation_id for escalation in raised),
            assessment=contact.assessment,
            shadow=contact.shadow,
        )

    def _receipt(self, message: Message, outcome: Outcome) -> Receipt:
        reference = self.pseudonyms.reference(message.message_id)
        return Receipt(message_id=message.message_id, outcome=outcome, reference=reference, received_at=message.received_at)

    def _remember(self, owners: Sequence[Customer], case: CaseSummary) -> Iterator[Write]:
        """The owners' identities with the case as it is now, on the condition that nobody else wrote them meanwhile."""
        after = remembering(united(owners), case, self.policy.duplicates.recent_cases)
        for customer in owners:
            expect = _as_read(customer)
            yield from (Put(item, expect) for item in identity_items(customer.keys, after))


def _one_more(before: CaseSummary, after: CaseSummary, contact: Contact) -> Change:
    """The case with one more message. That it is as its customer's item tells, that item's version makes sure of."""
    changes = {**case_changes(after, contact.assessment), **_reopening(before, after, contact)}
    return replace(case_change(before, after, changes, {"pk": PRESENT}), add={"messages": 1})


def _one_more_unrecalled(before: CaseSummary, after: CaseSummary, contact: Contact) -> Change:
    """A case that its customer's item has forgotten, with one more message, as long as it is where it is thought to be.

    Where it was merged or closed meanwhile the write is refused, and the decision is made again on what its own item says.
    """
    closed = stamp(before.closed_at) if before.closed_at else ABSENT
    expect = {"pk": PRESENT, "merged_into": ABSENT, "closed_at": closed}
    reopening = _reopening(before, after, contact)
    changes = {"last_at": stamp(after.last_at), **reopening}
    if not reopening:
        return Change(case_key(before.case_id), set=changes, add={"messages": 1}, expect=expect)
    return replace(case_change(before, revived(before, after.last_at), changes, expect), add={"messages": 1})


def _as_read(customer: Customer) -> Expectation:
    return {"version": customer.version} if customer.version else {"pk": ABSENT}


def _still_unaware(customers: Iterable[Customer]) -> Iterator[Write]:
    """Nothing, as long as the customers are who they were: whoever has come to know the case meanwhile must be told of it."""
    return (Check(identity_key(customer.keys[0]), _as_read(customer)) for customer in customers)


def _reopening(before: CaseSummary, after: CaseSummary, contact: Contact) -> dict[str, str]:
    if not before.closed_at or after.closed_at:
        return {}
    return {"reopened_at": stamp(contact.message.received_at), "reopened_by": "message"}


def _is_preferred(message: Message, claim: SourceClaim) -> bool:
    """Whether a rendition is better than the recorded one. One in which nothing is said takes nobody's words away."""
    return message.redacted and not claim.redacted and "empty_call" not in message.signals


def _rewritten(contact: Contact, claim: SourceClaim) -> Iterator[Write]:
    """The stored message in this rendition, on the condition that nobody has given it this rendition yet."""
    says = rendition(contact)
    kept = lean(says)
    preferred = {"redacted": True, "digest": contact.message.source.digest}
    yield Change(source_key(claim.message_id), set=preferred, expect={"pk": PRESENT, "redacted": ABSENT})
    yield Change(claim.message_key, set=kept, remove=tuple(says.keys() - kept.keys()), expect={"pk": PRESENT})


def held_for(contact: Contact, known: Known, match: Match | None) -> str:
    """Why a message is held back for a person, or empty."""
    signals = contact.message.signals
    for signal, cause in HELD.items():
        if signal in signals:
            return cause
    if _is_sure_alarm(contact.assessment) or (match and contact.sender.authenticated):
        return ""
    doubted = {} if _is_customer(contact, known) else HELD_UNLESS_WANTED
    return next((cause for signal, cause in (doubted | HELD_UNLESS_ANSWERING).items() if signal in signals), "")


def _is_sure_alarm(assessment: Assessment) -> bool:
    """Whether it interrupts a team for what it is: a mere suspicion sets no filter aside, whose mail a person reads anyway."""
    return assessment.escalates and not assessment.suspicion


def _is_customer(contact: Contact, known: Known) -> bool:
    return bool(contact.sender.authenticated) and any(case.verified for each in known.customers for case in each.cases)


def _owners(contact: Contact, known: Known, case: CaseSummary) -> Sequence[Customer]:
    """Whose case it is, and who may answer in it.

    An authenticated sender links all identities they came with, beginning with whose case it is. A claim speaks for one
    customer at most: the one whose matter it was found to be, for a new matter the first that was named. Whoever else it names
    gets no say in the case.
    """
    if contact.sender.authenticated:
        return linkable(sorted(known.customers, key=lambda each: all(other.case_id != case.case_id for other in each.cases)))
    owners = (each for each in known.customers if any(other.case_id == case.case_id for other in each.cases))
    owner = next(owners, None) or next(iter(known.customers), None)
    return (owner,) if owner else ()


def _keys(owners: Sequence[Customer]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for customer in owners for key in customer.keys))


def _claim(message: Message, receipt: Receipt) -> Put:
    return Put(source_item(message, receipt), {"pk": ABSENT})


def _log(
    contact: Contact, known: Known, receipt: Receipt, raised: tuple[Escalation, ...], owners: Sequence[Customer]
) -> Iterator[Write]:
    """What every filed message leaves: its claim, its text, its escalations, and the names that replies will refer to."""
    yield _claim(contact.message, receipt)
    names = [contact.own_reference] if known.own_thread or not contact.thread else [contact.own_reference, contact.thread]
    yield Put(message_item(contact, receipt, names))
    yield from (Put(escalation_item(escalation), {"pk": ABSENT}) for escalation in raised)
    claim = ThreadClaim(receipt.case_id, _keys(owners))
    yield from (Put(thread_item(name, claim), {"pk": ABSENT}) for name in names)
