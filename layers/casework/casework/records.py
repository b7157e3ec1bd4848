"""The nouns as items of the table, and back. Every key and attribute name of the table is in this room.

| pk                          | sk                          | kind        |
|-----------------------------|-----------------------------|-------------|
| ``CASE#<case>``             | ``CASE``                    | case        |
| ``CASE#<case>``             | ``MESSAGE#<at>#<message>``  | message     |
| ``CASE#<case>``             | ``ESCALATION#<escalation>`` | escalation  |
| ``SOURCE#<message>``        | ``SOURCE``                  | source      |
| ``THREAD#<hash>``           | ``THREAD``                  | thread      |
| ``IDENTITY#<hash>``         | ``IDENTITY``                | identity    |
| ``QUARANTINE#<message>``    | ``QUARANTINE``              | quarantined |
| ``CASE#<case>``             | ``NOTE#<at>#<command>``     | command     |
| ``COMMAND#<command>``       | ``COMMAND``                 | obeyed      |
| ``NOTICE#<escalation>#<n>`` | ``NOTICE``                  | notice      |
| ``FLIGHT#<message>``        | ``FLIGHT``                  | flight      |
| ``PROOF#<hash>``            | ``PROOF``                   | proof       |

A note on a case that a command was not given to, but that it concerns, is a ``mention``. What parts a customer's identities
is noted below the identity. The last two are the web form's own and lapse: a request at work, and a proof of work that was spent.
Index ``due``: open escalations by deadline. Index ``queue``: a team's cases, worst and oldest first; and the quarantine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from casework.case import Assessment, CaseSummary, Customer, Escalation, Outcome, Receipt, Severity, Team
from casework.contact import Contact
from casework.message import Message
from casework.table import Change, Expectation, Item, Key
from casework.text.folding import PLACEHOLDER
from casework.text.patterns import compiled
from casework.times import parse, stamp

SOURCE_LIFETIME = timedelta(days=400)
"""How long a delivery is remembered as one: longer than any mail server or queue keeps trying, and than originals live."""
MAX_STORED_BYTES = 90_000
"""Of each long text, in UTF-8: three of them and the rest stay below DynamoDB's 400 KB an item. The original is in the bucket."""
MAX_STORED_ENTITIES = 200
"""Of one message; a text that names more is a list, and the original has them all."""
_LONGEST_PLACEHOLDER = 40
"""Characters."""
QUARANTINE = "quarantine"
"""The name of the queue in which people look after what became no case."""
OPEN = "open"
"""The value of ``due`` on an escalation that nobody has acknowledged; the status of a case that is worked on."""
CLOSED, MERGED = "closed", "merged"
"""The other statuses of a case."""


def case_key(case_id: str) -> Key:
    """Where a case is."""
    return Key(f"CASE#{case_id}", "CASE")


def message_key(case_id: str, message_id: str, received_at: datetime) -> Key:
    """Where a message of a case is: in the order of arrival."""
    return Key(f"CASE#{case_id}", f"MESSAGE#{stamp(received_at)}#{message_id}")


def escalation_key(case_id: str, escalation_id: str) -> Key:
    """Where an escalation is."""
    return Key(f"CASE#{case_id}", f"ESCALATION#{escalation_id}")


def source_key(message_id: str) -> Key:
    """Where it is written that a delivery was recorded."""
    return Key(f"SOURCE#{message_id}", "SOURCE")


def thread_key(thread: str) -> Key:
    """Where it is written which case a thread's name belongs to; ``thread`` is its keyed hash."""
    return Key(f"THREAD#{thread}", "THREAD")


def identity_key(identity: str) -> Key:
    """Where a customer's identity is; ``identity`` is its keyed hash."""
    return Key(f"IDENTITY#{identity}", "IDENTITY")


def quarantine_key(message_id: str) -> Key:
    """Where a message is that became no case's."""
    return Key(f"QUARANTINE#{message_id}", "QUARANTINE")


def note_key(place: Key, at: datetime, command_id: str) -> Key:
    """Where the history of a case, or of an identity, tells of a command: in the order of time."""
    return Key(place.pk, f"NOTE#{stamp(at)}#{command_id}")


def command_key(command_id: str) -> Key:
    """Where it is written that a command was obeyed, and what was answered."""
    return Key(f"COMMAND#{command_id}", "COMMAND")


