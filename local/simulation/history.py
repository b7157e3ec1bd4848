"""A history: the seed decides who writes what, who runs when, and what fails. The same seed is the same history."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from local.simulation.analyst import may_be_split_off, order, split_off
from local.simulation.oracle import violations
from local.simulation.process import Call, Conductor, Turn
from local.simulation.scenario import scenario
from local.simulation.world import SHARDS, World

ROUNDS = 60
"""After the faults have ended everything must have come to rest within so many."""
PAUSES = (1, 5, 20, 45, 100, 400, 2000, 20_000)
"""Seconds that the clock may jump by."""


@dataclass(slots=True)
class Dice:
    """A ``Conductor`` that throws dice: how wild a history is, is thrown first."""

    dice: random.Random
    calm: bool = False
    waits: float = 0.0
    fails: float = 0.0
    dies: float = 0.0

    @classmethod
    def thrown(cls, dice: random.Random) -> Dice:
        """How often processes wait, fail and die in this history."""
        return cls(dice, waits=dice.choice((0, 0.15, 0.35)), fails=dice.choice((0, 0.05, 0.2)), dies=dice.choice((0, 0.03, 0.12)))

    def turn(self, call: Call) -> Turn:
        """What becomes of a process at this call."""
        if self.calm:
            return Turn.GO
        luck = self.dice.random()
        if luck < self.waits:
            return Turn.WAIT
        luck -= self.waits
        if luck < self.dies:
            return self.dice.choice((Turn.DIED_BEFORE, Turn.DIED_AFTER))
        if luck < self.dies + self.fails:
            return self.dice.choice(_FAILURES[call.operation])
        return Turn.GO

    def taken(self, count: int) -> Sequence[bool]:
        """Take about half."""
        return [self.dice.random() < 0.5 for _ in range(count)]


@dataclass(slots=True)
class Tearing:
    """A ``Conductor`` who tears the first read, and leaves the rest to another."""

    other: Conductor
    torn: bool = False

    def turn(self, call: Call) -> Turn:
        """Torn, if it is the first read."""
        if self.torn or call.operation != "read":
            return self.other.turn(call)
        self.torn = True
        return Turn.TORN

    def taken(self, count: int) -> Sequence[bool]:
        """As the other one."""
        return self.other.taken(count)


_FAILURES = {
    "read": (Turn.THROTTLED, Turn.TIMED_OUT, Turn.TORN, Turn.TORN),
    "query": (Turn.THROTTLED, Turn.TIMED_OUT),
    "write": (Turn.THROTTLED, Turn.TIMED_OUT, Turn.LOST),
    "overdue": (Turn.THROTTLED, Turn.LAGGING, Turn.LAGGING),
    "announce": (Turn.THROTTLED, Turn.TIMED_OUT, Turn.PARTIAL, Turn.PARTIAL),
    "send": (Turn.THROTTLED, Turn.TIMED_OUT),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a history came to."""

    seed: int
    violations: tuple[str, ...]
    messages: int
    steps: int


def tell(seed: int) -> Told:
    """Play the history of a seed."""
    world, steps = played(seed)
    return Told(seed, violations(world), len(world.scenario.writings), steps)


def digest(seed: int) -> str:
    """Of everything that is written, announced and sent in a seed's history, in order: equal for equal histories."""
    world, _ = played(seed)
    everything = [world.table.stream, world.events, sorted(world.sent.items()), [each.by for each in world.acknowledged]]
    return hashlib.sha256(json.dumps(everything).encode()).hexdigest()[:16]


def concerns(seed: int) -> tuple[bool, bool]:
    """Whether commands are given in a seed's history, and whether campaigns are counted."""
    dice = random.Random(seed)
    Dice.thrown(dice)
    told = scenario(dice)
    return told.commands > 0, told.correlates


def played(seed: int) -> tuple[World, int]:
    """The world at the end of a seed's history, and in how many steps it came there."""
    dice = random.Random(seed)
    conductor = Dice.thrown(dice)
    world = World(scenario(dice), conductor)
    steps = 0
    limit = 25 * len(world.scenario.writings)
    moves = _WITH_ANALYSTS if world.scenario.commands else _MOVES
    while steps < limit and (world.door or world.processes or world.notices or world.commands_left):
        dice.choice(moves)(world, dice)
        steps += 1
    conductor.calm = True
    settle(world)
    return world, steps


def _go_on(world: World, dice: random.Random) -> None:
    if world.processes:
        world.resume(dice.choice(world.processes))


def _deliver(world: World, dice: random.Random) -> None:
    if world.door:
        place, luck = dice.randrange(min(len(world.door), 4)), dice.random()
        if luck < 0.12:
            world.resume(world.deliver(place, again=True))
        if luck < 0.04 or luck > 0.12:
            world.resume(world.deliver(place))


