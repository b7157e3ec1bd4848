"""How a campaign grows: what a batch of messages adds to it, counted once each, in as few writes as can be.

Everything that a chunk of messages changes is one transaction: the members, the page that lists them, the campaign's one
item, and the escalation that follows. A member says which of its messages were counted, so a batch that comes again, in
part or in another order, adds nothing; and a chunk that was not written was not counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from casework.campaigns.campaign import JOINED, Campaign, Member, Shown, Trace, window
from casework.campaigns.escalation import demand
from casework.campaigns.joining import Group
from casework.campaigns.records import put_campaign, put_member, put_page, put_trace
from casework.campaigns.sighting import Sighting
from casework.policy import Policy
from casework.records import escalation_item
from casework.table import ABSENT, Put, Write
from casework.times import stamp

GROWTH_DAYS = 14
"""Days of which a campaign says how many messages came on each."""
MAX_SHOWN = 50
"""Indicators that a campaign lists and counts."""
MAX_BRIDGES = 20
MAX_JOINED = 20
MAX_MESSAGES = 500
"""Of one customer that a campaign counts: who writes more is a machine, and the list of them must fit into an item."""

Members = Mapping[tuple[str, str], Member]
"""By campaign and slot."""


def commits(group: Group, members: Members, policy: Policy, limit: int = 100) -> Iterator[list[Write]]:
    """The transactions of at most ``limit`` writes that count a group's messages, to be written one after the other."""
    growing = _Growing(group, members, policy, limit)
    chunks = growing.chunks()
    for place, chunk in enumerate(chunks):
        yield growing.commit(chunk, last=place == len(chunks) - 1)


class _Growing:
    """A group while its chunks are counted: the campaign and the traces as the chunk before left them."""

    def __init__(self, group: Group, members: Members, policy: Policy, limit: int) -> None:
        self.group, self.members, self.policy, self.limit = group, members, policy, limit
        self.rules = policy.campaigns
        self.campaign = group.root or _opened(group)
        self.new = [self._in_its_slot(each) for each in group.sightings if not self._is_known(each)]
        self.counted = {each.message_id for each in group.sightings} - {each.message_id for each in self.new}
        self.traces = {trace.indicator_id: trace for trace in group.traces}
        self.waiting = {each.message_id for trace in group.traces for each in trace.waiting}
        self.uncounted = {name: self._uncounted(trace) for name, trace in self.traces.items()}

    def _is_known(self, sighting: Sighting) -> bool:
        """Whether it is counted here or in a campaign that was joined into this one, or may not be."""
        known = self._members_in(sighting.slots)
        former = self._members_in(sighting.former)
        counted = any(each.removed or _holds(each, sighting) for each in known)
        return counted or any(sighting.message_id in each.messages for each in former)

    def _members_in(self, slots: Iterable[str]) -> list[Member]:
        """The members that are stored under any of the slots, here or in a campaign that was joined into this one."""
        places = [(name, slot) for name in self.campaign.names for slot in slots]
        return [self.members[place] for place in places if place in self.members]

    def _in_its_slot(self, sighting: Sighting) -> Sighting:
        """The message, counted for its customer by the name that they were counted by before they had another one."""
        slots = [each.slot for each in self._members_in(sighting.slots)]
        return replace(sighting, customer=slots[0]) if slots and sighting.customer else sighting

    def _uncounted(self, trace: Trace) -> set[str]:
        """The messages that this indicator is to be counted for: those that wait, and those that are new."""
        waiting = {each.message_id for each in trace.waiting}
        new = {each.message_id for each in self.new if trace.indicator_id in each.indicators}
        return waiting | new

    def chunks(self) -> list[list[Sighting]]:
        """The new messages in transactions' worth, a customer's always together. An empty one if only the rest changes."""
        slots: dict[str, list[Sighting]] = {}
        for sighting in sorted(self.new, key=self._waits_no_longer):
            slots.setdefault(sighting.slot, []).append(sighting)
        room = max(1, self.limit - 3 - sum(self._must_be_written(trace) for trace in self.traces.values()))
        whole = list(slots.values())
        chunks = [[each for own in whole[at : at + room] for each in own] for at in range(0, len(whole), room)]
        return chunks or ([[]] if self._has_changed() else [])

    def _waits_no_longer(self, sighting: Sighting) -> tuple[object, ...]:
        """What a trace remembers goes first, so that it need not be remembered on."""
        return (sighting.message_id not in self.waiting, *sighting.order)

    def _must_be_written(self, trace: Trace) -> bool:
        return trace.campaign not in self.campaign.names or bool(trace.waiting)

    def _has_changed(self) -> bool:
        attaches = any(self._must_be_written(trace) for trace in self.traces.values())
        return attaches or self._bridges() != self.campaign.bridges or demand(self.campaign, (), self.policy) is not None

    def _bridges(self) -> dict[str, tuple[str, ...]]:
        merged = {**self.campaign.bridges, **self.group.bridges}
        return dict(list(merged.items())[-MAX_BRIDGES:])

    def commit(self, chunk: Sequence[Sighting], *, last: bool) -> list[Write]:
        """Count a chunk: the writes, all of which happen or none."""
        self.counted |= {each.message_id for each in chunk}
        writes: list[Write] = [put_member(each, self.campaign.last_at) for each in self._grown_members(chunk)]
        listed = self.campaign
        shown = dict(self.campaign.indicators)
        writes += [self._settled(trace, shown) for trace in list(self.traces.values()) if self._must_be_written(trace)]
        self._count_shown(shown)
        self.campaign = grown(self.campaign, chunk, self.members)
        self.campaign = replace(self.campaign, indicators=shown, bridges=self._bridges())
        if chunk:
            writes.append(put_page(replace(listed, last_at=self.campaign.last_at), chunk))
            self.campaign = replace(self.campaign, pages=listed.pages + 1)
        if last:
            writes += self._raised(chunk or self.group.sightings)
        writes.append(put_campaign(self.campaign))
        self.campaign = replace(self.campaign, version=self.campaign.version + 1)
        return writes

    def _settled(self, trace: Trace, shown: dict[str, Shown]) -> Write:
        """A trace that belongs to the campaign from now on, and need not remember what is counted."""
        waiting = tuple(each for each in trace.waiting if each.message_id not in self.counted)[: self.rules.waiting]
        after = replace(trace, campaign=self.campaign.campaign_id, waiting=waiting)
        self.traces[trace.indicator_id] = replace(after, version=trace.version + 1)
        if len(shown) < MAX_SHOWN:
            shown.setdefault(trace.indicator_id, Shown(value=trace.value))
        return put_trace(after, 2 * window(self.rules))

    def _count_shown(self, shown: dict[str, Shown]) -> None:
        for name, waiting in self.uncounted.items():
            ready = waiting & self.counted
            if name in shown and ready:
                shown[name] = replace(shown[name], messages=shown[name].messages + len(ready))
            self.uncounted[name] = waiting - ready

    def _grown_members(self, chunk: Iterable[Sighting]) -> Iterator[Member]:
        slots: dict[str, list[Sighting]] = {}
        for sighting in chunk:
            slots.setdefault(sighting.slot, []).append(sighting)
        for slot, own in slots.items():
            before = self.members.get((self.campaign.campaign_id, slot))
            member = before or Member(campaign_id=self.campaign.campaign_id, slot=slot)
            yield replace(
                member,
                cases=tuple(dict.fromkeys((*member.cases, *(each.case_id for each in own)))),
                messages=(*member.messages, *(each.message_id for each in own)),
            )

    def _raised(self, chunk: Sequence[Sighting]) -> list[Write]:
        raised = demand(self.campaign, chunk, self.policy)
        if raised is None:
            return []
        self.campaign = raised.campaign
        return [Put(escalation_item(raised.escalation), {"pk": ABSENT})]


