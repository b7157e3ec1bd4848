"""Event source mappings of a table's stream: Lambda reads DynamoDB Streams, in order, shard by shard.

As the Developer Guide says ("Process DynamoDB records with Lambda", "Configuring partial batch response"): a batch that
failed blocks its shard and comes again, from the lowest sequence number the function reported; with
``BisectBatchOnFunctionError`` it comes in halves; after ``MaximumRetryAttempts`` it is set aside at the on-failure destination
and the shard goes on. How AWS splits a batch whose first record is the failed one is not documented; here it is halved too.

Not like AWS: no time passes, so nothing grows older than ``MaximumRecordAgeInSeconds``; ``LATEST`` starts at the beginning, for
the mapping is as old as the table. Where each shard stands is kept in the account (``Checkpoints``), as AWS keeps it, so that
another process can go on where one was killed.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError
from moto.events.models import EventPattern

from local.aws.account import Account
from local.aws.function import Invocation
from local.aws.queues import FailedBatch, Invoke, OnBehalf, failures
from local.aws.template import ARTEFACTS

Json = dict[str, Any]


@dataclass(slots=True)
class Position:
    """Where the reader of one shard stands."""

    after: str = ""
    """Sequence number of the last record that is done with; empty: none."""
    attempts: int = 0
    """How often what comes next has failed as a whole."""
    size: int = 0
    """Most records of the next batch, when less than the mapping's batch size; 0: no such limit."""


class Checkpoints:
    """Positions by shard, kept in the account beside the artefacts."""

    def __init__(self, account: Account, mapping: str) -> None:
        self._s3 = account.client("s3")
        self._prefix = f"checkpoints/{mapping}/"
        self._known: dict[str, Position] = {}

    def of(self, shard: str) -> Position:
        """Give the position of a shard; changes to it last once ``keep`` is called."""
        if shard not in self._known:
            self._known[shard] = self._read(shard)
        return self._known[shard]

    def keep(self, shard: str) -> None:
        """Write a position down."""
        self._s3.put_object(Bucket=ARTEFACTS, Key=self._prefix + shard, Body=json.dumps(asdict(self._known[shard])).encode())

    def _read(self, shard: str) -> Position:
        try:
            found = self._s3.get_object(Bucket=ARTEFACTS, Key=self._prefix + shard)
        except ClientError:
            return Position()
        return Position(**json.load(found["Body"]))


