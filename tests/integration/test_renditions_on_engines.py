"""The two files of one call on a real engine: what the better one costs, and both at once."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest

from casework.aws.table import DynamoTable
from casework.case import Receipt
from casework.desk import Desk
from casework.identity import Pseudonyms
from casework.message import Channel, Message, Turn
from casework.records import message_key, source_key
from tests.builders import DRAINED, POLICY, SECRET, a_message, minutes
from tests.engines import ENGINES, a_table

RAW, REDACTED = f"Hanako Tanaka here. {DRAINED} It is 0.5 BTC.", f"[PII] here. {DRAINED}"


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[tuple[Any, str]]:
    with a_table(request.param) as (client, name):
        yield client, name


def a_desk_on(client: Any, name: str) -> Desk:
    return Desk(DynamoTable(client, name), POLICY, Pseudonyms(SECRET), lambda lost: time.sleep(random.uniform(0, 0.01 * 2**lost)))


def a_rendition(text: str, contact: str, at: float = 0) -> Message:
    message = a_message(text, name=contact, channel=Channel.VOICE, at=minutes(at))
    told = "yes" if text == REDACTED else "no"
    return replace(message, turns=(Turn("customer", text, 0, 9000),), facts={"redacted": told, "service": "contact_lens"})


def test_the_better_rendition_costs_two_requests_and_is_what_is_stored(engine: tuple[Any, str]) -> None:
    client, name = engine
    desk = a_desk_on(client, name)
    first = desk.receive(a_rendition(RAW, "contact-1"))
    sent: list[str] = []
    client.meta.events.register(
        "before-send.dynamodb", lambda request, **_: sent.append(request.headers["X-Amz-Target"].decode())
    )
    second = desk.receive(a_rendition(REDACTED, "contact-1", at=1))
    assert (second.cause, second.case_id) == ("replaced", first.case_id)
    assert [target.partition(".")[2] for target in sent] == ["BatchGetItem", "TransactWriteItems"]
    key = message_key(first.case_id, first.message_id, first.received_at)
    item = desk.table.read([key])[key]
    assert (item["text"], item["facts"]["redacted"], item["escalations"]) == (REDACTED, "yes", list(first.escalations))
    assert "entities" not in item, "an attribute that the better rendition leaves empty is removed"


def test_both_files_of_many_calls_at_once_leave_one_message_each_and_that_redacted() -> None:
    with a_table("dynamodb-local") as (client, name):
        desk = a_desk_on(client, name)
        for round_ in range(8):
            files = [a_rendition(text, f"contact-{round_}", at=60 * round_) for text in (RAW, REDACTED)] * 3
            receipts = all_at_once(desk, files)
            assert len({receipt.case_id for receipt in receipts}) == 1
            (stored_at,) = {message_key(each.case_id, each.message_id, each.received_at) for each in receipts}
            claimed_at = source_key(files[0].message_id)
            found = desk.table.read([stored_at, claimed_at])
            assert (found[stored_at]["text"], found[claimed_at]["redacted"]) == (REDACTED, True)


def all_at_once(desk: Desk, messages: list[Message]) -> list[Receipt]:
    """Each file in a thread of its own, all let go at the same instant."""
    barrier = Barrier(len(messages))

    def deliver(message: Message) -> Receipt:
        barrier.wait()
        return desk.receive(message)

    with ThreadPoolExecutor(len(messages)) as threads:
        return list(threads.map(deliver, messages))
