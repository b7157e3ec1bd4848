"""Two identities that were seen together are one customer, until a person says that they are two."""

from __future__ import annotations

from typing import Any

import pytest

from casework.case import Outcome, Receipt
from casework.identity import Pseudonyms
from casework.message import Channel
from casework.records import identity_key
from tests.builders import SECRET, TAX, a_message, an_account, an_email, minutes
from tests.unit.commands.office import Office, an_office

MAIL, ACCOUNT = an_email("family@example.jp"), an_account("KJ-7")
KEY = Pseudonyms(SECRET).of_identity(ACCOUNT)
CARD = "When is my card delivered?"


@pytest.fixture
def office() -> Office:
    return an_office()


def linked(office: Office) -> tuple[Receipt, Receipt, Receipt]:
    """A case of each, and one that linked them."""
    mail = office.hears(a_message(TAX, name="mail", identities=(MAIL,), thread="<mail@example.jp>"))
    call = office.hears(a_message(CARD, name="call", identities=(ACCOUNT,), channel=Channel.VOICE, at=minutes(1)))
    both = office.hears(
        a_message("Do you list the coin ABC?", name="both", identities=(MAIL, ACCOUNT), thread="<both@example.jp>", at=minutes(2))
    )
    assert len({mail.case_id, call.case_id, both.case_id}) == 3
    return mail, call, both


def part(office: Office, **fields: Any) -> dict[str, Any]:
    return office.told("unlink_identity", identity=KEY, **fields)


def cases_of(office: Office, key: str) -> list[str]:
    return [case["case_id"] for case in office.table.items[identity_key(key)].get("cases", ())]


def test_the_message_that_linked_them_says_so(office: Office) -> None:
    _, _, both = linked(office)
    (message,) = office.messages(both.case_id)
    assert sorted(message["vouched"]) == sorted(office.table.items[identity_key(KEY)]["keys"])


def test_an_identity_goes_with_the_cases_it_opened_by_itself(office: Office) -> None:
    mail, call, both = linked(office)
    answer = part(office)
    assert (answer["outcome"], answer["cases"]) == ("done", [call.case_id])
    assert cases_of(office, KEY) == [call.case_id]
    assert cases_of(office, Pseudonyms(SECRET).of_identity(MAIL)) == [mail.case_id, both.case_id]
    assert office.announced()[-1].model_dump()["cases"] == (call.case_id,)


def test_an_identity_goes_with_the_cases_that_the_command_names(office: Office) -> None:
    _, call, both = linked(office)
    assert part(office, cases=[both.case_id, call.case_id])["outcome"] == "done"
    assert cases_of(office, KEY) == [call.case_id, both.case_id]


def test_parted_identities_know_nothing_of_each_other(office: Office) -> None:
    mail, call, _ = linked(office)
    part(office)
    by_mail = office.hears(a_message(CARD, name="m", identities=(MAIL,), at=minutes(70)))
    by_account = office.hears(a_message(TAX, name="a", identities=(ACCOUNT,), channel=Channel.VOICE, at=minutes(71)))
    assert by_mail.case_id != call.case_id
    assert by_account.case_id != mail.case_id


def test_a_thread_that_both_could_speak_in_is_followed_by_whose_case_it_is(office: Office) -> None:
    _, _, both = linked(office)
    part(office)
    stranger = office.hears(
        a_message(
            "Which coins can be staked?", name="a", identities=(ACCOUNT,), references=("<both@example.jp>",), at=minutes(70)
        )
    )
    owner = office.hears(
        a_message("Is there an app for tablets?", name="m", identities=(MAIL,), references=("<both@example.jp>",), at=minutes(71))
    )
    assert (stranger.outcome, stranger.related) == (Outcome.OPENED, (both.case_id,))
    assert owner.case_id == both.case_id


def test_no_message_links_them_again(office: Office) -> None:
    linked(office)
    part(office)
    office.hears(a_message("Hello from both of us.", name="again", identities=(MAIL, ACCOUNT), at=minutes(80)))
    assert len(office.table.items[identity_key(KEY)]["keys"]) == 1


def test_a_message_of_both_joins_the_case_of_whichever_has_it(office: Office) -> None:
    _, call, _ = linked(office)
    part(office)
    again = office.hears(a_message(CARD, name="again", identities=(MAIL, ACCOUNT), at=minutes(80)))
    assert again.case_id == call.case_id
    assert cases_of(office, KEY) == [call.case_id]
    assert call.case_id not in cases_of(office, Pseudonyms(SECRET).of_identity(MAIL))