class StreamSource:
    """One mapping of a table's stream to a function."""

    def __init__(self, account: Account, mapping: Mapping[str, Any], function: str, invoke: Invoke, on_behalf: OnBehalf) -> None:
        self._account = account
        self._mapping = mapping
        self._function = function
        self._invoke = invoke
        self._on_behalf = on_behalf
        self._streams = account.client("dynamodbstreams")
        self._checkpoints = Checkpoints(account, mapping["UUID"])
        self._blocked: set[str] = set()
        self.arn: str = mapping["EventSourceArn"]
        table = self.arn.split("/")[1]
        self._stream = account.client("dynamodb").describe_table(TableName=table)["Table"]["LatestStreamArn"]

    def poll(self) -> bool:
        """Hand over one batch of each shard that is not waiting to retry. Gives whether there was any."""
        for action in ("DescribeStream", "GetShardIterator", "GetRecords"):
            self._on_behalf(f"dynamodb:{action}", self.arn)
        shards = [shard["ShardId"] for shard in self._shards()]
        advanced = [self._advance(shard) for shard in shards if shard not in self._blocked]
        return any(advanced)

    def let_time_pass(self) -> bool:
        """Let shards try again that wait to. Gives whether there are any."""
        waited, self._blocked = bool(self._blocked), set()
        return waited

    # --- reading ------------------------------------------------------------------------------------------------------

    def _shards(self) -> list[Json]:
        found: list[Json] = []
        start: Any = {}
        while True:
            stream = self._streams.describe_stream(StreamArn=self._stream, **start)["StreamDescription"]
            found += stream["Shards"]
            if "LastEvaluatedShardId" not in stream:
                return found
            start = {"ExclusiveStartShardId": stream["LastEvaluatedShardId"]}

    def _read(self, shard: str, position: Position) -> list[Json]:
        after: Any = {"ShardIteratorType": "TRIM_HORIZON"}
        if position.after:
            after = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": position.after}
        iterator = self._streams.get_shard_iterator(StreamArn=self._stream, ShardId=shard, **after)["ShardIterator"]
        limit = position.size or self._mapping["BatchSize"]
        found: list[Json] = self._streams.get_records(ShardIterator=iterator, Limit=min(limit, 1000))["Records"]
        return found

    # --- one batch ----------------------------------------------------------------------------------------------------

    def _advance(self, shard: str) -> bool:
        position = self._checkpoints.of(shard)
        records = self._read(shard, position)
        if not records:
            return False
        wanted = [record for record in records if self._wants(record)]
        invocation = self._invoke({"Records": [self._record(each) for each in wanted]}) if wanted else None
        done = len(records) if invocation is None else self._done(records, wanted, invocation)
        self._settle(shard, position, records, done, invocation)
        return True

    def _done(self, records: list[Json], wanted: list[Json], invocation: Invocation) -> int:
        """Give how many records from the first on are done with."""
        if invocation.failure:
            return 0
        numbers = [_number(record) for record in records]
        try:
            failed = failures(self._mapping, invocation.response, {_number(record) for record in wanted})
        except FailedBatch:
            return 0
        return min((numbers.index(number) for number in failed), default=len(records))

    def _settle(self, shard: str, position: Position, records: list[Json], done: int, invocation: Invocation | None) -> None:
        """Move on, past what is done; what is not comes again, in a smaller batch, or is set aside."""
        rest = len(records) - done
        if done:
            position.after, position.attempts, position.size = _number(records[done - 1]), 0, rest
        elif rest > 1 and self._mapping.get("BisectBatchOnFunctionError"):
            position.size = (rest + 1) // 2
        else:
            position.attempts, position.size = position.attempts + 1, rest
            if invocation is not None and self._exhausted(position):
                self._set_aside(shard, records, invocation, position.attempts)
                position.after, position.attempts, position.size, rest = _number(records[-1]), 0, 0, 0
        if rest:
            self._blocked.add(shard)
        self._checkpoints.keep(shard)

    def _exhausted(self, position: Position) -> bool:
        most: int = self._mapping.get("MaximumRetryAttempts", -1)
        return most >= 0 and position.attempts > most

    def _wants(self, record: Json) -> bool:
        filters = self._mapping.get("FilterCriteria", {}).get("Filters", [])
        seen = self._record(record)
        return not filters or any(EventPattern.load(each["Pattern"]).matches_event(seen) for each in filters)  # type: ignore[arg-type]

    def _record(self, record: Json) -> Json:
        change = _plain(record["dynamodb"])
        same = {name: record[name] for name in ("eventID", "eventName", "eventVersion", "eventSource")}
        return {**same, "awsRegion": self.arn.split(":")[3], "dynamodb": change, "eventSourceARN": self.arn}

    # --- what no retry helped -------------------------------------------------------------------------------------------

    def _set_aside(self, shard: str, records: list[Json], invocation: Invocation, attempts: int) -> None:
        """Send the batch's whereabouts (not its content: AWS does not either) to the on-failure destination, if there is one."""
        destination = self._mapping.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
        if not destination:
            return
        body = json.dumps(self._whereabouts(shard, records, invocation, attempts))
        service, name = destination.split(":")[2], destination.rsplit(":", 1)[-1]
        if service == "sqs":
            self._on_behalf("sqs:SendMessage", destination)
            sqs = self._account.client("sqs")
            sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName=name)["QueueUrl"], MessageBody=body)
        else:
            self._on_behalf("sns:Publish", destination)
            self._account.client("sns").publish(TopicArn=destination, Message=body)

    def _whereabouts(self, shard: str, records: list[Json], invocation: Invocation, attempts: int) -> Json:
        moments = [str(_plain(record["dynamodb"])["ApproximateCreationDateTime"]) for record in (records[0], records[-1])]
        return {
            "requestContext": {
                "requestId": invocation.request_id,
                "functionArn": self._function,
                "condition": "RetryAttemptsExhausted",
                "approximateInvokeCount": attempts,
            },
            "responseContext": {
                "statusCode": 200,
                "executedVersion": "$LATEST",
                "functionError": "Unhandled" if invocation.failure else None,
            },
            "version": "1.0",
            "timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "DDBStreamBatchInfo": {
                "shardId": shard,
                "startSequenceNumber": _number(records[0]),
                "endSequenceNumber": _number(records[-1]),
                "approximateArrivalOfFirstRecord": moments[0],
                "approximateArrivalOfLastRecord": moments[1],
                "batchSize": len(records),
                "streamArn": self.arn,
            },
        }


def _number(record: Json) -> str:
    return str(record["dynamodb"]["SequenceNumber"])


def _plain(value: Any) -> Any:
    """Say in JSON what botocore made of it: bytes as base64, moments as seconds since 1970."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.timestamp() if isinstance(value, datetime) else value
