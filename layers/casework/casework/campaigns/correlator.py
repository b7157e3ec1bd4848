"""The correlator: a batch of messages in, and what they have in common with others counted and told.

It reads the messages that events name, their traces, campaigns and members, decides purely, and writes; a write that meets
another writer wrote nothing, and the whole batch is decided again. Every step may be repeated: bands and traces are sets,
members say what was counted. So a batch may come twice, in part, in any order, or die between any two writes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from casework.campaigns.campaign import JOINED, OPEN, Campaign, Trace, window
from casework.campaigns.escalation import folding
from casework.campaigns.growth import commits, joined
from casework.campaigns.indicators import Indicator, indicators_of, levelled
from casework.campaigns.joining import Group, bounded, groups, remembering
from casework.campaigns.lookup import Lookup, Named
from casework.campaigns.records import page_entries, pages_of, put_band, put_trace
from casework.campaigns.sighting import NOBODY, Known, Sighting
from casework.campaigns.texts import Library, Text, telling, text_indicator, text_of
from casework.errors import StoreUnavailable
from casework.policy import Policy
from casework.policy.campaign_rules import CampaignRules
from casework.records import escalation_key
from casework.table import Conflict, Item, Key, Table, Write
from casework.times import parse

ATTEMPTS = 12
"""How often a batch that met another writer is decided again before it goes back to its queue."""
PAGES = 1
"""Pages of a joined campaign that are counted at once: each is a batch's worth of members."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a batch came to. ``messages``: how many were there to be read; ``raised``: escalations this very batch raised."""

    messages: int = 0
    campaigns: tuple[str, ...] = ()
    raised: tuple[str, ...] = ()
    folded: int = 0
    joined: tuple[str, ...] = ()
    """Campaigns that turned out to be another one."""


class _Joined(Exception):
    """Campaigns were joined: what counts for what has changed, and everything is to be read again."""

    def __init__(self, campaign_ids: tuple[str, ...]) -> None:
        super().__init__()
        self.campaign_ids = campaign_ids


def _at_once(_lost: int) -> None:
    """Decide a lost race again without waiting."""