def _holds(member: Member, sighting: Sighting) -> bool:
    return sighting.message_id in member.messages or len(member.messages) >= MAX_MESSAGES


def _opened(group: Group) -> Campaign:
    first = group.sightings[0]
    return Campaign(
        campaign_id=group.campaign_id,
        first_case=first.case_id,
        first_message=first.message_id,
        first_at=first.at,
        last_at=group.sightings[-1].at,
    )


def grown(campaign: Campaign, chunk: Sequence[Sighting], members: Members) -> Campaign:
    """The campaign with messages that were not counted before. A late-found first message becomes its first."""
    if not chunk:
        return campaign
    first = min(chunk, key=lambda each: each.order)
    known = {slot for name, slot in members if name == campaign.campaign_id}
    earlier = first.at < campaign.first_at
    return replace(
        campaign,
        first_case=first.case_id if earlier else campaign.first_case,
        first_message=first.message_id if earlier else campaign.first_message,
        first_at=min(first.at, campaign.first_at),
        last_at=max(campaign.last_at, *(each.at for each in chunk)),
        messages=campaign.messages + len(chunk),
        customers=campaign.customers + len({each.slot for each in chunk if each.customer} - known),
        lost=campaign.lost + sum(each.lost for each in chunk),
        suspicious=campaign.suspicious + sum(each.suspicious for each in chunk),
        categories=_added(campaign.categories, (each.category for each in chunk)),
        languages=_added(campaign.languages, (each.language for each in chunk)),
        days=dict(sorted(_added(campaign.days, (stamp(each.at)[:10] for each in chunk)).items())[-GROWTH_DAYS:]),
    )


def _added(counts: Mapping[str, int], names: Iterable[str]) -> dict[str, int]:
    return dict(Counter(counts) + Counter(name for name in names if name))


@dataclass(frozen=True, slots=True)
class Joined:
    """Two campaigns that became one, and the one transaction that makes them so."""

    into: Campaign
    writes: list[Write]


def joined(campaign: Campaign, other: Campaign) -> Joined:
    """``other`` goes on in ``campaign``: what it shows at once, its members as they are absorbed from its pages.

    Trust has heard of both: nothing is told again that was told of either.
    """
    into = replace(
        campaign,
        joined=(*campaign.joined, other.campaign_id, *other.joined)[-MAX_JOINED:],
        indicators=dict(list({**campaign.indicators, **other.indicators}.items())[:MAX_SHOWN]),
        bridges={name: slots for name, slots in campaign.bridges.items() if name != other.campaign_id},
        rung=max(campaign.rung, other.rung),
        loss_told=campaign.loss_told or other.loss_told,
        escalations=(*campaign.escalations, *other.escalations),
    )
    gone = replace(other, status=JOINED, joined_into=campaign.campaign_id)
    return Joined(replace(into, version=into.version + 1), [put_campaign(into), put_campaign(gone)])
