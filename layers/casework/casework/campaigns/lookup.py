"""What the correlator reads, as nouns: messages, customers, bands, traces, campaigns, members. A hundred items at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from casework.campaigns.campaign import JOINED, Campaign, Member, Trace
from casework.campaigns.records import (
    Band,
    band_key,
    band_of,
    campaign_key,
    campaign_of,
    member_key,
    member_of,
    trace_key,
    trace_of,
)
from casework.campaigns.sighting import Known, Sighting
from casework.records import case_key, identity_key, message_key
from casework.table import Item, Key, Table

BATCH = 100
"""Items that a table reads at once."""
MAX_HOPS = 8
"""Campaigns that were joined into one that was joined into one …"""


class Named(NamedTuple):
    """A message that an event names: where it is stored follows from this."""

    case_id: str
    message_id: str
    at: datetime

    @property
    def key(self) -> Key:
        """Where the message is."""
        return message_key(self.case_id, self.message_id, self.at)


@dataclass(frozen=True, slots=True)
class Lookup:
    """Reads of the case table."""

    table: Table

    def read(self, keys: Iterable[Key]) -> dict[Key, Item]:
        """Those items that exist."""
        wanted = iter(dict.fromkeys(keys))
        found: dict[Key, Item] = {}
        while chunk := list(islice(wanted, BATCH)):
            found |= self.table.read(chunk)
        return found

    def messages(self, named: Iterable[Named]) -> list[Item]:
        """The messages that are still where the event says. One that a split has moved since was seen before."""
        return list(self.read(each.key for each in named).values())

    def customers(self, messages: Iterable[Item]) -> dict[str, Known]:
        """Whose each case is, by the keys the customer is known by today; nothing for a case of nobody known."""
        cases = self.read(case_key(case_id) for case_id in {item["case_id"] for item in messages})
        firsts = {item["case_id"]: item["keys"][0] for item in cases.values() if item.get("keys")}
        identities = self.read(identity_key(key) for key in firsts.values())
        found = {key.pk: Known(tuple(item["keys"]), tuple(item.get("parted", ()))) for key, item in identities.items()}
        return {case_id: found.get(identity_key(first).pk, Known((first,))) for case_id, first in firsts.items()}

    def bands(self, names: Iterable[str]) -> dict[str, Band]:
        """The bands that have texts."""
        found = (band_of(item) for item in self.read(band_key(name) for name in names).values())
        return {band.band: band for band in found}

    def traces(self, indicator_ids: Iterable[str]) -> dict[str, Trace]:
        """The traces that are stored."""
        found = (trace_of(item) for item in self.read(trace_key(name) for name in indicator_ids).values())
        return {trace.indicator_id: trace for trace in found}

    def campaigns(self, campaign_ids: Iterable[str]) -> dict[str, Campaign]:
        """Each campaign as it is stored."""
        found = (campaign_of(item) for item in self.read(campaign_key(name) for name in campaign_ids).values())
        return {campaign.campaign_id: campaign for campaign in found}

    def roots(self, campaign_ids: Iterable[str]) -> dict[str, Campaign]:
        """For each campaign the one that now counts for it: itself, or what it was joined into."""
        asked = list(dict.fromkeys(campaign_ids))
        known = self.campaigns(asked) if asked else {}
        for _ in range(MAX_HOPS):
            missing = [each.joined_into for each in known.values() if each.status == JOINED and each.joined_into not in known]
            if not missing:
                break
            known |= self.campaigns(missing)
        return {name: _root(known[name], known) for name in asked if name in known}

    def members(self, campaigns: Sequence[str], sightings: Iterable[Sighting]) -> dict[tuple[str, str], Member]:
        """Who of the sightings' customers is counted already, by campaign and slot."""
        slots = dict.fromkeys(slot for sighting in sightings for slot in (*sighting.slots, *sighting.former))
        found = (member_of(item) for item in self.read(member_key(name, slot) for name in campaigns for slot in slots).values())
        return {(member.campaign_id, member.slot): member for member in found}


def _root(campaign: Campaign, known: Mapping[str, Campaign]) -> Campaign:
    for _ in range(MAX_HOPS):
        if campaign.status != JOINED or campaign.joined_into not in known:
            break
        campaign = known[campaign.joined_into]
    return campaign
