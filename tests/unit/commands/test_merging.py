"""Merging cases by a link, and un-merging them: nothing moves, nothing urgent goes silent, everything comes back."""

from __future__ import annotations

from typing import Any

import pytest

from casework.case import Outcome, Receipt
from casework.escalation import climb
from casework.message import Channel, Trust
from casework.times import parse
from tests.builders import DRAINED, POLICY, TAX, a_message, an_account, an_email, minutes
from tests.unit.commands.office import Office, an_office

HASH = "0x" + "ab" * 32
CALLED = "I was called by somebody who claimed to be your support and told me to move my coins to a safe wallet."
LOGIN = "Somebody logged in to my account from another country and changed my password."


@pytest.fixture
def office() -> Office:
    return an_office()


def two_cases(office: Office, first: str = TAX, second: str = "When is my card delivered?") -> tuple[Receipt, Receipt]:
    one = office.hears(a_message(first, name="first", thread="<first@example.jp>"))
    other = office.hears(a_message(second, name="second", thread="<second@example.jp>", at=minutes(5)))
    assert one.outcome is other.outcome is Outcome.OPENED
    return one, other


def two_emergencies(office: Office) -> tuple[Receipt, Receipt]:
    """The same theft told by one person as two: the second time by an address that is linked only later."""
    one = office.hears(a_message(DRAINED, name="mail", thread="<first@example.jp>"))
    other = office.hears(a_message(DRAINED, name="call", channel=Channel.VOICE, at=minutes(2), identities=(an_account(),)))
    office.hears(a_message("Thank you, both are mine.", name="both", identities=(an_email(), an_account()), at=minutes(3)))
    assert one.case_id != other.case_id
    return one, other


def test_a_merged_case_leaves_its_queue_and_says_where_it_went(office: Office) -> None:
    one, other = two_cases(office)
    answer = office.told("merge", case=other.case_id, into=one.case_id)
    assert (answer["outcome"], answer["code"]) == ("done", "merge")
    merged = office.case(other.case_id)
    assert (merged["status"], merged["merged_into"]) == ("merged", one.case_id)
    assert "queue" not in merged
    assert "queue_at" not in merged
    assert office.case(one.case_id)["holds"] == [other.case_id]
    assert len(office.messages(other.case_id)) == 1, "messages stay where they are"


def test_a_merge_says_who_when_and_why_on_both_cases(office: Office) -> None:
    one, other = two_cases(office)
    office.told("merge", case=other.case_id, into=one.case_id, id="merge-1")
    (note,) = office.notes(other.case_id)
    (mention,) = office.notes(one.case_id)
    assert (note["kind"], mention["kind"]) == ("command", "mention")
    assert note["sk"] == "NOTE#2026-05-03T13:00:00.000Z#merge-1"
    told = {name: note[name] for name in ("command", "by", "at", "reason", "into")}
    assert told == {
        "command": "merge",
        "by": "mori@kujira.example",
        "at": "2026-05-03T13:00:00.000Z",
        "reason": "seen by a person",
        "into": one.case_id,
    }


def test_a_reply_to_a_merged_case_follows_the_link_in_two_trips(office: Office) -> None:
    one, other = two_cases(office)
    office.told("merge", case=other.case_id, into=one.case_id)
    office.table.trips.clear()
    reply = office.hears(a_message("Any news?", references=("<second@example.jp>",), at=minutes(90)))
    assert (reply.outcome, reply.case_id) == (Outcome.ATTACHED, one.case_id)
    assert reply.duplicate is not None
    assert f"case {other.case_id} was merged into it" in reply.duplicate.evidence
    assert office.table.trips == ["read", "write"]


def test_one_more_telling_of_a_merged_matter_follows_the_link(office: Office) -> None:
    one, other = two_cases(office, TAX, f"My deposit {HASH} has not arrived yet.")
    office.told("merge", case=other.case_id, into=one.case_id)
    again = office.hears(a_message(f"Where is my deposit {HASH}? It has not arrived.", name="again", at=minutes(70)))
    assert (again.outcome, again.case_id) == (Outcome.ATTACHED, one.case_id)
    assert again.duplicate is not None
    assert again.duplicate.rule == "same_matter"
    assert f"case {other.case_id} was merged into it" in again.duplicate.evidence