def notice_key(escalation_id: str, rung: int) -> Key:
    """Where it is written that a notification was sent."""
    return Key(f"NOTICE#{escalation_id}#{rung}", "NOTICE")


@dataclass(frozen=True, slots=True)
class SourceClaim:
    """A delivery that was recorded: what its message became."""

    message_id: str
    digest: str
    received_at: datetime
    outcome: Outcome
    case_id: str
    cause: str
    unverified: bool
    redacted: bool = False
    """Whether what is stored of it is the rendition without personal data."""

    @property
    def message_key(self) -> Key:
        """Where the message is stored that was made of it."""
        if self.outcome is Outcome.QUARANTINED:
            return quarantine_key(self.message_id)
        return message_key(self.case_id, self.message_id, self.received_at)


@dataclass(frozen=True, slots=True)
class ThreadClaim:
    """A name that replies refer to: its case, and the identities that may speak in it."""

    case_id: str
    keys: tuple[str, ...]


def source_item(message: Message, receipt: Receipt) -> Item:
    """The claim that makes every later delivery of this source a replay."""
    return lean(
        {
            **source_key(message.message_id)._asdict(),
            "kind": "source",
            "message_id": message.message_id,
            "digest": message.source.digest,
            "received_at": stamp(message.received_at),
            "outcome": receipt.outcome.value,
            "case_id": receipt.case_id,
            "cause": receipt.cause,
            "unverified": receipt.unverified,
            "redacted": message.redacted or None,
            "expires_at": int((message.received_at + SOURCE_LIFETIME).timestamp()),
        }
    )


def source_claim(item: Item) -> SourceClaim:
    """The inverse of ``source_item``."""
    return SourceClaim(
        item["message_id"],
        item["digest"],
        parse(item["received_at"]),
        Outcome(item["outcome"]),
        item.get("case_id", ""),
        item.get("cause", ""),
        item["unverified"],
        item.get("redacted", False),
    )


def thread_item(thread: str, claim: ThreadClaim) -> Item:
    """What a reply will be found by."""
    return lean({**thread_key(thread)._asdict(), "kind": "thread", "case_id": claim.case_id, "keys": list(claim.keys)})


def thread_claim(item: Item) -> ThreadClaim:
    """The inverse of ``thread_item``."""
    return ThreadClaim(item["case_id"], tuple(item.get("keys", ())))


def identity_items(identities: Iterable[str], customer: Customer) -> Iterator[Item]:
    """A customer, as each of these identities carries them: the same of all."""
    told = lean(
        {
            "kind": "identity",
            "keys": list(customer.keys),
            "version": customer.version,
            "parted": list(customer.parted),
            "cases": [_plain(asdict(case)) for case in customer.cases],
        }
    )
    return ({**identity_key(identity)._asdict(), **told} for identity in identities)


def customer_of(item: Item) -> Customer:
    """The inverse of ``identity_items``."""
    cases = tuple(_summary(case) for case in item.get("cases", ()))
    return Customer(tuple(item["keys"]), int(item["version"]), cases, tuple(item.get("parted", ())))


_OF_A_SUMMARY = tuple(each.name for each in fields(CaseSummary))
_OF_AN_ESCALATION = tuple(each.name for each in fields(Escalation))


def _summary(stored: Mapping[str, Any]) -> CaseSummary:
    """What a later version wrote beside what we know is passed over, so that a deployment can be taken back."""
    known = {each: stored[each] for each in _OF_A_SUMMARY if each in stored}
    return CaseSummary(
        **{
            **known,
            "opened_at": parse(stored["opened_at"]),
            "last_at": parse(stored["last_at"]),
            "closed_at": parse(stored["closed_at"]) if "closed_at" in stored else None,
            "severity": Severity(stored["severity"]),
            "team": Team(stored["team"]),
            "entities": tuple(stored.get("entities", ())),
            "details": tuple(stored.get("details", ())),
        }
    )


def escalation_item(escalation: Escalation) -> Item:
    """A demand for attention; it is in the index ``due`` for as long as nobody has acknowledged it."""
    key = escalation_key(escalation.case_id, escalation.escalation_id)
    waiting = {} if escalation.acknowledged_at else {"due": OPEN}
    return lean({**key._asdict(), "kind": "escalation", **_plain(asdict(escalation)), **waiting})


