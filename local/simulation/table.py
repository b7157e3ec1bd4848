"""A case table in memory that keeps DynamoDB's promises, its stream, and an index that may lag behind."""

from __future__ import annotations

import marshal
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from casework.records import OPEN, case_key, escalation_key
from casework.table import ABSENT, PRESENT, Change, Check, Conflict, Expectation, Item, Key, Put, Write
from casework.times import stamp

MOST = 100
"""Items that DynamoDB takes in one call."""
_INDEXED = ("pk", "sk", "due", "due_at", "rung", "severity", "team")
_STRICTLY = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS


class Record(NamedTuple):
    """One entry of the stream: the images of an item before and after a write that changed it."""

    key: Key
    before: Item | None
    after: Item


class MemoryTable:
    """A ``casework.table.CaseTable`` for one thread.

    ``items`` and the images of ``stream`` are never changed once they are there; nobody else may change them either.
    ``stream`` has the changes in the order they happened. A write that changes nothing leaves no record, as in DynamoDB.
    """

    def __init__(self) -> None:
        self.items: dict[Key, Item] = {}
        self.stream: list[Record] = []
        self._kinds: defaultdict[str, dict[Key, Item]] = defaultdict(dict)
        self._due: dict[Key, Item] = {}
        self._indexed: dict[Key, Item] = {}

    def read(self, keys: Sequence[Key]) -> dict[Key, Item]:
        """Those that exist, as copies of their own."""
        _check(keys)
        return {key: _copied(self.items[key]) for key in keys if key in self.items}

    def write(self, writes: Sequence[Write]) -> None:
        """All, or none and ``Conflict``."""
        _check([write.key for write in writes])
        if not all(_holds(self.items.get(write.key, {}), write.expect) for write in writes):
            raise Conflict("an expectation did not hold")
        for write in writes:
            self._apply(write)

    def case(self, case_id: str) -> list[Item]:
        """The case, and its escalations."""
        first, last = case_key(case_id), escalation_key(case_id, "~")
        found = sorted(key for key in self.items if key.pk == first.pk and first.sk <= key.sk <= last.sk)
        return [_copied(self.items[key]) for key in found]

    def overdue(self, now: datetime, *, lagging: bool = False) -> Iterator[Item]:
        """From the index, which is brought up to date first unless it is ``lagging``."""
        if not lagging:
            self._indexed = dict(self._due)
        late = [item for item in self._indexed.values() if item["due_at"] <= stamp(now)]
        for item in sorted(late, key=lambda each: (each["due_at"], each["pk"], each["sk"])):
            yield {name: item[name] for name in _INDEXED if name in item}

    def of_kind(self, kind: str) -> list[Item]:
        """Every item of a kind, oldest first."""
        return list(self._kinds[kind].values())

    def _apply(self, write: Write) -> None:
        if isinstance(write, Check):
            return
        key = write.key
        before = self.items.get(key)
        after = _written(before, write)
        if after == before:
            return
        self.items[key] = self._kinds[after.get("kind", "")][key] = after
        self.stream.append(Record(key, before, after))
        if after.get("due") == OPEN:
            self._due[key] = after
        else:
            self._due.pop(key, None)


def _check(keys: Sequence[Key]) -> None:
    if not 0 < len(keys) <= MOST:
        raise ValueError(f"DynamoDB takes 1 to {MOST} items, not {len(keys)}")
    if len(set(keys)) < len(keys):
        raise ValueError("DynamoDB refuses one key twice")


def _written(before: Item | None, write: Put | Change) -> Item:
    if isinstance(write, Put):
        return as_stored(write.item)
    after = {**(before or write.key._asdict()), **as_stored(dict(write.set))}
    for name, more in write.add.items():
        after[name] = after.get(name, 0) + more
    for name in write.remove:
        after.pop(name, None)
    return after


def _holds(item: Item, expect: Expectation) -> bool:
    return all(_meets(item, name, wanted) for name, wanted in expect.items())


def _meets(item: Item, name: str, wanted: object) -> bool:
    if wanted is ABSENT:
        return name not in item
    return name in item and (wanted is PRESENT or item[name] == wanted)


def _copied(item: Item) -> Item:
    copied: Item = marshal.loads(marshal.dumps(item))
    return copied


def as_stored(item: dict[str, Any]) -> Item:
    """What comes back of an item: no tuples, no enums, nothing that a table cannot hold."""
    stored: Item = orjson.loads(orjson.dumps(item, option=_STRICTLY))
    return stored
