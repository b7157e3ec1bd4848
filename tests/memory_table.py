"""A case table in memory: the same promises as DynamoDB's, and a count of what was asked."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from casework.records import OPEN, case_key, escalation_key
from casework.table import ABSENT, PRESENT, Check, Conflict, Expectation, Item, Key, Put, Write
from casework.times import stamp

Fault = Callable[[str], None]


class MemoryTable:
    """A ``casework.table.Table``. ``trips`` counts round trips; ``changes`` is its stream: pairs of images, in order."""

    def __init__(self) -> None:
        self.items: dict[Key, Item] = {}
        self.changes: list[tuple[Item | None, Item | None]] = []
        self.trips: list[str] = []
        self.before: Fault = lambda _operation: None
        self.after: Fault = lambda _operation: None

    def __contains__(self, key: Key) -> bool:
        return key in self.items

    def of_kind(self, kind: str) -> list[Item]:
        return [item for item in self.items.values() if item["kind"] == kind]

    def read(self, keys: Sequence[Key]) -> dict[Key, Item]:
        self._call("read", len(keys), len(set(keys)))
        found = {key: copy.deepcopy(self.items[key]) for key in keys if key in self.items}
        self.after("read")
        return found

    def write(self, writes: Sequence[Write]) -> None:
        self._call("write", len(writes), len({write.key for write in writes}))
        if not all(self._holds(write.key, write.expect) for write in writes):
            raise Conflict("an expectation did not hold")
        for write in writes:
            self._apply(write)
        self.after("write")

    def case(self, case_id: str) -> list[Item]:
        self._call("query", 1, 1)
        first, last = case_key(case_id), escalation_key(case_id, "~")
        kept = sorted(key for key in self.items if key.pk == first.pk and first.sk <= key.sk <= last.sk)
        found = [copy.deepcopy(self.items[key]) for key in kept]
        self.after("query")
        return found

    def overdue(self, now: datetime) -> Iterator[Item]:
        due = [item for item in self.items.values() if item.get("due") == OPEN and item["due_at"] <= stamp(now)]
        for item in sorted(due, key=lambda each: each["due_at"]):
            yield {name: item[name] for name in ("pk", "sk", "due", "due_at", "rung", "severity", "team")}

    def _call(self, operation: str, count: int, distinct: int) -> None:
        assert 0 < count <= 100, f"DynamoDB takes 1 to 100 items, not {count}"
        assert count == distinct, "DynamoDB refuses one key twice"
        self.trips.append(operation)
        self.before(operation)

    def _holds(self, key: Key, expect: Expectation) -> bool:
        item = self.items.get(key, {})
        return all(_meets(item, attribute, value) for attribute, value in expect.items())

    def _apply(self, write: Write) -> None:
        if isinstance(write, Check):
            return
        before = self.items.get(write.key)
        if isinstance(write, Put):
            after = as_stored(write.item)
        else:
            after = {**(before or write.key._asdict()), **as_stored(dict(write.set))}
            after |= {name: after.get(name, 0) + value for name, value in write.add.items()}
            after = {name: value for name, value in after.items() if name not in write.remove}
        self.items[write.key] = after
        self.changes.append((copy.deepcopy(before), copy.deepcopy(after)))


def _meets(item: Item, attribute: str, value: object) -> bool:
    if value is ABSENT:
        return attribute not in item
    return attribute in item and (value is PRESENT or item[attribute] == value)


def as_stored(item: dict[str, Any]) -> Item:
    """What comes back of an item: no tuples, no enums, nothing that a table cannot hold."""
    return json.loads(json.dumps(item, allow_nan=False))  # type: ignore[no-any-return]
