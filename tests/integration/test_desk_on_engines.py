"""The desk on a real engine: what a message costs, and what many at once do to each other."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from casework.aws.table import DynamoTable
from casework.case import Outcome, Receipt
from casework.desk import Desk
from casework.identity import Pseudonyms
from casework.message import Channel, Message
from casework.records import case_key, message_key
from tests.builders import DRAINED, POLICY, SECRET, a_message, an_account, an_email, minutes
from tests.engines import ENGINES, a_table

TOGETHER = 12
"""Deliveries at the same instant: more than any one mail or customer causes."""
TELLINGS = (
    "Someone is withdrawing all my bitcoin right now, I did not authorise this withdrawal!",
    "a withdrawal i never made is going out of my account this minute, stop it",
    "My coins are being withdrawn without my permission, please freeze the account",
    "身に覚えのない出金が今まさに行われています。止めてください。",
)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[tuple[Any, str]]:
    with a_table(request.param) as (client, name):
        yield client, name


@pytest.fixture
def concurrent_engine() -> Iterator[tuple[Any, str]]:
    """DynamoDB Local: moto's transactions are no witness, see docs/decisions.md."""
    with a_table("dynamodb-local") as (client, name):
        yield client, name


def a_desk_on(client: Any, name: str) -> Desk:
    return Desk(DynamoTable(client, name), POLICY, Pseudonyms(SECRET), lambda lost: time.sleep(random.uniform(0, 0.01 * 2**lost)))


def requests_of(client: Any, action: Callable[[], Receipt]) -> tuple[list[str], Receipt]:
    """The requests that go over the wire while something is done."""
    sent: list[str] = []
    client.meta.events.register(
        "before-send.dynamodb", lambda request, **_: sent.append(request.headers["X-Amz-Target"].decode())
    )
    receipt = action()
    return [target.partition(".")[2] for target in sent], receipt


def test_a_new_message_costs_two_requests(engine: tuple[Any, str]) -> None:
    client, name = engine
    desk = a_desk_on(client, name)
    rich = a_message(
        DRAINED, identities=(an_account(), an_email()), thread="<a@b>", references=tuple(f"<{n}@b>" for n in range(20))
    )
    sent, receipt = requests_of(client, lambda: desk.receive(rich))
    assert receipt.outcome is Outcome.OPENED
    assert sent == ["BatchGetItem", "TransactWriteItems"]


def test_an_attached_message_costs_two_requests(engine: tuple[Any, str]) -> None:
    client, name = engine
    desk = a_desk_on(client, name)
    desk.receive(a_message(DRAINED))
    sent, receipt = requests_of(client, lambda: desk.receive(a_message(DRAINED + " Please!", at=minutes(1))))
    assert receipt.outcome is Outcome.ATTACHED
    assert sent == ["BatchGetItem", "TransactWriteItems"]


def test_a_replay_costs_one_request(engine: tuple[Any, str]) -> None:
    client, name = engine
    desk = a_desk_on(client, name)
    desk.receive(a_message(DRAINED))
    sent, receipt = requests_of(client, lambda: desk.receive(a_message(DRAINED)))
    assert (sent, receipt.outcome) == (["BatchGetItem"], Outcome.REPLAYED)


def all_at_once(desk: Desk, messages: list[Message]) -> list[Receipt]:
    """Each message in a thread of its own, all let go at the same instant."""
    barrier = Barrier(len(messages))

    def deliver(message: Message) -> Receipt:
        barrier.wait()
        return desk.receive(message)

    with ThreadPoolExecutor(len(messages)) as threads:
        return list(threads.map(deliver, messages))


def items(client: Any, name: str, kind: str) -> list[dict[str, Any]]:
    pages = client.get_paginator("scan").paginate(TableName=name, ConsistentRead=True)
    return [item for page in pages for item in page["Items"] if item["kind"]["S"] == kind]


def test_simultaneous_deliveries_of_one_message_make_one_case(concurrent_engine: tuple[Any, str]) -> None:
    client, name = concurrent_engine
    desk = a_desk_on(client, name)
    for round_ in range(10):
        receipts = all_at_once(
            desk, [a_message(f"{DRAINED} {round_}", identities=(an_email(f"c{round_}@example.jp"),))] * TOGETHER
        )
        assert sorted(receipt.outcome for receipt in receipts) == [Outcome.OPENED, *[Outcome.REPLAYED] * (TOGETHER - 1)]
        assert len({receipt.case_id for receipt in receipts}) == 1
    assert [len(items(client, name, kind)) for kind in ("case", "message", "escalation")] == [10, 10, 10]


def test_simultaneous_messages_of_one_matter_on_all_channels_make_one_case_and_lose_nothing(
    concurrent_engine: tuple[Any, str],
) -> None:
    client, name = concurrent_engine
    desk = a_desk_on(client, name)
    channels = list(Channel)
    for round_ in range(5):
        known = (an_account(f"KJ-{round_}"), an_email(f"c{round_}@example.jp"))
        told = [
            a_message(TELLINGS[at % 4], name=f"{round_}-{at}", channel=channels[at % 3], at=minutes(at / 60), identities=known)
            for at in range(TOGETHER)
        ]
        receipts = all_at_once(desk, told)
        assert sorted(receipt.outcome for receipt in receipts) == [*[Outcome.ATTACHED] * (TOGETHER - 1), Outcome.OPENED]
        (case_id,) = {receipt.case_id for receipt in receipts}
        keys = [case_key(case_id), *(message_key(case_id, message.message_id, message.received_at) for message in told)]
        stored = desk.table.read(keys)
        assert set(stored) == set(keys)
        assert stored[keys[0]]["messages"] == TOGETHER
    assert [len(items(client, name, kind)) for kind in ("case", "message")] == [5, 5 * TOGETHER]
    assert len(items(client, name, "escalation")) >= 5