def test_a_reply_to_a_forgotten_merged_case_follows_the_link_after_one_more_look(office: Office) -> None:
    one, other = two_cases(office)
    office.told("merge", case=other.case_id, into=one.case_id)
    office.forgets(other.case_id)
    office.table.trips.clear()
    reply = office.hears(a_message("Any news?", references=("<second@example.jp>",), at=minutes(90)))
    assert (reply.outcome, reply.case_id) == (Outcome.ATTACHED, one.case_id)
    assert office.table.trips == ["read", "write", "read", "read", "write"]


def test_a_reply_to_a_merged_case_is_found_when_both_cases_are_forgotten(office: Office) -> None:
    one, other = two_cases(office)
    office.told("merge", case=other.case_id, into=one.case_id)
    office.forgets(other.case_id)
    office.forgets(one.case_id)
    reply = office.hears(a_message("Any news?", references=("<second@example.jp>",), at=minutes(90)))
    assert (reply.outcome, reply.case_id) == (Outcome.ATTACHED, one.case_id)
    assert office.case(one.case_id)["messages"] == 2
    assert office.case(other.case_id)["messages"] == 1


def test_an_escalation_leaves_the_deadlines_when_the_other_case_rings_as_loud_and_as_soon(office: Office) -> None:
    one, other = two_emergencies(office)
    answer = office.told("merge", case=other.case_id, into=one.case_id, at=4)
    assert (answer["suspended"], answer["ringing"]) == (list(other.escalations), [])
    assert office.ringing(minutes(600)) == set(one.escalations)


def test_an_escalation_that_would_ring_sooner_goes_on_ringing(office: Office) -> None:
    one, other = two_emergencies(office)
    answer = office.told("merge", case=one.case_id, into=other.case_id, at=4)
    assert (answer["suspended"], answer["ringing"]) == ([], list(one.escalations))
    assert office.ringing(minutes(600)) == {*one.escalations, *other.escalations}


def climbed_once(office: Office, receipt: Receipt) -> None:
    (escalation,) = office.escalations(receipt.case_id)
    assert [each.rung for each in climb(office.table, POLICY, parse(escalation["due_at"]))] == [1]


def test_an_escalation_further_up_its_ladder_covers_one_below_whatever_its_deadline(office: Office) -> None:
    one, other = two_emergencies(office)
    climbed_once(office, one)
    above, below = office.escalations(one.case_id)[0], office.escalations(other.case_id)[0]
    assert above["due_at"] > below["due_at"]
    assert office.told("merge", case=other.case_id, into=one.case_id, at=6)["suspended"] == list(other.escalations)


def test_an_escalation_further_up_its_ladder_is_not_covered_by_one_below(office: Office) -> None:
    one, other = two_emergencies(office)
    climbed_once(office, one)
    assert office.told("merge", case=one.case_id, into=other.case_id, at=6)["ringing"] == list(one.escalations)


def test_an_escalation_of_a_team_that_the_other_case_does_not_reach_goes_on_ringing(office: Office) -> None:
    one = office.hears(a_message(DRAINED, name="theft"))
    other = office.hears(a_message(CALLED, name="scam", at=minutes(1)))
    (waiting,) = office.escalations(other.case_id)
    assert (one.outcome, other.outcome, waiting["team"]) == (Outcome.OPENED, Outcome.OPENED, "trust")
    office.acknowledges(one)
    answer = office.told("merge", case=other.case_id, into=one.case_id)
    assert answer["ringing"] == list(other.escalations)
    assert office.ringing(minutes(600)) == set(other.escalations)


def test_an_escalation_that_the_other_cases_team_has_taken_on_leaves_the_deadlines(office: Office) -> None:
    one, other = two_emergencies(office)
    office.acknowledges(one, at=3)
    assert office.told("merge", case=other.case_id, into=one.case_id, at=4)["suspended"] == list(other.escalations)
    assert office.ringing(minutes(600)) == set()


def test_a_loss_that_goes_on_is_not_covered_by_an_acknowledgement_of_one_that_was_over(office: Office) -> None:
    one, other = two_emergencies(office)
    office.acknowledges(one, at=3)
    for item in office.table.of_kind("identity"):
        for case in item["cases"]:
            if case["case_id"] == one.case_id:
                case["loss"] = "completed"
    assert office.told("merge", case=other.case_id, into=one.case_id, at=4)["ringing"] == list(other.escalations)


