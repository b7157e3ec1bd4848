"""What people do to campaigns: take a member out, take an indicator out, close one, say that two are one.

Each is one conditional transaction and may be repeated. None changes a case, and none takes back what Trust was told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from casework.campaigns.campaign import CLOSED, OPEN, Campaign, Shown, Trace, window
from casework.campaigns.growth import joined
from casework.campaigns.lookup import Lookup
from casework.campaigns.records import page_entries, pages_of, put_campaign, put_member, put_trace
from casework.campaigns.sighting import Sighting
from casework.errors import StoreUnavailable
from casework.policy import Policy
from casework.table import Conflict, Table, Write
from casework.times import stamp

ATTEMPTS = 12


@dataclass(frozen=True, slots=True)
class Curation:
    """Campaigns in people's hands. Every method raises ``KeyError`` for a campaign that is not there."""

    table: Table
    policy: Policy

    def remove(self, campaign_id: str, case_id: str) -> bool:
        """Take the customer of a case out: their messages count no more, and later ones do not count either.

        The flag says whether this very call did it.
        """
        names = self._lookup.customers([{"case_id": case_id}]).get(case_id, ())
        slots = names or (f"case.{case_id}",)
        return sum(self._removed(campaign_id, slot, named=bool(names)) for slot in slots) > 0

    def exclude(self, campaign_id: str, indicator_id: str) -> bool:
        """Take an indicator out, and learn that it says nothing: it is common from now on. Members stay."""
        return self._written(lambda: self._excluded(self._campaign(campaign_id), indicator_id))

    def close(self, campaign_id: str, *, by: str, at: datetime) -> bool:
        """Close a campaign: it goes on counting, and Trust hears of it again only when money is lost first."""

        def closed() -> list[Write]:
            campaign = self._campaign(campaign_id)
            if campaign.status != OPEN:
                return []
            return [put_campaign(replace(campaign, status=CLOSED, closed_at=stamp(at), closed_by=by))]

        return self._written(closed)

    def join(self, campaign_id: str, other_id: str) -> bool:
        """Let another campaign go on in this one. Its members are counted when the announcement of it is heard."""

        def both() -> list[Write]:
            campaign, other = self._campaign(campaign_id), self._campaign(other_id)
            return [] if campaign.campaign_id == other.campaign_id else list(joined(campaign, other).writes)

        return self._written(both)

    @property
    def _lookup(self) -> Lookup:
        return Lookup(self.table)

    def _campaign(self, campaign_id: str) -> Campaign:
        return self._lookup.roots([campaign_id])[campaign_id]

    def _written(self, decide: Callable[[], Sequence[Write]]) -> bool:
        for _ in range(ATTEMPTS):
            writes = decide()
            if not writes:
                return False
            try:
                self.table.write(writes)
            except Conflict:
                continue
            return True
        raise StoreUnavailable(f"{ATTEMPTS} races in a row were lost")

    def _removed(self, campaign_id: str, slot: str, *, named: bool) -> bool:
        return self._written(lambda: self._without(self._campaign(campaign_id), slot, named=named))

    def _without(self, campaign: Campaign, slot: str, *, named: bool) -> list[Write]:
        sightings = self._listed(campaign, slot)
        member = self._lookup.members([campaign.campaign_id], sightings).get((campaign.campaign_id, slot))
        if member is None or member.removed:
            return []
        after = shrunk(campaign, sightings, customers=int(named))
        return [put_member(replace(member, removed=True), campaign.last_at), put_campaign(after)]

    def _listed(self, campaign: Campaign, slot: str) -> list[Sighting]:
        pages = self._lookup.read(pages_of(campaign)).values()
        return [each for page in pages for each in page_entries(page) if each.slot == slot]

    def _excluded(self, campaign: Campaign, indicator_id: str) -> list[Write]:
        shown = dict(campaign.indicators)
        gone = shown.pop(indicator_id, None)
        if gone is None:
            return []
        stored = self._lookup.traces([indicator_id]).get(indicator_id)
        trace = stored or Trace(indicator_id=indicator_id, value=gone.value, last_at=campaign.last_at)
        common = replace(trace, campaign="", waiting=(), common=True, last_at=max(trace.last_at, campaign.last_at))
        return [put_trace(common, 2 * window(self.policy.campaigns)), put_campaign(replace(campaign, indicators=shown))]


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
