"""Reading a command strictly, and obeying it once."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.commands import DECIDED
from casework.commands.answer import REFUSALS
from casework.commands.command import REQUIRED, read
from casework.errors import InvalidCommand, NotOurEvent, StoreUnavailable
from casework.table import Conflict
from functions.command.spoken import answered
from tests.builders import NOON, TAX, a_message, minutes
from tests.unit.commands.office import Office, an_office

MERGE = {"command": "merge", "case": "a" * 16, "into": "b" * 16, "by": "mori@kujira.example", "reason": "one matter"}


@pytest.fixture
def office() -> Office:
    return an_office()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("command", "delete"),
        ("command", ["merge"]),
        ("case", "A" * 16),
        ("case", 7),
        ("into", ""),
        ("by", ""),
        ("by", "two\nlines"),
        ("by", None),
        ("reason", "  "),
        ("reason", "x" * 501),
        ("id", "a b"),
        ("id", "x" * 65),
        ("at", "yesterday"),
        ("at", "2026-05-03T12:00:00"),
        ("at", "2026-05-04T12:00:00Z"),
        ("at", 1_700_000_000),
        ("colour", "red"),
        ("messages", ["0" * 32]),
    ],
)
def test_a_mistake_is_named_by_its_field(field: str, value: object) -> None:
    with pytest.raises(InvalidCommand) as caught:
        read({**MERGE, field: value}, NOON)
    assert caught.value.field == field
    assert str(caught.value).startswith(f"{field}: expected ")


@pytest.mark.parametrize("field", sorted(MERGE))
def test_a_missing_field_is_named(field: str) -> None:
    with pytest.raises(InvalidCommand) as caught:
        read({name: value for name, value in MERGE.items() if name != field}, NOON)
    assert caught.value.field == field


@pytest.mark.parametrize("listed", [[], ["0" * 32] * 2, [f"{n:032x}" for n in range(21)], ["0" * 31], "0" * 32])
def test_a_list_of_messages_names_each_once_and_not_too_many(listed: object) -> None:
    with pytest.raises(InvalidCommand) as caught:
        read({"command": "split", "case": "a" * 16, "messages": listed, "by": "m", "reason": "r"}, NOON)
    assert caught.value.field == "messages"


VALUES = st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner), max_leaves=5)


@given(st.dictionaries(st.sampled_from([*MERGE, "id", "at", "messages", "severity", "other"]) | st.text(), VALUES))
def test_whatever_is_given_is_read_or_refused_by_field(given_: dict[str, Any]) -> None:
    with contextlib.suppress(InvalidCommand):
        assert read({"command": "merge", **given_}, NOON).by.strip()


def test_every_command_that_can_be_read_is_decided() -> None:
    assert set(DECIDED) == set(REQUIRED)


def test_every_refusal_is_one_sentence() -> None:
    assert all(sentence[0].isupper() or sentence[0] == "{" for sentence in REFUSALS.values())
    assert all(sentence.endswith(".") for sentence in REFUSALS.values())


def test_a_slip_is_answered_and_not_failed(office: Office) -> None:
    answer = answered({**MERGE, "by": ""}, NOON, office.commands).as_json()
    assert (answer["outcome"], answer["field"]) == ("invalid", "by")


@pytest.mark.parametrize("event", [None, [], "merge", {"Records": []}, {"detail-type": "Scheduled Event"}])
def test_what_is_no_command_is_not_ours(office: Office, event: object) -> None:
    with pytest.raises(NotOurEvent):
        answered(event, NOON, office.commands)


def two_cases(office: Office) -> tuple[str, str]:
    one = office.hears(a_message(TAX, name="one"))
    other = office.hears(a_message("When is my card delivered?", name="other", at=minutes(1)))
    return one.case_id, other.case_id


@pytest.mark.parametrize("named", [{"id": "click-17"}, {"at_": "2026-05-03T12:59:00Z"}, {}])
def test_a_command_that_comes_again_is_answered_the_same_and_does_nothing(office: Office, named: dict[str, str]) -> None:
    into, case = two_cases(office)
    given_ = {**MERGE, "case": case, "into": into, **{name.rstrip("_"): value for name, value in named.items()}}
    first = answered(given_, minutes(60), office.commands).as_json()
    before = dict(office.table.items)
    assert answered(given_, minutes(75), office.commands).as_json() == first
    assert first["outcome"] == "done"
    assert office.table.items == before


def test_a_command_without_an_id_is_a_new_one_once_something_else_was_done(office: Office) -> None:
    into, case = two_cases(office)
    office.told("merge", case=case, into=into, at=60)
    office.told("unmerge", case=case, at=61)
    assert office.told("merge", case=case, into=into, at=62)["at"] == "2026-05-03T13:02:00.000Z"
    assert office.case(case)["status"] == "merged"
    assert [note["command"] for note in office.notes(case)] == ["merge", "unmerge", "merge"]


def test_an_id_that_was_used_for_another_command_is_refused(office: Office) -> None:
    into, case = two_cases(office)
    office.told("merge", case=case, into=into, id="click-17")
    answer = office.told("unmerge", case=case, id="click-17")
    assert (answer["outcome"], answer["code"]) == ("refused", "id_reused")


def test_a_refusal_is_not_remembered(office: Office) -> None:
    into, case = two_cases(office)
    assert office.told("unmerge", case=case, id="click-1")["code"] == "not_merged"
    office.told("merge", case=case, into=into)
    assert office.told("unmerge", case=case, id="click-1")["outcome"] == "done"


def test_a_secret_in_a_reason_is_not_kept(office: Office) -> None:
    into, case = two_cases(office)
    phrase = "legal winner thank year wave sausage worth useful legal winner thank yellow"
    office.told("merge", case=case, into=into, reason=f"They sent {phrase} twice")
    assert "sausage" not in str(office.table.items)
    assert "[seed phrase 1]" in office.notes(case)[0]["reason"]


def test_a_command_that_loses_every_race_is_handed_back(office: Office) -> None:
    into, case = two_cases(office)

    def never(operation: str) -> None:
        if operation == "write":
            raise Conflict

    office.table.before = never
    with pytest.raises(StoreUnavailable):
        office.told("merge", case=case, into=into)
