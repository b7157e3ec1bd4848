"""Chaser: an escalation that nobody acknowledged in time climbs one rung, by the table alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casework import policy, runtime
from casework.aws.queue import described
from casework.errors import NotOurEvent
from casework.escalation import climb
from casework.times import parse

log = runtime.logger("chase")
table = runtime.table()
rules = policy.load()


def handler(event: Any, _context: object) -> dict[str, object]:
    """Sweep once, at the schedule's time. A sweep that was lost is made good by the next one."""
    if not isinstance(event, Mapping) or event.get("detail-type") != "Scheduled Event" or event.get("source") != "aws.events":
        raise NotOurEvent(f"expected a scheduled event; {described(event)}")
    climbed = list(climb(table, rules, parse(event["time"])))
    for each in climbed:
        log.info(
            "escalation_climbed", escalation=each.escalation_id, rung=each.rung, severity=each.severity, exhausted=each.exhausted
        )
    runtime.count("EscalationsOverdue", len(climbed))
    runtime.count("LaddersExhausted", sum(each.exhausted for each in climbed))
    return {"climbed": len(climbed)}
