"""The correlator on a real engine: items survive the wire, and batches at the same instant lose and double nobody."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from casework.aws.table import DynamoTable
from casework.campaigns.campaign import Campaign
from casework.campaigns.correlator import Correlator
from casework.campaigns.lookup import Lookup, Named
from casework.campaigns.records import pages_of
from casework.commands import Commands
from casework.commands.command import read
from casework.desk import Desk
from casework.escalation import climb
from casework.identity import Pseudonyms
from tests.builders import NOON, POLICY, SECRET, a_message, an_account, minutes
from tests.engines import ENGINES, a_table

LURE = (
    "I was told by a message that my wallet would be locked unless I confirm who I am at https://kujira-verify.example/{} "
    "and the page looked exactly like yours, is that really you?"
)
SMALL = 10
"""Writes of a transaction that DynamoDB Local takes."""


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[DynamoTable]:
    with a_table(request.param) as (client, name):
        yield DynamoTable(client, name)


@pytest.fixture
def concurrent_engine() -> Iterator[DynamoTable]:
    """DynamoDB Local: moto's transactions are no witness of races."""
    with a_table("dynamodb-local") as (client, name):
        yield DynamoTable(client, name)


def pause(lost: int) -> None:
    time.sleep(random.uniform(0, 0.01 * 2**lost))


def a_correlator(table: DynamoTable) -> Correlator:
    return Correlator(table, POLICY, pause, limit=SMALL)


def filed(table: DynamoTable, count: int) -> list[Named]:
    """So many customers hand on the same lure, each through the desk."""
    desk, named = Desk(table, POLICY, Pseudonyms(SECRET)), []
    for place in range(count):
        message = a_message(LURE.format(place), name=f"{place}", identities=(an_account(f"KJ-{place}"),), at=minutes(place))
        receipt = desk.receive(message)
        named.append(Named(receipt.case_id, receipt.message_id, message.received_at))
    return named


def the_campaign(table: DynamoTable, campaign_ids: tuple[str, ...]) -> Campaign:
    (campaign,) = Lookup(table).roots(campaign_ids).values()
    return campaign


def test_a_campaign_counts_the_customers_the_desk_has_filed(engine: DynamoTable) -> None:
    named = filed(engine, 12)
    outcome = a_correlator(engine).correlate(named)
    again = a_correlator(engine).correlate(named)
    assert outcome.campaigns == again.campaigns
    campaign = the_campaign(engine, outcome.campaigns)
    assert (campaign.customers, campaign.messages, campaign.first_at) == (12, 12, NOON)
    assert {each.messages for each in campaign.indicators.values()} == {12}


def test_what_was_raised_climbs_the_ladder_like_any_other_escalation(engine: DynamoTable) -> None:
    outcome = a_correlator(engine).correlate(filed(engine, 12))
    climbed = [each.escalation_id for each in climb(engine, POLICY, minutes(60 * 24 * 30))]
    assert len(outcome.raised) == 1
    assert outcome.raised[0] in climbed


def test_a_member_can_be_taken_out_and_a_campaign_closed(engine: DynamoTable) -> None:
    named = filed(engine, 4)
    (campaign_id,) = a_correlator(engine).correlate(named).campaigns
    told(engine, "remove_member", campaign=campaign_id, case=named[2].case_id)
    told(engine, "close_campaign", campaign=campaign_id)
    campaign = the_campaign(engine, (campaign_id,))
    assert (campaign.customers, campaign.messages, campaign.status, campaign.closed_by) == (3, 3, "closed", "aiko")


def told(engine: DynamoTable, command: str, **fields: str) -> None:
    given = {"command": command, "by": "aiko", "reason": "seen by a person", **fields}
    assert Commands(engine, POLICY).obey(read(given, minutes(9))).outcome == "done"


def test_customers_are_counted_by_their_keyed_hash_alone(engine: DynamoTable) -> None:
    (campaign_id,) = a_correlator(engine).correlate(filed(engine, 3)).campaigns
    campaign = the_campaign(engine, (campaign_id,))
    pages = Lookup(engine).read(pages_of(campaign))
    assert Pseudonyms(SECRET).of_identity(an_account("KJ-1")) in str(pages)
    assert "KJ-1" not in str(pages)


def test_batches_at_the_same_instant_count_everybody_once(concurrent_engine: DynamoTable) -> None:
    named = filed(concurrent_engine, 24)
    dice = random.Random(3)
    batches = [dice.sample(named, 12) for _ in range(4)] + [named[:12], named[12:]]
    barrier = Barrier(len(batches))

    def one(batch: list[Named]) -> tuple[str, ...]:
        barrier.wait()
        return Correlator(concurrent_engine, POLICY, pause, limit=SMALL).correlate(batch).campaigns

    with ThreadPoolExecutor(len(batches)) as pool:
        found: Any = {name for names in pool.map(one, batches) for name in names}
    a_correlator(concurrent_engine).correlate(named)
    roots = {each.campaign_id: each for each in Lookup(concurrent_engine).roots(tuple(found)).values()}
    (campaign,) = roots.values()
    assert (campaign.customers, campaign.messages) == (24, 24)
    assert {each.messages for each in campaign.indicators.values()} == {24}
