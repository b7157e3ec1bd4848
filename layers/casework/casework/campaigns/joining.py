"""Which indicators belong to one attack: from when on a trace makes a campaign, and what bridges two of them.

A text or a file is the attack itself: whatever it shows belongs to it, and one message is enough. Two domains, or a domain
and a telephone number, may stand together on somebody's list: several customers must show both. Where a mail came from can
be forged, and a path may come from a kit that anybody buys: they make a campaign, and bridge none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import combinations

from casework.campaigns.campaign import OPEN, Campaign, Trace, campaign_id_of, window
from casework.campaigns.indicators import kind_of
from casework.campaigns.sighting import Sighting
from casework.policy.campaign_rules import CampaignRules

THE_ATTACK_ITSELF = frozenset({"text", "attachment"})
"""Kinds that are what the attacker sent, and not a word about it."""
ANYBODYS = frozenset({"path", "sender_domain"})
"""Kinds that several attackers may have in common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Traces of one attack, every sighting in view that shows one of them, and the campaigns they belong to so far."""

    campaign_id: str
    root: Campaign | None
    """The campaign to count for; ``None`` when the traces make a new one."""
    others: tuple[Campaign, ...] = ()
    """Campaigns that turn out to be the same one."""
    traces: tuple[Trace, ...]
    sightings: tuple[Sighting, ...]
    """In the order of arrival."""
    bridges: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Other campaigns that too few customers bridge as yet, and who they are."""


def remembering(trace: Trace, sightings: Iterable[Sighting], rules: CampaignRules) -> Trace:
    """The trace after sightings that show it. A campaign's trace remembers none: the campaign counts them."""
    mine = {sighting.message_id: sighting for sighting in sightings if trace.indicator_id in sighting.indicators}
    if not mine or trace.campaign:
        return trace
    newest = max(sighting.at for sighting in mine.values())
    if trace.common and newest - trace.last_at < timedelta(days=rules.common_days):
        return trace
    known = {sighting.message_id: sighting for sighting in trace.waiting} | mine
    last_at = max(newest, trace.last_at)
    within = sorted((each for each in known.values() if last_at - each.at <= window(rules)), key=lambda each: each.order)
    return replace(trace, waiting=tuple(within), last_at=last_at, common=False)


def bounded(trace: Trace, rules: CampaignRules) -> Trace:
    """The trace as it is stored while it makes no campaign: one that so many customers show is common."""
    customers = {sighting.customer for sighting in trace.waiting if sighting.customer}
    if len(customers) >= rules.waiting:
        return replace(trace, waiting=(), common=True)
    return replace(trace, waiting=trace.waiting[-rules.waiting :])


def groups(
    sightings: Sequence[Sighting], traces: Mapping[str, Trace], roots: Mapping[str, Campaign], rules: CampaignRules
) -> list[Group]:
    """The attacks in view. ``roots``: the campaign that now counts for each campaign that a trace names."""
    active = {name: each for name, each in traces.items() if each.campaign or each.makes_a_campaign(rules)}
    active = {name: each for name, each in active.items() if _adds_something(each, active, rules)}
    view = {each.message_id: each for trace in active.values() for each in trace.waiting}
    view |= {each.message_id: each for each in sightings}
    nodes = {name: roots[trace.campaign].campaign_id if trace.campaign else name for name, trace in active.items()}
    campaigns = {root.campaign_id: root for root in roots.values()}
    edges = _edges(view.values(), nodes, campaigns)
    parents = _united(set(nodes.values()), edges, campaigns, rules)
    found = [_group(members, active, view, campaigns, nodes) for members in _members(nodes, parents)]
    return sorted(_bridged(found, edges, rules), key=lambda group: group.campaign_id)


def _adds_something(trace: Trace, active: Mapping[str, Trace], rules: CampaignRules) -> bool:
    """Whether a trace that bridges nothing shows anybody who is not in another campaign: it would only tell the same again."""
    if trace.campaign or trace.kind not in ANYBODYS:
        return True
    others = active.keys() - {trace.indicator_id}
    alone = {each.customer for each in trace.waiting if each.customer and not others & set(each.indicators)}
    return len(alone) >= rules.kinds[trace.kind].customers


