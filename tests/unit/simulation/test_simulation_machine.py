"""The same system with hypothesis as its conductor: what goes wrong shrinks to the few steps that matter."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from local.simulation.analyst import order
from local.simulation.history import settle
from local.simulation.mutants import MUTANTS
from local.simulation.oracle import violations
from local.simulation.process import Call, Turn
from local.simulation.pure import forget, remembered
from local.simulation.scenario import scenario
from local.simulation.world import SHARDS, World

TURNS = st.lists(st.sampled_from([Turn.GO, Turn.GO, *Turn]), max_size=4)
PLACES = st.integers(0, 5)
QUICK = settings(
    max_examples=20,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@dataclass
class Chosen:
    """A ``Conductor`` that does what was chosen, and lets a process wait when nothing more was."""

    turns: list[Turn] = field(default_factory=list)
    calm: bool = False

    def turn(self, call: Call) -> Turn:
        turn = self.turns.pop(0) if self.turns else Turn.WAIT
        elsewhere = {Turn.PARTIAL: "announce", Turn.LAGGING: "overdue", Turn.TORN: "read"}
        return Turn.GO if self.calm or elsewhere.get(turn, call.operation) != call.operation else turn

    def taken(self, count: int) -> Sequence[bool]:
        return [place % 2 == 0 for place in range(count)]


class Intake(RuleBasedStateMachine):
    """A history whose steps are chosen one by one."""

    @initialize(seed=st.integers(0, 200))
    def begin(self, seed: int) -> None:
        self.conductor = Chosen()
        self.world = World(scenario(random.Random(seed)), self.conductor)

    @precondition(lambda self: self.world.door)
    @rule(place=PLACES, again=st.booleans(), turns=TURNS)
    def a_door_takes_a_message(self, place: int, again: bool, turns: list[Turn]) -> None:
        self.conductor.turns = turns
        self.world.resume(self.world.deliver(place % len(self.world.door), again=again))

    @precondition(lambda self: self.world.processes)
    @rule(place=PLACES, turns=TURNS)
    def a_process_goes_on(self, place: int, turns: list[Turn]) -> None:
        self.conductor.turns = turns
        self.world.resume(self.world.processes[place % len(self.world.processes)])

    @rule(shard=st.integers(0, SHARDS - 1), count=st.integers(1, 20), back=st.integers(0, 3), turns=TURNS)
    def the_stream_is_published(self, shard: int, count: int, back: int, turns: list[Turn]) -> None:
        self.conductor.turns = turns
        process = self.world.publish(shard, count, back=back)
        if process:
            self.world.resume(process)

    @precondition(lambda self: self.world.notices)
    @rule(place=PLACES, again=st.booleans(), turns=TURNS)
    def a_team_is_told(self, place: int, again: bool, turns: list[Turn]) -> None:
        self.conductor.turns = turns
        self.world.resume(self.world.notify(place % len(self.world.notices), again=again))

    @precondition(lambda self: self.world.sightings)
    @rule(count=st.integers(1, 4), again=st.booleans(), turns=TURNS)
    def campaigns_are_counted(self, count: int, again: bool, turns: list[Turn]) -> None:
        self.conductor.turns = turns
        self.world.resume(self.world.correlate(range(min(count, len(self.world.sightings))), again=again))

    @rule(seconds=st.sampled_from([-90, 0, 90]), turns=TURNS)
    def a_chaser_sweeps(self, seconds: int, turns: list[Turn]) -> None:
        self.conductor.turns = turns
        self.world.resume(self.world.sweep(self.world.now + timedelta(seconds=seconds)))

    @precondition(lambda self: self.world.open_escalations)
    @rule(place=PLACES, turns=TURNS)
    def somebody_acknowledges(self, place: int, turns: list[Turn]) -> None:
        self.conductor.turns = turns
        waiting = self.world.open_escalations
        self.world.resume(self.world.acknowledge(waiting[place % len(waiting)]))

    @rule(seed=st.integers(0, 300), turns=TURNS)
    def an_analyst_wants_something(self, seed: int, turns: list[Turn]) -> None:
        self.conductor.turns = turns
        wanted = order(self.world.table, random.Random(seed), self.world.commands_given)
        if wanted:
            self.world.order(wanted)
            self.world.resume(self.world.command(-1))

    @precondition(lambda self: self.world.orders)
    @rule(place=PLACES, again=st.booleans(), turns=TURNS)
    def a_command_is_given_again(self, place: int, again: bool, turns: list[Turn]) -> None:
        self.conductor.turns = turns
        self.world.resume(self.world.command(place % len(self.world.orders), again=again))

    @rule(seconds=st.sampled_from([1, 20, 100, 2000]))
    def time_passes(self, seconds: int) -> None:
        self.world.pass_time(timedelta(seconds=seconds))

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.conductor.calm = True
            settle(self.world)
            assert violations(self.world) == ()


@pytest.fixture(autouse=True)
def read_once() -> Iterator[None]:
    with remembered():
        yield
    forget()


def test_no_choice_of_steps_breaks_a_promise() -> None:
    run_state_machine_as_test(Intake, settings=QUICK)


def test_a_wrong_protocol_is_found_out_by_choosing_too() -> None:
    (mutant,) = (each for each in MUTANTS if each.name == "claimed first")
    with mutant.alive(), pytest.raises(AssertionError):
        run_state_machine_as_test(Intake, settings=settings(QUICK, max_examples=200, phases=(Phase.generate,)))
