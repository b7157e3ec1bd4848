"""A process of the simulation: what it calls is done once, however often it is run again, and it can die anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from casework.errors import StoreUnavailable
from casework.table import ABSENT, Change, Conflict, Key, Put
from local.simulation.process import Call, Calls, Process, Turn
from local.simulation.table import MemoryTable

A = Key("CASE#a", "CASE")


@dataclass
class Script:
    """A ``Conductor`` that has decided everything beforehand, and lets go after that."""

    turns: list[Turn]
    asked: list[Call] = field(default_factory=list)

    def turn(self, call: Call) -> Turn:
        self.asked.append(call)
        return self.turns.pop(0) if self.turns else Turn.GO

    def taken(self, count: int) -> Sequence[bool]:
        return [place % 2 == 0 for place in range(count)]


@dataclass
class Ending:
    outcomes: list[Any] = field(default_factory=list)
    deaths: int = 0

    def died(self) -> None:
        self.deaths += 1


def a_process(body: Any) -> tuple[Process, Ending]:
    ending = Ending()
    return Process("test", body, ending.outcomes.append, ending.died), ending


def counting(calls: Calls) -> int:
    calls.write([Change(A, add={"count": 1})])
    calls.write([Change(A, add={"count": 1})])
    return int(calls.read([A])[A]["count"])


def test_a_process_that_waits_does_nothing_twice() -> None:
    table, (process, ending) = MemoryTable(), a_process(counting)
    waits = Script([Turn.GO, Turn.WAIT, Turn.GO, Turn.WAIT])
    assert process.resume(table, waits)
    assert table.items[A]["count"] == 1
    assert process.resume(table, waits)
    assert not process.resume(table, waits)
    assert ending.outcomes == [2]


def test_a_process_that_is_resumed_goes_on_by_one_call_at_least() -> None:
    table, (process, _) = MemoryTable(), a_process(counting)
    waits = Script([Turn.WAIT] * 20)
    resumed = 1
    while process.resume(table, waits):
        resumed += 1
    assert resumed <= 3


@pytest.mark.parametrize(("turn", "count"), [(Turn.DIED_BEFORE, 0), (Turn.DIED_AFTER, 1)])
def test_a_process_dies_before_or_after_what_it_does(turn: Turn, count: int) -> None:
    table, (process, ending) = MemoryTable(), a_process(counting)
    assert not process.resume(table, Script([turn]))
    assert (ending.deaths, ending.outcomes) == (1, [])
    assert table.items.get(A, {}).get("count", 0) == count


@pytest.mark.parametrize(("turn", "count"), [(Turn.THROTTLED, 0), (Turn.TIMED_OUT, 1)])
def test_a_failure_may_have_been_none(turn: Turn, count: int) -> None:
    table, (process, ending) = MemoryTable(), a_process(counting)
    process.resume(table, Script([turn]))
    assert isinstance(ending.outcomes[0], StoreUnavailable)
    assert table.items.get(A, {}).get("count", 0) == count


def test_a_single_write_that_is_repeated_meets_itself_and_a_transaction_does_not() -> None:
    for writes, stored in (
        ([Put({**A._asdict()}, {"pk": ABSENT})], 1),
        ([Put({**A._asdict()}, {"pk": ABSENT}), Put({"pk": "b", "sk": "b"})], 0),
    ):
        table = MemoryTable()
        process, ending = a_process(lambda calls, writes=writes: calls.write(writes))
        process.resume(table, Script([Turn.LOST]))
        assert isinstance(ending.outcomes[0], Conflict)
        assert len(table.items) == stored


def test_a_body_that_is_no_function_of_its_answers_is_found_out() -> None:
    times: list[int] = []

    def fickle(calls: Calls) -> None:
        times.append(1)
        if len(times) == 1:
            calls.write([Change(A, add={"count": 1})])
        calls.read([A])
        calls.read([A])

    table, (process, ending) = MemoryTable(), a_process(fickle)
    process.resume(table, Script([Turn.GO, Turn.WAIT]))
    process.resume(table, Script([]))
    assert isinstance(ending.outcomes[0], AssertionError)


def test_a_write_that_changes_nothing_leaves_no_record() -> None:
    table = MemoryTable()
    table.write([Put({**A._asdict(), "kind": "case"})])
    table.write([Put({**A._asdict(), "kind": "case"})])
    assert [(record.before, record.after) for record in table.stream] == [(None, {**A._asdict(), "kind": "case"})]


def test_what_was_read_is_a_copy() -> None:
    table = MemoryTable()
    table.write([Put({**A._asdict(), "words": ["a"]})])
    table.read([A])[A]["words"].append("b")
    assert table.read([A])[A]["words"] == ["a"]


def test_a_batch_that_is_read_in_parts_is_no_snapshot() -> None:
    b = Key("CASE#b", "CASE")
    table = MemoryTable()
    table.write([Put({**A._asdict(), "version": 1}), Put({**b._asdict(), "version": 1})])
    process, ending = a_process(lambda calls: {key.pk: item["version"] for key, item in calls.read([A, b]).items()})
    assert process.resume(table, Script([Turn.TORN])), "others have their turn"
    table.write([Change(A, set={"version": 2}), Change(b, set={"version": 2})])
    process.resume(table, Script([]))
    assert ending.outcomes == [{"CASE#a": 1, "CASE#b": 2}]


def test_others_may_write_between_a_case_and_what_was_demanded_in_it() -> None:
    table = MemoryTable()
    table.write([Put({**A._asdict(), "kind": "case"})])
    process, ending = a_process(lambda calls: [item["sk"] for item in calls.case("a")])
    assert process.resume(table, Script([Turn.GO, Turn.WAIT]))
    table.write([Put({"pk": A.pk, "sk": "ESCALATION#1"})])
    process.resume(table, Script([]))
    assert ending.outcomes == [["CASE", "ESCALATION#1"]]


def test_a_process_knows_which_records_are_its_own() -> None:
    table, (process, _) = MemoryTable(), a_process(counting)
    table.write([Put({"pk": "b", "sk": "b"})])
    process.resume(table, Script([]))
    assert process.wrote == [range(1, 2), range(2, 3)]
