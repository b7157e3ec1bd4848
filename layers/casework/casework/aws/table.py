"""The case table on DynamoDB: one batch read, one conditional transaction."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import BotoCoreError, ClientError

from casework.errors import StoreUnavailable
from casework.records import OPEN, case_key, escalation_key
from casework.table import ABSENT, PRESENT, Change, Check, Conflict, Expectation, Item, Key, Put, Write
from casework.times import stamp

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BATCH_TRIES = 4
"""DynamoDB answers a throttled batch in part; the rest is asked for again, so many times."""

LAST = escalation_key("", "~").sk
"""Behind the last escalation of a case; their ids are hexadecimal."""

_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize


def _encode(value: Any) -> Any:
    """DynamoDB knows decimals, not floats."""
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, Mapping):
        return {key: _encode(entry) for key, entry in value.items()}
    return [_encode(entry) for entry in value] if isinstance(value, (list, tuple)) else value


def _decode(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {key: _decode(entry) for key, entry in value.items()}
    return [_decode(entry) for entry in value] if isinstance(value, list) else value


def to_wire(item: Mapping[str, object]) -> dict[str, Any]:
    """An item as DynamoDB's API takes it."""
    return {name: _serialize(_encode(value)) for name, value in item.items()}


def from_wire(item: Mapping[str, Any]) -> Item:
    """An item as DynamoDB's API and its streams give it."""
    return {name: _decode(_deserialize(value)) for name, value in item.items()}


class _Expression:
    """Collects the names and values that DynamoDB's expressions must not spell out."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.values: dict[str, Any] = {}

    def name(self, attribute: str) -> str:
        alias = f"#n{len(self.names)}"
        self.names[alias] = attribute
        return alias

    def value(self, value: object) -> str:
        alias = f":v{len(self.values)}"
        self.values[alias] = _serialize(_encode(value))
        return alias

    def condition(self, expect: Expectation) -> str:
        return " AND ".join(self._term(attribute, value) for attribute, value in expect.items())

    def _term(self, attribute: str, value: object) -> str:
        if value is ABSENT:
            return f"attribute_not_exists({self.name(attribute)})"
        if value is PRESENT:
            return f"attribute_exists({self.name(attribute)})"
        return f"{self.name(attribute)} = {self.value(value)}"

    def update(self, change: Change) -> str:
        clauses = {
            "SET": [f"{self.name(key)} = {self.value(value)}" for key, value in change.set.items()],
            "ADD": [f"{self.name(key)} {self.value(value)}" for key, value in change.add.items()],
            "REMOVE": [self.name(key) for key in change.remove],
        }
        return " ".join(f"{verb} {', '.join(terms)}" for verb, terms in clauses.items() if terms)

    def arguments(self) -> dict[str, Any]:
        optional = {"ExpressionAttributeNames": self.names, "ExpressionAttributeValues": self.values}
        return {name: value for name, value in optional.items() if value}


class DynamoTable:
    """A ``casework.table.Table`` on one DynamoDB table."""

    def __init__(self, client: DynamoDBClient, name: str) -> None:
        self._client = client
        self._name = name

    def read(self, keys: Sequence[Key]) -> dict[Key, Item]:
        """Those items that exist, strongly consistent."""
        wanted: Any = {self._name: {"Keys": [to_wire(key._asdict()) for key in keys], "ConsistentRead": True}}
        found: dict[Key, Item] = {}
        for attempt in range(BATCH_TRIES):
            answer = self._call("batch_get_item", RequestItems=wanted)
            items = [from_wire(item) for item in answer["Responses"].get(self._name, ())]
            found.update((Key(item["pk"], item["sk"]), item) for item in items)
            wanted = answer.get("UnprocessedKeys")
            if not wanted:
                return found
            time.sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311 - jitter, not a secret
        raise StoreUnavailable("the case table is throttling reads")

    def write(self, writes: Sequence[Write]) -> None:
        """All or nothing. A single write goes without a transaction, which costs half; what only checks stands beside others."""
        if len(writes) == 1:
            verb, request = self._request(writes[0])
            self._call(_ALONE[verb], **request)
        else:
            self._call("transact_write_items", TransactItems=[dict([self._request(write)]) for write in writes])

    def overdue(self, now: datetime) -> Iterator[Item]:
        """Open escalations due at or before ``now``, from the index, page by page."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            IndexName="due",
            KeyConditionExpression="#due = :open AND #due_at <= :now",
            ExpressionAttributeNames={"#due": "due", "#due_at": "due_at"},
            ExpressionAttributeValues={":open": {"S": OPEN}, ":now": {"S": stamp(now)}},
        )
        for page in self._pages(pages):
            yield from (from_wire(item) for item in page["Items"])

    def case(self, case_id: str) -> list[Item]:
        """The case and its escalations, strongly consistent: they stand together, before its messages."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            ConsistentRead=True,
            KeyConditionExpression="#pk = :case AND #sk BETWEEN :first AND :last",
            ExpressionAttributeNames={"#pk": "pk", "#sk": "sk"},
            ExpressionAttributeValues=to_wire({":case": case_key(case_id).pk, ":first": case_key(case_id).sk, ":last": LAST}),
        )
        return [from_wire(item) for page in self._pages(pages) for item in page["Items"]]

    def _pages(self, pages: Iterable[Any]) -> Iterator[Any]:
        try:
            yield from pages
        except (ClientError, BotoCoreError) as error:
            raise StoreUnavailable(str(error)) from error

    def _request(self, write: Write) -> tuple[str, dict[str, Any]]:
        expression = _Expression()
        request: dict[str, Any] = {"TableName": self._name}
        if isinstance(write, Put):
            verb, request["Item"] = "Put", to_wire(write.item)
        elif isinstance(write, Check):
            verb, request["Key"] = "ConditionCheck", to_wire(write.key._asdict())
        else:
            verb, request["Key"] = "Update", to_wire(write.key._asdict())
            request["UpdateExpression"] = expression.update(write)
        if write.expect:
            request["ConditionExpression"] = expression.condition(write.expect)
        return verb, request | expression.arguments()

    def _call(self, operation: str, **request: Any) -> Any:
        try:
            return getattr(self._client, operation)(**request)
        except ClientError as error:
            raise _translated(error) from error
        except BotoCoreError as error:
            raise StoreUnavailable(str(error)) from error


_ALONE = {"Put": "put_item", "Update": "update_item"}
LOST_RACES = {"ConditionalCheckFailed", "TransactionConflict"}


def _translated(error: ClientError) -> Exception:
    """A lost race is a ``Conflict``; a throttled or absent table is ``StoreUnavailable``; anything else is our mistake."""
    code = error.response["Error"]["Code"]
    reasons = {reason.get("Code") for reason in error.response.get("CancellationReasons", ())}
    if code in {"ConditionalCheckFailedException", "TransactionConflictException"} or reasons & LOST_RACES:
        return Conflict(code)
    if code in {"ValidationException", "AccessDeniedException"} or "ValidationError" in reasons:
        return error
    return StoreUnavailable(f"{code}: {', '.join(sorted(filter(None, reasons)))}")
