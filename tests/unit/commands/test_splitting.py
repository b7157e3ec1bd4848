"""Splitting messages off into a linked case, and linking cases: references, never moves."""

from __future__ import annotations

import pytest

from casework.case import Outcome, Receipt
from tests.builders import DRAINED, TAX, a_message, an_email, minutes
from tests.unit.commands.office import Office, an_office

FEES = "By the way, how much is the withdrawal fee for bitcoin?"


@pytest.fixture
def office() -> Office:
    return an_office()


def a_mixed_case(office: Office) -> tuple[Receipt, Receipt]:
    first = office.hears(a_message(DRAINED, thread="<first@example.jp>"))
    second = office.hears(a_message(FEES, thread="<second@example.jp>", references=("<first@example.jp>",), at=minutes(9)))
    assert second.case_id == first.case_id
    return first, second


def test_a_split_opens_a_linked_case_that_lists_messages_which_stay_where_they_are(office: Office) -> None:
    first, second = a_mixed_case(office)
    answer = office.told("split", case=first.case_id, messages=[second.message_id])
    new = office.case(answer["to"])
    assert (new["split_from"], new["related"], new["status"]) == (first.case_id, [first.case_id], "open")
    (moved_not,) = [item for item in office.messages(first.case_id) if item["message_id"] == second.message_id]
    assert (moved_not["split_to"], new["listed"]) == (answer["to"], [moved_not["sk"]])
    assert office.case(first.case_id)["related"] == [answer["to"]]
    assert office.case(first.case_id)["messages"] == 2


def test_the_new_case_is_about_what_its_messages_are_about(office: Office) -> None:
    first, second = a_mixed_case(office)
    new = office.case(office.told("split", case=first.case_id, messages=[second.message_id])["to"])
    assert second.assessment is not None
    assert (new["category"], new["queue"]) == (second.assessment.category, "operations")
    assert office.case(first.case_id)["severity"] == "critical"


def test_a_reply_to_a_split_message_goes_to_the_new_case(office: Office) -> None:
    first, second = a_mixed_case(office)
    answer = office.told("split", case=first.case_id, messages=[second.message_id])
    to_second = office.hears(a_message("Thanks, clear.", references=("<second@example.jp>",), at=minutes(90)))
    to_first = office.hears(a_message("Still waiting.", references=("<first@example.jp>",), at=minutes(91)))
    by_reference = office.hears(a_message(f"About {second.reference}: how much?", at=minutes(92)))
    assert (to_second.case_id, to_first.case_id, by_reference.case_id) == (answer["to"], first.case_id, answer["to"])


def test_merging_the_new_case_back_undoes_a_split(office: Office) -> None:
    first, second = a_mixed_case(office)
    answer = office.told("split", case=first.case_id, messages=[second.message_id])
    office.told("merge", case=answer["to"], into=first.case_id, at=61)
    reply = office.hears(a_message("Thanks, clear.", references=("<second@example.jp>",), at=minutes(90)))
    assert reply.case_id == first.case_id


def test_a_split_is_refused_for_what_is_not_there_or_is_all_there_is(office: Office) -> None:
    first, second = a_mixed_case(office)
    other = office.hears(a_message(TAX, identities=(an_email("taro@example.jp"),)))
    both = [first.message_id, second.message_id]
    assert office.told("split", case=first.case_id, messages=both)["code"] == "nothing_left"
    assert office.told("split", case=first.case_id, messages=[other.message_id])["code"] == "unknown_message"
    assert office.told("split", case=first.case_id, messages=["0" * 32])["code"] == "unknown_message"
    office.told("split", case=first.case_id, messages=[second.message_id])
    again = office.told("split", case=first.case_id, messages=[second.message_id], id="again")
    assert again["code"] == "already_split"
    assert office.told("split", case=first.case_id, messages=[first.message_id])["code"] == "nothing_left"


def test_a_split_is_announced_with_the_case_it_opened(office: Office) -> None:
    first, second = a_mixed_case(office)
    answer = office.told("split", case=first.case_id, messages=[second.message_id])
    opened, split = (event.model_dump() for event in office.announced()[-2:])
    assert (opened["case_id"], opened["related"]) == (answer["to"], (first.case_id,))
    assert (split["case_id"], split["to"], split["messages"]) == (first.case_id, answer["to"], (second.message_id,))


def test_cases_of_two_customers_can_be_linked_and_unlinked(office: Office) -> None:
    one = office.hears(a_message(TAX, name="one"))
    other = office.hears(a_message(TAX, name="other", identities=(an_email("taro@example.jp"),)))
    before = office.world()
    assert office.told("link", case=one.case_id, other=other.case_id)["outcome"] == "done"
    assert (office.case(one.case_id)["related"], office.case(other.case_id)["related"]) == ([other.case_id], [one.case_id])
    assert office.told("link", case=other.case_id, other=one.case_id)["code"] == "already_linked"
    assert office.told("unlink", case=other.case_id, other=one.case_id)["outcome"] == "done"
    assert office.world() == before
    assert [type(event).__name__ for event in office.announced()[-2:]] == ["CasesLinked", "CasesUnlinked"]


def test_a_link_is_refused_where_there_is_nothing_to_link(office: Office) -> None:
    one = office.hears(a_message(TAX))
    assert office.told("link", case=one.case_id, other=one.case_id)["code"] == "self_link"
    assert office.told("link", case=one.case_id, other="0" * 16)["code"] == "unknown_case"
    other = office.hears(a_message(DRAINED, at=minutes(1)))
    assert office.told("unlink", case=one.case_id, other=other.case_id)["code"] == "not_linked"


def test_a_link_joins_nothing(office: Office) -> None:
    one = office.hears(a_message(TAX, name="one", thread="<one@example.jp>"))
    other = office.hears(a_message(TAX, name="other", identities=(an_email("taro@example.jp"),)))
    office.told("link", case=one.case_id, other=other.case_id)
    stranger = a_message(
        "Which coins can be staked?", references=("<one@example.jp>",), identities=(an_email("taro@example.jp"),), at=minutes(70)
    )
    assert office.hears(stranger).outcome is Outcome.OPENED
