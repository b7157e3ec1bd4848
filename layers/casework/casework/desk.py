"""The desk: what happens to a message, in one order. Redact, triage, recognise, escalate, record.

``receive`` costs two round trips to the table, whatever the table's size: one batch read of every key that could matter,
one conditional write. Between the two everything is a function of the message, what was read and the policy. A write
that meets another writer wrote nothing; the desk reads again and decides again, so that two deliveries of one message, or
two messages of one customer at the same instant, never open two cases.

Two things cost more. An answer to a case that its customer's item has forgotten, and that was merged or closed: the write is
refused, and the second time the desk reads what the items of such cases say, too: one more trip, two where one was merged.
And an answer to a case of which messages were split off: the desk reads a second time where the answered thread leads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from casework.case import Assessment, CaseSummary, Customer, Receipt
from casework.classifier.gist import gist
from casework.contact import Contact
from casework.decision import Decision, Rules
from casework.duplicates import Known
from casework.entities import find
from casework.errors import StoreUnavailable
from casework.identity import Pseudonyms, sender_of
from casework.message import MAX_REFERENCES, Message
from casework.policy import Policy
from casework.records import (
    case_key,
    customer_of,
    filed_summary,
    identity_key,
    source_claim,
    source_key,
    thread_claim,
    thread_key,
)
from casework.redaction import redact_message
from casework.table import Conflict, Item, Key, Table
from casework.text.details import details
from casework.text.fingerprint import fingerprint
from casework.text.likeness import sketch
from casework.text.passages import quoted, said
from casework.text.quoting import unquoted
from casework.text.thanking import only_thanks
from casework.triage import assess

ATTEMPTS = 12
"""How often a lost race is decided again before the delivery is handed back to its queue."""


def _at_once(_lost: int) -> None:
    """Decide a lost race again without waiting."""


def as_first_read(_message: Message, assessment: Assessment) -> Assessment:
    """Ask nobody else."""
    return assessment


@dataclass(frozen=True, slots=True)
class Desk:
    """The whole business behind every door.

    ``pause`` is called before a lost race is decided again, with the number of races lost so far. ``reread`` gets every
    redacted message with the triage's assessment and gives the one to act on. ``shadow`` is a candidate policy: what it
    would have thought is recorded beside the message, and nothing follows from it.
    """

    table: Table
    policy: Policy
    pseudonyms: Pseudonyms
    pause: Callable[[int], None] = _at_once
    reread: Callable[[Message, Assessment], Assessment] = as_first_read
    shadow: Policy | None = None

    def receive(self, message: Message) -> Receipt:
        """Open a case for the message, attach it to its case, recognise it as a replay, or hold it back for a person.

        A replay has no effect, with one exception: of one contact the redacted rendition is preferred. Where the other came
        first, it replaces what the stored message says, and nothing else; the receipt's cause is then ``replaced``.

        A receipt means that the table knows the message. Raises ``KeyReused`` for a form whose Idempotency-Key came with
        another payload, and ``StoreUnavailable`` when the message should be delivered again.
        """
        contact = self._read(message)
        return self._settle(lambda lost: self._rules.decide(contact, self._look_up(contact, lost)))

    def quarantine(self, message: Message, cause: str) -> Receipt:
        """Record a message that could not be read; ``message`` carries its source and time, at most facts, and nothing else."""
        key = source_key(message.message_id)
        clean, _ = redact_message(message)

        def decide(_lost: int) -> Decision:
            found = self.table.read([key]).get(key)
            return self._rules.replayed(clean, source_claim(found)) if found else self._rules.unreadable(clean, cause)

        return self._settle(decide)

    @property
    def _rules(self) -> Rules:
        return Rules(self.policy, self.pseudonyms)

    def _settle(self, decide: Callable[[int], Decision]) -> Receipt:
        for lost in range(ATTEMPTS):
            decision = decide(lost)
            if not decision.writes:
                return decision.receipt
            try:
                self.table.write(decision.writes)
            except Conflict:
                self.pause(lost)
            else:
                return decision.receipt
        raise StoreUnavailable(f"{ATTEMPTS} races in a row were lost")

    def _read(self, message: Message) -> Contact:
        clean, secrets = redact_message(message)
        entities = find(f"{clean.subject}\n{clean.text}", spoken=bool(clean.turns))
        own, quotes = unquoted(clean.text), quoted(clean.text, clean.history)
        named = (*(entity.value for entity in entities if entity.kind == "own_reference"), *message.references)
        return Contact(
            message=clean,
            secrets=secrets,
            entities=entities,
            assessment=self.reread(clean, assess(clean, secrets, self.policy)),
            shadow=assess(clean, secrets, self.shadow) if self.shadow else None,
            sender=sender_of(message, self.pseudonyms),
            thread=self.pseudonyms.of_thread(message.thread_name) if message.thread_name else "",
            own_reference=self.pseudonyms.of_thread(self.pseudonyms.reference(message.message_id)),
            references=tuple(dict.fromkeys(self.pseudonyms.of_thread(name) for name in named[:MAX_REFERENCES])),
            fingerprint=fingerprint(own),
            sketch=sketch(own),
            gist=gist(own, self.policy.model),
            details=details(f"{clean.subject}\n{own}"),
            said=said(clean.text, quotes),
            quoted=quotes,
            thanks=not clean.attachments and only_thanks(own),
        )

    def _look_up(self, contact: Contact, lost: int) -> Known:
        """The one batch read: the delivery, the threads it names, and its sender."""
        source = source_key(contact.message.message_id)
        threads = dict.fromkeys(thread_key(thread) for thread in (contact.thread, *contact.references) if thread)
        found = self.table.read([source, *threads, *(identity_key(key) for key in contact.sender.keys)])
        customers = tuple(_customers(contact.sender.keys, found))
        if _may_have_passed(threads, found, customers):
            found = found | self.table.read(list(threads))
        own = thread_key(contact.thread)
        answered = (thread_key(reference) for reference in contact.references)
        known = Known(
            source=source_claim(found[source]) if source in found else None,
            own_thread=thread_claim(found[own]) if own in found else None,
            threads=tuple(thread_claim(found[key]) for key in answered if key in found and key != own),
            customers=customers,
        )
        return replace(known, filed=self._filed(known)) if lost else known

    def _filed(self, known: Known) -> dict[str, CaseSummary]:
        """What the items of cases say that the sender's customers do not remember, and those they were merged into."""
        filed: dict[str, CaseSummary] = {}
        remembered = {case.case_id: case for customer in known.customers for case in customer.cases}
        wanted = {claim.case_id for claim in known.threads} | {case.merged_into for case in remembered.values()}
        while wanted := wanted - remembered.keys() - filed.keys() - {""}:
            found = self.table.read([case_key(case_id) for case_id in sorted(wanted)])
            summaries = [filed_summary(item) for item in found.values()]
            filed |= {case.case_id: case for case in summaries}
            wanted = {case.merged_into for case in summaries}
        return filed


def _may_have_passed(threads: Iterable[Key], found: Mapping[Key, Item], customers: Sequence[Customer]) -> bool:
    """Whether a thread leads to a case of which messages were split off, perhaps between its reading and the customer's.

    Read once more it is at least as new as what the write depends on, the customer's version.
    """
    parents = {case.split_from for customer in customers for case in customer.cases} - {""}
    return any(found[thread]["case_id"] in parents for thread in threads if thread in found)


def _customers(keys: tuple[str, ...], found: Mapping[Key, Item]) -> Iterator[Customer]:
    """Whom the keys belong to, each customer once; a key nobody has seen is a customer of its own.

    A batch read is no snapshot: of two keys that somebody links meanwhile, one may be read before that and one after. Then the
    write is on the condition of a version that has passed, and everything is read again.
    """
    seen: set[str] = set()
    for key in keys:
        item = found.get(identity_key(key))
        customer = customer_of(item) if item else Customer((key,))
        if not seen.intersection(customer.keys):
            seen.update(customer.keys)
            yield customer
