"""A history in words, for whoever plays a seed again."""

from __future__ import annotations

from collections.abc import Iterator

from casework.table import Item
from local.simulation.scenario import Writing
from local.simulation.world import Commanded, World


def told(world: World) -> Iterator[str]:
    """What was written by whom, and what the table says became of it."""
    yield from map(_writing, world.scenario.writings)
    numbers = {writing.message.message_id: writing.number for writing in world.scenario.writings}
    yield from (f"  - {_ordered(each)}" for each in world.commanded)
    yield from (_stored(item, numbers) for item in world.table.items.values() if item.get("kind") in _STORED)


def _writing(writing: Writing) -> str:
    who = " ".join(f"{each.kind.value}:{each.value} ({each.trust.value})" for each in writing.message.identities) or "nobody"
    marks = {
        f"answers {writing.answers}": writing.answers >= 0,
        "a month later": writing.later,
        "two renditions": writing.other is not None,
        "key reused": writing.reused is not None,
        "bounce": writing.held,
        "unreadable": writing.unreadable,
    }
    said = ", ".join(mark for mark, holds in marks.items() if holds)
    about = f"{writing.matter} of {writing.about[1]}" if writing.matter else "nothing"
    at, channel = f"{writing.message.received_at:%d %H:%M}", writing.message.source.channel.value
    return f"{writing.number:>3} {at} {channel} by {writing.writer} about {about}, from {who}; {said}"


_STORED = {
    "message": ("case_id", "outcome", "unverified", "duplicate", "related"),
    "quarantined": ("cause",),
    "escalation": ("case_id", "cause", "team", "severity", "rung", "acknowledged_by"),
    "campaign": ("campaign_id", "status", "messages", "customers"),
    "case": ("case_id", "category", "severity", "messages"),
}


def _ordered(commanded: Commanded) -> str:
    """What was commanded, and what was answered."""
    about = ", ".join(f"{name} {value}" for name, value in commanded.given.items() if name not in {"command", "by", "reason"})
    return f"{commanded.given['command']} {about}: {commanded.answer.outcome}, {commanded.answer.code}"


def _stored(item: Item, numbers: dict[str, int]) -> str:
    number = numbers.get(str(item.get("message_id", item.get("opened_by", ""))), "")
    facts = ", ".join(f"{name} {item[name]}" for name in _STORED[item["kind"]] if name in item)
    return f"{number:>3} {item['kind']}: {facts}"