def escalation_of(item: Item) -> Escalation:
    """The inverse of ``escalation_item``."""
    known: Item = {each: item[each] for each in _OF_AN_ESCALATION if each in item}
    instants: Item = {name: parse(item[name]) for name in ("raised_at", "due_at", "acknowledged_at") if name in item}
    worded: Item = {"team": Team(item["team"]), "severity": Severity(item["severity"]), "reasons": tuple(item.get("reasons", ()))}
    return Escalation(**(known | instants | worded))


def queue_position(severity: Severity, at: datetime) -> str:
    """The place in a team's queue: worst first, then oldest first."""
    return f"{severity.rank}#{stamp(at)}"


def filed_summary(item: Item) -> CaseSummary:
    """What a case's own item tells of it, for when no customer's item remembers it: not what it is recognised by."""
    return CaseSummary(
        case_id=item["case_id"],
        opened_at=parse(item["opened_at"]),
        last_at=parse(item["last_at"]),
        category=item["category"],
        severity=Severity(item["severity"]),
        team=Team(item["team"]),
        loss=item.get("loss", "none"),
        verified=item.get("verified", False),
        closed_at=parse(item["closed_at"]) if "closed_at" in item else None,
        merged_into=item.get("merged_into", ""),
        messages=int(item["messages"]),
        subject=item.get("subject", ""),
    )


def case_item(
    case: CaseSummary, message_id: str, related: tuple[str, ...], assessment: Assessment, keys: tuple[str, ...] = ()
) -> Item:
    """A case as it is opened; ``keys`` are the identities of whose case it is."""
    return lean(
        {
            **case_key(case.case_id)._asdict(),
            "kind": "case",
            "case_id": case.case_id,
            "opened_by": message_id,
            "opened_at": stamp(case.opened_at),
            "language": assessment.language,
            "keys": list(keys),
            "related": list(related),
            "messages": 1,
            "policy_version": assessment.policy_version,
            **case_changes(case, assessment),
        }
    )


def case_changes(case: CaseSummary, assessment: Assessment) -> Item:
    """What every message of a case brings up to date on it."""
    return lean(
        {
            "last_at": stamp(case.last_at),
            **standing(case),
            "category": case.category,
            "severity": case.severity.value,
            "team": case.team.value,
            "loss": case.loss,
            "verified": case.verified,
            "subject": case.subject,
            "abstained": assessment.abstained,
        }
    )


def standing(case: CaseSummary) -> Item:
    """Whether a case is worked on, and if so, its place in its team's queue. A case that is not stands in no queue."""
    if case.merged_into or case.closed_at:
        return {"status": MERGED if case.merged_into else CLOSED}
    return {"status": OPEN, "queue": case.team.value, "queue_at": queue_position(case.severity, case.opened_at)}


def case_change(before: CaseSummary, after: CaseSummary, changes: Mapping[str, object], expect: Expectation) -> Change:
    """A case's item after a message or a command, with whatever its standing brings along and takes away."""
    named: Item = {**changes, **standing(after)}
    if after.closed_at:
        named["closed_at"] = stamp(after.closed_at)
    if after.merged_into:
        named["merged_into"] = after.merged_into
    told = {"closed_at": before.closed_at, "merged_into": before.merged_into, "queue": True, "queue_at": True}
    gone = tuple(name for name, was in told.items() if was and name not in named)
    return Change(case_key(after.case_id), set=named, remove=gone, expect=expect)


def message_item(contact: Contact, receipt: Receipt, threads: Sequence[str] = ()) -> Item:
    """A message for analysts to read: redacted, bounded, with what was decided about it and why.

    ``threads`` are the names that it made replies findable by, ``vouched`` the identities that it came with and linked.
    """
    message = contact.message
    return lean(
        {
            **_place(message, receipt),
            "message_id": message.message_id,
            "case_id": receipt.case_id,
            "outcome": receipt.outcome.value,
            "cause": receipt.cause,
            "reference": receipt.reference,
            "related": list(receipt.related),
            "threads": list(threads),
            "vouched": list(contact.sender.authenticated),
            "unverified": receipt.unverified,
            "escalations": list(receipt.escalations),
            "duplicate": _plain(asdict(receipt.duplicate)) if receipt.duplicate else None,
            "secrets": [_plain(asdict(secret)) for secret in contact.secrets],
            "received_at": stamp(message.received_at),
            **rendition(contact),
        }
    )


