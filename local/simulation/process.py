"""A process that can be stopped between any two of its calls, without threads.

What ships is plain code that calls a table and a bus. It is a function of what those answer, so a process that is to wait is
abandoned at its next call and run again from its beginning later, with the answers it already had. What it calls is done once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from casework.case import Team
from casework.errors import StoreUnavailable, Unavailable
from casework.table import Conflict, Item, Key, Write
from local.simulation.table import MemoryTable


class Turn(StrEnum):
    """What becomes of a process at one of its calls."""

    GO = "go"
    WAIT = "wait"
    """Others are first."""
    THROTTLED = "throttled"
    """The call is refused; nothing was done."""
    TIMED_OUT = "timed_out"
    """The call was done; the answer is that it was not."""
    LOST = "lost"
    """A write on a condition is told that it met another writer. Nothing was written, unless it was a single one: its client
    had no answer, repeated it, and met itself. A transaction's client repeats it with a token, which DynamoDB knows again."""
    LAGGING = "lagging"
    """The index answers as it was when it was last up to date."""
    TORN = "torn"
    """Some of the items are read now, and the others after others had their turn: a batch is no snapshot."""
    PARTIAL = "partial"
    """The bus takes some of the entries."""
    DIED_BEFORE = "died_before"
    DIED_AFTER = "died_after"


DEATHS = frozenset({Turn.DIED_BEFORE, Turn.DIED_AFTER})


class Suspended(BaseException):
    """The process waits: it is run again later. No code that ships may catch it."""


class Died(BaseException):
    """The process is no more. No code that ships may catch it."""


@dataclass(frozen=True, slots=True)
class Call:
    """What a process is about to do: ``operation`` is read, query, write, overdue, announce or send."""

    operation: str
    size: int


class Conductor(Protocol):
    """Who says what happens next: a seed's dice, or a test that chooses."""

    def turn(self, call: Call) -> Turn:
        """What becomes of a process at this call."""

    def taken(self, count: int) -> Sequence[bool]:
        """Which of so many entries a bus takes that takes a part, and which of so many items a torn read reads first."""


@dataclass(slots=True)
class Process:
    """One invocation: ``body`` is what it does, ``answers`` what its calls have come to so far."""

    name: str
    body: Callable[[Calls], Any]
    ended: Callable[[Any], None]
    """Called with what the body returned or raised; not when it died."""
    died: Callable[[], None]
    answers: list[tuple[str, Any]] = field(default_factory=list)
    effects: set[str] = field(default_factory=set)
    """Operations that were done."""
    refused: int = 0
    """Calls that failed, or seemed to."""
    began: int = 0
    """How many records the stream had when it began."""
    wrote: list[range] = field(default_factory=list)
    """The places of its records in the stream."""

    def resume(self, table: MemoryTable, conductor: Conductor) -> bool:
        """Run until it ends, dies or waits. Returns whether it waits; one that is resumed does at least one call more."""
        try:
            outcome = self.body(Calls(self, table, conductor))
        except Suspended:
            return True
        except Died:
            self.died()
            return False
        except Exception as error:  # noqa: BLE001
            # The boundary between a process and what started it: its queue hears of every failure, as Lambda's does.
            outcome = error
        self.ended(outcome)
        return False


