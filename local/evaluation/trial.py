"""A desk of its own for each trial, with an empty table in memory: the same decisions, without AWS."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from casework import policy
from casework.case import Assessment, Receipt
from casework.desk import Desk
from casework.identity import Pseudonyms
from casework.message import Channel, Identity, IdentityKind, Message, Source, Trust
from casework.table import ABSENT, PRESENT, Change, Check, Conflict, Expectation, Item, Key, Put, Write

START = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)
NEVER = 100.0
"""A threshold that no sum of signs reaches."""
APART = timedelta(minutes=10)
"""Between two messages of a trial."""


@dataclass
class MemoryTable:
    """The case table in memory, for one thread."""

    items: dict[Key, Item] = field(default_factory=dict)

    def read(self, keys: Sequence[Key]) -> dict[Key, Item]:
        """Return those that exist."""
        return {key: dict(self.items[key]) for key in keys if key in self.items}

    def write(self, writes: Sequence[Write]) -> None:
        """All, or none and ``Conflict``."""
        if not all(_holds(self.items.get(write.key), write.expect) for write in writes):
            raise Conflict
        for write in writes:
            if not isinstance(write, Check):
                self.items[write.key] = _written(self.items.get(write.key), write)

    def overdue(self, now: datetime) -> Iterable[Item]:
        """Nobody chases in a trial."""
        del now
        return ()


def _holds(item: Item | None, expect: Expectation) -> bool:
    return all(_as_expected(item, name, wanted) for name, wanted in expect.items())


def _as_expected(item: Item | None, name: str, wanted: object) -> bool:
    there = item is not None and name in item
    if wanted is ABSENT or wanted is PRESENT:
        return there is (wanted is PRESENT)
    return there and item is not None and item[name] == wanted


def _written(item: Item | None, write: Put | Change) -> Item:
    if isinstance(write, Put):
        return dict(write.item)
    return _changed(dict(item or write.key._asdict()), write)


def _changed(item: Item, change: Change) -> Item:
    item |= dict(change.set)
    item |= {name: item.get(name, 0) + more for name, more in change.add.items()}
    for name in change.remove:
        item.pop(name, None)
    return item


@cache
def shipped() -> policy.Policy:
    """The policy as it is shipped."""
    return policy.load()


class Trial:
    """An empty desk, and a clock that goes on by ``APART`` with every message."""

    def __init__(self, rules: policy.Policy | None = None) -> None:
        self.table = MemoryTable()
        self.received = 0
        self._desk = Desk(self.table, rules or shipped(), Pseudonyms(b"a secret for trials only, 32 bytes"))

    @property
    def now(self) -> datetime:
        """When the next message arrives."""
        return START + APART * self.received

    def receive(self, message: Message) -> Receipt:
        """Hand a message to the desk."""
        self.received += 1
        return self._desk.receive(message)

    def open(self, message: Message) -> Receipt:
        """Hand over a message that is a matter of its own, however much it resembles another."""
        self.received += 1
        alone = replace(self._desk.policy, duplicates=replace(self._desk.policy.duplicates, threshold=NEVER))
        return replace(self._desk, policy=alone).receive(message)

    def quarantine(self, message: Message, cause: str) -> Receipt:
        """Hand over what could not be read."""
        self.received += 1
        return self._desk.quarantine(message, cause)

    def say(self, text: str, *, customer: str = "", name: str = "", at: datetime | None = None) -> Receipt:
        """Hand over what somebody typed, ``at`` a time of its own or now; a named ``customer`` is one who is signed in."""
        identities = (Identity(IdentityKind.ACCOUNT, customer, Trust.AUTHENTICATED),) if customer else ()
        source = Source(Channel.WEB_FORM, name or f"trial {self.received}", f"{self.received:064x}")
        return self.receive(Message(source=source, received_at=at or self.now, identities=identities, text=text))


def assessed(text: str) -> tuple[Assessment, bool]:
    """What the triage thinks of a text on its own, and whether it would interrupt a team."""
    receipt = Trial().say(text)
    assert receipt.assessment is not None, "a typed text is always read"
    return receipt.assessment, bool(receipt.escalations)
