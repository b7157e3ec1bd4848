"""The ledger reads what commands must have come to, and says what should have been refused."""

from __future__ import annotations

from typing import Any

from casework.table import Item, Key
from local.simulation.ledger import Ledger, stands_as_told
from local.simulation.scenario import OWNERS
from local.simulation.table import Record

AT = "2026-05-03T12:00:00.000Z"


def noted(number: int, command: str, case_id: str, **told: Any) -> Record:
    key = Key(f"CASE#{case_id}", f"NOTE#{AT}#{number}")
    item = {**key._asdict(), "kind": "command", "command": command, "command_id": f"c{number}", "case_id": case_id, "at": AT}
    return Record(key, None, item | told)


def ledger(*records: Record) -> Ledger:
    return Ledger(records, {})


def a_case(case_id: str, **said: Any) -> Item:
    return {"case_id": case_id, "status": "open", "queue": "fraud", **said}


def test_a_merge_into_a_merged_case_should_have_been_refused() -> None:
    read = ledger(noted(1, "merge", "a", into="b"), noted(2, "merge", "c", into="a"))
    assert read.wrong == ["merge c2: what it was merged into is itself merged"]


def test_a_silent_escalation_must_be_heard_in_the_other_case() -> None:
    key = Key("CASE#a", "ESCALATION#e")
    raised = {**key._asdict(), "kind": "escalation", "escalation_id": "e", "case_id": "a", "team": "fraud", "severity": "high"}
    read = ledger(Record(key, None, raised), noted(1, "merge", "a", into="b", suspended=["e"]))
    assert read.wrong == ["merge c1: e is heard nowhere"]


def test_merging_and_un_merging_leaves_nothing_but_kinship() -> None:
    read = ledger(noted(1, "merge", "a", into="b"), noted(2, "unmerge", "a", out_of="b"))
    assert (read.status("a"), read.holds("b"), read.wrong) == ("open", set(), [])
    assert read.kin("a") == read.kin("b")


def test_a_case_that_does_not_stand_as_it_was_left_is_named() -> None:
    read = ledger(noted(1, "merge", "a", into="b"))
    assert list(stands_as_told(read, {"a": a_case("a"), "b": a_case("b", holds=["a"])}))
    merged = {"case_id": "a", "status": "merged", "merged_into": "b"}
    assert not list(stands_as_told(read, {"a": merged, "b": a_case("b", holds=["a"])}))


def test_a_name_is_not_parted_between_a_case_and_what_it_was_merged_into() -> None:
    owner = min(OWNERS)

    def an_item(kind: str, place: str, **said: Any) -> Record:
        key = Key(place, kind.upper())
        return Record(key, None, {**key._asdict(), "kind": kind, **said})

    merged = [
        *(an_item("case", f"CASE#{case}", case_id=case, keys=[name]) for case, name in (("a", owner), ("b", "b"))),
        *(an_item("identity", f"IDENTITY#{name}", keys=[owner, "b"]) for name in (owner, "b")),
        noted(1, "merge", "a", into="b"),
    ]
    parted = [an_item("identity", f"IDENTITY#{name}", keys=[name]) for name in (owner, "b")]
    assert ledger(*merged, noted(2, "unlink_identity", "", to={"keys": [owner]})).wrong == []
    assert ledger(*merged, *parted, noted(2, "unlink_identity", "", to={"keys": [owner]})).wrong == [
        "unlink_identity c2: case a is merged into the case of somebody else"
    ]


def test_a_command_that_was_undone_is_known_as_that() -> None:
    read = ledger(noted(1, "close", "a"), noted(2, "reopen", "a"))
    assert read.undone == {"c1": 1}
    assert ledger(noted(1, "close", "a"), noted(2, "reopen", "a"), noted(1, "close", "a")).undone == {}


def test_names_are_linked_for_whoever_began_after_that_and_as_long_as_they_stay_so() -> None:
    key = Key("IDENTITY#a", "IDENTITY")
    linked = [Record(key, None, {**key._asdict(), "kind": "identity", "keys": keys}) for keys in (["a"], ["a", "b"], ["a"])]
    assert ledger(*linked[:2]).linked_when("a", 2) == {"a", "b"}
    assert ledger(*linked[:2]).linked_when("a", 1) == {"a"}
    assert ledger(*linked).linked_when("a", 2) == {"a"}
