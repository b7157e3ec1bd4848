"""The system of a history: what ships, on a table, a bus and queues in memory. Nothing here decides what happens when."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from casework import policy
from casework.aws.bus import Bus
from casework.campaigns.correlator import Correlator
from casework.case import Outcome, Receipt
from casework.commands import Commands
from casework.commands.answer import Answer
from casework.commands.command import read as command_from
from casework.desk import Desk
from casework.errors import Rejected, Unavailable
from casework.escalation import Climbed, Escalations, climb
from casework.message import Message
from casework.policy.ladder import Ladders
from casework.table import CaseTable, Item
from functions.correlate.batch import JOINED as CAMPAIGN_JOINED
from functions.correlate.batch import MESSAGES, Batch
from functions.correlate.batch import asked as asked_of
from functions.notify.delivery import Notifier, queued_event
from functions.publish.stream import changes, failures
from local.simulation.process import BusClient, Calls, Conductor, Process, Topic
from local.simulation.scenario import PSEUDONYMS, START, Scenario, Writing
from local.simulation.table import MemoryTable

LINK_KEY = b"a key of the simulation's links, 32 bytes"
FUNCTION_TIMEOUT = timedelta(seconds=30)
"""A process that was waiting when the clock jumped farther than this ran out of time."""
LAST_RUNG = 2
SHARDS = 2
_NOTIFIED = ("EscalationRaised", "EscalationClimbed")
_CORRELATED = (*MESSAGES, CAMPAIGN_JOINED)


@cache
def rules() -> policy.Policy:
    """The shipped policy, with ladders short enough to be climbed to their ends."""
    shipped = policy.load()
    short = {name: replace(ladder, max_rung=LAST_RUNG) for name, ladder in shipped.ladders.by_severity.items()}
    return replace(shipped, ladders=Ladders(short, {}))


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message on its way to a door."""

    writing: Writing
    message: Message


@dataclass(frozen=True, slots=True)
class Answered:
    """What a door answered: a receipt, or why it will never take the message. ``at``: how many answers there were before."""

    writing: Writing
    message: Message
    receipt: Receipt | None
    began: int
    """How many answers had been given when the delivery began."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What somebody was told who acknowledged."""

    case_id: str
    escalation_id: str
    by: str
    ours: bool


@dataclass(frozen=True, slots=True)
class Commanded:
    """What an analyst was answered."""

    given: Mapping[str, Any]
    answer: Answer
    began: int
    """How many records the stream had when the command was given."""


