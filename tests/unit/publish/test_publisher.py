"""From the table's stream to the bus, item by item."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from casework.aws.bus import Bus
from casework.aws.table import to_wire
from casework.errors import NotOurEvent
from casework.events import Event
from functions.publish.stream import changes, failures
from tests.builders import DRAINED, a_desk, a_message


class ABus:
    """PutEvents that refuses what it is told to, or a whole call."""

    def __init__(self, refuse: frozenset[int] = frozenset(), down: frozenset[int] = frozenset()) -> None:
        self.calls: list[list[dict[str, Any]]] = []
        self._refuse, self._down = refuse, down

    def put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 - the API's name
        call, first = len(self.calls), sum(map(len, self.calls))
        self.calls.append(Entries)
        if call in self._down:
            raise ClientError({"Error": {"Code": "InternalFailure"}}, "PutEvents")
        entries = [{"ErrorCode": "Throttled"} if first + at in self._refuse else {"EventId": "x"} for at in range(len(Entries))]
        return {"FailedEntryCount": len(self._refuse), "Entries": entries}


def stream(count: int) -> dict[str, Any]:
    """The stream's batch after ``count`` customers had the same emergency."""
    desk, table = a_desk()
    for number in range(count):
        desk.receive(a_message(f"{DRAINED} ({number})", identities=(), name=str(number)))
    return {"Records": list(_records(table.changes))}


def _records(images: list[Any]) -> Iterator[dict[str, Any]]:
    for number, (before, after) in enumerate(images):
        change = {"SequenceNumber": str(100 + number), "NewImage": to_wire(after)}
        yield {"eventSource": "aws:dynamodb", "dynamodb": change | ({"OldImage": to_wire(before)} if before else {})}


def publish(bus: ABus, event: dict[str, Any]) -> tuple[list[Event], list[dict[str, str]]]:
    announced = changes(event)
    refused = Bus(bus, "cases").publish([each.event for each in announced])  # type: ignore[arg-type]
    return [each.event for each in announced], failures(announced, refused)


def test_events_go_out_in_chunks_of_ten() -> None:
    bus = ABus()
    events, failed = publish(bus, stream(13))
    assert (len(events), [len(call) for call in bus.calls], failed) == (26, [10, 10, 6], [])


def test_only_the_refused_entries_are_reported_for_another_try() -> None:
    event = stream(8)
    announced = changes(event)
    _, failed = publish(ABus(refuse=frozenset({3, 12})), event)
    assert failed == [{"itemIdentifier": announced[at].sequence_number} for at in (3, 12)]


def test_a_call_that_fails_as_a_whole_reports_each_of_its_records() -> None:
    _, failed = publish(ABus(down=frozenset({1})), stream(8))
    assert len(failed) == 6


def test_an_entry_says_what_rules_route_by() -> None:
    bus = ABus()
    publish(bus, stream(1))
    entry = next(entry for call in bus.calls for entry in call if entry["DetailType"] == "EscalationRaised")
    assert (entry["Source"], entry["EventBusName"]) == ("casework", "cases")
    assert '"team":"fraud"' in entry["Detail"]


@pytest.mark.parametrize("event", [{}, {"Records": [{"eventSource": "aws:sqs"}]}, {"Records": None}, []])
def test_an_event_of_another_kind_is_refused(event: Any) -> None:
    with pytest.raises(NotOurEvent, match="expected records of the table's stream"):
        changes(event)
