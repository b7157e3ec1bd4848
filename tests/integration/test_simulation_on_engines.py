"""A few of the simulation's histories with real threads on DynamoDB Local, and faults on the way: the same promises."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest

from casework.aws.table import DynamoTable, from_wire
from casework.desk import Desk
from casework.errors import Rejected, StoreUnavailable
from casework.escalation import Escalations, climb
from casework.table import Item, Key, Write
from local.simulation.history import Dice
from local.simulation.oracle import violations_at_rest
from local.simulation.scenario import PSEUDONYMS, Scenario, scenario
from local.simulation.world import LAST_RUNG, Acknowledged, Answered, Delivery, World, rules
from tests.engines import a_table

Done = TypeVar("Done")

SEEDS = range(12)
AT_ONCE = 8
PATIENCE = 60


@pytest.fixture
def engine() -> Iterator[tuple[Any, str]]:
    """DynamoDB Local: moto's transactions are no witness, see docs/decisions.md."""
    with a_table("dynamodb-local") as (client, name):
        yield client, name


@dataclass
class Unreliable:
    """A table that now and then refuses, or says that it did nothing when it did."""

    table: DynamoTable
    dice: random.Random

    def read(self, keys: Sequence[Key]) -> dict[Key, Item]:
        return self._at_risk(lambda: self.table.read(keys))

    def write(self, writes: Sequence[Write]) -> None:
        self._at_risk(lambda: self.table.write(writes))

    def overdue(self, now: datetime) -> Iterable[Item]:
        return self._at_risk(lambda: list(self.table.overdue(now)))

    def case(self, case_id: str) -> Sequence[Item]:
        return self._at_risk(lambda: self.table.case(case_id))

    def _at_risk(self, act: Callable[[], Done]) -> Done:
        luck = self.dice.random()
        if luck < 0.05:
            raise StoreUnavailable("throttled")
        done = act()
        if luck > 0.95:
            raise StoreUnavailable("no answer in time")
        return done


def until_answered(act: Callable[[], Done]) -> Done:
    for _ in range(PATIENCE):
        try:
            return act()
        except StoreUnavailable:
            time.sleep(0.002)
    raise AssertionError("it never answered")


class Office:
    """The doors, chasers and people of a history, all at once."""

    def __init__(self, seed: int, client: Any, name: str) -> None:
        self.dice = random.Random(seed)
        self.client, self.name = client, name
        told = scenario(self.dice)
        self.world = World(Scenario(told.writings, owners=told.owners), Dice(self.dice))

    def unreliable(self) -> Unreliable:
        return Unreliable(DynamoTable(self.client, self.name), random.Random(self.dice.random()))

    def receive(self, deliveries: Sequence[Delivery]) -> None:
        """Every message three times, in any order, by several doors at once."""
        often = [delivery for delivery in deliveries for _ in range(3)]
        self.dice.shuffle(often)
        with ThreadPoolExecutor(AT_ONCE) as doors:
            self.world.answers += doors.map(self._answer, often, [self.unreliable() for _ in often])

    def _answer(self, delivery: Delivery, table: Unreliable) -> Answered:
        desk = Desk(table, rules(), PSEUDONYMS, lambda lost: time.sleep(0.003 * (lost + 1) * table.dice.random()))

        def receive() -> Any:
            try:
                unread = delivery.writing.unreadable
                return desk.quarantine(delivery.message, "not_a_mail") if unread else desk.receive(delivery.message)
            except Rejected:
                return None

        return Answered(delivery.writing, delivery.message, until_answered(receive), 0)

    def climb_and_acknowledge(self, now: datetime) -> None:
        """Three chasers and a person for every other escalation, at once."""
        waiting = [item for item in self.items() if item["kind"] == "escalation"]
        with ThreadPoolExecutor(AT_ONCE) as people:
            sweeps = [people.submit(self._sweep, now, self.unreliable()) for _ in range(3)]
            answers = [people.submit(self._acknowledge, item, now, self.unreliable()) for item in waiting[::2]]
            self.world.acknowledged += [answer.result() for answer in answers]
        assert all(sweep.result() is None for sweep in sweeps)

    def _sweep(self, now: datetime, table: Unreliable) -> None:
        until_answered(lambda: list(climb(table, rules(), now)))

    def _acknowledge(self, item: Item, now: datetime, table: Unreliable) -> Acknowledged:
        by = f"analyst {table.dice.random()}"
        ids = item["case_id"], item["escalation_id"]
        _, ours = until_answered(lambda: Escalations(table).acknowledge(*ids, by=by, at=now))
        return Acknowledged(*ids, by, ours)

    def items(self) -> list[Item]:
        pages = self.client.get_paginator("scan").paginate(TableName=self.name, ConsistentRead=True)
        return [from_wire(item) for page in pages for item in page["Items"]]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_promise_breaks_among_threads(engine: tuple[Any, str], seed: int) -> None:
    office = Office(seed, *engine)
    world = office.world
    waves, world.door = [world.door], []
    for writing in world.scenario.writings:
        waves += [[Delivery(writing, writing.message)]] if writing.after >= 0 else []
    for wave in waves:
        office.receive(wave)
    for sweep in range(LAST_RUNG + 2):
        office.climb_and_acknowledge(world.now + timedelta(days=3 * (sweep + 1)))
    items = office.items()
    world.table.items = {Key(item["pk"], item["sk"]): item for item in items}
    assert violations_at_rest(world) == ()
    escalations = [item for item in items if item["kind"] == "escalation"]
    assert all("due" not in item for item in escalations), "answered, or climbed to the end"
    assert all("acknowledged_at" in item or item["rung"] == LAST_RUNG for item in escalations)
