"""The nouns of a campaign: a trace of an indicator, a campaign, a member of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from casework.campaigns.indicators import kind_of
from casework.campaigns.sighting import Sighting
from casework.policy.campaign_rules import CampaignRules

OPEN, CLOSED, JOINED = "open", "closed", "joined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What is known of one indicator. ``version`` 0: nothing is stored yet."""

    indicator_id: str
    value: str = ""
    version: int = 0
    campaign: str = ""
    """The campaign it belongs to, or to one that this one was joined into; empty while it makes none."""
    common: bool = False
    """Everybody names it: it is left alone until ``common_days`` have passed."""
    last_at: datetime
    waiting: tuple[Sighting, ...] = ()
    """Sightings that no campaign has counted, in the order of arrival."""

    @property
    def kind(self) -> str:
        """What it is an indicator of."""
        return kind_of(self.indicator_id)

    def makes_a_campaign(self, rules: CampaignRules) -> bool:
        """Whether enough different customers show it, and enough of what they write is about something wrong."""
        rule = rules.kinds[self.kind]
        customers = {sighting.customer for sighting in self.waiting if sighting.customer}
        suspicious = sum(sighting.suspicious for sighting in self.waiting)
        return len(customers) >= rule.customers and suspicious >= rule.suspicious * (len(self.waiting) + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An indicator of a campaign: what it is, and how many of the campaign's messages showed it since it belongs to it."""

    value: str
    messages: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """One attack on many customers. Every count is exact: of distinct messages, and of distinct customers."""

    campaign_id: str
    version: int = 0
    status: str = OPEN
    joined_into: str = ""
    closed_at: str = ""
    closed_by: str = ""
    first_case: str
    first_message: str
    first_at: datetime
    last_at: datetime
    messages: int = 0
    customers: int = 0
    lost: int = 0
    """Messages of customers whose money is gone, or going."""
    suspicious: int = 0
    categories: Mapping[str, int] = field(default_factory=dict)
    languages: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[str, int] = field(default_factory=dict)
    """New messages by day of arrival (UTC), the last ``GROWTH_DAYS`` of them."""
    indicators: Mapping[str, Shown] = field(default_factory=dict)
    bridges: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Other campaigns, and customers who showed indicators of both."""
    joined: tuple[str, ...] = ()
    """Campaigns that were joined into this one."""
    rung: int = 0
    """How many of the policy's rungs Trust has heard of."""
    loss_told: bool = False
    escalations: tuple[str, ...] = ()
    pages: int = 0
    """Lists of members that are stored, from 0."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every campaign whose members are its members."""
        return self.campaign_id, *self.joined


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A customer (or for lack of a name a case) in a campaign: which messages of theirs are counted."""

    campaign_id: str
    slot: str
    version: int = 0
    cases: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    removed: bool = False
    """Somebody took it out: nothing of it counts, now or later."""


def campaign_id_of(indicator_id: str, message_id: str) -> str:
    """The id of the campaign that an indicator makes with its first message: the same on every retry."""
    return hashlib.sha256(f"campaign\n{indicator_id}\n{message_id}".encode()).hexdigest()[:16]


def window(rules: CampaignRules) -> timedelta:
    """How far apart two sightings may be."""
    return timedelta(days=rules.window_days)
