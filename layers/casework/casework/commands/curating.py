"""Commands to campaigns: who and what belongs to one, that one is over, that two are one. No case is changed by any."""

from __future__ import annotations

from typing import Any

from casework.campaigns.campaign import CLOSED, JOINED, Campaign
from casework.campaigns.curation import closed, excluding, without
from casework.campaigns.escalation import standing_alone
from casework.campaigns.growth import joined
from casework.campaigns.records import campaign_key
from casework.commands.answer import done, refused
from casework.commands.campaign_files import CampaignFile
from casework.commands.command import Command
from casework.commands.found import Found, existing
from casework.commands.history import Obeyed, note
from casework.policy import Policy
from casework.table import Write


def curated(command: Command, found: Found, policy: Policy) -> Obeyed:
    """What becomes of the campaign. Raises ``Refused``."""
    file = found.campaign or CampaignFile()
    if command.name == "remove_member":
        existing(command.case, found)
        return _without_member(command, file)
    if command.name == "exclude_indicator":
        return _without_indicator(command, file, policy)
    return _joined(command, file) if command.name == "join_campaign" else _closed(command, file)


def _without_member(command: Command, file: CampaignFile) -> Obeyed:
    """The customer of the case is no member, whatever they write. What they made Trust hear of, it hears of by itself."""
    campaign = _standing(command, file)
    members = list(file.members.values())
    if not members:
        raise refused("not_a_member", case=command.case, campaign=command.campaign)
    staying = [member for member in members if not member.removed]
    if not staying:
        raise refused("already_removed", case=command.case, campaign=command.campaign)
    slots = {member.slot for member in staying}
    counted = [each for each in file.sightings if each.slot in slots]
    writes = without(campaign, staying, counted, customers=len(staying) if file.named else 0)
    writes += [standing_alone(item, command.at) for item in file.folded]
    sentence = f"The customer of case {command.case} is out of campaign {command.campaign}, with {len(counted)} messages."
    ringing = [str(item["escalation_id"]) for item in file.folded]
    return _noted(command, sentence, writes, messages=len(counted), ringing=ringing)


def _without_indicator(command: Command, file: CampaignFile, policy: Policy) -> Obeyed:
    """The indicator says nothing from now on."""
    campaign = _standing(command, file)
    if command.indicator not in campaign.indicators:
        raise refused("not_shown", campaign=command.campaign, indicator=command.indicator)
    writes = excluding(campaign, command.indicator, file.trace, policy)
    sentence = f"The indicator {command.indicator} says nothing any more, of campaign {command.campaign} or any other."
    return _noted(command, sentence, writes, indicator=command.indicator)


def _closed(command: Command, file: CampaignFile) -> Obeyed:
    """Trust hears of the campaign no more, unless money is lost in it first."""
    campaign = _standing(command, file)
    if campaign.status == CLOSED:
        raise refused("campaign_closed", campaign=command.campaign)
    return _noted(command, f"Campaign {command.campaign} is closed.", closed(campaign, command.by, command.at))


def _joined(command: Command, file: CampaignFile) -> Obeyed:
    """The campaign goes on in another one. Its members are counted there when that is announced. Raises ``Refused``."""
    if command.campaign == command.other_campaign:
        raise refused("self_join")
    campaign, into = _standing(command, file), file.into
    if into is None:
        raise refused("unknown_campaign", campaign=command.other_campaign)
    if into.status == JOINED:
        raise refused("campaign_joined", campaign=into.campaign_id, into=into.joined_into)
    if into.status == CLOSED:
        raise refused("into_closed", into=into.campaign_id)
    told = {"into": into.campaign_id}
    mention = note(command, campaign_key(into.campaign_id), {"campaign_id": command.campaign, **told}, "mention")
    sentence = f"Campaign {command.campaign} goes on in campaign {into.campaign_id}."
    return _noted(command, sentence, [*joined(into, campaign).writes, mention], **told)


def _standing(command: Command, file: CampaignFile) -> Campaign:
    """The campaign, as long as it has not been joined into another."""
    campaign = file.campaign
    if campaign is None:
        raise refused("unknown_campaign", campaign=command.campaign)
    if campaign.status == JOINED:
        raise refused("campaign_joined", campaign=command.campaign, into=campaign.joined_into)
    return campaign


def _noted(command: Command, sentence: str, writes: list[Write], **told: Any) -> Obeyed:
    history = note(command, campaign_key(command.campaign), {"campaign_id": command.campaign, **told})
    return Obeyed(done(command, sentence, **told), (*writes, history))
