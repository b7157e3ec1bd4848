"""Notifier: one message in words for each escalation and rung, to the team's topic."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casework import policy, runtime
from casework.aws.queue import each_message
from casework.settings import setting
from functions.notify.delivery import Notifier, Told, queued_event

log = runtime.logger("notify")
notifier = Notifier(runtime.table(), runtime.topics(), policy.load(), runtime.link_key(), setting("PUBLIC_URL"))


def notify(record: Mapping[str, Any]) -> None:
    """Send what one event asks for, unless it was sent before or a campaign answers for it."""
    wanted = queued_event(record["body"])
    told = notifier.notify(wanted, runtime.now())
    log.info(told.value, escalation=wanted.escalation_id, rung=wanted.rung, team=wanted.team)
    if told is Told.FOLDED:
        runtime.count("NotificationsFolded")


def handler(event: Any, _context: object) -> dict[str, object]:
    """Notify for every event of the batch; those that failed are named, so that only they come again."""
    return each_message(event, log, notify)