@dataclass(slots=True)
class _Edge:
    """What speaks for two nodes being one: customers who show both, and whether one of them is the attack itself."""

    customers: set[str] = field(default_factory=set)
    certain: bool = False


_Pair = tuple[str, str]


def _edges(view: Iterable[Sighting], nodes: Mapping[str, str], campaigns: Mapping[str, Campaign]) -> dict[_Pair, _Edge]:
    edges: dict[_Pair, _Edge] = {}
    for sighting in view:
        shown = sorted((nodes[name], name) for name in sighting.indicators if name in nodes)
        for (one, its), (other, others) in combinations(shown, 2):
            if one != other and not ANYBODYS & {kind_of(its), kind_of(others)}:
                edge = edges.setdefault((one, other), _Edge(_known_bridge(one, other, campaigns)))
                edge.customers.add(sighting.slot)
                edge.certain |= bool(THE_ATTACK_ITSELF & {kind_of(its), kind_of(others)})
    return edges


def _known_bridge(one: str, other: str, campaigns: Mapping[str, Campaign]) -> set[str]:
    pairs = ((one, other), (other, one))
    return {slot for a, b in pairs if a in campaigns for slot in campaigns[a].bridges.get(b, ())}


def _united(
    nodes: set[str], edges: Mapping[_Pair, _Edge], campaigns: Mapping[str, Campaign], rules: CampaignRules
) -> dict[str, str]:
    """Each node's representative. Campaigns that somebody closed are joined to none."""
    parents = {node: node for node in nodes}
    for (one, other), edge in sorted(edges.items()):
        tops = [_top(node, parents) for node in (one, other)]
        settled = [node for node in (one, other) if node in campaigns and campaigns[node].status != OPEN]
        if (edge.certain or len(edge.customers) >= rules.bridge_from) and not settled:
            parents[max(tops)] = min(tops)
    return parents


def _top(node: str, parents: Mapping[str, str]) -> str:
    while parents[node] != node:
        node = parents[node]
    return node


def _members(nodes: Mapping[str, str], parents: Mapping[str, str]) -> list[list[str]]:
    """The indicators of each group."""
    found: dict[str, list[str]] = {}
    for name, node in sorted(nodes.items()):
        found.setdefault(_top(node, parents), []).append(name)
    return list(found.values())


def _group(
    names: Sequence[str],
    active: Mapping[str, Trace],
    view: Mapping[str, Sighting],
    campaigns: Mapping[str, Campaign],
    nodes: Mapping[str, str],
) -> Group:
    shown = sorted((each for each in view.values() if set(names) & set(each.indicators)), key=lambda each: each.order)
    concerned = {nodes[name] for name in names} & campaigns.keys()
    known = sorted((campaigns[node] for node in concerned), key=lambda each: (each.first_at, each.campaign_id))
    return Group(
        campaign_id=known[0].campaign_id if known else _new_id(names, active),
        root=known[0] if known else None,
        others=tuple(known[1:]),
        traces=tuple(active[name] for name in names),
        sightings=tuple(shown),
    )


def _new_id(names: Sequence[str], active: Mapping[str, Trace]) -> str:
    first, name = min((active[name].waiting[0].order, name) for name in names)
    return campaign_id_of(name, first[1])


def _bridged(found: Sequence[Group], edges: Mapping[_Pair, _Edge], rules: CampaignRules) -> Iterator[Group]:
    """The groups, each with the customers who show something of another one, too."""
    owner: dict[str, str] = {}
    for group in found:
        owner |= {trace.indicator_id: group.campaign_id for trace in group.traces}
        owner |= {each.campaign_id: group.campaign_id for each in (group.root, *group.others) if each}
    for group in found:
        bridges: dict[str, tuple[str, ...]] = {}
        for (one, other), edge in edges.items():
            ends = {owner[one], owner[other]}
            if group.campaign_id in ends and len(ends) == 2:
                (away,) = ends - {group.campaign_id}
                bridges[away] = tuple(sorted(edge.customers))[: rules.bridge_from]
        yield replace(group, bridges=bridges)