def test_cases_of_the_parted_are_foreign_to_each_other(office: Office) -> None:
    mail, call, both = linked(office)
    part(office)
    assert office.told("merge", case=call.case_id, into=both.case_id)["code"] == "foreign_customer"
    assert office.told("merge", case=mail.case_id, into=both.case_id)["outcome"] == "done"


def test_a_case_that_is_forgotten_later_is_still_its_owners(office: Office) -> None:
    mail, call, both = linked(office)
    part(office)
    office.forgets(both.case_id)
    assert office.told("merge", case=call.case_id, into=both.case_id)["code"] == "foreign_customer"
    assert office.told("merge", case=mail.case_id, into=both.case_id)["outcome"] == "done"


def test_a_merge_is_not_torn_apart(office: Office) -> None:
    mail, call, _ = linked(office)
    assert office.told("merge", case=call.case_id, into=mail.case_id)["outcome"] == "done"
    assert part(office)["code"] == "merge_between"
    assert part(office, cases=[mail.case_id, call.case_id])["outcome"] == "done"


def link(office: Office, **fields: Any) -> dict[str, Any]:
    named: dict[str, Any] = {"identity": KEY, "with": Pseudonyms(SECRET).of_identity(MAIL)}
    return office.told("link_identity", **(named | fields))


def test_a_person_links_two_customers_and_their_cases_can_be_merged(office: Office) -> None:
    mail = office.hears(a_message(TAX, name="mail", identities=(MAIL,)))
    call = office.hears(a_message(CARD, name="call", identities=(ACCOUNT,), channel=Channel.VOICE, at=minutes(1)))
    assert office.told("merge", case=call.case_id, into=mail.case_id)["code"] == "foreign_customer"
    assert link(office)["outcome"] == "done"
    assert cases_of(office, KEY) == cases_of(office, Pseudonyms(SECRET).of_identity(MAIL)) == [mail.case_id, call.case_id]
    assert office.told("merge", case=call.case_id, into=mail.case_id)["outcome"] == "done"
    assert type(office.announced()[-2]).__name__ == "IdentityLinked"


def test_linking_takes_a_parting_back_and_parting_a_linking(office: Office) -> None:
    _, call, _ = linked(office)
    before = [set(cases_of(office, KEY)), set(office.table.items[identity_key(KEY)]["keys"])]
    part(office)
    link(office, at=61)
    assert [set(cases_of(office, KEY)), set(office.table.items[identity_key(KEY)]["keys"])] == before
    assert "parted" not in office.table.items[identity_key(KEY)]
    part(office, at=62)
    assert cases_of(office, KEY) == [call.case_id]


def test_the_same_linking_again_does_nothing_until_it_was_taken_back(office: Office) -> None:
    linked(office)
    first = part(office)
    office.hears(a_message(CARD, name="between", identities=(ACCOUNT,), at=minutes(61)))
    assert part(office, at=70) == first
    link(office, at=71)
    assert part(office, at=72)["at"] == "2026-05-03T13:12:00.000Z"


def test_a_linking_is_refused_for_one_or_for_strangers(office: Office) -> None:
    assert link(office)["code"] == "unknown_identity"
    linked(office)
    assert link(office)["code"] == "linked_already"
    assert link(office, **dict.fromkeys(["with"], KEY))["code"] == "one_identity"


def test_a_customer_is_not_linked_beyond_what_one_write_keeps_alike(office: Office) -> None:
    office.hears(a_message(TAX, name="mail", identities=(MAIL, *(an_email(f"m{each}@example.jp") for each in range(5)))))
    for first in (0, 3):
        known = (an_email(f"a{each}@example.jp") for each in range(first, first + 4))
        office.hears(a_message(CARD, name=f"call {first}", identities=(ACCOUNT, *known), at=minutes(first)))
    answer = link(office)
    assert (answer["code"], "14 identities" in answer["sentence"]) == ("too_many_identities", True)


def test_what_is_not_linked_cannot_be_parted(office: Office) -> None:
    assert part(office)["code"] == "unknown_identity"
    office.hears(a_message(CARD, identities=(ACCOUNT,)))
    assert part(office)["code"] == "identity_alone"


def test_a_case_of_somebody_else_does_not_go_along(office: Office) -> None:
    linked(office)
    other = office.hears(a_message(TAX, name="other", identities=(an_email("taro@example.jp"),)))
    assert part(office, cases=[other.case_id])["code"] == "not_their_case"


def test_who_parted_them_and_why_is_written_below_the_identity(office: Office) -> None:
    linked(office)
    part(office, id="parting-1")
    (note,) = [item for key, item in office.table.items.items() if key.pk == f"IDENTITY#{KEY}" and key.sk.startswith("NOTE#")]
    assert (note["command"], note["by"], note["to"]["keys"]) == ("unlink_identity", "mori@kujira.example", [KEY])