def _publish(world: World, dice: random.Random) -> None:
    process = world.publish(dice.randrange(SHARDS), dice.randint(1, 12), back=dice.choice((0, 0, 0, 0, 0, 3)))
    if process:
        world.resume(process)


def _notify(world: World, dice: random.Random) -> None:
    if world.notices:
        place, luck = dice.randrange(len(world.notices)), dice.random()
        if luck < 0.12:
            world.resume(world.notify(place, again=True))
        if luck < 0.06 or luck > 0.12:
            world.resume(world.notify(place))


def _correlate(world: World, dice: random.Random) -> None:
    if world.sightings:
        count = dice.randint(1, min(4, len(world.sightings)))
        world.resume(world.correlate(dice.sample(range(len(world.sightings)), count), again=dice.random() < 0.12))


def _sweep(world: World, dice: random.Random) -> None:
    world.resume(world.sweep(world.now + timedelta(seconds=dice.choice((-90, -5, 0, 0, 0, 5, 90)))))


def _acknowledge(world: World, dice: random.Random) -> None:
    """Somebody answers: where there are analysts not so soon, so that they find cases that teams wait in, but in merged ones."""
    waiting = world.open_escalations
    silent = [each for each in waiting if "suspended" in each]
    unmerging = any(process.name == "command unmerge" for process in world.processes)
    if silent and dice.random() < (0.9 if unmerging else 0.1):
        world.resume(world.acknowledge(dice.choice(silent)))
    elif len(silent) < len(waiting) and not (world.scenario.commands and dice.random() < 0.6):
        world.resume(world.acknowledge(dice.choice([each for each in waiting if each not in silent])))


def _command(world: World, dice: random.Random) -> None:
    for _ in range(2 if dice.random() < 0.25 else 1):
        wanted = order(world.table, dice, world.commands_given) if world.commands_given < world.scenario.commands else None
        if wanted:
            world.order(wanted)
        if world.orders:
            world.resume(world.command(dice.randrange(len(world.orders)), again=dice.random() < 0.2))


def _split_under_an_answer(world: World, dice: random.Random) -> None:
    """A message is split off while its answer has read a part of what it depends on: chance alone hardly ever does that."""
    asked = [(place, world.stored(each.writing.answers)) for place, each in enumerate(world.door)]
    answered = [(place, item) for place, item in asked if item and may_be_split_off(world.table, item)]
    if answered and world.commands_given < world.scenario.commands:
        place, item = dice.choice(answered)
        world.order(split_off(item, world.commands_given))
        world.resume(world.deliver(place), Tearing(world.conductor))
        world.resume(world.command(len(world.orders) - 1))


def _pass_time(world: World, dice: random.Random) -> None:
    world.pass_time(timedelta(seconds=dice.choice(PAUSES)))


_MOVES: Sequence[Callable[[World, random.Random], None]] = (
    *[_go_on] * 8,
    *[_deliver] * 6,
    *[_publish] * 3,
    *[_notify] * 3,
    *[_correlate] * 2,
    _sweep,
    _acknowledge,
    _pass_time,
)
"""What may happen next, each as often as it is likely."""
_WITH_ANALYSTS = (*_MOVES, *[_command] * 3, *[_split_under_an_answer] * 2)


def settle(world: World) -> None:
    """Let everything come to rest without faults: queues are emptied, and every ladder is climbed to its end."""
    for _ in range(ROUNDS):
        _empty(world)
        if _rests(world):
            return
        world.pass_time(timedelta(seconds=100))
        if not (world.door or world.notices or world.sightings):
            world.pass_time(timedelta(days=3))
            world.resume(world.sweep(world.now))


def _empty(world: World) -> None:
    """Let every queue and shard be taken up. Where everything fails, as by a wrong protocol, the rest waits for another round."""
    while world.processes:
        world.resume(world.processes[0])
    for _ in range(len(world.door)):
        world.resume(world.deliver(0))
    for _ in range(len(world.orders)):
        world.resume(world.command(0))
    for _ in range(len(world.notices)):
        world.resume(world.notify(0))
    for _ in range(-(-len(world.sightings) // 10)):
        world.resume(world.correlate(range(min(10, len(world.sightings)))))
    for shard in range(SHARDS):
        while _goes_on(world, shard):
            pass


def _goes_on(world: World, shard: int) -> bool:
    """Whether another batch of a shard was published."""
    left = world.unpublished(shard)
    process = world.publish(shard, 50) if left else None
    if process:
        world.resume(process)
    return world.unpublished(shard) < left


def _rests(world: World) -> bool:
    queued = world.door or world.notices or world.sightings or world.processes or world.orders
    return (
        not queued
        and not any(map(world.unpublished, range(SHARDS)))
        and not any("due" in each for each in world.open_escalations)
    )
