"""What the world hears of a campaign: each thing that happens to it once, and never how it counts."""

from __future__ import annotations

from typing import Any

from casework.events import announcements
from tests.memory_table import MemoryTable
from tests.unit.campaigns.attacks import CountingTable, World, words

SITE = ("domain", "kujira-verify.example")
OTHER_SITE = ("domain", "kujira-help.example")


class Followed(CountingTable):
    """A table whose stream is kept."""

    def write(self, writes: Any) -> None:
        MemoryTable.write(self, writes)


def told(world: World) -> list[tuple[str, Any]]:
    events = [event for before, after in world.table.changes for event in announcements(before, after)]
    return [(type(event).__name__, event) for event in events]


def a_campaign(customers: int = 3, *sites: tuple[str, str], start: int = 0, world: World | None = None) -> World:
    world = world or World(table=Followed())
    for place in range(start, start + customers):
        world.correlate(world.a_message(words(place), entities=sites or [SITE]))
    return world


def test_a_campaign_is_announced_when_it_is_one_and_when_it_reaches_the_next_order_of_magnitude() -> None:
    names = [name for name, _ in told(a_campaign(12)) if name.startswith("Campaign")]
    assert names == ["CampaignOpened", "CampaignGrew"]


def test_the_announcement_names_the_first_case_and_counts_and_no_indicator() -> None:
    world = a_campaign()
    (opened,) = [event for name, event in told(world) if name == "CampaignOpened"]
    assert (opened.case_id, opened.customers, opened.messages) == (world.campaign.first_case, 3, 3)
    assert "kujira" not in opened.model_dump_json()


def test_a_campaign_that_goes_on_in_another_is_announced_so_that_its_members_are_taken_over() -> None:
    world = a_campaign()
    a_campaign(3, OTHER_SITE, start=10, world=world)
    a_campaign(2, SITE, OTHER_SITE, start=20, world=world)
    (joined,) = [event for name, event in told(world) if name == "CampaignJoined"]
    assert (joined.campaign_id, joined.into) == (world.campaign.joined[0], world.campaign.campaign_id)


def test_a_campaign_that_somebody_closed_is_announced_without_their_name() -> None:
    world = a_campaign()
    world.told("close_campaign", campaign=world.campaign.campaign_id)
    name, closed = told(world)[-1]
    assert name == "CampaignClosed"
    assert "aiko" not in closed.model_dump_json()


def test_a_change_that_is_read_twice_is_the_same_announcement() -> None:
    world = a_campaign(12)
    assert [event for _, event in told(world)] == [event for _, event in told(world)]
    identifiers = [event.event_id for _, event in told(world)]
    assert len(identifiers) == len(set(identifiers))
