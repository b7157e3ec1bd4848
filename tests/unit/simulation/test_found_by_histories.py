"""What simulated histories of messages and commands have found out, each in as few steps as it takes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from casework.case import Outcome, Receipt
from casework.commands import Commands
from casework.commands.command import read
from casework.desk import Desk
from casework.identity import Pseudonyms
from casework.message import Identity
from casework.records import case_key, identity_key
from casework.table import Item, Key
from local.simulation.mutants import MUTANTS
from tests.builders import DRAINED, POLICY, SECRET, TAX, a_message, an_account, an_email, minutes
from tests.memory_table import MemoryTable
from tests.unit.campaigns.attacks import World
from tests.unit.commands.office import an_office

SITE = ("domain", "kujira-verify.example")
MAIL, ACCOUNT, PHONE = an_email("family@example.jp"), an_account("KJ-7"), an_account("KJ-8")


def key_of(identity: Identity) -> str:
    return Pseudonyms(SECRET).of_identity(identity)


def test_an_answer_to_a_case_that_went_with_a_parted_name_does_not_follow_it() -> None:
    office = an_office()
    own = office.hears(a_message(TAX, name="own", identities=(MAIL,), thread="<own@example.jp>"))
    office.hears(a_message("Do you list the coin ABC?", name="both", identities=(MAIL, ACCOUNT), at=minutes(2)))
    gone = office.told("unlink_identity", identity=key_of(ACCOUNT), cases=[own.case_id])
    assert gone["outcome"] == "done"
    answer = a_message("Is there any news?", name="answer", identities=(MAIL,), references=("<own@example.jp>",), at=minutes(90))
    assert office.hears(answer).case_id != own.case_id


def test_a_matter_of_today_that_was_merged_into_an_old_case_goes_on_there() -> None:
    office = an_office()
    month = 30 * 24 * 60
    old = office.hears(a_message(TAX, name="old", identities=(MAIL,)))
    new = office.hears(a_message(DRAINED, name="new", identities=(MAIL,), at=minutes(month)))
    office.acknowledges(new, at=month + 1)
    assert office.told("reclassify", case=old.case_id, category="account_takeover", severity="critical", at=month + 2)
    merged = office.told("merge", case=new.case_id, into=old.case_id, at=month + 3)
    assert merged["outcome"] == "done"
    again = office.hears(a_message(DRAINED, name="again", identities=(MAIL,), at=minutes(month + 10)))
    assert (again.outcome, again.case_id) == (Outcome.ATTACHED, old.case_id)


DEPOSIT = "0xd0d34a7b3d17a6a935b9ab9df79e8d9908d60c3f への入金がまだ反映されていません。いつ反映されますか。"
DEPOSIT_EN = (
    "I sent ether to my deposit address 0xd0d34a7b3d17a6a935b9ab9df79e8d9908d60c3f and it is still not credited to my account."
)
THEFT = "Somebody tried to withdraw my ether to 0xdc974c39ec2eced5e538f179c99ae9650bdfe89d, it was not me."


def test_a_case_that_has_become_a_graver_matter_is_still_found_by_who_tells_what_it_began_with() -> None:
    office = an_office()
    theft = office.hears(a_message(THEFT, name="theft"))
    deposit = office.hears(a_message(DEPOSIT, name="deposit", at=minutes(2)))
    office.told("reclassify", case=theft.case_id, category="unauthorized_withdrawal", severity="normal", at=4)
    assert office.told("merge", case=theft.case_id, into=deposit.case_id, at=5)["outcome"] == "done"
    office.hears(a_message(f"{THEFT} The attempt failed.", name="theft again", at=minutes(6)))
    assert office.case(deposit.case_id)["category"] == "unauthorized_withdrawal"
    again = office.hears(a_message(DEPOSIT_EN, name="deposit again", at=minutes(21)))
    assert (again.outcome, again.case_id) == (Outcome.ATTACHED, deposit.case_id)


class Torn(MemoryTable):
    """A table whose next batch read is not one snapshot: of one item it shows what was there before."""

    shown: dict[Key, Item] | None = None

    def read(self, keys: Sequence[Key]) -> dict[Key, Item]:
        shown, self.shown = self.shown or {}, None
        return super().read(keys) | {key: item for key, item in shown.items() if key in keys}


def linked_while_they_are_read() -> Torn:
    """Two names of one customer; the next read shows the one as it was before they were linked."""
    table = Torn()
    desk = Desk(table, POLICY, Pseudonyms(SECRET))
    desk.receive(a_message(TAX, name="one", identities=(MAIL,)))
    place = identity_key(key_of(MAIL))
    before = table.read([place])
    desk.receive(a_message("Do you list the coin ABC?", name="both", identities=(MAIL, ACCOUNT), at=minutes(1)))
    table.shown = before
    return table


def test_names_that_are_linked_while_a_message_reads_them_are_read_again() -> None:
    table = linked_while_they_are_read()
    message = a_message(DRAINED, name="next", identities=(MAIL, ACCOUNT), at=minutes(2))
    receipt = Desk(table, POLICY, Pseudonyms(SECRET)).receive(message)
    assert receipt.outcome is Outcome.OPENED
    assert len({item["version"] for item in table.of_kind("identity")}) == 1


def test_names_that_are_linked_while_a_command_reads_them_are_read_again() -> None:
    table = linked_while_they_are_read()
    given = {"command": "link_identity", "by": "mori", "reason": "same person", "identity": key_of(MAIL), "with": key_of(ACCOUNT)}
    assert Commands(table, POLICY).obey(read(given, minutes(5))).code == "linked_already"


def test_a_case_that_is_closed_while_its_customers_names_are_linked_is_remembered_as_closed() -> None:
    table = Torn()
    desk, commands = Desk(table, POLICY, Pseudonyms(SECRET)), Commands(table, POLICY)
    opened = desk.receive(a_message(TAX, name="both", identities=(MAIL, ACCOUNT)))
    desk.receive(a_message("Do you list the coin ABC?", name="other", identities=(PHONE,), at=minutes(1)))
    place = identity_key(key_of(MAIL))
    before = table.read([place])
    given = {"by": "mori", "reason": "same person"}
    both = {"identity": key_of(MAIL), "with": key_of(PHONE)}
    assert commands.obey(read({**given, "command": "link_identity", **both}, minutes(5))).outcome == "done"
    table.shown = before
    assert commands.obey(read({**given, "command": "close", "case": opened.case_id}, minutes(6))).outcome == "done"
    told = [case for item in table.of_kind("identity") for case in item["cases"] if case["case_id"] == opened.case_id]
    assert len(told) == 3
    assert all(case["closed_at"] for case in told)


def test_a_case_that_a_message_has_opened_again_is_closed_by_the_same_words_again() -> None:
    office = an_office()
    first = office.hears(a_message(TAX, name="first", identities=(MAIL,), thread="<first@example.jp>"))
    assert office.told("close", case=first.case_id)["outcome"] == "done"
    assert office.told("close", case=first.case_id, at=61)["code"] == "close", "given again, it is answered the same"
    news = a_message("Any news?", name="answer", identities=(MAIL,), references=("<first@example.jp>",), at=minutes(70))
    assert office.hears(news).case_id == first.case_id
    assert office.case(first.case_id)["status"] == "open"
    assert office.told("close", case=first.case_id, at=80)["outcome"] == "done"
    assert office.case(first.case_id)["status"] == "closed"


def split_while_an_answer_is_read(torn: str) -> tuple[Receipt, str, MemoryTable]:
    """The answer to a message that was split off between the reading of a kind of item and of the others; the new case."""
    table = Torn()
    desk, commands = Desk(table, POLICY, Pseudonyms(SECRET)), Commands(table, POLICY)
    first = desk.receive(a_message(TAX, name="first", identities=(MAIL,), thread="<first@example.jp>"))
    to_first, asked = ("<first@example.jp>",), "<asked@example.jp>"
    second = desk.receive(a_message(DRAINED, identities=(MAIL,), thread=asked, references=to_first, at=minutes(1)))
    assert second.case_id == first.case_id
    before = {key: item for key, item in table.items.items() if item["kind"] == torn}
    given = {"command": "split", "by": "mori", "reason": "another matter", "case": first.case_id, "messages": [second.message_id]}
    new = commands.obey(read(given, minutes(5))).as_json()["to"]
    table.shown = before
    answer = a_message("Any news?", name="answer", identities=(MAIL,), references=(asked,), at=minutes(9))
    return desk.receive(answer), new, table


@pytest.mark.parametrize("torn", ["thread", "identity"])
def test_an_answer_to_a_message_that_is_split_off_while_it_is_read_goes_to_the_new_case(torn: str) -> None:
    receipt, new, table = split_while_an_answer_is_read(torn)
    assert receipt.case_id == new
    (told,) = {case["messages"] for item in table.of_kind("identity") for case in item["cases"] if case["case_id"] == new}
    assert told == table.items[case_key(new)]["messages"] == 1


@pytest.mark.parametrize(
    ("torn", "name"),
    [("thread", "an answer follows a name that was read too early"), ("identity", "a forgotten case is attached to unseen")],
)
def test_without_looking_twice_it_would_not(torn: str, name: str) -> None:
    (mutant,) = (each for each in MUTANTS if each.name == name)
    with mutant.alive():
        receipt, new, table = split_while_an_answer_is_read(torn)
    told = {case["messages"] for item in table.of_kind("identity") for case in item["cases"] if case["case_id"] == new}
    assert (receipt.case_id, told) != (new, {1})


def corrected_while_a_message_opens_it() -> str:
    """How a closed case stands that its customer's item has forgotten."""
    office = an_office()
    first = office.hears(a_message(TAX, name="first", identities=(MAIL,), thread="<first@example.jp>"))
    office.told("close", case=first.case_id, at=5)
    office.forgets(first.case_id)
    news = [a_message("Any news?", name="news", identities=(MAIL,), references=("<first@example.jp>",), at=minutes(8))]

    def somebody_writes(operation: str) -> None:
        if operation == "write" and news:
            office.hears(news.pop())

    office.table.before = somebody_writes
    assert office.told("reclassify", case=first.case_id, category="deposit", at=9)["outcome"] == "done"
    return str(office.case(first.case_id)["status"])


