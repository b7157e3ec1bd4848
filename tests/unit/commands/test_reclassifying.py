"""Correcting a case's category: recorded as a label, heard by who must hear, never a way to make a team hear less."""

from __future__ import annotations

import pytest

from casework.case import Severity
from tests.builders import DRAINED, POLICY, TAX, a_message, minutes
from tests.unit.commands.office import Office, an_office


@pytest.fixture
def office() -> Office:
    return an_office()


def test_a_correction_moves_a_case_to_whose_it_is(office: Office) -> None:
    receipt = office.hears(a_message(TAX))
    answer = office.told("reclassify", case=receipt.case_id, category="deposit")
    assert answer["outcome"] == "done"
    case, expected = office.case(receipt.case_id), POLICY.category("deposit")
    assert (case["category"], case["severity"], case["queue"]) == ("deposit", expected.severity, expected.team)


def test_a_correction_says_from_what_to_what_under_which_policy_and_model(office: Office) -> None:
    receipt = office.hears(a_message(TAX))
    before = office.case(receipt.case_id)
    office.told("reclassify", case=receipt.case_id, category="deposit")
    (note,) = office.notes(receipt.case_id)
    assert note["from"] == {name: before[name] for name in ("category", "severity", "team")}
    assert note["to"] == {"category": "deposit", "severity": "normal", "team": "operations", "escalates": False}
    assert (note["policy_version"], note["model_version"]) == (POLICY.version, POLICY.model.version)
    event = office.announced()[-1].model_dump()
    assert (event["from_category"], event["category"], event["policy_version"]) == (before["category"], "deposit", POLICY.version)


def test_a_correction_that_demands_a_team_makes_it_hear(office: Office) -> None:
    receipt = office.hears(a_message(TAX))
    answer = office.told("reclassify", case=receipt.case_id, category="account_takeover")
    (escalation,) = office.escalations(receipt.case_id)
    assert answer["escalations"] == [escalation["escalation_id"]]
    assert (escalation["cause"], escalation["due"], escalation["raised_at"]) == (
        "reclassified",
        "open",
        "2026-05-03T13:00:00.000Z",
    )
    raised = [event for event in office.announced() if type(event).__name__ == "EscalationRaised"]
    assert raised[0].model_dump()["cause"] == "reclassified"


def test_a_team_that_has_heard_is_not_made_to_hear_again(office: Office) -> None:
    receipt = office.hears(a_message(DRAINED))
    office.told("reclassify", case=receipt.case_id, category="account_takeover")
    assert len(office.escalations(receipt.case_id)) == 1


def test_a_correction_never_lowers_what_was_demanded(office: Office) -> None:
    receipt = office.hears(a_message(DRAINED))
    before = office.escalations(receipt.case_id)
    office.told("reclassify", case=receipt.case_id, category="withdrawal")
    assert office.case(receipt.case_id)["queue"] == "operations"
    assert office.escalations(receipt.case_id) == before
    assert office.ringing(minutes(600)) == set(receipt.escalations)


def test_a_person_may_say_how_bad_it_is(office: Office) -> None:
    receipt = office.hears(a_message(TAX))
    office.told("reclassify", case=receipt.case_id, category="account_takeover", severity="critical")
    assert office.case(receipt.case_id)["severity"] == Severity.CRITICAL
    assert office.escalations(receipt.case_id)[0]["severity"] == Severity.CRITICAL


def test_a_case_that_becomes_an_incident_has_the_loss_that_such_a_case_presumes(office: Office) -> None:
    receipt = office.hears(a_message(TAX))
    office.told("reclassify", case=receipt.case_id, category="unauthorized_withdrawal")
    presumed = POLICY.category("unauthorized_withdrawal").presumes["loss"]
    assert office.case(receipt.case_id)["loss"] == presumed != "none"
    assert office.escalations(receipt.case_id)[0]["facets"]["loss"] == presumed


def test_the_next_message_is_compared_with_the_corrected_case(office: Office) -> None:
    receipt = office.hears(a_message(TAX))
    office.told("reclassify", case=receipt.case_id, category="unauthorized_withdrawal", severity="critical")
    again = office.hears(a_message(DRAINED, at=minutes(70)))
    assert again.case_id == receipt.case_id


def test_who_tells_a_corrected_matter_once_more_opens_no_second_case(office: Office) -> None:
    first = office.hears(a_message("Where is my withdrawal of 0.4 ETH? It has been pending since Monday.", name="first"))
    assert office.case(first.case_id)["category"] == "withdrawal"
    office.told("reclassify", case=first.case_id, category="identity_verification")
    again = office.hears(
        a_message("My withdrawal of 0.4 ETH is pending since Monday, where is it?", name="again", at=minutes(200))
    )
    assert (again.case_id, office.case(first.case_id)["category"]) == (first.case_id, "identity_verification")


def test_a_closed_case_that_turns_out_to_be_an_emergency_is_open_again(office: Office) -> None:
    receipt = office.hears(a_message(TAX))
    office.told("close", case=receipt.case_id)
    office.told("reclassify", case=receipt.case_id, category="account_takeover", at=70)
    case = office.case(receipt.case_id)
    assert (case["status"], case["queue"], "closed_at" in case) == ("open", "fraud", False)


def test_a_closed_case_is_corrected_without_being_opened(office: Office) -> None:
    receipt = office.hears(a_message(TAX))
    office.told("close", case=receipt.case_id)
    office.told("reclassify", case=receipt.case_id, category="deposit", at=70)
    case = office.case(receipt.case_id)
    assert (case["status"], case["category"], "queue" in case) == ("closed", "deposit", False)


def test_what_the_policy_does_not_know_or_what_is_so_already_is_refused(office: Office) -> None:
    receipt = office.hears(a_message(TAX))
    assert office.told("reclassify", case=receipt.case_id, category="astrology")["code"] == "unknown_category"
    same = office.case(receipt.case_id)["category"]
    assert office.told("reclassify", case=receipt.case_id, category=same)["code"] == "nothing_changes"
    assert office.told("reclassify", case="0" * 16, category="deposit")["code"] == "unknown_case"