@dataclass
class World:
    """One history's table, queues and clock. Starting a process takes something from a queue; failing puts it back."""

    scenario: Scenario
    conductor: Conductor
    now: datetime = START
    table: MemoryTable = field(default_factory=MemoryTable)
    door: list[Delivery] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    sightings: list[str] = field(default_factory=list)
    positions: list[int] = field(default_factory=lambda: [0] * SHARDS)
    publishing: list[int] = field(default_factory=lambda: [0] * SHARDS)
    shards: list[list[int]] = field(default_factory=lambda: [[] for _ in range(SHARDS)])
    processes: list[Process] = field(default_factory=list)
    events: list[Mapping[str, Any]] = field(default_factory=list)
    answers: list[Answered] = field(default_factory=list)
    sent: Counter[str] = field(default_factory=Counter)
    interrupted: Counter[str] = field(default_factory=Counter)
    acknowledged: list[Acknowledged] = field(default_factory=list)
    climbed: list[Climbed] = field(default_factory=list)
    orders: list[Mapping[str, Any]] = field(default_factory=list)
    """Commands that nobody has answered."""
    commands_given: int = 0
    commanded: list[Commanded] = field(default_factory=list)
    counting: list[Process] = field(default_factory=list)
    """Every correlator that there was."""
    escaped: list[str] = field(default_factory=list)
    """Errors that no code that ships should raise."""
    started: int = 0

    def __post_init__(self) -> None:
        rules()  # a policy that cannot be read is no door's error
        self._deferred: dict[int, list[Delivery]] = {}
        for writing in self.scenario.writings:
            self._expect(writing)

    def _expect(self, writing: Writing) -> None:
        deliveries = [Delivery(writing, message) for message in (writing.message, writing.other, writing.reused) if message]
        if writing.after < 0:
            self.door += deliveries
        else:
            self._deferred.setdefault(writing.after, []).extend(deliveries)

    # --- what may begin ----------------------------------------------------------------------------------------------

    def deliver(self, place: int, *, again: bool = False) -> Process:
        """Hand what lies at a place of the doors' queue to the desk; ``again``: it stays there, too."""
        delivery = self.door[place] if again else self.door.pop(place)
        began = len(self.answers)

        def receive(calls: Calls) -> Receipt:
            desk = Desk(cast("CaseTable", calls), rules(), PSEUDONYMS)
            if delivery.writing.unreadable:
                return desk.quarantine(delivery.message, "not_a_mail")
            return desk.receive(delivery.message)

        def ended(outcome: Any) -> None:
            if isinstance(outcome, Unavailable) and not process.refused:
                self.escaped.append(f"writing {delivery.writing.number} was sent back although the table had answered")
            self._answered(delivery, began, outcome)

        process = self._start(f"door {delivery.writing.number}", receive, ended, lambda: self.door.append(delivery))
        return process

    def publish(self, shard: int, count: int, *, back: int = 0) -> Process | None:
        """Hand the next records of a shard to the publisher; ``back``: as many that it had before come again."""
        known = self._shard(shard)
        start = max(0, self.positions[shard] - back)
        records = known[start : start + count]
        if not records or (self.publishing[shard] and not back):
            return None
        if not back:
            self.publishing[shard] += 1

        def announce(calls: Calls) -> list[dict[str, str]]:
            announced = changes({"Records": [_record(number, self.table.stream[number]) for number in records]})
            bus = Bus(cast("Any", BusClient(calls, self._put)), "bus")
            return failures(announced, bus.publish([each.event for each in announced]))

        def go_on(outcome: Any) -> None:
            if back:
                return
            self.publishing[shard] -= 1
            if isinstance(outcome, Exception):
                self._failed(outcome)
                return
            refused = {int(each["itemIdentifier"]) for each in outcome}
            self.positions[shard] = start + next((at for at, each in enumerate(records) if each in refused), len(records))

        def died() -> None:
            if not back:
                self.publishing[shard] -= 1

        return self._start(f"publish {shard}", announce, go_on, died)

    def notify(self, place: int, *, again: bool = False) -> Process:
        """Hand an event to a notifier."""
        body = self.notices[place] if again else self.notices.pop(place)
        wanted, now = queued_event(body), self.now
        name = f"{wanted.escalation_id} {wanted.rung}"

        def tell(calls: Calls) -> str:
            topic = Topic(calls, self._sent)
            notifier = Notifier(cast("CaseTable", calls), topic, rules(), LINK_KEY, "https://example.jp")
            return notifier.notify(wanted, now)

        def ended(outcome: Any) -> None:
            if isinstance(outcome, Exception):
                self._failed(outcome)
                again_later()

        def again_later() -> None:
            self.interrupted[name] += "send" in process.effects
            self.notices.append(body)

        process = self._start(f"notify {name}", tell, ended, again_later)
        return process

    def correlate(self, places: Sequence[int], *, again: bool = False) -> Process:
        """Hand a batch of events to the correlator."""
        bodies = [self.sightings[place] for place in places]
        if not again:
            self.sightings = [body for place, body in enumerate(self.sightings) if place not in places]

        def count(calls: Calls) -> Any:
            return Batch([asked_of(body) for body in bodies]).correlate(Correlator(cast("CaseTable", calls), rules()))

        def ended(outcome: Any) -> None:
            if isinstance(outcome, Exception):
                self._failed(outcome)
                self.sightings.extend(bodies)

        process = self._start("correlate", count, ended, lambda: self.sightings.extend(bodies))
        self.counting.append(process)
        return process

    def sweep(self, at: datetime) -> Process:
        """Let a chaser sweep; nobody repeats a sweep that died."""

        def chase(calls: Calls) -> list[Climbed]:
            return list(climb(cast("CaseTable", calls), rules(), at))

        def ended(outcome: Any) -> None:
            if isinstance(outcome, Exception):
                self._failed(outcome)
            else:
                self.climbed += outcome

        return self._start("chase", chase, ended, lambda: None)

    def acknowledge(self, item: Item) -> Process:
        """Let somebody acknowledge an escalation."""
        by, at = f"analyst {self.started}", self.now
        case_id, escalation_id = item["case_id"], item["escalation_id"]

        def answer(calls: Calls) -> bool:
            return Escalations(cast("CaseTable", calls)).acknowledge(case_id, escalation_id, by=by, at=at)[1]

        def ended(outcome: Any) -> None:
            if isinstance(outcome, Exception):
                self._failed(outcome)
            else:
                self.acknowledged.append(Acknowledged(case_id, escalation_id, by, outcome))

        return self._start(f"acknowledge {escalation_id}", answer, ended, lambda: None)

    def order(self, given: Mapping[str, Any]) -> None:
        """An analyst wants something done."""
        self.orders.append(given)
        self.commands_given += 1

    def command(self, place: int, *, again: bool = False) -> Process:
        """Give a command, as often as it takes to get an answer; ``again``: it will be given another time all the same."""
        given = self.orders[place] if again else self.orders.pop(place)
        at = self.now + timedelta(milliseconds=self.started)  # no two people press a key at the same instant

        def obey(calls: Calls) -> Answer:
            return Commands(cast("CaseTable", calls), rules()).obey(command_from(given, at))

        def ended(outcome: Any) -> None:
            if isinstance(outcome, Answer):
                self.commanded.append(Commanded(given, outcome, process.began))
                return
            if isinstance(outcome, Unavailable) and not process.refused:
                self.escaped.append(f"command {given} was sent back although the table had answered")
            self._failed(outcome)
            self.orders.append(given)

        process = self._start(f"command {given['command']}", obey, ended, lambda: self.orders.append(given))
        return process

    # --- what goes on ------------------------------------------------------------------------------------------------

    def resume(self, process: Process, conductor: Conductor | None = None) -> None:
        """Let a process go on until it ends, dies or waits."""
        self.processes.remove(process)
        if process.resume(self.table, conductor or self.conductor):
            self.processes.append(process)

    def pass_time(self, by: timedelta) -> None:
        """Let the clock jump. Whoever was waiting longer than a function may run is no more."""
        self.now += by
        if by > FUNCTION_TIMEOUT:
            timed_out, self.processes = self.processes, []
            for process in timed_out:
                process.died()

    def unpublished(self, shard: int) -> int:
        """Records that no publisher has had."""
        return len(self._shard(shard)) - self.positions[shard]

    @property
    def commands_left(self) -> bool:
        """Whether an analyst waits for an answer, or will give another command as soon as there is a case."""
        return bool(self.orders) or (self.commands_given < self.scenario.commands and bool(self.table.of_kind("case")))

    def stored(self, number: int) -> Item | None:
        """A writing as it is filed, or ``None``."""
        name = self.scenario.writings[number].message.message_id if number >= 0 else ""
        return next((item for item in self.table.of_kind("message") if item["message_id"] == name), None)

    @property
    def open_escalations(self) -> list[Item]:
        """Those that can be acknowledged."""
        return [item for item in self.table.of_kind("escalation") if "acknowledged_at" not in item]

    def _start(self, name: str, body: Callable[[Calls], Any], ended: Callable[[Any], None], died: Callable[[], None]) -> Process:
        self.started += 1
        process = Process(name, body, ended, died, began=len(self.table.stream))
        self.processes.append(process)
        return process

    def _shard(self, shard: int) -> list[int]:
        known = sum(map(len, self.shards))
        for number in range(known, len(self.table.stream)):
            self.shards[zlib.crc32(self.table.stream[number].key.pk.encode()) % SHARDS].append(number)
        return self.shards[shard]

    def _answered(self, delivery: Delivery, began: int, outcome: Any) -> None:
        if isinstance(outcome, (Receipt, Rejected)):
            receipt = outcome if isinstance(outcome, Receipt) else None
            self.answers.append(Answered(delivery.writing, delivery.message, receipt, began))
            self.door += self._deferred.pop(delivery.writing.number, [])
            return
        self._failed(outcome)
        self.door.append(delivery)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, Unavailable):
            self.escaped.append(f"{type(error).__name__}: {error}")

    def _put(self, entry: Mapping[str, Any]) -> None:
        self.events.append({"type": entry["DetailType"], **json.loads(entry["Detail"])})
        body = json.dumps({"detail-type": entry["DetailType"], "detail": self.events[-1]})
        if entry["DetailType"] in _NOTIFIED:
            self.notices.append(body)
        if entry["DetailType"] in _CORRELATED and self.scenario.correlates:
            self.sightings.append(body)

    def _sent(self, name: str) -> None:
        self.sent[name] += 1


def _record(number: int, record: Any) -> dict[str, Any]:
    images = {"OldImage": record.before, "NewImage": record.after}
    return {
        "eventSource": "aws:dynamodb",
        "dynamodb": {"SequenceNumber": str(number), **{name: image for name, image in images.items() if image is not None}},
    }


def outcomes(answers: Sequence[Answered]) -> Counter[Outcome | None]:
    """How often a door answered what; ``None`` for a refusal."""
    return Counter(answer.receipt.outcome if answer.receipt else None for answer in answers)
