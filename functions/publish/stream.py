"""The table's stream, record by record: what each change announces."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.aws.queue import described
from casework.aws.table import from_wire
from casework.errors import NotOurEvent
from casework.events import Event, announcements


@dataclass(frozen=True, slots=True)
class Announcement:
    """An event, and the stream's record it comes from."""

    sequence_number: str
    event: Event


def changes(event: Any) -> Sequence[Announcement]:
    """What a batch of stream records announces, in order. Raises ``NotOurEvent`` for an event of any other kind."""
    records = event.get("Records") if isinstance(event, Mapping) else None
    if not isinstance(records, list) or any(record.get("eventSource") != "aws:dynamodb" for record in records):
        raise NotOurEvent(f"expected records of the table's stream; {described(event)}")
    return [announcement for record in records for announcement in _announced(record["dynamodb"])]


def _announced(change: Mapping[str, Any]) -> Iterator[Announcement]:
    before, after = (from_wire(change[name]) if name in change else None for name in ("OldImage", "NewImage"))
    for event in announcements(before, after):
        yield Announcement(change["SequenceNumber"], event)


def failures(announced: Sequence[Announcement], refused: Collection[str]) -> list[dict[str, str]]:
    """The records whose events the bus refused, in Lambda's words.

    Lambda goes on from the earliest of them, so that later events are announced twice: their ids say so.
    """
    return [{"itemIdentifier": each.sequence_number} for each in announced if each.event.event_id in refused]