def rendition(contact: Contact) -> Item:
    """What one rendition of a message says, and what was found in it: places are offsets into its text, so they go together."""
    return {
        "entities": [_plain(asdict(entity)) for entity in contact.entities[:MAX_STORED_ENTITIES]],
        "assessment": _plain(asdict(contact.assessment)),
        "shadow": _decided(contact.shadow) if contact.shadow else None,
        **_content(contact.message),
    }


def _decided(assessment: Assessment) -> Item:
    """What an assessment decided, without the reasons."""
    decided = ("category", "severity", "team", "confidence", "escalates", "abstained", "policy_version", "model_version")
    feared = assessment.suspicion
    return {
        **{name: _plain(getattr(assessment, name)) for name in decided},
        "suspicion": _plain(asdict(feared)) if feared else None,
    }


def _place(message: Message, receipt: Receipt) -> Item:
    if receipt.outcome is not Outcome.QUARANTINED:
        return {**message_key(receipt.case_id, message.message_id, message.received_at)._asdict(), "kind": "message"}
    position = queue_position(Severity.NORMAL, message.received_at)
    return {**quarantine_key(message.message_id)._asdict(), "kind": "quarantined", "queue": QUARANTINE, "queue_at": position}


def stub_item(message: Message, receipt: Receipt) -> Item:
    """A message that could not be read: where its original lies, why it is here, and what is known of it all the same."""
    return lean(
        {
            **_place(message, receipt),
            "message_id": message.message_id,
            "outcome": receipt.outcome.value,
            "cause": receipt.cause,
            "reference": receipt.reference,
            "channel": message.source.channel.value,
            "locator": message.source.locator,
            "received_at": stamp(message.received_at),
            "facts": dict(message.facts),
        }
    )


def _content(message: Message) -> Item:
    return {
        "channel": message.source.channel.value,
        "locator": message.source.locator,
        "digest": message.source.digest,
        "sent_at": stamp(message.sent_at) if message.sent_at else "",
        "sender": message.sender,
        "subject": message.subject,
        "language_hint": message.language_hint,
        "category_hint": message.category_hint,
        "text": bounded(message.text),
        "history": bounded(message.history),
        "turns": bounded_turns(message),
        "attachments": [_plain(asdict(attachment)) for attachment in message.attachments],
        "decodings": [_plain(asdict(decoding)) for decoding in message.decodings],
        "signals": list(message.signals),
        "facts": dict(message.facts),
        "truncated": len(message.text.encode()) > MAX_STORED_BYTES or len(message.history.encode()) > MAX_STORED_BYTES,
    }


def bounded(text: str, limit: int = MAX_STORED_BYTES) -> str:
    """The text up to ``limit`` bytes of UTF-8, never cut inside a character or a placeholder."""
    encoded = text.encode()
    if len(encoded) <= limit:
        return text
    size = len(encoded[:limit].decode(errors="ignore"))
    around = compiled(PLACEHOLDER).finditer(text, max(0, size - _LONGEST_PLACEHOLDER), size + _LONGEST_PLACEHOLDER)
    return text[: next((match.start() for match in around if match.start() < size < match.end()), size)]


def bounded_turns(message: Message) -> list[Item]:
    """The turns of a call up to the stored size, whole turns only."""
    kept: list[Item] = []
    room = MAX_STORED_BYTES
    for turn in message.turns:
        room -= len(turn.text.encode()) + 60
        if room < 0:
            break
        kept.append(_plain(asdict(turn)))
    return kept


def lean(item: Item) -> Item:
    """An item without what says nothing: an attribute that is empty or unknown is not stored, and read as absent.

    It would cost write units with every item, and engines older than 2020 refuse empty strings.
    """
    kept = {name: _lean(value) for name, value in item.items()}
    return {name: value for name, value in kept.items() if value is not None and value not in ("", [], {})}


def _lean(value: Any) -> Any:
    if isinstance(value, dict):
        return lean(value)
    return [_lean(entry) for entry in value] if isinstance(value, list) else value


def _plain(value: Any) -> Any:
    """Dataclass fields as the table holds them: enums as their values, instants as text, tuples as lists."""
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(entry) for entry in value]
    if isinstance(value, datetime):
        return stamp(value)
    return value.value if isinstance(value, (Severity, Team, Outcome)) else value
