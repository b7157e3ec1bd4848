"""The case table as the desk sees it: consistent reads by key, and writes that happen together or not at all.

The Protocol has two implementations: DynamoDB (``casework.aws.table``) and an in-memory one in the tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol

Item = dict[str, Any]


class Key(NamedTuple):
    """The primary key of an item."""

    pk: str
    sk: str


class _Marker:
    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


ABSENT: Final = _Marker("ABSENT")
"""In an expectation: the attribute must not exist. ``{"pk": ABSENT}`` means that the item must not exist."""
PRESENT: Final = _Marker("PRESENT")
"""In an expectation: the attribute must exist. ``{"pk": PRESENT}`` means that the item must exist."""

Expectation = Mapping[str, object]
"""What every named attribute must be when the write happens: a value, ``ABSENT`` or ``PRESENT``."""


@dataclass(frozen=True, slots=True)
class Put:
    """Write an item whole, if ``expect`` holds."""

    item: Item
    expect: Expectation = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """Where it goes."""
        return Key(self.item["pk"], self.item["sk"])


@dataclass(frozen=True, slots=True)
class Change:
    """Change some attributes of an item, if ``expect`` holds. ``add`` counts upwards from nothing."""

    key: Key
    set: Mapping[str, object] = field(default_factory=dict)
    add: Mapping[str, int] = field(default_factory=dict)
    remove: tuple[str, ...] = ()
    expect: Expectation = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Check:
    """Write nothing; but without ``expect`` holding, nothing of what stands beside it is written either."""

    key: Key
    expect: Expectation


Write = Put | Change | Check


class Conflict(Exception):
    """An expectation did not hold, or another writer was at the same items: nothing was written. Read again and decide again."""


class Table(Protocol):
    """What the desk, the chaser and the acknowledger need of a store. Raises ``StoreUnavailable`` when it does not answer."""

    def read(self, keys: Sequence[Key]) -> dict[Key, Item]:
        """Those of at most 100 items that exist, each as it was last written; one round trip."""

    def write(self, writes: Sequence[Write]) -> None:
        """All of at most 100 writes to distinct items, or none and ``Conflict``; one round trip."""

    def overdue(self, now: datetime) -> Iterable[Item]:
        """Open escalations due at or before ``now``, earliest first: keys, ``due_at``, ``rung``, ``severity`` and ``team``."""


class CaseTable(Table, Protocol):
    """What commands need besides: a case with all that was demanded in it."""

    def case(self, case_id: str) -> Sequence[Item]:
        """The case's own item, first, and its escalations, each as it was last written; nothing when there is no such case."""
