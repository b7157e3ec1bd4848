"""Counts are exact whatever the queue does, and a wave writes its campaign once a batch."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.campaigns.correlator import Correlator
from casework.campaigns.lookup import Named
from casework.campaigns.records import campaign_key, page_entries
from casework.case import Severity
from casework.errors import StoreUnavailable
from casework.policy.campaign_rules import Rung
from casework.table import Conflict, Key, Put, Write
from tests.builders import POLICY
from tests.unit.campaigns.attacks import FAKE_SITE, CountingTable, PowerCut, World, in_batches, words

SITE = ("domain", "kujira-verify.example")
OTHER_SITE = ("domain", "kujira-help.example")
BATCH = 90
"""As the template has it."""


def a_wave(world: World, count: int) -> list[Named]:
    return [world.a_message(f"{FAKE_SITE} {place}", entities=[SITE]) for place in range(count)]


def test_ten_thousand_messages_of_one_wave_write_no_item_more_than_two_hundred_times() -> None:
    world = World()
    for batch in in_batches(a_wave(world, 10_000), BATCH):
        world.correlate(*batch)
    assert (world.campaign.customers, world.campaign.messages) == (10_000, 10_000)
    assert world.shown("domain") == {"kujira-verify.example": 10_000}
    hottest = max(world.table.written, key=lambda key: world.table.written[key])
    assert hottest == campaign_key(world.campaign.campaign_id)
    assert world.table.written[hottest] <= 120
    assert max(count for key, count in world.table.written.items() if key != hottest) <= 2
    assert [each["facets"]["customers"] for each in world.raised] == ["90", "180", "1080", "10000"]


def test_the_list_of_members_is_the_members() -> None:
    world = World()
    named = a_wave(world, 250)
    for batch in in_batches(named, BATCH):
        world.correlate(*batch)
    listed = [each.message_id for page in world.table.of_kind("campaign_page") for each in page_entries(page)]
    assert sorted(listed) == sorted(each.message_id for each in named)


@pytest.mark.parametrize("limit", [8, 10, 25, 100])
def test_a_transaction_never_has_more_writes_than_the_table_takes(limit: int) -> None:
    world = World(limit=limit)
    sizes: list[int] = []

    def noted(writes: Sequence[Write]) -> bool:
        sizes.append(len(writes))
        return False

    world.table.cut = noted
    world.correlate(*a_wave(world, 60))
    assert max(sizes) <= limit
    assert world.campaign.customers == 60


def a_story(world: World, dice: random.Random) -> list[Named]:
    """Customers who write once or more, about one site, another, or both, in one text or their own words."""
    told = []
    for place in range(dice.randrange(5, 30)):
        text = dice.choice((FAKE_SITE, words(place)))
        sites = dice.choice(([SITE], [OTHER_SITE], [SITE, OTHER_SITE], []))
        said = {"customer": f"customer-{dice.randrange(12)}", "loss": dice.choice(("none", "none", "completed"))}
        told.append(world.a_message(text, entities=sites, **said))
    return told


def as_counted(world: World) -> dict[str, tuple[int, int, int, int]]:
    """What each campaign says of itself."""
    return {each.campaign_id: (each.customers, each.messages, each.lost, sum(each.days.values())) for each in world.campaigns}


def as_listed(world: World) -> dict[str, tuple[int, int, int, int]]:
    """What its members say: the truth."""
    found = {}
    for campaign in world.campaigns:
        members = [item for item in world.table.of_kind("member") if item["campaign_id"] == campaign.campaign_id]
        messages = [message for member in members for message in member["messages"]]
        stored = {item["message_id"]: item for item in world.table.of_kind("message")}
        lost = sum(stored[name]["assessment"]["facets"]["loss"] == "completed" for name in messages)
        assert len(messages) == len(set(messages))
        found[campaign.campaign_id] = (len(members), len(messages), lost, len(messages))
    return found


def delivered(world: World, named: Sequence[Named], dice: random.Random) -> None:
    """As a queue may: some of it twice, in any order, in batches of any size, and with a power cut now and then."""
    waiting = [*named, *dice.sample(named, len(named) // 2)]
    dice.shuffle(waiting)
    while waiting:
        batch = [waiting.pop() for _ in range(min(len(waiting), dice.randrange(1, 9)))]
        world.table.cut = (lambda _writes: dice.random() < 0.15) if dice.random() < 0.5 else (lambda _writes: False)
        try:
            world.correlate(*batch)
        except PowerCut:
            waiting += batch
    world.table.cut = lambda _writes: False


@given(seed=st.integers(0, 100_000))
@settings(max_examples=25)
def test_a_batch_that_comes_twice_out_of_order_or_dies_counts_everybody_once(seed: int) -> None:
    dice = random.Random(seed)
    world = World(limit=dice.choice((12, 100)))
    named = a_story(world, dice)
    delivered(world, named, dice)
    for gone in [item["campaign_id"] for item in world.table.of_kind("campaign") if item["status"] == "joined"]:
        world.correlator.absorb(gone)  # the announcement of the join, which comes at least once
    world.correlate(*named)
    assert as_counted(world) == as_listed(world)


@given(seed=st.integers(0, 100_000))
@settings(max_examples=8)
def test_everybody_who_named_a_campaigns_site_is_in_it(seed: int) -> None:
    dice = random.Random(seed)
    world = World()
    named = a_wave(world, 40)
    delivered(world, named, dice)
    world.correlate(*named)
    assert (world.campaign.customers, world.campaign.messages) == (40, 40)
    assert world.shown("domain") == {"kujira-verify.example": 40}
    heard = [each["facets"]["customers"] for each in world.raised]
    assert len(heard) == len(set(heard)) <= 2


class Contended(CountingTable):
    """A table at which another batch of the same wave is faster, for some while."""

    def __init__(self, world: World, rival: list[Named]) -> None:
        super().__init__()
        self.world, self.rival = world, rival

    def write(self, writes: Sequence[Write]) -> None:
        if self.rival and any(isinstance(each, Put) and each.item["kind"] == "campaign" for each in writes):
            other = [self.rival.pop() for _ in range(min(5, len(self.rival)))]
            Correlator(self, POLICY).correlate(other)
        super().write(writes)


def test_batches_that_meet_at_a_campaign_lose_nobody() -> None:
    world = World()
    named = a_wave(world, 60)
    contended = Contended(world, named[30:])
    contended.items = world.table.items
    world.table = contended
    world.correlate(*named[:30])
    assert (world.campaign.customers, world.campaign.messages) == (60, 60)


def test_somebody_who_closes_a_campaign_while_a_batch_is_counted_undoes_nothing() -> None:
    world = World()
    world.correlate(*a_wave(world, 5))
    late = a_wave(world, 4)
    cut = iter([True])

    def meanwhile(writes: Sequence[Write]) -> bool:
        if next(cut, False):
            world.correlate(*late)
        return False

    campaign_id = world.campaign.campaign_id
    world.table.cut = meanwhile
    assert world.told("close_campaign", campaign=campaign_id)["outcome"] == "done"
    assert (world.campaign.status, world.campaign.customers, world.campaign.messages) == ("closed", 9, 9)


def test_what_trust_should_have_heard_is_told_with_the_next_message_even_one_that_is_counted() -> None:
    world = World()
    named = a_wave(world, 7)
    rules = POLICY.campaigns
    patient = replace(rules, rungs=(Rung(1000, Severity.HIGH),))
    Correlator(world.table, replace(POLICY, campaigns=patient)).correlate(named)
    assert world.raised == []
    world.correlate(named[0])
    world.correlate(named[0])
    assert [each["facets"]["customers"] for each in world.raised] == ["7"]


def test_a_batch_that_loses_every_race_goes_back_to_its_queue() -> None:
    world = World()
    named = a_wave(world, 3)

    def another_was_faster(_writes: Sequence[Write]) -> bool:
        raise Conflict

    world.table.cut = another_was_faster
    with pytest.raises(StoreUnavailable):
        world.correlate(*named)


def test_a_message_that_is_where_no_event_says_is_left_out() -> None:
    world = World()
    named = a_wave(world, 3)
    del world.table.items[Key(*named[1].key)]
    assert world.correlate(*named).messages == 2
