"""moto's DynamoDB, made to behave where casework leans on it hardest: transactions and the stream.

Three things moto 5.2 does otherwise than DynamoDB, each put right for as long as ``corrected()`` is entered:

* A transaction copies every table it touches, whole, once per item, so that it can put the copy back. Here only the items
  it touches are remembered: all conditions are checked before anything is written, and what was written is taken back if a
  later write fails.
* Nothing keeps one request out of another's way: threads see half a transaction, and the copy that is put back undoes what
  others wrote meanwhile. Here one request at a time is served: a history that DynamoDB could have produced too.
* The stream announces an update that creates an item as two records, and an update that changes nothing as one. DynamoDB
  announces one and none (Developer Guide, "Change data capture for DynamoDB Streams"). A transaction that failed announces
  nothing.

The errors are moto's own, so botocore sees what it saw before. A request token is honoured as DynamoDB honours it, for the
token's ten minutes: the same request again succeeds without effect, so that a client may repeat a transaction whose answer
it never got.
"""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from unittest.mock import patch

from moto.dynamodb.comparisons import get_filter_expression
from moto.dynamodb.exceptions import (
    ConditionalCheckFailed,
    DynamodbException,
    MockValidationException,
    MultipleTransactionsException,
    TooManyTransactionsException,
    TransactionCanceledException,
    TransactWriteSingleOpException,
)
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler
from moto.dynamodbstreams.responses import DynamoDBStreamsHandler

TOKEN_SECONDS = 600
"""How long a ClientRequestToken is remembered (API reference of TransactWriteItems)."""

MOST_ACTIONS = 100
"""Most actions of one transaction (API reference of TransactWriteItems)."""

Attributes = dict[str, Any]
Reason = tuple[str | None, str | None, Attributes | None]
"""Code, message and, if asked for, the item as it is. Only ``None`` means that this action had no objection."""

_AGREED: Reason = (None, None, None)
_original_update = DynamoDBBackend.update_item


@contextmanager
def corrected() -> Iterator[None]:
    """Serve DynamoDB as described above while entered. Reentrant; affects every moto backend of this process."""
    lock, tokens = threading.RLock(), _Tokens()
    with ExitStack() as stack:
        for handler in (DynamoHandler, DynamoDBStreamsHandler):
            stack.enter_context(patch.object(handler, "call_action", _one_at_a_time(lock, handler.call_action)))
        stack.enter_context(patch.object(DynamoDBBackend, "transact_write_items", _transact_write_items))
        stack.enter_context(patch.object(DynamoDBBackend, "update_item", _update_item))
        respond = _with_token(tokens, DynamoHandler.transact_write_items)
        stack.enter_context(patch.object(DynamoHandler, "transact_write_items", respond))
        yield


def _one_at_a_time(lock: threading.RLock, call_action: Callable[[Any], Any]) -> Callable[[Any], Any]:
    @wraps(call_action)
    def serve(handler: Any) -> Any:
        with lock:
            return call_action(handler)

    return serve


# --- request tokens ---------------------------------------------------------------------------------------------------