@dataclass(frozen=True, slots=True)
class Correlator:
    """``limit``: writes of one transaction. ``pause`` is called before a lost race is decided again."""

    table: Table
    policy: Policy
    pause: Callable[[int], None] = _at_once
    limit: int = 100

    def correlate(self, named: Iterable[Named]) -> Outcome:
        """Count messages for their campaigns. Raises ``StoreUnavailable`` when the batch should be delivered again."""
        items = self._lookup.messages(named)
        if not items:
            return Outcome()
        gone: list[str] = []
        outcome = self._settled(lambda: self._correlated(items), gone)
        for campaign_id in gone:
            self.absorb(campaign_id)
        return replace(outcome, joined=tuple(gone))

    def absorb(self, campaign_id: str) -> int:
        """Count the members of a campaign that was joined for the one it goes on in. Returns how many pages it had.

        Safe to run twice, or beside everything else: who is counted is not counted again.
        """
        gone = self._lookup.campaigns([campaign_id]).get(campaign_id)
        if gone is None or gone.status != JOINED:
            return 0
        for key in pages_of(gone):
            self._absorb_page(gone, key)
        return gone.pages

    @property
    def _lookup(self) -> Lookup:
        return Lookup(self.table)

    @property
    def _rules(self) -> CampaignRules:
        return self.policy.campaigns

    def _settled(self, settle: Callable[[], Outcome], gone: list[str]) -> Outcome:
        for lost in range(ATTEMPTS):
            try:
                return settle()
            except Conflict:
                self.pause(lost)
            except _Joined as changed:
                gone.extend(changed.campaign_ids)
        raise StoreUnavailable(f"{ATTEMPTS} races in a row were lost")

    def _correlated(self, items: Sequence[Item]) -> Outcome:
        sightings, values = self._sightings(items)
        traces, roots = self._traces(sightings, values)
        found = groups(sightings, traces, roots, self._rules)
        self._join(found)
        grouped = {trace.indicator_id for group in found for trace in group.traces}
        self._remember(trace for name, trace in traces.items() if name not in grouped)
        counted = [self._count(group) for group in found]
        return Outcome(
            len(items),
            tuple(group.campaign_id for group in found),
            tuple(raised for raised, _ in counted if raised),
            sum(folded for _, folded in counted),
        )

    def _sightings(self, items: Sequence[Item]) -> tuple[list[Sighting], dict[str, Indicator]]:
        """The messages with everything they show, and with those whose texts they repeat; and what each indicator is."""
        texts, others = self._placed(items)
        known = {item["message_id"]: item for item in (*items, *others)}
        customers = self._lookup.customers(known.values())
        values: dict[str, Indicator] = {}
        sightings = []
        for message_id, item in known.items():
            shown = [*([texts[message_id]] if message_id in texts else []), *indicators_of(item, self._rules)]
            values |= {indicator.id: indicator for indicator in shown}
            sightings.append(sighting_from(item, customers.get(item["case_id"], NOBODY), shown, self.policy))
        return sorted(sightings, key=lambda each: each.order), values

    def _placed(self, items: Sequence[Item]) -> tuple[dict[str, Indicator], list[Item]]:
        """For each message whose text occurs more than once what it is known by; and the earlier messages it occurs in."""
        texts = telling((_text(item) for item in items), self._rules)
        library = Library(self._rules, self._lookup.bands(name for text in texts for name in text.bands))
        own = {text.message_id: text.grams for text in texts}
        earlier = {each for text in texts for each in library.candidates(text) if each.message_id not in own}
        others = {item["message_id"]: item for item in self._lookup.messages(Named(*each[1:]) for each in earlier)}
        grams = own | {name: _text(item).grams for name, item in others.items()}
        found: dict[str, Indicator] = {}
        for text in texts:
            exemplar = library.place(text, grams)
            if exemplar and exemplar.message_id != text.message_id:
                found[text.message_id] = found[exemplar.message_id] = text_indicator(exemplar)
            elif exemplar and exemplar.text != text.message_id:
                found[text.message_id] = text_indicator(exemplar)
        for band in library.writes():
            self.table.write([put_band(band, 2 * window(self._rules))])
        return found, [item for name, item in others.items() if name in found]

    def _traces(
        self, sightings: Sequence[Sighting], values: Mapping[str, Indicator]
    ) -> tuple[dict[str, Trace], dict[str, Campaign]]:
        """The traces as these sightings leave them, with those that their waiting sightings show; and whose they are."""
        traces = self._read_traces(values, sightings)
        more = {name for trace in traces.values() for each in trace.waiting for name in each.indicators} - traces.keys()
        stored = self._named_today(self._lookup.traces(more) if more else {})
        traces |= {name: trace for name, trace in stored.items() if trace.campaign}
        roots = self._lookup.roots(trace.campaign for trace in traces.values() if trace.campaign)
        newest = sightings[-1].at
        current = {name: self._current(trace, roots, newest) for name, trace in traces.items()}
        return {name: remembering(trace, sightings, self._rules) for name, trace in current.items()}, roots

    def _named_today(self, traces: Mapping[str, Trace]) -> dict[str, Trace]:
        """The traces, with those that wait under their customers' names of today: who was linked meanwhile counts once."""
        cases = {each.case_id for trace in traces.values() for each in trace.waiting}
        names = self._lookup.customers({"case_id": case_id} for case_id in cases) if cases else {}
        return {
            name: replace(trace, waiting=tuple(each.known_as(names.get(each.case_id, NOBODY)) for each in trace.waiting))
            for name, trace in traces.items()
        }

    def _known_today(self, sightings: Iterable[Sighting]) -> tuple[Sighting, ...]:
        """The same messages, their customers under the names they have now."""
        known = tuple(sightings)
        names = self._lookup.customers({"case_id": each.case_id} for each in known) if known else {}
        return tuple(each.known_as(names.get(each.case_id, NOBODY)) for each in known)

    def _read_traces(self, values: Mapping[str, Indicator], sightings: Sequence[Sighting]) -> dict[str, Trace]:
        stored = self._named_today(self._lookup.traces(values) if values else {})
        fresh = sightings[0].at
        return {
            name: replace(stored.get(name) or Trace(indicator_id=name, last_at=fresh), value=indicator.value)
            for name, indicator in values.items()
        }

    def _current(self, trace: Trace, roots: Mapping[str, Campaign], newest: object) -> Trace:
        """The trace without a campaign that is over: what comes so long after it is something new."""
        root = roots.get(trace.campaign)
        if not trace.campaign or (root and newest <= root.last_at + window(self._rules)):  # type: ignore[operator]
            return trace
        return replace(trace, campaign="", waiting=())

    def _remember(self, traces: Iterable[Trace]) -> None:
        for trace in traces:
            if not trace.campaign and trace.waiting:
                self.table.write([put_trace(bounded(trace, self._rules), 2 * window(self._rules))])

    def _join(self, found: Sequence[Group]) -> None:
        gone: list[str] = []
        for group in found:
            root = group.root
            for other in group.others:
                if root is not None:
                    both = joined(root, other)
                    self.table.write(both.writes)
                    root = both.into
                    gone.append(other.campaign_id)
        if gone:
            raise _Joined(tuple(gone))

    def _count(self, group: Group) -> tuple[str, int]:
        """Write what a group adds. Returns the escalation that was raised, and how many were folded into the campaign."""
        names = group.root.names if group.root else (group.campaign_id,)
        members = self._lookup.members(names, group.sightings)
        written = [write for writes in commits(group, members, self.policy, self.limit) for write in self._write(writes)]
        raised = [write.key.sk.removeprefix("ESCALATION#") for write in written if write.key.sk.startswith("ESCALATION#")]
        return (raised[-1] if raised else ""), self._fold(group, {place for place, member in members.items() if member.removed})

    def _write(self, writes: Sequence[Write]) -> Sequence[Write]:
        self.table.write(writes)
        return writes

    def _fold(self, group: Group, removed: Collection[tuple[str, str]]) -> int:
        """Let the low demands of members wait no more, once Trust has heard of the campaign."""
        out = {slot for _, slot in removed}
        staying = (each for each in group.sightings if out.isdisjoint(each.slots))
        by_key = {escalation_key(each.case_id, name): each for each in staying for name in each.escalations}
        campaign = self._lookup.campaigns([group.campaign_id]).get(group.campaign_id) if by_key else None
        if campaign is None or not campaign.rung or campaign.status != OPEN:
            return 0
        changes = [
            change for key, item in self._lookup.read(by_key).items() if (change := folding(item, group.campaign_id, by_key[key]))
        ]
        return sum(self._is_written(change) for change in changes)

    def _is_written(self, write: Write) -> bool:
        try:
            self.table.write([write])
        except Conflict:
            return False  # somebody answered it meanwhile
        return True

    def _absorb_page(self, gone: Campaign, key: Key) -> None:
        entries = page_entries(self._lookup.read([key])[key])

        def absorbed() -> Outcome:
            root = self._lookup.roots([gone.campaign_id])[gone.campaign_id]
            left = self._lookup.members([gone.campaign_id], entries)
            staying = self._known_today(each for each in entries if not left[gone.campaign_id, each.slot].removed)
            group = Group(campaign_id=root.campaign_id, root=root, traces=(), sightings=staying)
            members = self._lookup.members([root.campaign_id], staying)
            for writes in commits(group, members, self.policy, self.limit):
                self.table.write(writes)
            return Outcome()

        self._settled(absorbed, [])


def sighting_from(item: Item, known: Known, shown: Iterable[Indicator], policy: Policy) -> Sighting:
    """A stored message as the correlator knows it."""
    assessment = item["assessment"]
    escalations = tuple(item.get("escalations", ()))
    sure = assessment["confidence"] >= policy.campaigns.sure_from
    return Sighting(
        message_id=item["message_id"],
        case_id=item["case_id"],
        at=parse(item["received_at"]),
        customer=known.names[0] if known.names else "",
        names=known.names,
        former=known.former,
        category=assessment["category"],
        language=assessment["language"],
        loss=assessment.get("facets", {}).get("loss", "none"),
        suspicious=sure and (bool(escalations) or policy.incident(assessment["category"])),
        indicators=tuple(dict.fromkeys(indicator.id for indicator in shown)),
        escalations=escalations,
    )


def _text(item: Item) -> Text:
    return text_of(item["case_id"], item["message_id"], parse(item["received_at"]), levelled(item.get("text", "")))
