"""Commands on a real engine: what one costs, and what messages and commands at the same instant do to each other."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from casework.aws.table import DynamoTable
from casework.campaigns.correlator import Correlator
from casework.campaigns.lookup import Lookup, Named
from casework.case import Receipt
from casework.commands import Commands
from casework.commands.command import read
from casework.desk import Desk
from casework.identity import Pseudonyms
from casework.records import case_key, identity_key
from tests.builders import DRAINED, NOON, POLICY, SECRET, TAX, a_message, an_email, minutes
from tests.engines import ENGINES, a_table

CARD = "When is my card delivered?"
ROUNDS = 8
Office = tuple[Desk, Commands]


def turns(lost: int) -> None:
    time.sleep(random.uniform(0, 0.01 * 2**lost))


def an_office(client: Any, name: str) -> Office:
    table = DynamoTable(client, name)
    return Desk(table, POLICY, Pseudonyms(SECRET), turns), Commands(table, POLICY, turns)


@pytest.fixture(params=ENGINES)
def office(request: pytest.FixtureRequest) -> Iterator[Office]:
    with a_table(request.param) as (client, name):
        yield an_office(client, name)


@pytest.fixture
def concurrent_office() -> Iterator[Office]:
    with a_table("dynamodb-local") as (client, name):
        yield an_office(client, name)


def told(office: Office, command: str, at: float = 60, **fields: Any) -> dict[str, Any]:
    given = {"command": command, "by": "mori@kujira.example", "reason": "seen by a person", **fields}
    return office[1].obey(read(given, minutes(at))).as_json()


def two_cases(office: Office, customer: str = "hanako@example.jp", text: str = TAX) -> tuple[Receipt, Receipt]:
    who = (an_email(customer),)
    one = office[0].receive(a_message(text, name=f"one {customer}", identities=who, thread=f"<one {customer}>"))
    other = office[0].receive(
        a_message(CARD, name=f"other {customer}", identities=who, thread=f"<other {customer}>", at=minutes(5))
    )
    return one, other


def sent_by(office: Office, action: Callable[[], object]) -> list[str]:
    """The requests that go over the wire while something is done."""
    sent: list[str] = []
    events = office[0].table._client.meta.events  # type: ignore[attr-defined]
    events.register("before-send.dynamodb", lambda request, **_: sent.append(request.headers["X-Amz-Target"].decode()))
    action()
    return [target.partition(".")[2] for target in sent]


def test_a_merge_costs_a_query_for_each_case_one_batch_read_and_one_transaction(office: Office) -> None:
    one, other = two_cases(office)
    sent = sent_by(office, lambda: told(office, "merge", case=other.case_id, into=one.case_id))
    assert sent == ["Query", "Query", "BatchGetItem", "TransactWriteItems"]


def test_a_case_is_read_with_its_escalations_and_without_its_messages(office: Office) -> None:
    receipt = office[0].receive(a_message(DRAINED))
    office[0].receive(a_message(DRAINED + " Please!", at=minutes(1)))
    told(office, "reclassify", case=receipt.case_id, category="account_takeover")
    assert [item["kind"] for item in office[1].table.case(receipt.case_id)] == ["case", "escalation"]


def test_every_command_goes_through_the_engine_and_back(office: Office) -> None:
    one, other = two_cases(office)
    third = office[0].receive(a_message("Thanks", references=("<one hanako@example.jp>",), at=minutes(6)))
    assert third.case_id == one.case_id
    steps: list[dict[str, Any]] = [
        {"command": "merge", "case": other.case_id, "into": one.case_id},
        {"command": "unmerge", "case": other.case_id},
        {"command": "link", "case": one.case_id, "other": other.case_id},
        {"command": "unlink", "case": one.case_id, "other": other.case_id},
        {"command": "split", "case": one.case_id, "messages": [third.message_id]},
        {"command": "reclassify", "case": one.case_id, "category": "account_takeover"},
        {"command": "close", "case": other.case_id},
        {"command": "reopen", "case": other.case_id},
    ]
    answers = [told(office, step.pop("command"), at=60 + number, **step) for number, step in enumerate(steps)]
    assert [answer["outcome"] for answer in answers] == ["done"] * len(steps)
    again = told(office, "reopen", at=67, case=other.case_id)
    assert again == answers[-1], "the same command again is answered the same"


LURES = {
    "verify": "I was told by a message that my wallet would be locked unless I say who I am at https://kujira-verify.example/{} "
    "and the page looked exactly like yours, is that really you?",
    "help": "Your support called and sent me to https://kujira-help.example/{} where they want twelve words of mine before they "
    "give back what they say was taken. My neighbour got the same call this morning.",
}


def a_campaign(office: Office, site: str) -> tuple[str, Receipt]:
    """Four customers who were sent the same lure; the campaign they are, and the first one's case."""
    texts = [LURES[site].format(place) for place in range(4)]
    messages = [
        a_message(text, name=text, identities=(an_email(f"{site}.{place}@example.jp"),)) for place, text in enumerate(texts)
    ]
    receipts = [office[0].receive(message) for message in messages]
    named = [Named(receipt.case_id, receipt.message_id, NOON) for receipt in receipts]
    (campaign_id,) = Correlator(office[1].table, POLICY, limit=10).correlate(named).campaigns
    return campaign_id, receipts[0]