class _Tokens:
    """Which requests succeeded lately, by token."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[float, Any]] = {}

    def knows(self, token: str, request: Any) -> bool:
        """Whether this very request succeeded under this token. Another request under it is an error."""
        self._seen = {key: value for key, value in self._seen.items() if time.monotonic() - value[0] < TOKEN_SECONDS}
        if token not in self._seen:
            return False
        if self._seen[token][1] != request:
            raise _IdempotentParameterMismatch
        return True

    def remember(self, token: str, request: Any) -> None:
        self._seen[token] = (time.monotonic(), request)


class _IdempotentParameterMismatch(DynamodbException):
    def __init__(self) -> None:
        error_type = "com.amazonaws.dynamodb.v20120810#IdempotentParameterMismatchException"
        super().__init__(error_type, "A request token was used again with another request")


def _with_token(tokens: _Tokens, respond: Callable[[Any], Any]) -> Callable[[Any], Any]:
    @wraps(respond)
    def transact_write_items(handler: Any) -> Any:
        token, request = handler.body.get("ClientRequestToken"), copy.deepcopy(handler.body["TransactItems"])
        if token and tokens.knows(token, request):
            return _nothing_to_do(respond, handler)
        answer = respond(handler)
        if token:
            tokens.remember(token, request)
        return answer

    return transact_write_items


def _nothing_to_do(respond: Callable[[Any], Any], handler: Any) -> Any:
    """Answer as a transaction does, without its effect."""
    with patch.object(DynamoDBBackend, "transact_write_items"):
        return respond(handler)


# --- the transaction --------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Action:
    """One action of a transaction, with the item it is about as it was before."""

    kind: str
    request: Attributes
    table: Table
    key: Attributes
    before: Item | None

    @property
    def identity(self) -> tuple[str, str]:
        return self.table.name, str(sorted(self.key.items()))

    def objection(self) -> Reason:
        """Why this action cannot be done, by its condition alone."""
        condition = self.request.get("ConditionExpression")
        if condition is None or self._holds(condition):
            return _AGREED
        failure = ConditionalCheckFailed(item=self._shown())
        return ("ConditionalCheckFailed", str(failure.message), self._shown())

    def apply(self, backend: DynamoDBBackend) -> None:
        """Write, with no regard for the condition: it was checked."""
        name = self.table.name
        if self.kind == "Put":
            backend.put_item(name, self.request["Item"])
        elif self.kind == "Delete":
            backend.delete_item(name, self.key)
        elif self.kind == "Update":
            _original_update(backend, name, self.key, self.request["UpdateExpression"], *self._expression_attributes())

    def _holds(self, condition: str) -> bool:
        return bool(get_filter_expression(condition, *self._expression_attributes()).expr(self.before))

    def _expression_attributes(self) -> tuple[Any, Any]:
        return self.request.get("ExpressionAttributeNames"), self.request.get("ExpressionAttributeValues")

    def _shown(self) -> Attributes | None:
        wanted = self.request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
        return self.before.to_json()["Attributes"] if wanted and self.before is not None else None


def _transact_write_items(backend: DynamoDBBackend, transact_items: list[Attributes]) -> None:
    if len(transact_items) > MOST_ACTIONS:
        raise TooManyTransactionsException
    actions = [_action(backend, item) for item in transact_items]
    if len({action.identity for action in actions}) < len(actions):
        raise MultipleTransactionsException
    _refuse([action.objection() for action in actions])
    with _journal(backend) as journal:
        _apply(backend, actions, journal)


def _action(backend: DynamoDBBackend, item: Attributes) -> _Action:
    if len(item) > 1:
        raise TransactWriteSingleOpException
    kind, request = next(iter(item.items()))
    table = backend.get_table(request["TableName"])
    source = request["Item"] if kind == "Put" else request["Key"]
    key = {name: source[name] for name in table.table_key_attrs if name in source}
    if len(key) < len(table.table_key_attrs):
        raise MockValidationException("The provided key element does not match the schema")
    return _Action(kind, request, table, key, backend.get_item(table.name, key))


def _apply(backend: DynamoDBBackend, actions: list[_Action], journal: _Journal) -> None:
    for position, action in enumerate(actions):
        if action.kind == "ConditionCheck":
            continue
        journal.note(action.table, action.key)
        try:
            action.apply(backend)
        except MockValidationException:
            raise
        except DynamodbException as error:
            reasons = [_AGREED] * len(actions)
            reasons[position] = (type(error).__name__, str(error), None)
            _refuse(reasons)


def _refuse(reasons: list[Reason]) -> None:
    if any(code is not None for code, _, _ in reasons):
        raise TransactionCanceledException(reasons)


# --- what was, in case it must be again; and one stream record per item ---------------------------------------------------


@dataclass(slots=True)
class _Journal:
    """The items a request touches, as they were, and the shards that must not hear of it before it is over."""

    backend: DynamoDBBackend
    before: list[tuple[Table, Attributes, Item | None]] = field(default_factory=list)
    shards: dict[str, Any] = field(default_factory=dict)

    def note(self, table: Table, key: Attributes) -> None:
        self.before.append((table, key, copy.deepcopy(self.backend.get_item(table.name, key))))
        self.shards.setdefault(table.name, table.stream_shard)
        table.stream_shard = None

    def undo(self) -> None:
        for table, key, item in reversed(self.before):
            _restore(self.backend, table, key, item)

    def reopen(self) -> None:
        for table, _, _ in self.before:
            table.stream_shard = self.shards[table.name]

    def announce(self) -> None:
        for table, key, old in self.before:
            new = self.backend.get_item(table.name, key)
            if table.stream_shard is not None and _changed(old, new):
                table.stream_shard.add(old, new)


@contextmanager
def _journal(backend: DynamoDBBackend) -> Iterator[_Journal]:
    journal = _Journal(backend)
    try:
        yield journal
    except BaseException:
        journal.undo()
        journal.reopen()
        raise
    journal.reopen()
    journal.announce()


def _restore(backend: DynamoDBBackend, table: Table, key: Attributes, item: Item | None) -> None:
    """Put an item back as it was; deeper than the backend's own calls, which would check and announce."""
    hash_value, range_value = backend.get_keys_value(table, key)
    if range_value is None:
        _put_back(table.items, hash_value, item)
    else:
        _put_back(table.items[hash_value], range_value, item)


def _put_back(items: Any, key: Any, item: Item | None) -> None:
    if item is None:
        items.pop(key, None)
    else:
        items[key] = item


def _changed(old: Item | None, new: Item | None) -> bool:
    return (old.to_json() if old else None) != (new.to_json() if new else None)


def _update_item(backend: DynamoDBBackend, table_name: str, key: Attributes, *args: Any, **options: Mapping[str, Any]) -> Item:
    """One record in the stream for one update, and no trace of an update that failed."""
    with _journal(backend) as journal:
        journal.note(backend.get_table(table_name), key)
        return _original_update(backend, table_name, key, *args, **options)  # type: ignore[arg-type]
