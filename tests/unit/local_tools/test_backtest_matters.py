"""What a candidate would join and part, over stored cases, beside what people said of them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from casework import policy
from casework.aws.table import to_wire
from casework.message import Channel
from local.__main__ import main
from local.backtest.matters import Matters, matters
from tests.builders import DRAINED, POLICY, TAX, a_message, an_email, minutes
from tests.unit.commands.office import Office, an_office

CARD = "When will the card that I ordered be delivered?"
AGAIN = f"{DRAINED} Hello?"
LISTING = "Do you list the coin ABC?"


@pytest.fixture
def office() -> Office:
    return an_office()


def with_threshold(threshold: float) -> policy.Policy:
    return replace(POLICY, duplicates=replace(POLICY.duplicates, threshold=threshold))


JOINS_ALL, JOINS_NOTHING = with_threshold(-9.0), with_threshold(99.0)


def replayed(office: Office, candidate: policy.Policy) -> Matters:
    found = matters(office.table.items.values(), POLICY, candidate)
    assert found
    return found


def test_the_policy_in_use_files_stored_messages_as_it_did_when_they_came_in(office: Office) -> None:
    for at, text in enumerate((DRAINED, CARD, f"{DRAINED} Hello?", TAX)):
        office.hears(a_message(text, at=minutes(5 * at)))
    found = replayed(office, POLICY)
    assert (found.messages, found.customers, found.as_stored, found.moved) == (4, 1, 4, [])
    assert found.cases_before == found.cases_after == 3


def test_a_lower_threshold_joins_and_each_message_is_named(office: Office) -> None:
    first, second = office.hears(a_message(CARD)), office.hears(a_message(LISTING, at=minutes(5)))
    assert first.case_id != second.case_id
    (moved,) = replayed(office, JOINS_ALL).moved
    assert moved.kind == "joined"
    assert (moved.told.message_id, moved.before.message_id, moved.after.message_id) == (
        second.message_id,
        second.message_id,
        first.message_id,
    )


def test_a_higher_threshold_parts(office: Office) -> None:
    for at in range(3):
        office.hears(a_message(f"{DRAINED} {'Hello? ' * at}", at=minutes(5 * at)))
    found = replayed(office, JOINS_NOTHING)
    assert [each.kind for each in found.moved] == ["parted", "parted"]
    assert (found.cases_before, found.cases_after) == (1, 3)


def test_what_people_merged_un_merged_and_split_is_the_measure(office: Office) -> None:
    card, listing = office.hears(a_message(CARD)), office.hears(a_message(LISTING, at=minutes(5)))
    tax = office.hears(a_message(TAX, at=minutes(6)))
    drained = office.hears(a_message(DRAINED, at=minutes(7)))
    again = office.hears(a_message(AGAIN, at=minutes(8)))
    office.told("merge", case=listing.case_id, into=card.case_id)
    office.told("merge", case=tax.case_id, into=card.case_id)
    office.told("unmerge", case=tax.case_id, at=61)
    office.told("split", case=drained.case_id, messages=[again.message_id])
    found = replayed(office, JOINS_ALL)
    assert (found.one_matter.of, found.one_matter.before, found.one_matter.after) == (1, 0, 1)
    assert (found.two_matters.of, found.two_matters.before, found.two_matters.after) == (2, 1, 2)
    assert "wrong-merge rate: 0.5000 (1 / 2) (un-merges / merges)" in found.rates
    assert "wrong-join rate: 1.0000 (1 / 1) (split off / joined by what they say)" in found.rates


def test_no_policy_decides_threads(office: Office) -> None:
    office.hears(a_message(CARD, thread="first@example.com"))
    reply = office.hears(a_message(LISTING, at=minutes(5), references=("first@example.com",)))
    assert reply.duplicate
    assert reply.duplicate.rule == "thread"
    assert replayed(office, JOINS_NOTHING).moved == []


def test_customers_are_compared_with_nobody_else_and_known_by_all_their_identities(office: Office) -> None:
    hana, ren, other = an_email("hana@example.com"), an_email("ren@example.com"), an_email("hana@example.net")
    for at, identities in enumerate(((hana,), (ren,), (hana, other), (other,))):
        office.hears(a_message(f"{DRAINED} {at}", at=minutes(at), identities=identities))
    found = replayed(office, JOINS_ALL)
    assert (found.messages, found.customers, found.as_stored) == (3, 1, 3), "of the other there is one message"


def test_nobody_who_was_vouched_for_nothing_to_compare(office: Office) -> None:
    for at in range(3):
        office.hears(a_message(f"{DRAINED} {at}", at=minutes(at), identities=(), channel=Channel.WEB_FORM))
    assert matters(office.table.items.values(), POLICY, JOINS_ALL) is None


@pytest.mark.parametrize("kind", ["case", "message", "command"])
def test_of_items_that_lack_something_the_rest_is_compared(office: Office, kind: str) -> None:
    first = office.hears(a_message(CARD))
    second = office.hears(a_message(LISTING, at=minutes(5)))
    office.hears(a_message(TAX, at=minutes(6)))
    office.told("merge", case=second.case_id, into=first.case_id)
    items = [dict(item) for item in office.table.items.values()]
    damaged = next(item for item in items if item["kind"] == kind)
    for name in ("case_id", "opened_by", "assessment"):
        damaged.pop(name, None)
    assert matters(items, POLICY, JOINS_ALL)


def test_a_note_that_does_not_say_into_what_is_passed_over(office: Office) -> None:
    first, second = office.hears(a_message(CARD)), office.hears(a_message(LISTING, at=minutes(5)))
    office.told("merge", case=second.case_id, into=first.case_id)
    items = [{name: value for name, value in item.items() if name != "into"} for item in office.table.items.values()]
    found = matters(items, POLICY, JOINS_ALL)
    assert found
    assert (found.messages, found.one_matter.of) == (2, 0)


# --- the command -----------------------------------------------------------------------------------------------------------


def a_candidate(folder: Path, threshold: float) -> Path:
    shipped = (policy.SHIPPED / "duplicates.toml").read_text(encoding="utf-8")
    (folder / "duplicates.toml").write_text(
        re.sub(r"(?m)^threshold = \S+", f"threshold = {threshold}", shipped), encoding="utf-8"
    )
    return folder


def a_dump(folder: Path, office: Office, *, wire: bool) -> Path:
    items: list[Any] = list(office.table.items.values())
    lines = [json.dumps({"Item": to_wire(item)} if wire else item) for item in items]
    (folder / "dump.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder / "dump.jsonl"


@pytest.mark.parametrize("wire", [False, True])
def test_a_dump_of_the_table_tells_what_would_belong_together(
    office: Office, wire: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office.hears(a_message(DRAINED))
    office.hears(a_message(AGAIN, at=minutes(5)))
    dump = a_dump(tmp_path, office, wire=wire)
    arguments = ["backtest", "--policy", str(a_candidate(tmp_path, 2.0)), "--over", str(dump)]
    assert main([*arguments, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["not_judged"] == []
    assert [(each["kind"], each["text"]) for each in told["matters"]["moved"]] == [("parted", AGAIN)]
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert "2 messages of 1 customers, told once more" in said
    assert "Would open a case, and joined one (1)" in said
    assert said.index("Would open") < said.index("was  Someone is withdrawing") < said.index("now  a case of its own")


def test_texts_of_nobody_say_that_nothing_was_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "texts.jsonl").write_text(json.dumps({"text": CARD}), encoding="utf-8")
    assert main(["backtest", "--policy", str(a_candidate(tmp_path, 2.0)), "--over", str(tmp_path / "texts.jsonl"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["not_judged"], told["matters"]) == (["duplicates"], None)