def test_a_forgotten_case_that_a_message_opens_while_it_is_corrected_stays_open() -> None:
    assert corrected_while_a_message_opens_it() == "open"
    (mutant,) = (each for each in MUTANTS if each.name == "messages are no change of a case")
    with mutant.alive():
        assert corrected_while_a_message_opens_it() == "closed"


def known_by(world: World, *names: str, parted: tuple[str, ...] = ()) -> None:
    """One customer's names, as the desk writes them."""
    for name in names:
        item: Item = {
            **identity_key(name)._asdict(),
            "kind": "identity",
            "keys": list(names),
            "version": 1,
            "parted": list(parted),
        }
        world.table.items[identity_key(name)] = item


def test_a_customer_whose_names_were_linked_after_a_campaign_counted_them_is_counted_once() -> None:
    world = World()
    world.correlate(*(world.a_message(f"text {place}", entities=[SITE], customer=f"c{place}") for place in range(4)))
    assert world.campaign.customers == 4
    known_by(world, "another", "c0")
    later = world.a_message("text 9", entities=[SITE], customer="another", at=minutes(60))
    world.correlate(later)
    world.correlate(later)
    assert (world.campaign.customers, world.campaign.messages) == (4, 5)


def test_an_event_that_comes_again_after_names_were_parted_counts_nothing() -> None:
    world = World()
    known_by(world, "first", "second")
    named = [world.a_message(f"text {place}", entities=[SITE], customer=f"c{place}") for place in range(3)]
    own = world.a_message("text 3", entities=[SITE], customer="second")
    world.correlate(*named, own)
    assert (world.campaign.customers, world.campaign.messages) == (4, 4)
    known_by(world, "first", parted=("second",))
    known_by(world, "second", parted=("first",))
    world.correlate(own)
    assert (world.campaign.customers, world.campaign.messages) == (4, 4)
