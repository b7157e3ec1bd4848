"""What people do to campaigns: take a member out, take an indicator out, close one. Each is what is to be written, together.

None changes a case, and none takes back what Trust was told. That two campaigns are one is ``casework.campaigns.growth.joined``,
whoever finds it out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from casework.campaigns.campaign import CLOSED, Campaign, Member, Shown, Trace, window
from casework.campaigns.records import put_campaign, put_member, put_trace
from casework.campaigns.sighting import Sighting
from casework.policy import Policy
from casework.table import Write
from casework.times import stamp


def without(campaign: Campaign, members: Sequence[Member], sightings: Sequence[Sighting], *, customers: int) -> list[Write]:
    """Members are out: their messages, ``sightings``, count no more, and later ones do not count either."""
    gone = (put_member(replace(member, removed=True), campaign.last_at) for member in members)
    return [*gone, put_campaign(shrunk(campaign, sightings, customers=customers))]


def excluding(campaign: Campaign, indicator_id: str, stored: Trace | None, policy: Policy) -> list[Write]:
    """An indicator of the campaign is out, and says nothing of anybody for a while: it is common. Members stay."""
    shown = dict(campaign.indicators)
    gone = shown.pop(indicator_id)
    trace = stored or Trace(indicator_id=indicator_id, value=gone.value, last_at=campaign.last_at)
    common = replace(trace, campaign="", waiting=(), common=True, last_at=max(trace.last_at, campaign.last_at))
    return [put_trace(common, 2 * window(policy.campaigns)), put_campaign(replace(campaign, indicators=shown))]


def closed(campaign: Campaign, by: str, at: datetime) -> list[Write]:
    """The campaign counts on, and Trust hears of it again only when money is lost first."""
    return [put_campaign(replace(campaign, status=CLOSED, closed_at=stamp(at), closed_by=by))]


def shrunk(campaign: Campaign, sightings: Sequence[Sighting], *, customers: int) -> Campaign:
    """The campaign without messages that were counted."""
    return replace(
        campaign,
        messages=campaign.messages - len(sightings),
        customers=campaign.customers - customers,
        lost=campaign.lost - sum(each.lost for each in sightings),
        suspicious=campaign.suspicious - sum(each.suspicious for each in sightings),
        categories=_less(campaign.categories, (each.category for each in sightings)),
        languages=_less(campaign.languages, (each.language for each in sightings)),
        days=_less(campaign.days, (stamp(each.at)[:10] for each in sightings)),
        indicators={name: _unshown(name, shown, sightings) for name, shown in campaign.indicators.items()},
    )


def _unshown(name: str, shown: Shown, sightings: Iterable[Sighting]) -> Shown:
    return replace(shown, messages=max(0, shown.messages - sum(name in each.indicators for each in sightings)))


def _less(counts: Mapping[str, int], names: Iterable[str]) -> dict[str, int]:
    return dict(Counter(counts) - Counter(names))
