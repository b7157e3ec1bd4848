"""When Trust hears of a campaign: once when it is one, once at each order of magnitude, and once when money is lost.

It is level-triggered: what is due follows from the campaign's counts and from what it has told, so a batch that died between
two writes costs no escalation, and one that comes twice raises none again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from casework.campaigns.campaign import OPEN as GOES_ON
from casework.campaigns.campaign import Campaign
from casework.campaigns.indicators import kind_of
from casework.campaigns.sighting import Sighting
from casework.case import Escalation, Severity, Team
from casework.policy import Policy
from casework.records import OPEN
from casework.table import Item, Put
from casework.times import stamp

FOUND, GREW, LOSS = "campaign_found", "campaign_grew", "campaign_loss"
"""Causes of a campaign's escalations."""
FOLDED = frozenset({Severity.NORMAL.value, Severity.LOW.value})
"""What of a member's own escalations to Trust the campaign answers for; anything worse stays a demand of its own."""
MAX_TOLD = 50


@dataclass(frozen=True, slots=True)
class Raised:
    """A demand for Trust's attention, and the campaign that has made it."""

    escalation: Escalation
    campaign: Campaign


def demand(campaign: Campaign, sightings: Sequence[Sighting], policy: Policy) -> Raised | None:
    """What Trust must hear of now, or ``None``. ``sightings`` are those that it may be shown one of."""
    rung, loss = _rung_due(campaign, policy), bool(campaign.lost) and not campaign.loss_told
    if not rung and not loss:
        return None
    after = replace(campaign, rung=max(rung, campaign.rung), loss_told=campaign.loss_told or loss)
    cause = LOSS if loss else FOUND if not campaign.rung else GREW
    told = [policy.campaigns.rungs[rung - 1].severity] if rung else []
    severity = min([*told, *([policy.campaigns.loss] if loss else [])], key=lambda each: each.rank)
    raised = _escalation(after, cause, severity, _shown(sightings, loss=loss), policy)
    return Raised(raised, replace(after, escalations=(*after.escalations, raised.escalation_id)[-MAX_TOLD:]))


def _rung_due(campaign: Campaign, policy: Policy) -> int:
    """The number of the rung to be told, from 1, or 0: a campaign that somebody closed grows in silence."""
    rung = sum(each.customers <= campaign.customers for each in policy.campaigns.rungs)
    quiet = not campaign.suspicious and campaign.customers < policy.campaigns.quiet_from
    return rung if rung > campaign.rung and not quiet and campaign.status == GOES_ON else 0


def _shown(sightings: Sequence[Sighting], *, loss: bool) -> Sighting | None:
    """The message that the notification quotes: the newest, if there is one, of those that matter."""
    return max(sightings, key=lambda each: (loss and each.lost, each.suspicious, *each.order), default=None)


def _escalation(campaign: Campaign, cause: str, severity: Severity, shown: Sighting | None, policy: Policy) -> Escalation:
    at = shown.at if shown else campaign.last_at
    return Escalation(
        escalation_id=escalation_id(campaign),
        case_id=shown.case_id if shown else campaign.first_case,
        message_id=shown.message_id if shown else campaign.first_message,
        team=Team.TRUST,
        severity=severity,
        category=_most(campaign.categories, "other") if _most(campaign.categories, "other") in policy.categories else "other",
        language=_most(campaign.languages, "en"),
        raised_at=at,
        due_at=at + timedelta(minutes=policy.minutes(severity, 0, Team.TRUST)),
        cause=cause,
        reasons=(f"campaign {campaign.campaign_id}", f"{campaign.customers} customers", *_kinds(campaign)),
        facets={
            "loss": "completed" if campaign.lost else "none",
            "campaign": campaign.campaign_id,
            "customers": str(campaign.customers),
            "messages": str(campaign.messages),
            "first_case": campaign.first_case,
        },
        policy_version=policy.version,
    )


def escalation_id(campaign: Campaign) -> str:
    """20 hex digits: the same for the same campaign with the same things told."""
    told = f"escalation\n{campaign.campaign_id}\n{campaign.rung}\n{campaign.loss_told}"
    return hashlib.sha256(told.encode()).hexdigest()[:20]


def _most(counts: dict[str, int] | object, otherwise: str) -> str:
    found = counts if isinstance(counts, dict) else {}
    return max(sorted(found), key=lambda name: found[name], default=otherwise)


def _kinds(campaign: Campaign) -> tuple[str, ...]:
    """What its messages have in common, by kind and number; the values are the attacker's or a person's, and stay here."""
    kinds = [kind_of(name) for name in campaign.indicators]
    return tuple(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))[:5]


def folding(item: Item, campaign_id: str, shown: Sighting) -> Put | None:
    """What makes a member's own escalation wait no more, because the campaign's does; ``None`` where it must stand alone.

    ``item`` is the escalation as stored; it is answered at the time of the message that raised it.
    """
    if item["team"] != Team.TRUST.value or item["severity"] not in FOLDED or item.get("due") != OPEN:
        return None
    if item["cause"] in {FOUND, GREW, LOSS}:
        return None
    answered = {"acknowledged_at": stamp(shown.at), "acknowledged_by": f"campaign {campaign_id}", "folded_into": campaign_id}
    waits_no_more = {name: value for name, value in item.items() if name != "due"} | answered
    return Put(waits_no_more, {"rung": item["rung"], "due": OPEN, "severity": item["severity"]})


def standing_alone(item: Item, at: datetime) -> Put:
    """What makes a folded escalation a demand of its own again, due ``at`` once; people may first hear of it by its next rung."""
    told = {name: value for name, value in item.items() if name not in {"acknowledged_at", "acknowledged_by", "folded_into"}}
    return Put(told | {"due": OPEN, "due_at": stamp(at)}, {"folded_into": item["folded_into"], "rung": item["rung"]})
