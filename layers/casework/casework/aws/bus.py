"""The event bus: entries in chunks of ten, and the truth about each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from casework.events import SOURCE, Event

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef

CHUNK = 10
"""PutEvents takes no more entries at once."""


class Bus:
    """One custom event bus."""

    def __init__(self, client: EventBridgeClient, name: str) -> None:
        self._client = client
        self._name = name

    def publish(self, events: Sequence[Event]) -> tuple[str, ...]:
        """Announce the events; returns the ids of those that the bus did not take and that must be announced again."""
        chunks = (events[start : start + CHUNK] for start in range(0, len(events), CHUNK))
        return tuple(event_id for chunk in chunks for event_id in self._refused(chunk))

    def _refused(self, chunk: Sequence[Event]) -> Iterator[str]:
        """PutEvents answers 200 for a chunk of which it took only a part: every entry tells for itself."""
        try:
            answer = self._client.put_events(Entries=[self._entry(event) for event in chunk])
        except (ClientError, BotoCoreError):
            # Nothing of the chunk is known to have arrived; the caller reports each of its records for another try.
            yield from (event.event_id for event in chunk)
            return
        for event, entry in zip(chunk, answer["Entries"], strict=True):
            if entry.get("ErrorCode"):
                yield event.event_id

    def _entry(self, event: Event) -> PutEventsRequestEntryTypeDef:
        return {
            "EventBusName": self._name,
            "Source": SOURCE,
            "DetailType": type(event).__name__,
            "Detail": event.model_dump_json(),
            "Time": event.occurred_at,
            "Resources": [f"case/{event.case_id}"] if event.case_id else [],
        }
