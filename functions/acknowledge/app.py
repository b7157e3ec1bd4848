"""The door an escalation's link leads to: ``GET`` and ``POST /acknowledge``."""

from __future__ import annotations

from casework import runtime
from casework.gateway import Reply
from functions.acknowledge.counter import Counter

counter = Counter(
    escalations=runtime.escalations(),
    key=runtime.link_key(),
    now=runtime.now,
    note=runtime.logger("acknowledge").info,
)


def handler(event: dict[str, object], _context: object) -> Reply:
    """Answer one request."""
    return counter.answer(event)
