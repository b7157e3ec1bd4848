"""Who writes what about which matter in a history: known before anything is delivered, and by nobody but the simulation."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from casework.identity import Pseudonyms
from casework.message import Channel, Identity, IdentityKind, Message, Source, Trust
from local.simulation.tellings import CUSTOMERS, MATTERS, NEWS, redacted, telling

START = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)
PSEUDONYMS = Pseudonyms(b"a secret of the simulation alone, 32 bytes")
STRANGER = 9
"""Somebody who is no customer and has an address of their own."""
NOBODY = 10
"""Somebody without a name."""
COMMANDS = (0, 0, 0, 0, 0, 0, 3, 8)
"""How many commands there may be in a history."""
LATER = timedelta(days=30)
"""Longer than recognition looks back."""


@dataclass(frozen=True, slots=True)
class Writing:
    """Something that somebody wrote, once. Several deliveries and renditions of it are one writing."""

    number: int
    writer: int
    matter: str
    """Empty for what is about nothing by itself."""
    message: Message
    other: Message | None = None
    """The same contact in another rendition: its service's redacted one."""
    reused: Message | None = None
    """Another payload under the same Idempotency-Key."""
    answers: int = -1
    """The number of the writing whose name it gives as the one it answers."""
    unreadable: bool = False
    held: bool = False
    """Nobody's to file: a bounce."""
    after: int = -1
    """The number of a writing that is recorded before this one is delivered for the first time."""
    later: bool = False
    """Of the same matter so long after that it is a new one."""
    victim: int = -1
    """Whose matter it tells of, when that is not the writer's."""

    @property
    def about(self) -> tuple[str, int, bool]:
        """Which matter it tells of: what has happened, to whom, and whether again."""
        return self.matter, self.writer if self.victim < 0 else self.victim, self.later

    @property
    def authenticated(self) -> bool:
        """Whether somebody vouches for the writer."""
        return any(identity.trust is Trust.AUTHENTICATED for identity in self.message.identities)

    @property
    def names(self) -> frozenset[str]:
        """The keys that count: of those vouched for, or for lack of any of those claimed."""
        trust = Trust.AUTHENTICATED if self.authenticated else Trust.CLAIMED
        return frozenset(_key(each) for each in self.message.identities if each.trust is trust)


@dataclass(frozen=True, slots=True)
class Scenario:
    """The writings of a history."""

    writings: tuple[Writing, ...]
    correlates: bool = False
    commands: int = 0
    """How many commands analysts give."""
    owners: dict[str, int] = field(default_factory=dict)
    """Whose each key of an identity is."""


@cache
def _key(identity: Identity) -> str:
    return PSEUDONYMS.of_identity(identity)


@cache
def _names_of(customer: int) -> tuple[Identity, Identity, Identity]:
    return (
        Identity(IdentityKind.ACCOUNT, f"KJ-{customer}", Trust.AUTHENTICATED),
        Identity(IdentityKind.EMAIL, f"c{customer}@example.jp", Trust.AUTHENTICATED),
        Identity(IdentityKind.PHONE, f"+8190000000{customer:02}", Trust.AUTHENTICATED),
    )


OWNERS = {PSEUDONYMS.of_identity(each): who for who in (*range(CUSTOMERS), STRANGER) for each in _names_of(who)}
_BY_CHANNEL = {
    Channel.EMAIL: ((1,), (0, 1)),
    Channel.VOICE: ((0, 2), (2,)),
    Channel.WEB_FORM: ((0, 1), (0,)),
}
"""Which of a customer's names a channel may vouch for."""