def test_an_escalation_that_nobody_answered_to_the_end_covers_nothing(office: Office) -> None:
    one, other = two_emergencies(office)
    (stored,) = office.escalations(one.case_id)
    del stored["due"]
    assert office.told("merge", case=other.case_id, into=one.case_id, at=4)["ringing"] == list(other.escalations)


def test_un_merging_restores_status_queue_deadlines_and_memory(office: Office) -> None:
    one, other = two_emergencies(office)
    before = office.world()
    office.told("merge", case=other.case_id, into=one.case_id, at=4)
    assert office.world() != before
    answer = office.told("unmerge", case=other.case_id, at=5)
    assert (answer["outcome"], answer["restored"]) == ("done", list(other.escalations))
    assert office.world() == before
    assert [note["command"] for note in office.notes(other.case_id)] == ["merge", "unmerge"]


def test_an_escalation_that_was_acknowledged_meanwhile_stays_so(office: Office) -> None:
    one, other = two_emergencies(office)
    office.told("merge", case=other.case_id, into=one.case_id, at=4)
    office.acknowledges(other, at=5)
    assert office.told("unmerge", case=other.case_id, at=6)["restored"] == []
    (stored,) = office.escalations(other.case_id)
    assert stored["acknowledged_at"]
    assert not {"due", "suspended"} & stored.keys()


def test_messages_that_came_meanwhile_stay_with_the_other_case(office: Office) -> None:
    one, other = two_cases(office)
    office.told("merge", case=other.case_id, into=one.case_id)
    meanwhile = office.hears(a_message("Any news?", references=("<second@example.jp>",), at=minutes(90)))
    office.told("unmerge", case=other.case_id, at=100)
    after = office.hears(a_message("And now?", references=("<second@example.jp>",), at=minutes(110)))
    assert (meanwhile.case_id, after.case_id) == (one.case_id, other.case_id)
    assert (office.case(one.case_id)["messages"], office.case(other.case_id)["messages"]) == (2, 2)


def test_a_closed_case_that_is_merged_and_un_merged_is_closed_again(office: Office) -> None:
    one, other = two_cases(office)
    office.told("close", case=other.case_id, at=10)
    before = office.world()
    office.told("merge", case=other.case_id, into=one.case_id, at=11)
    office.told("unmerge", case=other.case_id, at=12)
    assert office.world() == before


def refusal(office: Office, **fields: Any) -> str:
    before = dict(office.table.items)
    answer = office.told("merge", **fields)
    assert answer["outcome"] == "refused"
    assert answer["sentence"].endswith(".")
    assert office.table.items == before, "a refusal changes nothing"
    return str(answer["code"])


def test_merges_that_lead_in_circles_or_chains_are_refused(office: Office) -> None:
    one, other = two_cases(office)
    third = office.hears(a_message("Do you list the coin ABC?", name="third", at=minutes(6)))
    office.told("merge", case=other.case_id, into=one.case_id)
    assert refusal(office, case=one.case_id, into=one.case_id) == "self_merge"
    assert refusal(office, case=one.case_id, into=other.case_id) == "cycle"
    assert refusal(office, case=third.case_id, into=other.case_id) == "target_merged"
    assert refusal(office, case=other.case_id, into=third.case_id) == "already_merged"
    assert refusal(office, case=one.case_id, into=third.case_id) == "holds_merged"
    assert refusal(office, case=one.case_id, into="0" * 16) == "unknown_case"


def test_the_refusal_of_a_chain_says_where_to_merge_instead(office: Office) -> None:
    one, other = two_cases(office)
    third = office.hears(a_message("Do you list the coin ABC?", name="third", at=minutes(6)))
    office.told("merge", case=other.case_id, into=one.case_id)
    sentence = office.told("merge", case=third.case_id, into=other.case_id)["sentence"]
    assert sentence == f"Case {other.case_id} is itself merged into case {one.case_id}: merge into that one instead."


def test_cases_of_two_customers_are_never_merged(office: Office) -> None:
    one = office.hears(a_message(TAX, name="one"))
    other = office.hears(a_message(TAX, name="other", identities=(an_email("taro@example.jp"),)))
    assert refusal(office, case=other.case_id, into=one.case_id) == "foreign_customer"


