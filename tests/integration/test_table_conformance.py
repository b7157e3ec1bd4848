"""The tables in memory, on moto and on DynamoDB Local keep the same promises: one suite for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from casework.aws.table import DynamoTable
from casework.table import ABSENT, PRESENT, Change, Check, Conflict, Key, Put, Table
from local.simulation.table import MemoryTable as SimulatedTable
from tests.engines import ENGINES, a_table
from tests.memory_table import MemoryTable

A, B = Key("CASE#a", "CASE"), Key("CASE#b", "CASE")


IN_MEMORY: dict[str, type[Table]] = {"memory": MemoryTable, "simulation": SimulatedTable}


@pytest.fixture(params=[*IN_MEMORY, *ENGINES])
def table(request: pytest.FixtureRequest) -> Iterator[Table]:
    if request.param in IN_MEMORY:
        yield IN_MEMORY[request.param]()
        return
    with a_table(request.param) as (client, name):
        yield DynamoTable(client, name)


def item(key: Key, **attributes: object) -> dict[str, object]:
    return {**key._asdict(), "kind": "case", **attributes}


def test_what_was_written_is_read_back_as_it_was(table: Table) -> None:
    written = item(A, count=3, share=0.25, words=["あ", "b"], nested={"deep": [{"x": True}]}, nothing=None)
    table.write([Put(written)])
    assert table.read([A, B]) == {A: written}


def test_an_item_that_must_be_absent_is_written_once(table: Table) -> None:
    table.write([Put(item(A), {"pk": ABSENT})])
    with pytest.raises(Conflict):
        table.write([Put(item(A, second=True), {"pk": ABSENT})])
    assert "second" not in table.read([A])[A]


def test_one_failed_expectation_leaves_everything_as_it_was(table: Table) -> None:
    table.write([Put(item(A, version=1))])
    with pytest.raises(Conflict):
        table.write([Put(item(B), {"pk": ABSENT}), Put(item(A, version=3), {"version": 2})])
    assert table.read([A, B]) == {A: item(A, version=1)}


def test_a_version_excludes_a_second_writer(table: Table) -> None:
    table.write([Put(item(A, version=1))])
    table.write([Put(item(A, version=2), {"version": 1}), Put(item(B), {"pk": ABSENT})])
    with pytest.raises(Conflict):
        table.write([Put(item(A, version=2), {"version": 1})])


def test_a_change_sets_adds_and_removes(table: Table) -> None:
    table.write([Put(item(A, status="open", due="open", messages=1))])
    table.write([Change(A, set={"status": "done"}, add={"messages": 2, "reads": 1}, remove=("due",), expect={"due": "open"})])
    assert table.read([A])[A] == item(A, status="done", messages=3, reads=1)


def test_a_change_of_what_must_exist_does_not_create_it(table: Table) -> None:
    with pytest.raises(Conflict):
        table.write([Change(A, set={"x": 1}, expect={"pk": PRESENT})])
    assert table.read([A]) == {}


def test_what_stands_beside_a_check_is_written_only_if_it_holds(table: Table) -> None:
    table.write([Put(item(A, version=1))])
    table.write([Check(A, {"version": 1}), Put(item(B))])
    assert table.read([A, B]) == {A: item(A, version=1), B: item(B)}
    for expect in ({"version": 2}, {"pk": ABSENT}):
        with pytest.raises(Conflict):
            table.write([Check(A, expect), Put(item(B, second=True))])
    assert table.read([B])[B] == item(B)


def test_a_check_for_what_is_absent_leaves_it_absent(table: Table) -> None:
    table.write([Check(A, {"pk": ABSENT}), Put(item(B))])
    assert table.read([A, B]) == {B: item(B)}


def test_a_change_may_expect_that_nothing_was_noted(table: Table) -> None:
    table.write([Put(item(A))])
    table.write([Change(A, set={"acknowledged_at": "now"}, expect={"pk": PRESENT, "acknowledged_at": ABSENT})])
    with pytest.raises(Conflict):
        table.write([Change(A, set={"acknowledged_at": "later"}, expect={"pk": PRESENT, "acknowledged_at": ABSENT})])


def test_only_open_escalations_past_their_deadline_are_overdue(table: Table) -> None:
    for name, due, at in (("late", "open", "01"), ("latest", "open", "00"), ("early", "open", "59"), ("done", None, "01")):
        attributes = {"due_at": f"2026-05-03T12:{at}:00.000Z", "rung": 0, "severity": "high", "team": "fraud"} | (
            {"due": due} if due else {}
        )
        table.write([Put(item(Key("CASE#a", f"ESCALATION#{name}"), **attributes))])
    found = table.overdue(datetime(2026, 5, 3, 12, 30, tzinfo=UTC))
    assert [each["sk"] for each in found] == ["ESCALATION#latest", "ESCALATION#late"]


def test_a_hundred_items_are_read_in_one_round_trip(table: Table) -> None:
    keys = [Key(f"CASE#{number:03}", "CASE") for number in range(100)]
    for start in range(0, 100, 10):  # DynamoDB Local of the npm package takes ten at once, AWS a hundred
        table.write([Put(item(key)) for key in keys[start : start + 10]])
    assert set(table.read(keys)) == set(keys)