class Calls:
    """What one run of a process calls: the first calls get the answers they got before, the others are done."""

    def __init__(self, process: Process, table: MemoryTable, conductor: Conductor) -> None:
        self._process, self._table, self._conductor = process, table, conductor
        self._at = 0
        self._fresh = 0
        self._torn = False

    def read(self, keys: Sequence[Key]) -> dict[Key, Item]:
        """As the table."""
        found, left = self._read(keys)
        while left:
            more, left = self._read(left)
            found = found | more
        return found

    def case(self, case_id: str) -> Sequence[Item]:
        """As the table, which reads item by item: others may write between the case and what was demanded in it."""
        first: list[Item] = self._call("query", 1, lambda _turn: self._table.case(case_id)[:1])
        if not first:
            return first
        demanded: list[Item] = self._call("query", 1, lambda _turn: self._table.case(case_id)[1:])
        return [*first, *demanded]

    def _read(self, keys: Sequence[Key]) -> tuple[dict[Key, Item], Sequence[Key]]:
        """What was found, and what is left to be read."""

        def read(turn: Turn) -> tuple[dict[Key, Item], Sequence[Key]]:
            first = self._conductor.taken(len(keys)) if turn is Turn.TORN else [True] * len(keys)
            now = [key for key, is_first in zip(keys, first, strict=True) if is_first] or keys[:1]
            self._torn = len(now) < len(keys)
            return self._table.read(now), [key for key in keys if key not in now]

        answer: tuple[dict[Key, Item], Sequence[Key]] = self._call("read", len(keys), read)
        return answer

    def write(self, writes: Sequence[Write]) -> None:
        """As the table."""

        def written(turn: Turn) -> None:
            if turn is Turn.LOST and any(write.expect for write in writes):
                if len(writes) == 1:
                    self._write(writes)
                raise Conflict("another writer was at it")
            self._write(writes)

        self._call("write", len(writes), written)

    def _write(self, writes: Sequence[Write]) -> None:
        before = len(self._table.stream)
        self._table.write(writes)
        self._process.wrote.append(range(before, len(self._table.stream)))

    def overdue(self, now: datetime) -> Iterable[Item]:
        """As the table's index, which may lag."""
        found: list[Item] = self._call("overdue", 1, lambda turn: list(self._table.overdue(now, lagging=turn is Turn.LAGGING)))
        return found

    def announce(self, entries: Sequence[Mapping[str, Any]], put: Callable[[Mapping[str, Any]], None]) -> list[bool]:
        """Put entries on the bus. Returns which of them it took."""

        def announced(turn: Turn) -> list[bool]:
            taken = self._conductor.taken(len(entries)) if turn is Turn.PARTIAL else [True] * len(entries)
            for entry, is_taken in zip(entries, taken, strict=True):
                if is_taken:
                    put(entry)
            return list(taken)

        answer: list[bool] = self._call("announce", len(entries), announced)
        return answer

    def send(self, done: Callable[[], None]) -> None:
        """Hand a notification to a topic."""
        self._call("send", 1, lambda _turn: done())

    def _call(self, operation: str, size: int, act: Callable[[Turn], Any]) -> Any:
        answers = self._process.answers
        if self._at == len(answers):
            if self._torn:
                raise Suspended  # others have their turn
            turn = self._conductor.turn(Call(operation, size))
            if turn is Turn.WAIT and self._fresh:
                raise Suspended
            answers.append((operation, self._done(operation, turn, act)))
            self._fresh += 1
        known, answer = answers[self._at]
        if known != operation:
            raise AssertionError(f"{self._process.name} is no function of what it read: {known}, then {operation}")
        self._at += 1
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _done(self, operation: str, turn: Turn, act: Callable[[Turn], Any]) -> Any:
        if turn is Turn.DIED_BEFORE:
            raise Died
        self._process.refused += turn in {Turn.THROTTLED, Turn.TIMED_OUT}
        if turn is Turn.THROTTLED:
            return StoreUnavailable("throttled")
        try:
            answer = act(turn)
        except Conflict as conflict:
            answer = conflict
        else:
            self._process.effects.add(operation)
        if turn is Turn.DIED_AFTER:
            raise Died
        return StoreUnavailable("no answer in time") if turn is Turn.TIMED_OUT else answer


@dataclass(frozen=True, slots=True)
class Topic:
    """The teams' topics, as a notifier calls them."""

    calls: Calls
    sent: Callable[[str], None]

    def send(self, team: Team, subject: str, text: str, attributes: Mapping[str, str]) -> None:
        """Hand a notification over. Raises ``Unavailable``."""
        del team, text
        self.calls.send(lambda: self.sent(f"{subject} {attributes['rung']}"))


@dataclass(frozen=True, slots=True)
class BusClient:
    """EventBridge, as the publisher's client calls it."""

    calls: Calls
    put: Callable[[Mapping[str, Any]], None]

    def put_events(self, *, Entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:  # noqa: N803 - botocore's name
        """Answer for each entry. Raises ``ClientError`` when nothing is known of any."""
        from botocore.exceptions import ClientError

        try:
            taken = self.calls.announce(Entries, self.put)
        except Unavailable as error:
            raise ClientError({"Error": {"Code": "InternalFailure", "Message": str(error)}}, "PutEvents") from error
        return {"Entries": [{"EventId": "e"} if each else {"ErrorCode": "ThrottlingException"} for each in taken]}
