"""Nobody answers: who hears of it next."""

from __future__ import annotations

from casework.case import Severity
from casework.escalation import Escalations, climb
from casework.message import Channel
from tests.builders import DRAINED, POLICY, a_desk, a_message, minutes
from tests.memory_table import MemoryTable


def an_escalated_case() -> tuple[MemoryTable, str, str]:
    desk, table = a_desk()
    receipt = desk.receive(a_message(DRAINED, channel=Channel.VOICE))
    return table, receipt.case_id, receipt.escalations[0]


def test_before_its_deadline_an_escalation_stays_on_its_rung() -> None:
    table, _, _ = an_escalated_case()
    assert list(climb(table, POLICY, minutes(1))) == []


def test_past_its_deadline_it_climbs_exactly_one_rung() -> None:
    table, case_id, escalation_id = an_escalated_case()
    (climbed,) = climb(table, POLICY, minutes(30))
    stored = Escalations(table).find(case_id, escalation_id)
    assert stored is not None
    assert (climbed.rung, stored.rung, stored.due_at > minutes(30)) == (1, 1, True)


def test_a_chaser_that_runs_twice_climbs_once() -> None:
    table, _, _ = an_escalated_case()
    first, second = list(climb(table, POLICY, minutes(30))), list(climb(table, POLICY, minutes(30)))
    assert (len(first), second) == (1, [])


def test_two_chasers_at_once_climb_one_rung() -> None:
    table, case_id, escalation_id = an_escalated_case()
    rival = iter([True])

    def meanwhile(operation: str) -> None:
        if operation == "write" and next(rival, False):
            list(climb(table, POLICY, minutes(30)))

    table.before = meanwhile
    assert list(climb(table, POLICY, minutes(30))) == []
    found = Escalations(table).find(case_id, escalation_id)
    assert found is not None
    assert found.rung == 1


def test_an_acknowledged_escalation_climbs_no_more() -> None:
    table, case_id, escalation_id = an_escalated_case()
    _, first = Escalations(table).acknowledge(case_id, escalation_id, by="Aoi", at=minutes(2))
    stored, again = Escalations(table).acknowledge(case_id, escalation_id, by="Ben", at=minutes(3))
    assert (first, again, stored.acknowledged_by) == (True, False, "Aoi")
    assert list(climb(table, POLICY, minutes(600))) == []


def test_the_ladder_ends_and_says_so() -> None:
    table, _, _ = an_escalated_case()
    rungs = [each for hour in range(1, 200) for each in climb(table, POLICY, minutes(hour * 60))]
    assert [each.rung for each in rungs] == list(range(1, POLICY.last_rung(Severity.CRITICAL) + 1))
    assert [each.exhausted for each in rungs] == [False] * (len(rungs) - 1) + [True]
