"""What a change of the table means to the world."""

from __future__ import annotations

import json

import pytest

from casework.case import Outcome
from casework.escalation import Escalations, climb
from casework.events import Event, announcements
from tests.builders import DRAINED, POLICY, TAX, a_desk, a_message, minutes
from tests.memory_table import MemoryTable


def announced(table: MemoryTable) -> list[Event]:
    return [event for before, after in table.changes for event in announcements(before, after)]


def names(table: MemoryTable) -> list[str]:
    return sorted(type(event).__name__ for event in announced(table))


def test_a_new_urgent_matter_opens_a_case_and_raises_an_escalation() -> None:
    desk, table = a_desk()
    desk.receive(a_message(DRAINED))
    assert names(table) == ["CaseOpened", "EscalationRaised"]


def test_a_message_that_belongs_to_a_case_is_announced_as_attached() -> None:
    desk, table = a_desk()
    desk.receive(a_message(DRAINED))
    table.changes.clear()
    assert desk.receive(a_message(DRAINED + " Hello?", at=minutes(1))).outcome is Outcome.ATTACHED
    (event,) = announced(table)
    assert (type(event).__name__, event.model_dump()["rule"]) == ("MessageAttached", "same_matter")


def test_what_could_not_be_read_is_announced_with_its_cause() -> None:
    desk, table = a_desk()
    desk.quarantine(a_message(""), "not_mail")
    (event,) = announced(table)
    assert event.model_dump()["cause"] == "not_mail"


def test_climbing_and_acknowledging_are_announced() -> None:
    desk, table = a_desk()
    desk.receive(a_message(DRAINED))
    (item,) = table.of_kind("escalation")
    table.changes.clear()
    assert len(list(climb(table, POLICY, minutes(60)))) == 1
    Escalations(table).acknowledge(item["case_id"], item["escalation_id"], by="Aoi", at=minutes(61))
    assert [type(event).__name__ for event in announced(table)] == ["EscalationClimbed", "EscalationAcknowledged"]
    assert announced(table)[1].model_dump()["seconds_to_acknowledge"] == 61 * 60


def test_the_same_change_read_twice_is_the_same_event() -> None:
    desk, table = a_desk()
    desk.receive(a_message(DRAINED))
    assert announced(table) == announced(table)
    assert len({event.event_id for event in announced(table)}) == 2


@pytest.mark.parametrize("text", [DRAINED, TAX])
def test_no_event_carries_what_the_customer_wrote_or_who_it_was(text: str) -> None:
    desk, table = a_desk()
    desk.receive(a_message(text, subject="A very private subject"))
    said = json.dumps([event.model_dump(mode="json") for event in announced(table)])
    assert not any(word in said for word in ("withdrawing", "tax report", "private", "hanako", "example.jp"))


def test_forgetting_an_item_announces_nothing() -> None:
    assert list(announcements({"kind": "source"}, None)) == []
