"""Publisher: what was recorded in the table is announced on the bus. It is the only function that may."""

from __future__ import annotations

from typing import Any

from casework import runtime
from functions.publish.stream import changes, failures

log = runtime.logger("publish")
bus = runtime.bus()


def handler(event: Any, _context: object) -> dict[str, object]:
    """Announce every change of the batch; those that the bus did not take are named, so that they come again."""
    announced = changes(event)
    refused = bus.publish([each.event for each in announced])
    log.info("changes_announced", announced=len(announced) - len(refused), refused=len(refused))
    return {"batchItemFailures": failures(announced, refused)}
