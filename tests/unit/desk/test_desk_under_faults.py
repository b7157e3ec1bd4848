"""The desk when processes die and deliveries repeat: any order, any crash between any two calls."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from casework.desk import Desk
from casework.message import Channel, Message
from casework.table import Key
from tests.builders import DRAINED, DRAINED_JA, a_desk, a_message, an_account, an_email, minutes
from tests.memory_table import MemoryTable

CUSTOMERS = 3
TELLINGS = (DRAINED, DRAINED_JA, "A withdrawal I never made is going out of my account right now, stop it!")
STEPS = ("", "before read", "after read", "before write", "after write")


class Crash(Exception):
    """The process died."""


def the_message(number: int) -> Message:
    """Message ``number`` of the world: its customer, channel and words follow from it."""
    customer, telling = number % CUSTOMERS, number // CUSTOMERS
    identities = (an_email(f"c{customer}@example.jp"), an_account(f"KJ-{customer}"))
    return a_message(
        TELLINGS[telling % len(TELLINGS)],
        name=f"message {number}",
        channel=list(Channel)[telling % 3],
        at=minutes(number),
        identities=identities,
    )


def deliver(desk: Desk, table: MemoryTable, message: Message, dies: str) -> None:
    """One delivery by a process that dies at a step, or not at all."""

    def at(moment: str) -> None:
        if moment == dies:
            raise Crash

    table.before = lambda operation: at(f"before {operation}")
    table.after = lambda operation: at(f"after {operation}")
    try:
        desk.receive(message)
    except Crash:
        pass
    finally:
        table.before = table.after = lambda _operation: None


DELIVERIES = st.lists(st.tuples(st.integers(0, 8), st.sampled_from(STEPS)), min_size=1, max_size=40)


@settings(max_examples=150, deadline=None)
@given(DELIVERIES)
def test_every_message_is_in_exactly_one_case_of_its_own_customer(deliveries: list[tuple[int, str]]) -> None:
    desk, table = a_desk()
    for number, dies in deliveries:
        deliver(desk, table, the_message(number), dies)
    for number in {number for number, _ in deliveries}:
        desk.receive(the_message(number))  # its queue delivers it until somebody answers
    messages = table.of_kind("message")
    by_id = {the_message(number).message_id: number % CUSTOMERS for number, _ in deliveries}
    assert Counter(item["message_id"] for item in messages) == Counter(by_id.keys())
    customers = {(item["case_id"], by_id[item["message_id"]]) for item in messages}
    assert len(customers) == len({case_id for case_id, _ in customers}) == len(table.of_kind("case"))
    assert len(customers) == len(set(by_id.values())), "one matter of one customer is one case"


@settings(max_examples=100, deadline=None)
@given(DELIVERIES)
def test_what_a_case_says_of_itself_is_true_after_any_crash(deliveries: list[tuple[int, str]]) -> None:
    desk, table = a_desk()
    for number, dies in deliveries:
        deliver(desk, table, the_message(number), dies)
    counted = Counter(item["case_id"] for item in table.of_kind("message"))
    assert {item["case_id"]: item["messages"] for item in table.of_kind("case")} == dict(counted)
    assert {item["case_id"] for item in table.of_kind("escalation")} == set(counted), "every one of these matters is urgent"
    for item in table.of_kind("source"):
        assert any(key.sk.endswith(item["message_id"]) for key in table.items if key.sk.startswith("MESSAGE#"))


@settings(max_examples=60, deadline=None)
@given(DELIVERIES)
def test_all_identities_of_a_customer_always_tell_the_same(deliveries: list[tuple[int, str]]) -> None:
    desk, table = a_desk()
    for number, dies in deliveries:
        deliver(desk, table, the_message(number), dies)
    for item in table.of_kind("identity"):
        siblings = [table.items[Key(f"IDENTITY#{key}", "IDENTITY")] for key in item["keys"]]
        assert all(sibling["version"] == item["version"] and sibling["cases"] == item["cases"] for sibling in siblings)
