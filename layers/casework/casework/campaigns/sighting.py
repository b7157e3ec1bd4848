"""A message as the correlator knows it: whose, when, how bad, and what it has that others may have too. None of its text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from casework.table import Item
from casework.times import parse, stamp

LOST = frozenset({"completed", "in_progress"})
"""States of a loss in which money is gone, or going."""


class Known(NamedTuple):
    """Whose a case is: the keys the customer is known by today, and those they were parted from."""

    names: tuple[str, ...] = ()
    former: tuple[str, ...] = ()


NOBODY = Known()
"""Whose a case is that nobody known has written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One message that shows indicators. Equal ids are one message, however often it comes."""

    message_id: str
    case_id: str
    at: datetime
    customer: str
    """The keyed hash the customer is known by; empty for somebody without a name, who proves nothing about numbers."""
    category: str
    language: str
    loss: str
    suspicious: bool
    """Whether it tells of something wrong that was done."""
    indicators: tuple[str, ...] = ()
    """Ids of indicators."""
    escalations: tuple[str, ...] = ()
    """What it demanded by itself."""
    names: tuple[str, ...] = ()
    """Every key the customer is known by today, ``customer`` first: linking identities may change which is first."""
    former: tuple[str, ...] = ()
    """Keys that the customer was parted from: the message may have been counted under one of them."""

    def known_as(self, known: Known) -> Sighting:
        """The same message, its customer under the names they have now."""
        return replace(self, customer=known.names[0], names=known.names, former=known.former) if known.names else self

    @property
    def slots(self) -> tuple[str, ...]:
        """Wherever its customer may have been counted: whom it counts for, under each of their names."""
        return tuple(dict.fromkeys((self.slot, *self.names)))

    @property
    def slot(self) -> str:
        """Whom it counts for: the customer, or for lack of a name its case."""
        return self.customer or f"case.{self.case_id}"

    @property
    def lost(self) -> bool:
        """Whether money is gone, or going."""
        return self.loss in LOST

    @property
    def order(self) -> tuple[datetime, str]:
        """The order of arrival."""
        return self.at, self.message_id


def sighting_item(sighting: Sighting) -> Item:
    """A sighting as part of an item; what says nothing is left out."""
    stored: Item = {
        "message_id": sighting.message_id,
        "case_id": sighting.case_id,
        "at": stamp(sighting.at),
        "customer": sighting.customer,
        "category": sighting.category,
        "language": sighting.language,
        "loss": sighting.loss,
        "suspicious": sighting.suspicious,
        "indicators": list(sighting.indicators),
        "escalations": list(sighting.escalations),
    }
    return {name: value for name, value in stored.items() if value not in ("", [])}


def sighting_of(stored: dict[str, Any]) -> Sighting:
    """The inverse of ``sighting_item``."""
    return Sighting(
        message_id=stored["message_id"],
        case_id=stored["case_id"],
        at=parse(stored["at"]),
        customer=stored.get("customer", ""),
        category=stored["category"],
        language=stored.get("language", ""),
        loss=stored.get("loss", "none"),
        suspicious=stored["suspicious"],
        indicators=tuple(stored.get("indicators", ())),
        escalations=tuple(stored.get("escalations", ())),
    )
