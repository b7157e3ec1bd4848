"""Event source mappings of queues: Lambda polls SQS, as its Developer Guide says ("Using Lambda with Amazon SQS").

Messages are received in batches, those that succeeded are deleted, those that failed stay in flight until their visibility
timeout ends, and the queue's own redrive policy moves what was received too often to the dead letters.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from moto.events.models import EventPattern

from local.aws.account import Account
from local.aws.function import Invocation

Json = dict[str, Any]
Invoke = Callable[[Any], Invocation]
OnBehalf = Callable[[str, str], None]
"""Enter what Lambda does with the function's role: action, ARN."""

AT_ONCE = 10
"""Most messages one ReceiveMessage gives."""


class FailedBatch(Exception):
    """A function's answer about its batch cannot be true: AWS takes the whole batch as failed."""


class QueueSource:
    """One mapping of a queue to a function."""

    def __init__(self, account: Account, mapping: Mapping[str, Any], invoke: Invoke, on_behalf: OnBehalf) -> None:
        self._account = account
        self._mapping = mapping
        self._invoke = invoke
        self._on_behalf = on_behalf
        self.arn: str = mapping["EventSourceArn"]
        self.name = self.arn.rsplit(":", 1)[-1]
        self._sqs = account.client("sqs")
        self._url = self._sqs.get_queue_url(QueueName=self.name)["QueueUrl"]

    def poll(self) -> bool:
        """Take one batch and hand it over. Gives whether there was one."""
        for action in ("sqs:ReceiveMessage", "sqs:GetQueueAttributes"):
            self._on_behalf(action, self.arn)
        messages = self._receive()
        wanted = [message for message in messages if self._wants(message)]
        failed = self._hand_over(wanted) if wanted else set()
        for message in messages:
            if message["MessageId"] not in failed:
                self._delete(message)
        return bool(messages)

    def let_time_pass(self) -> bool:
        """End the visibility timeouts. Gives whether anything comes back."""
        return self._account.let_time_pass(self.name) > 0

    def _receive(self) -> list[Json]:
        found: list[Json] = []
        wanted = self._mapping["BatchSize"]
        while len(found) < wanted:
            count = min(AT_ONCE, wanted - len(found))
            names: Any = {"MessageSystemAttributeNames": ["All"], "MessageAttributeNames": ["All"]}
            some = self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=count, **names).get("Messages", [])
            if not some:
                break
            found += some
        return found

    def _wants(self, message: Json) -> bool:
        """Apply the mapping's filter; Lambda deletes what does not pass."""
        filters = self._mapping.get("FilterCriteria", {}).get("Filters", [])
        seen = {**_record(message, self.arn), "body": _maybe_json(message["Body"])}
        return not filters or any(EventPattern.load(each["Pattern"]).matches_event(seen) for each in filters)  # type: ignore[arg-type]

    def _hand_over(self, messages: list[Json]) -> set[str]:
        """Invoke; give the ids of the messages that failed."""
        every = {message["MessageId"] for message in messages}
        invocation = self._invoke({"Records": [_record(message, self.arn) for message in messages]})
        try:
            return every if invocation.failure else set(failures(self._mapping, invocation.response, every))
        except FailedBatch:
            return every

    def _delete(self, message: Json) -> None:
        self._on_behalf("sqs:DeleteMessage", self.arn)
        self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])


def failures(mapping: Mapping[str, Any], response: Any, known: set[str]) -> list[str]:
    """Read which items of a batch failed. Raises ``FailedBatch`` for an answer AWS does not accept.

    Only a mapping that asked for it (``ReportBatchItemFailures``) gets its answer read: else silence is success.
    """
    if "ReportBatchItemFailures" not in mapping.get("FunctionResponseTypes", []) or not response:
        return []
    if not isinstance(response, Mapping):
        raise FailedBatch(repr(response))
    found = [item.get("itemIdentifier") for item in response.get("batchItemFailures") or []]
    if strangers := [identifier for identifier in found if identifier not in known]:
        raise FailedBatch(f"{strangers} were not in the batch")
    return found


def _record(message: Json, arn: str) -> Json:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {name: _attribute(each) for name, each in message.get("MessageAttributes", {}).items()},
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": arn,
        "awsRegion": arn.split(":")[3],
    }


def _attribute(value: Json) -> Json:
    lists: Json = {"stringListValues": [], "binaryListValues": []}
    return {"stringValue": value.get("StringValue"), "dataType": value["DataType"], **lists}


def _maybe_json(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body
