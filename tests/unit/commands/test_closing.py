"""Closing and reopening: by command, and by the customer's next message."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casework.case import Outcome
from casework.message import Attachment
from tests.builders import DRAINED, POLICY, TAX, a_message, minutes
from tests.unit.commands.office import Office, an_office

DAY = 24 * 60
GRACE = POLICY.duplicates.reopen_grace_days


@pytest.fixture
def office() -> Office:
    return an_office()


def test_a_closed_case_leaves_its_queue(office: Office) -> None:
    receipt = office.hears(a_message(TAX))
    assert office.told("close", case=receipt.case_id)["outcome"] == "done"
    case = office.case(receipt.case_id)
    assert (case["status"], case["closed_at"]) == ("closed", "2026-05-03T13:00:00.000Z")
    assert "queue" not in case


def test_reopening_brings_a_case_back_to_its_place_in_the_queue(office: Office) -> None:
    receipt = office.hears(a_message(TAX))
    before = office.case(receipt.case_id)
    office.told("close", case=receipt.case_id)
    assert office.told("reopen", case=receipt.case_id, at=70)["outcome"] == "done"
    after = office.case(receipt.case_id)
    assert [after[name] for name in ("status", "queue", "queue_at")] == [before[name] for name in ("status", "queue", "queue_at")]
    assert not {"closed_at", "closed_by"} & after.keys()


def test_a_case_is_not_closed_over_an_escalation_that_nobody_has_acknowledged(office: Office) -> None:
    receipt = office.hears(a_message(DRAINED))
    answer = office.told("close", case=receipt.case_id)
    assert (answer["outcome"], answer["code"]) == ("refused", "escalation_open")
    assert "fraud" in answer["sentence"]
    office.acknowledges(receipt)
    assert office.told("close", case=receipt.case_id)["outcome"] == "done"


@pytest.mark.parametrize(("command", "code"), [("close", "already_closed"), ("reopen", "already_open")])
def test_what_is_so_already_is_said_to_be_so(office: Office, command: str, code: str) -> None:
    receipt = office.hears(a_message(TAX))
    if command == "close":
        office.told("close", case=receipt.case_id, id="before")
    assert office.told(command, case=receipt.case_id)["code"] == code


def test_a_reply_within_the_grace_opens_the_case_again(office: Office) -> None:
    receipt = office.hears(a_message(TAX, thread="<first@example.jp>"))
    office.told("close", case=receipt.case_id)
    reply = office.hears(a_message("One more question.", references=("<first@example.jp>",), at=minutes(GRACE * DAY)))
    assert (reply.outcome, reply.case_id) == (Outcome.ATTACHED, receipt.case_id)
    case = office.case(receipt.case_id)
    assert (case["status"], case["queue"], "closed_at" in case) == ("open", "operations", False)
    assert office.announced()[-2].model_dump()["cause"] == "message"


def test_a_reply_after_the_grace_opens_a_linked_case(office: Office) -> None:
    receipt = office.hears(a_message(TAX, thread="<first@example.jp>"))
    office.told("close", case=receipt.case_id)
    late = office.hears(a_message("One more question.", references=("<first@example.jp>",), at=minutes(GRACE * DAY + 61)))
    assert (late.outcome, late.related) == (Outcome.OPENED, (receipt.case_id,))
    assert office.case(receipt.case_id)["status"] == "closed"


def test_a_reply_that_also_answers_an_open_case_goes_there(office: Office) -> None:
    old = office.hears(a_message(TAX, thread="<old@example.jp>"))
    new = office.hears(a_message("When is my card delivered?", thread="<new@example.jp>", at=minutes(5)))
    office.told("close", case=old.case_id)
    both = ("<old@example.jp>", "<new@example.jp>")
    late = office.hears(a_message("One more question.", references=both, at=minutes(GRACE * DAY + 61)))
    assert (late.outcome, late.case_id, late.related) == (Outcome.ATTACHED, new.case_id, (old.case_id,))


@pytest.mark.parametrize(("days", "outcome"), [(GRACE - 1, Outcome.ATTACHED), (GRACE + 1, Outcome.OPENED)])
def test_the_grace_holds_for_a_case_that_the_customers_item_has_forgotten(office: Office, days: int, outcome: Outcome) -> None:
    receipt = office.hears(a_message(TAX, thread="<first@example.jp>"))
    office.told("close", case=receipt.case_id)
    office.forgets(receipt.case_id)
    reply = office.hears(a_message("One more question.", references=("<first@example.jp>",), at=minutes(days * DAY)))
    assert reply.outcome is outcome
    case = office.case(receipt.case_id)
    assert (case["status"], "queue" in case) == (("open", True) if outcome is Outcome.ATTACHED else ("closed", False))


@pytest.mark.parametrize("text", ["Great, thank you so much for your help!", "解決しました。ありがとうございました。"])
def test_thanks_for_what_was_done_open_nothing_again(office: Office, text: str) -> None:
    receipt = office.hears(a_message(TAX, thread="<first@example.jp>"))
    office.told("close", case=receipt.case_id)
    reply = office.hears(a_message(text, references=("<first@example.jp>",), at=minutes(90)))
    assert (reply.outcome, reply.case_id) == (Outcome.ATTACHED, receipt.case_id)
    assert len(office.messages(receipt.case_id)) == 2, "it can be read there"
    assert office.case(receipt.case_id)["status"] == "closed"
    office.hears(a_message("Thanks, but the report is still wrong.", references=("<first@example.jp>",), at=minutes(95)))
    assert office.case(receipt.case_id)["status"] == "open"


def test_thanks_that_bring_a_file_are_looked_at(office: Office) -> None:
    receipt = office.hears(a_message(TAX, thread="<first@example.jp>"))
    office.told("close", case=receipt.case_id)
    reply = a_message("Thank you!", references=("<first@example.jp>",), at=minutes(90))
    office.hears(replace(reply, attachments=(Attachment("screen.png", "image/png", 9),)))
    assert office.case(receipt.case_id)["status"] == "open"


def test_a_machines_answer_opens_nothing_again(office: Office) -> None:
    receipt = office.hears(a_message(TAX, thread="<first@example.jp>"))
    office.told("close", case=receipt.case_id)
    away = a_message("I am away.", references=("<first@example.jp>",), signals=("auto_reply",), at=minutes(90))
    assert office.hears(away).case_id == receipt.case_id
    case = office.case(receipt.case_id)
    assert (case["status"], "queue" in case, case["messages"]) == ("closed", False, 2)


def test_the_same_emergency_after_a_case_was_closed_is_heard_again(office: Office) -> None:
    receipt = office.hears(a_message(DRAINED))
    office.acknowledges(receipt)
    office.told("close", case=receipt.case_id)
    again = office.hears(a_message(DRAINED + " Again!", at=minutes(120)))
    assert (again.outcome, again.case_id, len(again.escalations)) == (Outcome.ATTACHED, receipt.case_id, 1)


def test_a_case_is_not_closed_over_an_emergency_that_comes_in_at_that_moment(office: Office) -> None:
    receipt = office.hears(a_message(TAX, thread="<first@example.jp>"))
    office.forgets(receipt.case_id)
    met = iter([True])

    def somebody_writes(operation: str) -> None:
        if operation == "write" and next(met, False):
            office.hears(a_message(DRAINED, references=("<first@example.jp>",), at=minutes(59)))

    office.table.before = somebody_writes
    assert office.told("close", case=receipt.case_id)["code"] == "escalation_open"
    assert office.case(receipt.case_id)["status"] == "open"


def test_closing_and_reopening_are_announced_once(office: Office) -> None:
    receipt = office.hears(a_message(TAX))
    office.told("close", case=receipt.case_id)
    office.told("reopen", case=receipt.case_id, at=61)
    names = [type(event).__name__ for event in office.announced()]
    assert names == ["CaseOpened", "CaseClosed", "CaseReopened"]
    assert office.announced()[-1].model_dump()["cause"] == "command"