def scenario(dice: random.Random) -> Scenario:
    """A few writings of one to four customers, and of others who want to be taken for them."""
    customers = dice.sample(range(CUSTOMERS), dice.choice((1, 1, 2, 2, 3)))
    commands = dice.choice(COMMANDS)
    correlates = dice.random() < 0.17
    if correlates:
        customers = dice.sample(range(CUSTOMERS), dice.choice((2, 3, 4)))
    if commands:
        customers = customers[: dice.choice((1, 2))]  # who has several cases
    author = _Author(dice, customers, correlates)
    more = dice.choice((0, 0, 5)) if correlates else 0  # a campaign takes some until it is one
    writings = tuple(author.write(number) for number in range(3 + more + min(dice.randrange(10) for _ in range(3))))
    return Scenario(writings, correlates, commands, OWNERS)


class _Author:
    def __init__(self, dice: random.Random, customers: list[int], correlates: bool) -> None:
        self.dice, self.customers = dice, customers
        self.matters = ["phishing", "phishing", "theft"] if correlates else ["theft", "theft", "deposit", "withdrawal"]
        self.shares_account = dice.random() < (0.2 if correlates else 0.6)
        self.waits = dice.choice((0.0, 0.15, 0.15, 0.4))
        self.late: set[tuple[int, str]] = set()
        """Whose what has been told as a new matter."""
        self.written: list[Writing] = []

    def write(self, number: int) -> Writing:
        kind = self.dice.choices(list(_KINDS), weights=[weight for weight, _ in _KINDS.values()])[0]
        if not self.written and kind not in {"own", "claim"}:
            kind = "own"
        written = _KINDS[kind][1](self, number)
        self.written.append(written)
        return written

    def own(self, number: int) -> Writing:
        """A customer, vouched for, about something of theirs."""
        customer, channel = self.dice.choice(self.customers), self.dice.choice(list(Channel))
        matter = self.dice.choice(self.matters)
        way = self.dice.randrange(len(MATTERS[matter].tellings))
        message = self._message(number, channel, telling(matter, customer, way), self._vouched(customer, channel))
        return self._dressed(Writing(number, customer, matter, message))

    def _dressed(self, writing: Writing) -> Writing:
        luck = self.dice.random()
        message = writing.message
        if message.source.channel is Channel.VOICE and luck < 0.5:
            return replace(writing, other=self._redacted(message))
        if message.source.channel is Channel.WEB_FORM and luck < 0.15:
            return replace(writing, reused=replace(message, source=replace(message.source, digest=_digest("other payload"))))
        if writing.matter in {"deposit", "withdrawal"} and self._is_late(writing, luck):
            return replace(writing, later=True, message=replace(message, received_at=message.received_at + LATER))
        return writing

    def _is_late(self, writing: Writing, luck: float) -> bool:
        """Whether it comes so long after: as a rule what is told after that does, too."""
        late = luck < (0.7 if (writing.writer, writing.matter) in self.late else self.waits)
        self.late |= {(writing.writer, writing.matter)} if late else set()
        return late

    def _redacted(self, message: Message) -> Message:
        text = redacted(message.text)
        return replace(message, text=text, source=replace(message.source, digest=_digest(text)), facts={"redacted": "yes"})

    def claim(self, number: int) -> Writing:
        """Somebody who types a customer's name into a form: the customer, or anybody else."""
        named = self.dice.choice(self.customers)
        writer = self.dice.choice((named, NOBODY, STRANGER))
        matter = self.dice.choice(self.matters)
        way = self.dice.randrange(len(MATTERS[matter].tellings))
        whom = [named]
        if self.dice.random() < 0.3:
            whom.append(self.dice.choice(self.customers))
        claimed = tuple(replace(self.dice.choice(_names_of(who)[:2]), trust=Trust.CLAIMED) for who in whom)
        channel = self.dice.choice((Channel.WEB_FORM, Channel.EMAIL))
        return Writing(number, writer, matter, self._message(number, channel, telling(matter, named, way), claimed), victim=named)

    def answer(self, number: int) -> Writing:
        """A customer who answers one of their own messages, in words that are about nothing."""
        asked = self.dice.choice(self.written)
        if asked.writer not in self.customers:
            return self.own(number)
        channel = self.dice.choice((Channel.EMAIL, Channel.WEB_FORM))
        message = self._message(number, channel, NEWS, self._vouched(asked.writer, channel), references=(self._name(asked),))
        return Writing(number, asked.writer, "", message, answers=asked.number, after=asked.number)

    def theft_of_a_reference(self, number: int) -> Writing:
        """A stranger who names somebody's thread, about the very thing it is about, with their own name, a claim or none."""
        stolen = self.dice.choice(self.written)
        matter = stolen.matter or self.dice.choice(self.matters)
        victim = stolen.writer if stolen.writer in self.customers else self.customers[0]
        identities: tuple[Identity, ...] = (_names_of(STRANGER)[1],)
        writer = STRANGER
        luck = self.dice.random()
        if luck < 0.3:
            identities, writer = (), NOBODY
        elif luck < 0.6 and stolen.writer in self.customers:
            identities = (*identities, replace(_names_of(stolen.writer)[1], trust=Trust.CLAIMED))
        words = telling(matter, victim, 0)
        message = self._message(number, Channel.EMAIL, words, identities, references=(self._name(stolen),))
        return Writing(number, writer, matter, message, answers=stolen.number, victim=victim)

    def same_name(self, number: int) -> Writing:
        """Another mail, by anybody, under a Message-ID that was used before."""
        mails = [each for each in self.written if each.message.thread_name]
        if not mails:
            return self.own(number)
        copied = self.dice.choice(mails)
        writer = self.dice.choice((*self.customers, STRANGER))
        identities = (_names_of(writer)[1],)
        matter = self.dice.choice(self.matters)
        victim = writer if writer in self.customers else self.customers[0]
        message = self._message(number, Channel.EMAIL, telling(matter, victim, 0), identities)
        return Writing(number, writer, matter, replace(message, thread_name=copied.message.thread_name), victim=victim)

    def bounce(self, number: int) -> Writing:
        """A mail server's complaint about a mail that nobody here wrote."""
        message = self._message(number, Channel.EMAIL, telling(self.matters[0], self.customers[0], 0), ())
        return Writing(number, NOBODY, "", replace(message, signals=("bounce",)), held=True)

    def unreadable(self, number: int) -> Writing:
        """What no door can read."""
        message = self._message(number, self.dice.choice((Channel.EMAIL, Channel.VOICE)), "", ())
        return Writing(number, NOBODY, "", message, unreadable=True)

    def _vouched(self, customer: int, channel: Channel) -> tuple[Identity, ...]:
        names = _names_of(customer)
        if self.shares_account:
            return (names[0], names[2 if channel is Channel.VOICE else 1])
        return tuple(names[place] for place in self.dice.choice(_BY_CHANNEL[channel]))

    def _name(self, writing: Writing) -> str:
        """One of the names that a reply may give."""
        public = PSEUDONYMS.reference(writing.message.message_id)
        return writing.message.thread_name if writing.message.thread_name and self.dice.random() < 0.5 else public

    def _message(
        self, number: int, channel: Channel, text: str, identities: tuple[Identity, ...], references: tuple[str, ...] = ()
    ) -> Message:
        return Message(
            source=Source(channel, f"writing {number}", _digest(text), f"s3://originals/{number}"),
            received_at=START + timedelta(minutes=number * self.dice.choice((0, 1, 7, 45))),
            identities=identities,
            text=text,
            thread_name=f"{number}@example.jp" if channel is Channel.EMAIL else "",
            references=references,
        )


_KINDS = {
    "own": (10, _Author.own),
    "claim": (2, _Author.claim),
    "answer": (3, _Author.answer),
    "theft": (2, _Author.theft_of_a_reference),
    "same_name": (1, _Author.same_name),
    "bounce": (0.4, _Author.bounce),
    "unreadable": (0.4, _Author.unreadable),
}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def messages(writing: Writing) -> Iterator[Message]:
    """Everything that comes in of a writing."""
    yield writing.message
    if writing.other:
        yield writing.other
    if writing.reused:
        yield writing.reused
