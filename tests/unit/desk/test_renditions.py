"""One call in two files, the original and the redacted: one message, and what analysts read is the redacted."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.case import Outcome, Receipt
from casework.desk import Desk
from casework.message import Channel, Message, Turn
from casework.records import MAX_STORED_BYTES
from casework.table import Item
from tests.builders import DRAINED, a_desk, a_message, minutes
from tests.memory_table import MemoryTable

RAW = f"This is Hanako Tanaka of Minato. {DRAINED}"
REDACTED = f"This is [PII] of [PII]. {DRAINED}"
STEPS = ("", "before read", "after read", "before write", "after write")


def a_rendition(text: str, *, redacted: bool, at: float = 0, contact: str = "contact-1") -> Message:
    """A call as one of its two files tells it."""
    message = a_message(text, name=contact, channel=Channel.VOICE, at=minutes(at))
    turns = (Turn("agent", "Kujira support, good morning.", 0, 900), Turn("customer", text, 1500, 9000))
    return replace(message, turns=turns if text else (), facts={"redacted": "yes" if redacted else "no"})


def original(at: float = 0, text: str = RAW) -> Message:
    return a_rendition(text, redacted=False, at=at)


def redacted(at: float = 0, text: str = REDACTED) -> Message:
    return a_rendition(text, redacted=True, at=at)


def stored(table: MemoryTable) -> Item:
    (item,) = table.of_kind("message")
    return item


def everything_but(table: MemoryTable, *kinds: str) -> list[Item]:
    return [item for item in table.items.values() if item["kind"] not in kinds]


def test_the_redacted_file_replaces_what_the_original_said() -> None:
    desk, table = a_desk()
    first = desk.receive(original())
    second = desk.receive(redacted(1))
    assert (first.outcome, second.outcome, second.cause) == (Outcome.OPENED, Outcome.REPLAYED, "replaced")
    assert (second.case_id, second.reference, second.received_at) == (first.case_id, first.reference, first.received_at)
    item = stored(table)
    assert item["text"] == REDACTED
    assert [turn["text"] for turn in item["turns"]] == ["Kujira support, good morning.", REDACTED]
    assert (item["facts"], item["locator"]) == ({"redacted": "yes"}, redacted().source.locator)
    assert "Hanako" not in str(item)


def test_the_original_after_the_redacted_file_changes_nothing() -> None:
    desk, table = a_desk()
    desk.receive(redacted())
    before = dict(table.items)
    again = desk.receive(original(1))
    assert (again.outcome, again.cause) == (Outcome.REPLAYED, "")
    assert table.items == before
    assert stored(table)["text"] == REDACTED


def test_triage_runs_on_the_redacted_text_when_it_comes_first() -> None:
    desk, table = a_desk()
    receipt = desk.receive(redacted())
    assert receipt.assessment is not None
    assert receipt.escalations == (table.of_kind("escalation")[0]["escalation_id"],)
    assert "Hanako" not in str(table.items)


@pytest.mark.parametrize("pair", [(original(), redacted(1)), (redacted(), original(1))], ids=["original first", "redacted first"])
def test_a_pair_costs_two_round_trips_a_file_at_most(pair: tuple[Message, Message]) -> None:
    desk, table = a_desk()
    desk.receive(pair[0])
    table.trips.clear()
    desk.receive(pair[1])
    assert table.trips in (["read", "write"], ["read"])


def test_case_escalations_customer_and_threads_stay_as_the_original_made_them() -> None:
    desk, table = a_desk()
    desk.receive(original())
    before = everything_but(table, "message", "source")
    desk.receive(redacted(1))
    assert everything_but(table, "message", "source") == before


def test_an_escalation_stays_even_when_the_redacted_text_says_nothing_urgent() -> None:
    desk, table = a_desk()
    raised = desk.receive(original()).escalations
    desk.receive(redacted(1, "This is [PII]."))
    (escalation,) = table.of_kind("escalation")
    assert ((escalation["escalation_id"],), escalation["due"]) == (raised, "open")
    assert stored(table)["escalations"] == list(raised)


def test_nothing_is_raised_when_the_redacted_text_seems_worse() -> None:
    desk, table = a_desk()
    desk.receive(original(text="Good morning."))
    assert desk.receive(redacted(1)).escalations == ()
    assert table.of_kind("escalation") == []


def test_places_in_the_stored_message_are_places_in_its_redacted_text() -> None:
    desk, table = a_desk()
    desk.receive(original(text=f"{RAW} It is 0.5 BTC."))
    desk.receive(redacted(1, f"{REDACTED} It is 0.5 BTC."))
    item = stored(table)
    whole = f"\n{item['text']}"
    assert [whole[entity["start"] : entity["end"]] for entity in item["entities"]] == ["0.5 BTC"]
    quoted = [whole[reason["start"] : reason["end"]] for reason in item["assessment"]["reasons"]]
    assert any("right now" in quote or "withdraw" in quote for quote in quoted)
    assert {reason["at_ms"] for reason in item["assessment"]["reasons"] if reason["start"] < reason["end"]} == {1500}


def test_secrets_that_were_spoken_stay_known_when_the_service_took_them_out() -> None:
    desk, table = a_desk()
    desk.receive(original(text=f"{RAW} My card is 4111 1111 1111 1111."))
    desk.receive(redacted(1, f"{REDACTED} My card is [PII]."))
    assert [secret["kind"] for secret in stored(table)["secrets"]] == ["card_number"]
    assert stored(table)["text"].endswith("My card is [PII].")


def test_what_the_original_had_and_the_redacted_file_lacks_is_gone() -> None:
    desk, table = a_desk()
    desk.receive(replace(original(text=f"{RAW} It is 0.5 BTC."), signals=("roles_unknown",)))
    desk.receive(redacted(1))
    assert {"entities", "signals"}.isdisjoint(stored(table))
    assert stored(table)["truncated"] is False


def test_a_second_redacted_file_changes_nothing() -> None:
    desk, table = a_desk()
    for each in (original(), redacted(1)):
        desk.receive(each)
    before = dict(table.items)
    assert desk.receive(redacted(2, "Another [PII].")).cause == ""
    assert table.items == before


def test_a_redacted_file_in_which_nothing_is_said_takes_nobodys_words_away() -> None:
    desk, table = a_desk()
    desk.receive(original())
    desk.receive(replace(redacted(1, ""), signals=("empty_call",)))
    assert stored(table)["text"] == RAW


def test_an_empty_call_that_turns_out_to_have_words_shows_them_where_it_waits() -> None:
    desk, table = a_desk()
    held = desk.receive(replace(original(text=""), signals=("empty_call",)))
    assert held.outcome is Outcome.QUARANTINED
    assert desk.receive(redacted(1)).cause == "replaced"
    (item,) = table.of_kind("quarantined")
    assert (item["text"], item["queue"], item["cause"]) == (REDACTED, "quarantine", "empty_call")


def test_a_redacted_text_is_bounded_as_any_other() -> None:
    desk, table = a_desk()
    desk.receive(original())
    desk.receive(redacted(1, "[PII] " * 20_000))
    assert len(stored(table)["text"].encode()) <= MAX_STORED_BYTES
    assert stored(table)["truncated"] is True


def test_another_contact_is_another_message() -> None:
    desk, table = a_desk()
    desk.receive(original())
    desk.receive(a_rendition(REDACTED, redacted=True, at=1, contact="contact-2"))
    assert {item["text"] for item in table.of_kind("message")} == {RAW, REDACTED}


def overtaken(table: MemoryTable, message: Message) -> list[Receipt]:
    """Another worker delivers a message just before the next write; gives its receipt once that has happened."""
    receipts: list[Receipt] = []

    def overtake(operation: str) -> None:
        if operation == "write":
            table.before = lambda _operation: None
            receipts.append(a_desk(table)[0].receive(message))

    table.before = overtake
    return receipts


def test_both_files_at_the_same_instant_leave_the_redacted_one() -> None:
    desk, table = a_desk()
    faster = overtaken(table, redacted())
    assert desk.receive(original()).outcome is Outcome.REPLAYED
    assert [each.outcome for each in faster] == [Outcome.OPENED]
    assert stored(table)["text"] == REDACTED


def test_the_original_being_faster_by_an_instant_leaves_the_redacted_one_too() -> None:
    desk, table = a_desk()
    faster = overtaken(table, original())
    assert desk.receive(redacted()).cause == "replaced"
    assert [each.outcome for each in faster] == [Outcome.OPENED]
    assert stored(table)["text"] == REDACTED


def test_two_workers_with_the_redacted_file_rewrite_the_message_once() -> None:
    desk, table = a_desk()
    desk.receive(original())
    faster = overtaken(table, redacted(1))
    late = desk.receive(redacted(1))
    assert [each.cause for each in (*faster, late)] == ["replaced", ""]
    rewritten = [after for before, after in table.changes if before and after and after["kind"] == "message"]
    assert len(rewritten) == 1


class Crash(Exception):
    """The process died."""


def deliver(desk: Desk, table: MemoryTable, message: Message, dies: str, faster: Message | None) -> None:
    """One delivery by a process that dies at a step, or that another worker overtakes before its first write."""

    def at(moment: str) -> None:
        if moment == dies:
            raise Crash
        if moment == "before write" and faster:
            table.before = lambda operation: None
            a_desk(table)[0].receive(faster)

    table.before = lambda operation: at(f"before {operation}")
    table.after = lambda operation: at(f"after {operation}")
    try:
        desk.receive(message)
    except Crash:
        pass
    finally:
        table.before = table.after = lambda _operation: None


RENDITIONS = {"original": original(), "redacted": redacted(1), "again": original(2), "redacted again": redacted(3)}
DELIVERY = st.tuples(st.sampled_from(sorted(RENDITIONS)), st.sampled_from(STEPS), st.sampled_from(["", *sorted(RENDITIONS)]))


@settings(max_examples=150, deadline=None)
@given(st.lists(DELIVERY, min_size=1, max_size=12))
def test_whatever_the_order_the_races_and_the_crashes_a_contact_is_one_message_and_the_redacted_one(
    deliveries: list[tuple[str, str, str]],
) -> None:
    desk, table = a_desk()
    for name, dies, faster in deliveries:
        deliver(desk, table, RENDITIONS[name], dies, RENDITIONS.get(faster))
    for name, _, _ in deliveries:
        desk.receive(RENDITIONS[name])  # its queue delivers it until somebody answers
    assert Counter(item["kind"] for item in table.items.values()) == Counter(
        case=1, message=1, source=1, escalation=1, identity=1, thread=1
    )
    came = {RENDITIONS[name].redacted for name, _, _ in deliveries}
    (claim,) = table.of_kind("source")
    if True in came:
        assert (stored(table)["text"], claim["redacted"]) == (REDACTED, True)
    assert (stored(table)["digest"], table.of_kind("case")[0]["messages"]) == (claim["digest"], 1)
    assert stored(table)["text"] == (REDACTED if claim.get("redacted") else RAW)
