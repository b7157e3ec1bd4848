"""What DynamoDB charges for a request, by its documented rules, and how many requests there were.

DynamoDB Local reports the capacity of single reads and writes as DynamoDB does, but leaves out keys that are not there, and
reports other figures for transactions than the documentation gives. So the units are counted here, from the sizes of the
items; what the engine reports stands beside them.

Sizes: "DynamoDB item sizes and formats". Units: "DynamoDB read and write operations", "Transaction capacity units" and
"Throughput considerations for Global Secondary Indexes", all in the Developer Guide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

READ_UNIT, WRITE_UNIT = 4096, 1024
"""Octets that one unit reads (consistently) or writes."""
TRANSACTION = 2
"""A transaction writes each item twice: once to prepare, once to commit."""

Wire = Mapping[str, Any]
"""An item as DynamoDB's API has it."""


def size(item: Wire) -> int:
    """Octets of an item."""
    return sum(len(name.encode()) + _size(value) for name, value in item.items())


def _size(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    if kind == "S":
        return len(content.encode())
    if kind == "N":
        return (len(content.lstrip("-").replace(".", "").strip("0")) + 1) // 2 + 1
    if kind == "L":
        return 3 + sum(1 + _size(each) for each in content)
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + _size(each) for name, each in content.items())
    return len(content) if kind == "B" else 1


def units(octets: int, unit: int) -> int:
    """Whole units; what is not there costs one, too."""
    return max(1, -(-octets // unit))


@dataclass(frozen=True, slots=True)
class Index:
    """A global secondary index, as a table's description tells of it."""

    keys: tuple[str, ...]
    projected: frozenset[str] | None
    """Attributes it holds; ``None``: all."""

    @classmethod
    def of(cls, described: Mapping[str, Any]) -> Index:
        """Read a description of an index."""
        keys, projection = tuple(each["AttributeName"] for each in described["KeySchema"]), described["Projection"]
        if projection["ProjectionType"] == "ALL":
            return cls(keys, None)
        return cls(keys, frozenset((*keys, "pk", "sk", *projection.get("NonKeyAttributes", ()))))

    def units(self, before: Wire, after: Wire) -> int:
        """What the index is charged when an item changes: nothing where it does not show."""
        was, now = self._entry(before), self._entry(after)
        if was == now:
            return 0
        if was and now and all(was[key] == now[key] for key in self.keys):
            return units(max(size(was), size(now)), WRITE_UNIT)
        return sum(units(size(entry), WRITE_UNIT) for entry in (was, now) if entry)

    def _entry(self, item: Wire) -> Wire:
        if any(key not in item for key in self.keys):
            return {}
        return {name: value for name, value in item.items() if self.projected is None or name in self.projected}


@dataclass(slots=True)
class Consumed:
    """What was asked of the database while something was done."""

    requests: Counter[str] = field(default_factory=Counter)
    """By operation, as they went over the wire, repetitions included."""
    read: int = 0
    written: int = 0
    indexed: int = 0
    """Write units of the indexes."""
    engine_read: float = 0
    """What the engine says it was, indexes included; likewise below."""
    engine_written: float = 0


class Meter:
    """Counts what a client asks of a table. ``witness`` is another client, which looks at the items before and after."""

    def __init__(self, client: Any, witness: Any, table: str) -> None:
        self._witness, self._table = witness, table
        described = witness.describe_table(TableName=table)["Table"]
        self._indexes = [Index.of(each) for each in described.get("GlobalSecondaryIndexes", ())]
        self._consumed: Consumed | None = None
        self._keys: Sequence[Wire] = ()
        self._before: dict[str, Wire] = {}
        events = client.meta.events
        events.register("before-send.dynamodb", self._sent)
        events.register("provide-client-params.dynamodb", self._asked)
        events.register("after-call.dynamodb", self._answered)

    @contextmanager
    def counting(self) -> Iterator[Consumed]:
        """Count until left. One at a time."""
        consumed = self._consumed = Consumed()
        try:
            yield consumed
        finally:
            self._consumed = None

    def _sent(self, request: Any, **_: Any) -> None:
        if self._consumed:
            target = request.headers["X-Amz-Target"]
            operation = target.decode() if isinstance(target, bytes) else target
            self._consumed.requests[operation.partition(".")[2]] += 1

    def _asked(self, params: Any, model: Any, **_: Any) -> Any:
        if not self._consumed:
            return None
        if model.name == "BatchGetItem":
            self._keys = params["RequestItems"][self._table]["Keys"]
        else:
            self._keys = _written(params)
            self._before = self._images(self._keys)
        return {**params, "ReturnConsumedCapacity": "TOTAL"}

    def _answered(self, parsed: Mapping[str, Any], model: Any, **_: Any) -> None:
        if not self._consumed or "Error" in parsed:
            return
        said = parsed.get("ConsumedCapacity") or []
        reported = sum(float(each["CapacityUnits"]) for each in ([said] if isinstance(said, Mapping) else said))
        if model.name == "BatchGetItem":
            self._count_read(parsed["Responses"].get(self._table, ()), reported)
        else:
            self._count_written(TRANSACTION if model.name == "TransactWriteItems" else 1, reported)

    def _count_read(self, items: Sequence[Wire], reported: float) -> None:
        assert self._consumed
        missing = len(self._keys) - len(items)
        self._consumed.read += sum(units(size(item), READ_UNIT) for item in items) + missing * units(0, READ_UNIT)
        self._consumed.engine_read += reported

    def _count_written(self, times: int, reported: float) -> None:
        assert self._consumed
        after = self._images(self._keys)
        for name, item in after.items():
            before = self._before.get(name, {})
            self._consumed.written += times * units(max(size(before), size(item)), WRITE_UNIT)
            self._consumed.indexed += sum(index.units(before, item) for index in self._indexes)
        self._consumed.engine_written += reported

    def _images(self, keys: Sequence[Wire]) -> dict[str, Wire]:
        found = self._witness.batch_get_item(RequestItems={self._table: {"Keys": list(keys), "ConsistentRead": True}})
        return {f"{item['pk']['S']} {item['sk']['S']}": item for item in found["Responses"][self._table]}


def _written(params: Mapping[str, Any]) -> list[Wire]:
    """The keys of what a request writes."""
    parts = [next(iter(each.values())) for each in params["TransactItems"]] if "TransactItems" in params else [params]
    return [{name: part.get("Item", part.get("Key"))[name] for name in ("pk", "sk")} for part in parts]