def test_a_case_of_nobody_known_is_a_stranger_to_all(office: Office) -> None:
    one = office.hears(a_message(TAX, name="one", identities=()))
    other = office.hears(a_message(TAX + " Please.", name="other", identities=()))
    assert refusal(office, case=other.case_id, into=one.case_id) == "foreign_customer"


def test_a_claim_to_be_somebody_merges_with_their_cases_and_nobody_elses(office: Office) -> None:
    one = office.hears(a_message(TAX, name="one"))
    claims = (an_email(trust=Trust.CLAIMED), an_account("OTHER", Trust.CLAIMED))
    claimed = office.hears(
        a_message("When is my card delivered?", name="form", channel=Channel.WEB_FORM, identities=claims, at=minutes(1))
    )
    others = office.hears(a_message(TAX, name="others", identities=(an_account("OTHER"),)))
    assert refusal(office, case=claimed.case_id, into=others.case_id) == "foreign_customer"
    assert office.told("merge", case=claimed.case_id, into=one.case_id)["outcome"] == "done"


def test_a_severe_case_is_not_hidden_in_a_milder_one(office: Office) -> None:
    one = office.hears(a_message(TAX, name="tax"))
    other = office.hears(a_message(DRAINED, name="theft", at=minutes(1)))
    assert refusal(office, case=other.case_id, into=one.case_id) == "target_milder"
    assert office.told("merge", case=one.case_id, into=other.case_id)["outcome"] == "done"


def test_nothing_is_merged_into_a_case_that_nobody_looks_at(office: Office) -> None:
    one, other = two_cases(office)
    office.told("close", case=one.case_id)
    assert refusal(office, case=other.case_id, into=one.case_id) == "target_closed"


def test_a_case_that_is_not_merged_cannot_be_un_merged(office: Office) -> None:
    one, _ = two_cases(office)
    assert office.told("unmerge", case=one.case_id)["code"] == "not_merged"


@pytest.mark.parametrize(
    ("command", "fields"),
    [("close", {}), ("reopen", {}), ("reclassify", {"category": "phishing"}), ("split", {"messages": ["0" * 32]})],
)
def test_a_merged_case_is_worked_on_in_the_one_it_went_to(office: Office, command: str, fields: dict[str, Any]) -> None:
    one, other = two_cases(office)
    office.told("merge", case=other.case_id, into=one.case_id)
    answer = office.told(command, case=other.case_id, **fields)
    assert (answer["code"], one.case_id in answer["sentence"]) == ("merged", True)


def test_merging_and_un_merging_are_announced(office: Office) -> None:
    one, other = two_emergencies(office)
    office.told("merge", case=other.case_id, into=one.case_id, at=4)
    office.told("unmerge", case=other.case_id, at=5)
    merged, unmerged = office.announced()[-2:]
    assert (type(merged).__name__, type(unmerged).__name__) == ("CasesMerged", "CasesUnmerged")
    assert merged.model_dump()["suspended"] == other.escalations
    assert unmerged.model_dump()["restored"] == other.escalations
    assert merged.event_id != unmerged.event_id


def test_a_message_that_meets_a_merge_is_decided_again(office: Office) -> None:
    one, other = two_cases(office)
    lost = iter([True])

    def somebody_merges(operation: str) -> None:
        if operation == "write" and next(lost, False):
            office.told("merge", case=other.case_id, into=one.case_id)

    office.table.before = somebody_merges
    reply = office.hears(a_message("Any news?", references=("<second@example.jp>",), at=minutes(90)))
    assert reply.case_id == one.case_id


def test_a_merge_that_meets_a_message_is_decided_again(office: Office) -> None:
    one, other = two_cases(office)
    met = iter([True])

    def somebody_writes(operation: str) -> None:
        if operation == "write" and next(met, False):
            office.hears(a_message("Any news?", references=("<second@example.jp>",), at=minutes(50)))

    office.table.before = somebody_writes
    assert office.told("merge", case=other.case_id, into=one.case_id)["outcome"] == "done"
    assert office.case(other.case_id)["messages"] == 2
    (identity,) = office.table.of_kind("identity")
    assert {case["case_id"]: case["messages"] for case in identity["cases"]} == {one.case_id: 1, other.case_id: 2}
