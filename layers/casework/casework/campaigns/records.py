"""The correlator's items in the case table, and back.

| pk                            | sk              | kind          |
|-------------------------------|-----------------|---------------|
| ``CAMPAIGN#<campaign>``       | ``CAMPAIGN``    | campaign      |
| ``CAMPAIGN#<campaign>``       | ``PAGE#<n>``    | campaign_page |
| ``MEMBER#<campaign>#<slot>``  | ``MEMBER``      | member        |
| ``INDICATOR#<kind>.<hash>``   | ``INDICATOR``   | indicator     |
| ``BAND#<band>``               | ``BAND``        | band          |

A member is what makes its messages count once; a page lists, a batch at a time, what was counted. Both are spread over the
table: the one item of a wave that every batch writes is the campaign's own, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from casework.campaigns.campaign import Campaign, Member, Shown, Trace
from casework.campaigns.sighting import Sighting, sighting_item, sighting_of
from casework.records import lean
from casework.table import ABSENT, Item, Key, Put
from casework.times import parse, stamp

LIFETIME = timedelta(days=400)
"""How long a campaign is kept after its last message, with its members."""


def campaign_key(campaign_id: str) -> Key:
    """Where a campaign is."""
    return Key(f"CAMPAIGN#{campaign_id}", "CAMPAIGN")


def page_key(campaign_id: str, page: int) -> Key:
    """Where a part of a campaign's list of members is."""
    return Key(f"CAMPAIGN#{campaign_id}", f"PAGE#{page:06}")


def member_key(campaign_id: str, slot: str) -> Key:
    """Where it is written what of a customer a campaign has counted."""
    return Key(f"MEMBER#{campaign_id}#{slot}", "MEMBER")


def trace_key(indicator_id: str) -> Key:
    """Where it is written who showed an indicator."""
    return Key(f"INDICATOR#{indicator_id}", "INDICATOR")


def band_key(band: str) -> Key:
    """Where it is written which texts have a band."""
    return Key(f"BAND#{band}", "BAND")


def put_campaign(campaign: Campaign) -> Put:
    """The campaign one version on, on the condition that nobody else wrote it meanwhile."""
    stored = {**asdict(campaign), "version": campaign.version + 1}
    stored |= {name: stamp(stored[name]) for name in ("first_at", "last_at")}
    stored |= {"bridges": {other: list(customers) for other, customers in campaign.bridges.items()}}
    stored |= {"joined": list(campaign.joined), "escalations": list(campaign.escalations)}
    expires = {"expires_at": int((campaign.last_at + LIFETIME).timestamp())}
    item = lean({**campaign_key(campaign.campaign_id)._asdict(), "kind": "campaign", **stored, **expires})
    return Put(item, _unchanged(campaign.version))


def campaign_of(item: Item) -> Campaign:
    """The inverse of ``put_campaign``."""
    known: dict[str, Any] = {field.name: item[field.name] for field in fields(Campaign) if field.name in item}
    known |= {name: parse(item[name]) for name in ("first_at", "last_at")}
    known["indicators"] = {name: Shown(**shown) for name, shown in item.get("indicators", {}).items()}
    known["bridges"] = {other: tuple(customers) for other, customers in item.get("bridges", {}).items()}
    return Campaign(**known | {name: tuple(item.get(name, ())) for name in ("joined", "escalations")})


def put_page(campaign: Campaign, sightings: Iterable[Sighting]) -> Put:
    """The next page of a campaign's list."""
    entries = [sighting_item(sighting) for sighting in sightings]
    expires = int((campaign.last_at + LIFETIME).timestamp())
    item: Item = {**page_key(campaign.campaign_id, campaign.pages)._asdict(), "kind": "campaign_page"}
    return Put({**item, "entries": entries, "expires_at": expires}, {"pk": ABSENT})


def page_entries(item: Item) -> tuple[Sighting, ...]:
    """What a page lists."""
    return tuple(sighting_of(entry) for entry in item["entries"])


def put_member(member: Member, last_at: datetime) -> Put:
    """The member one version on, on the condition that nobody else wrote it meanwhile."""
    stored = {**asdict(member), "version": member.version + 1, "cases": list(member.cases), "messages": list(member.messages)}
    expires = {"expires_at": int((last_at + LIFETIME).timestamp())}
    item = lean({**member_key(member.campaign_id, member.slot)._asdict(), "kind": "member", **stored, **expires})
    return Put(item, _unchanged(member.version))


def member_of(item: Item) -> Member:
    """The inverse of ``put_member``."""
    known: dict[str, Any] = {field.name: item[field.name] for field in fields(Member) if field.name in item}
    return Member(**known | {name: tuple(item.get(name, ())) for name in ("cases", "messages")})


def put_trace(trace: Trace, lifetime: timedelta) -> Put:
    """The trace one version on, on the condition that nobody else wrote it meanwhile."""
    item: Item = {
        **trace_key(trace.indicator_id)._asdict(),
        "kind": "indicator",
        "indicator_id": trace.indicator_id,
        "value": trace.value,
        "version": trace.version + 1,
        "campaign": trace.campaign,
        "common": trace.common or None,
        "last_at": stamp(trace.last_at),
        "waiting": [sighting_item(sighting) for sighting in trace.waiting],
        "expires_at": int((trace.last_at + lifetime).timestamp()),
    }
    return Put(lean(item), _unchanged(trace.version))


def trace_of(item: Item) -> Trace:
    """The inverse of ``put_trace``."""
    return Trace(
        indicator_id=item["indicator_id"],
        value=item.get("value", ""),
        version=int(item["version"]),
        campaign=item.get("campaign", ""),
        common=item.get("common", False),
        last_at=parse(item["last_at"]),
        waiting=tuple(sighting_of(stored) for stored in item.get("waiting", ())),
    )


class Exemplar(NamedTuple):
    """A text that later ones are compared with, and the message it is the text of."""

    text: str
    """The id of the message whose text was the first of its kind: what near-identical texts are known by."""
    case_id: str
    message_id: str
    at: datetime


class Band(NamedTuple):
    """The texts that have a band, oldest first."""

    band: str
    version: int = 0
    exemplars: tuple[Exemplar, ...] = ()


def put_band(band: Band, lifetime: timedelta) -> Put:
    """The band one version on, on the condition that nobody else wrote it meanwhile."""
    last_at = max(exemplar.at for exemplar in band.exemplars)
    item = {
        **band_key(band.band)._asdict(),
        "kind": "band",
        "band": band.band,
        "version": band.version + 1,
        "exemplars": [{**exemplar._asdict(), "at": stamp(exemplar.at)} for exemplar in band.exemplars],
        "expires_at": int((last_at + lifetime).timestamp()),
    }
    return Put(item, _unchanged(band.version))


def band_of(item: Item) -> Band:
    """The inverse of ``put_band``."""
    exemplars = (Exemplar(**{**stored, "at": parse(stored["at"])}) for stored in item["exemplars"])
    return Band(item["band"], int(item["version"]), tuple(exemplars))


def _unchanged(version: int) -> Mapping[str, object]:
    return {"version": version} if version else {"pk": ABSENT}


def pages_of(campaign: Campaign) -> Sequence[Key]:
    """Every page of its list."""
    return [page_key(campaign.campaign_id, page) for page in range(campaign.pages)]
