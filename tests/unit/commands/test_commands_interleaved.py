"""Messages and commands in any order, by processes that die at any step: what holds of the table whatever happens."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from casework.case import Severity
from casework.identity import Pseudonyms
from casework.message import Channel, Identity, Message
from casework.table import Change, Item, Key
from casework.times import stamp
from tests.builders import DRAINED, DRAINED_JA, SECRET, TAX, a_message, an_account, an_email, minutes
from tests.unit.commands.office import Office, an_office

CUSTOMERS = 2
TELLINGS = (
    DRAINED,
    TAX,
    "I was called by somebody who claimed to be your support and told me to move my coins to a safe wallet.",
    DRAINED_JA,
    "When is my card delivered?",
    f"My deposit 0x{'ab' * 32} has not arrived yet.",
)
STEPS = ("", "before read", "after read", "before query", "before write", "after write")
CATEGORIES = ("deposit", "account_takeover", "phishing_report", "other")


class Crash(Exception):
    """The process died."""


def key_of(identity: Identity) -> str:
    return Pseudonyms(SECRET).of_identity(identity)


def identities_of(number: int) -> tuple[Identity, ...]:
    """One of the customer's identities, the other, or both, as the number has it."""
    customer, which = number % CUSTOMERS, (number // CUSTOMERS) % 3
    both = (an_email(f"c{customer}@example.jp"), an_account(f"KJ-{customer}"))
    return both if which == 2 else (both[which],)


def the_message(number: int) -> Message:
    """Message ``number`` of the world; every third answers an earlier one of the same customer."""
    answers = (f"<{number - 2 * CUSTOMERS}@x>",) if number % 3 == 0 else ()
    return a_message(
        TELLINGS[number % len(TELLINGS)],
        name=f"message {number}",
        channel=list(Channel)[number % 3],
        at=minutes(number * 40),
        identities=identities_of(number),
        thread=f"<{number}@x>",
        references=answers,
    )


@dataclass
class World:
    office: Office
    clock: int = 0

    def dies_at(self, moment: str) -> None:
        def at(operation: str) -> None:
            if operation == moment:
                raise Crash

        self.office.table.before = lambda operation: at(f"before {operation}")
        self.office.table.after = lambda operation: at(f"after {operation}")

    def does(self, step: tuple[Any, ...], dies: str) -> None:
        """One step, by a process that may die in it."""
        self.dies_at(dies)
        try:
            self._does(*step)
        except Crash:
            pass
        finally:
            self.dies_at("never")

    def _does(self, what: str, one: int, other: int) -> None:
        self.clock += 1
        if what == "message":
            self.office.hears(the_message(one))
        elif what == "acknowledge":
            self._acknowledges(one)
        elif cases := sorted(item["case_id"] for item in self.office.table.of_kind("case")):
            self._commands(what, cases[one % len(cases)], cases[other % len(cases)], other)

    def _acknowledges(self, number: int) -> None:
        waiting = [item for item in self.office.table.of_kind("escalation") if "acknowledged_at" not in item]
        for item in waiting[number % len(waiting) :][:1] if waiting else ():
            self.office.table.write([_acknowledged(Key(item["pk"], item["sk"]), self.clock)])

    def _commands(self, what: str, case: str, into: str, number: int) -> None:
        known: dict[str, dict[str, Any]] = {
            "merge": {"case": case, "into": into},
            "link": {"case": case, "other": into},
            "unlink": {"case": case, "other": into},
            "reclassify": {"case": case, "category": CATEGORIES[number % len(CATEGORIES)]},
            "split": {"case": case, "messages": self._some_of(case, number)},
            "unlink_identity": {"identity": key_of(an_account(f"KJ-{number % CUSTOMERS}"))},
            "link_identity": {
                "identity": key_of(an_account(f"KJ-{number % CUSTOMERS}")),
                "with": key_of(an_email(f"c{number % CUSTOMERS}@example.jp")),
            },
        }
        self.office.told(what, at=self.clock, id=f"c{self.clock}", **known.get(what, {"case": case}))

    def _some_of(self, case: str, number: int) -> list[str]:
        messages = self.office.messages(case)
        return [messages[number % len(messages)]["message_id"]] if messages else ["0" * 32]


def _acknowledged(key: Key, at: int) -> Change:
    return Change(key, set={"acknowledged_at": stamp(minutes(at)), "acknowledged_by": "m"}, remove=("due",))


MESSAGE = st.tuples(st.just("message"), st.integers(0, 23), st.just(0))
COMMANDS = (
    *("merge", "merge", "merge", "unmerge", "split", "close", "reopen"),
    *("reclassify", "link", "unlink", "acknowledge", "unlink_identity", "link_identity"),
)
COMMAND = st.tuples(st.sampled_from(COMMANDS), st.integers(0, 11), st.integers(0, 11))
STEP = st.tuples(MESSAGE | COMMAND, st.sampled_from(STEPS))
DAY = st.lists(STEP, min_size=3, max_size=30)


def after(day: list[tuple[tuple[Any, ...], str]]) -> Office:
    """The office after a day, every message delivered until somebody answered."""
    world = World(an_office())
    for step, dies in day:
        world.does(step, dies)
    for step, _ in day:
        if step[0] == "message":
            world.does(step, "")
    return world.office


@settings(max_examples=120, deadline=None)
@given(DAY)
def test_no_message_is_lost_doubled_or_in_a_strangers_case(day: list[tuple[tuple[Any, ...], str]]) -> None:
    office = after(day)
    sent = {the_message(step[1]).message_id: step[1] for step, _ in day if step[0] == "message"}
    stored = office.table.of_kind("message")
    assert Counter(item["message_id"] for item in stored) == Counter(sent.keys())
    for item in stored:
        customer = sent[item["message_id"]] % CUSTOMERS
        theirs = {key_of(an_email(f"c{customer}@example.jp")), key_of(an_account(f"KJ-{customer}"))}
        assert set(office.case(item["case_id"])["keys"]) <= theirs
    counted = Counter(item["case_id"] for item in stored)
    assert all(case["messages"] == counted[case["case_id"]] for case in office.table.of_kind("case"))


@settings(max_examples=120, deadline=None)
@given(DAY)
def test_nothing_urgent_goes_silent(day: list[tuple[tuple[Any, ...], str]]) -> None:
    office = after(day)
    for item in office.table.of_kind("escalation"):
        if "acknowledged_at" in item or item.get("due") == "open":
            continue
        into = office.case(item["case_id"])["merged_into"]
        assert item["suspended"] == into
        assert any(is_as_loud(each, item) for each in office.escalations(into))


def is_as_loud(other: Item, waiting: Item) -> bool:
    loud = not Severity(waiting["severity"]).worse_than(Severity(other["severity"]))
    return other["team"] == waiting["team"] and loud and ("acknowledged_at" in other or other.get("due") == "open")


@settings(max_examples=120, deadline=None)
@given(DAY)
def test_what_is_stored_of_a_case_agrees_with_itself(day: list[tuple[tuple[Any, ...], str]]) -> None:
    office = after(day)
    for case in office.table.of_kind("case"):
        assert ("queue" in case) == (case["status"] == "open")
        assert ("merged_into" in case) == (case["status"] == "merged")
        into = case.get("merged_into")
        if into:
            assert case["case_id"] in office.case(into)["holds"]
            assert office.case(into)["status"] != "merged", "no chains"
        assert all(office.case(held)["merged_into"] == case["case_id"] for held in case.get("holds", ()))
    for item in office.table.of_kind("identity"):
        siblings = [office.table.items[Key(f"IDENTITY#{key}", "IDENTITY")] for key in item["keys"]]
        assert all({**sibling, "pk": ""} == {**item, "pk": ""} for sibling in siblings)
        for remembered in item.get("cases", ()):
            case = office.case(remembered["case_id"])
            told = ("merged_into", "closed_at", "category", "severity", "team", "messages")
            assert [remembered.get(name) for name in told] == [case.get(name) for name in told]


@settings(max_examples=80, deadline=None)
@given(DAY, st.integers(0, 11), st.integers(0, 11))
def test_un_merging_is_the_inverse_of_merging(day: list[tuple[tuple[Any, ...], str]], one: int, other: int) -> None:
    office = after(day)
    cases = sorted(item["case_id"] for item in office.table.of_kind("case"))
    if not cases:
        return
    before = office.world()
    if office.told("merge", case=cases[one % len(cases)], into=cases[other % len(cases)], at=200, id="m")["outcome"] == "done":
        office.told("unmerge", case=cases[one % len(cases)], at=201, id="u")
    assert office.world() == before


@settings(max_examples=60, deadline=None)
@given(DAY)
def test_a_command_has_one_effect_however_often_it_is_given(day: list[tuple[tuple[Any, ...], str]]) -> None:
    world = World(an_office())
    for step, dies in day:
        world.does(step, dies)
        before = dict(world.office.table.items)
        obeyed = f"c{world.clock}" if Key(f"COMMAND#c{world.clock}", "COMMAND") in world.office.table else ""
        if obeyed:
            world.clock -= 1
            world.does(step, "")
            assert world.office.table.items == before