def test_every_command_to_a_campaign_goes_through_the_engine_and_back(office: Office) -> None:
    (one, first), (other, _) = (a_campaign(office, site) for site in LURES)
    indicator = next(iter(Lookup(office[1].table).campaigns([one])[one].indicators))
    steps: list[dict[str, Any]] = [
        {"command": "remove_member", "campaign": one, "case": first.case_id},
        {"command": "exclude_indicator", "campaign": one, "indicator": indicator},
        {"command": "join_campaign", "campaign": other, "into": one},
        {"command": "close_campaign", "campaign": one},
    ]
    answers = [told(office, step.pop("command"), **step) for step in steps]
    assert [answer["outcome"] for answer in answers] == ["done"] * len(steps)
    assert Correlator(office[1].table, POLICY, limit=10).absorb(other) == 1
    campaign = Lookup(office[1].table).campaigns([one])[one]
    assert (campaign.customers, campaign.messages, campaign.status, campaign.joined) == (7, 7, "closed", (other,))
    assert told(office, "close_campaign", campaign=one) == answers[-1], "the same command again is answered the same"


def at_once(*actions: Callable[[], Any]) -> list[Any]:
    barrier = Barrier(len(actions))

    def act(action: Callable[[], Any]) -> Any:
        barrier.wait()
        return action()

    with ThreadPoolExecutor(len(actions)) as threads:
        return list(threads.map(act, actions))


def test_a_reply_and_a_merge_at_the_same_instant_lose_nothing(concurrent_office: Office) -> None:
    desk, commands = concurrent_office
    for round_ in range(ROUNDS):
        customer = f"c{round_}@example.jp"
        one, other = two_cases(concurrent_office, customer)
        reply = a_message(
            "Any news?", name=f"r{round_}", identities=(an_email(customer),), references=(f"<other {customer}>",), at=minutes(9)
        )
        receipt, answer = at_once(
            lambda reply=reply: desk.receive(reply),  # type: ignore[misc]
            lambda one=one, other=other: told(concurrent_office, "merge", case=other.case_id, into=one.case_id),  # type: ignore[misc]
        )
        assert answer["outcome"] == "done"
        assert receipt.case_id in (one.case_id, other.case_id)
        counted = commands.table.read([case_key(receipt.case_id)])[case_key(receipt.case_id)]
        assert counted["messages"] == 2
        key = identity_key(Pseudonyms(SECRET).of_identity(an_email(customer)))
        remembered = {case["case_id"]: case for case in commands.table.read([key])[key]["cases"]}
        assert remembered[other.case_id]["merged_into"] == one.case_id
        assert remembered[receipt.case_id]["messages"] == 2


def test_two_merges_the_opposite_way_at_the_same_instant_make_no_circle(concurrent_office: Office) -> None:
    for round_ in range(ROUNDS):
        one, other = two_cases(concurrent_office, f"c{round_}@example.jp")
        answers = at_once(
            lambda one=one, other=other: told(concurrent_office, "merge", case=other.case_id, into=one.case_id),  # type: ignore[misc]
            lambda one=one, other=other: told(concurrent_office, "merge", case=one.case_id, into=other.case_id),  # type: ignore[misc]
        )
        assert sorted(answer["code"] for answer in answers) == ["cycle", "merge"]


def test_one_command_given_twice_at_the_same_instant_is_obeyed_once(concurrent_office: Office) -> None:
    _, commands = concurrent_office
    one, other = two_cases(concurrent_office)
    answers = at_once(
        *[lambda: told(concurrent_office, "merge", case=other.case_id, into=one.case_id, id="click-1") for _ in range(6)]
    )
    assert all(answer == answers[0] for answer in answers)
    assert commands.table.case(other.case_id)[0]["revision"] == 1
