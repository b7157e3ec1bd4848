"""What a command to a campaign is decided on: the campaign, and what of it the command names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from casework.campaigns.campaign import CLOSED, Campaign, Member, Trace
from casework.campaigns.lookup import Lookup
from casework.campaigns.records import member_key, member_of, page_entries, pages_of
from casework.campaigns.sighting import NOBODY, Sighting
from casework.commands.command import Command
from casework.records import escalation_key
from casework.table import CaseTable, Item


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignFile:
    """A campaign as it is stored, with what one command to it needs; the rest is not read."""

    campaign: Campaign | None = None
    into: Campaign | None = None
    """The one that it is to go on in."""
    trace: Trace | None = None
    """What is known of the indicator that is to be excluded."""
    named: bool = False
    """Whether the case that is named is a customer's."""
    members: Mapping[str, Member] = field(default_factory=dict)
    """The case's customer, under each of their names that is counted."""
    sightings: tuple[Sighting, ...] = ()
    """Their messages that are counted."""
    folded: tuple[Item, ...] = ()
    """Their own demands that the campaign answers for."""

    def is_as_wanted(self, command: Command) -> bool:
        """Whether the campaign is as the command would have it. It counts no commands: messages rewrite it all the time."""
        if self.campaign is None:
            return False
        if command.name == "remove_member":
            return bool(self.members) and all(member.removed for member in self.members.values())
        if command.name == "exclude_indicator":
            return command.indicator not in self.campaign.indicators
        if command.name == "join_campaign":
            return self.campaign.joined_into == command.other_campaign
        return self.campaign.status == CLOSED


def look_up_campaign(table: CaseTable, command: Command) -> CampaignFile:
    """Read it consistently."""
    lookup = Lookup(table)
    names = [each for each in (command.campaign, command.other_campaign) if each]
    found = lookup.campaigns(names)
    campaign, into = found.get(command.campaign), found.get(command.other_campaign)
    if campaign and command.name == "remove_member":
        return _with_members(lookup, campaign, command.case)
    trace = lookup.traces([command.indicator]).get(command.indicator) if command.indicator else None
    return CampaignFile(campaign=campaign, into=into, trace=trace)


def _with_members(lookup: Lookup, campaign: Campaign, case_id: str) -> CampaignFile:
    names = lookup.customers([{"case_id": case_id}]).get(case_id, NOBODY).names
    slots = names or (f"case.{case_id}",)
    members = lookup.read(member_key(campaign.campaign_id, slot) for slot in slots)
    pages = lookup.read(pages_of(campaign)) if members else {}
    sightings = tuple(each for page in pages.values() for each in page_entries(page) if each.slot in slots)
    demands = lookup.read(escalation_key(each.case_id, name) for each in sightings for name in each.escalations)
    return CampaignFile(
        campaign=campaign,
        named=bool(names),
        members={member.slot: member for member in map(member_of, members.values())},
        sightings=sightings,
        folded=tuple(item for item in demands.values() if item.get("folded_into") in campaign.names),
    )
