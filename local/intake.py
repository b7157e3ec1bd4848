"""Hands things to the system's doors, as the outside world would, and tells where each ended.

Everything told is what the system itself logged and stored. Whatever got no receipt is told as such, with what failed.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from casework.message import Channel
from local.arrival import Arrival, Record, arrival, unaccounted
from local.aws.http_api import Headers, HttpResponse
from local.aws.stack import Notification, Stack
from local.filing import NOBODY_VOUCHED, Envelope, Verdicts, object_id, stored

TOPICS = {"fraud": "FraudTopic", "trust": "TrustTopic", "identity": "IdentityTopic"}
_plain = TypeDeserializer().deserialize


@dataclass(frozen=True, slots=True)
class Delivery:
    """An original on its way into a bucket."""

    file: str
    """What the person who hands it in calls it."""
    channel: Channel
    bucket: str
    """By its name in the template."""
    key: str
    body: bytes
    metadata: Mapping[str, str]


class Intake:
    """The counter in front of one stack. Not for several threads at once."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._read = 0
        self._told = dict.fromkeys(TOPICS, 0)
        self._deliveries = 0

    # --- handing in -----------------------------------------------------------------------------------------------------

    def mail(self, file: str, raw: bytes, verdicts: Verdicts = NOBODY_VOUCHED, envelope: Envelope | None = None) -> Delivery:
        """Address a mail as SES would file it now. Nothing happens before it is delivered."""
        key = f"mail/{object_id(raw, self._count())}"
        filed = stored(raw, received_at=datetime.now(UTC), envelope=envelope, verdicts=verdicts)
        return Delivery(file, Channel.EMAIL, "MailBucket", key, filed, {})

    def unfiled(self, file: str, raw: bytes) -> Delivery:
        """Address bytes that lie in the bucket for mail as they are, without what SES would have written above them."""
        return Delivery(file, Channel.EMAIL, "MailBucket", f"mail/{object_id(raw, self._count())}", raw, {})

    def call(self, file: str, raw: bytes, metadata: Mapping[str, str]) -> Delivery:
        """Address a transcript as the call centre's exporter would."""
        key = f"transcripts/{object_id(raw, self._count())}.json"
        return Delivery(file, Channel.VOICE, "TranscriptBucket", key, raw, _as_headers(metadata))

    def deliver(self, *deliveries: Delivery) -> list[Arrival]:
        """Store originals, wait until everything they cause has happened, and tell what became of each, in their order.

        Several at once are quicker; those of one bucket are received in their order.
        """
        for each in deliveries:
            self.stack.put_object(each.bucket, each.key, each.body, each.metadata)
        self.stack.pump()
        lines = self._received()
        return [self._became(each, lines) for each in deliveries]

    def form(self, file: str, body: bytes, key: str = "") -> Arrival:
        """Post a form as a browser would. What the door refuses is told as quarantined, for nothing may vanish."""
        headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
        answer = self.post(headers, body)
        if answer.status in {200, 201}:
            lines = [line for line in self._received() if line["channel"] == Channel.WEB_FORM]
            return self._arrival(file, lines[-1]) if lines else unaccounted(file, Channel.WEB_FORM, self._failure())
        if answer.status < 500:
            return Arrival(
                file=file, channel=Channel.WEB_FORM, outcome="quarantined", cause=f"form_refused: {_complaint(answer)}"
            )
        return unaccounted(file, Channel.WEB_FORM, self._failure())

    def post(self, headers: Headers, body: bytes) -> HttpResponse:
        """Post a form, and wait until everything it causes has happened."""
        return self.request("POST", "/cases", headers, body)

    def request(self, method: str, path: str, headers: Headers, body: bytes = b"") -> HttpResponse:
        """Send any request to the API; ``path`` with its query."""
        answer = self.stack.request(method, path, headers, body)
        self.stack.pump()
        return answer

    # --- what became of it ------------------------------------------------------------------------------------------------

    def arrivals(self) -> list[Arrival]:
        """Everything received since this was last asked, named by where its original lies."""
        return [self._arrival(line.get("locator") or "", line) for line in self._received()]

    def notifications(self) -> Iterator[tuple[str, Notification]]:
        """Every notification since this was last asked, with the team that got it."""
        for team, topic in TOPICS.items():
            sent = self.stack.notifications(topic)
            yield from ((team, each) for each in sent[self._told[team] :])
            self._told[team] = len(sent)

    def item(self, pk: str, sk: str) -> Record | None:
        """One item of the case table, or ``None``."""
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        found = self._table.get_item(TableName=self._table_name, Key=key, ConsistentRead=True).get("Item")
        return _item(found) if found else None

    def _became(self, delivery: Delivery, lines: Sequence[Record]) -> Arrival:
        """What the last line says that speaks of this very object; a retry may have logged more than one."""
        found = [line for line in lines if delivery.key in (line.get("locator") or "")]
        if found:
            return self._arrival(delivery.file, found[-1])
        return unaccounted(delivery.file, delivery.channel, self._failure())

    def _received(self) -> list[Record]:
        lines, self._read = self.stack.logs[self._read :], len(self.stack.logs)
        return [line for _, line in lines if line.get("message") == "message_received"]

    def _arrival(self, file: str, logged: Record) -> Arrival:
        case, message = logged.get("case") or "", logged["message_id"]
        raised = [each for name in logged.get("escalations") or () if (each := self.item(f"CASE#{case}", f"ESCALATION#{name}"))]
        return arrival(file, logged, self._message(case, message), raised)

    def _message(self, case: str, message: str) -> Record | None:
        if not case:
            return self.item(f"QUARANTINE#{message}", "QUARANTINE")
        return next((each for each in self._items(f"CASE#{case}", "MESSAGE#") if each["message_id"] == message), None)

    def _items(self, pk: str, prefix: str) -> list[Record]:
        values = {":pk": {"S": pk}, ":sk": {"S": prefix}}
        pages = self._table.get_paginator("query").paginate(
            TableName=self._table_name,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues=values,
            ConsistentRead=True,
        )
        return [_item(each) for page in pages for each in page["Items"]]

    def _failure(self) -> str:
        """What failed last, for whoever has to find out."""
        failed = self.stack.failures
        if not failed or failed[-1].failure is None:
            return "no receipt was logged"
        return f"{failed[-1].function}: {failed[-1].failure.type}: {failed[-1].failure.message}"

    def _count(self) -> int:
        self._deliveries += 1
        return self._deliveries

    @property
    def _table(self) -> Any:
        return self.stack.account.client("dynamodb")

    @property
    def _table_name(self) -> str:
        return self.stack.deployment.identity("CaseTable")


def _item(stored_item: Mapping[str, Any]) -> Record:
    return {name: _plain(value) for name, value in stored_item.items()}


def _as_headers(metadata: Mapping[str, str]) -> dict[str, str]:
    """User metadata travels in HTTP headers: what is not ASCII goes as an RFC 2047 word, as S3 hands it back."""
    return {name: value if value.isascii() else _word(value) for name, value in metadata.items()}


def _word(value: str) -> str:
    return f"=?utf-8?B?{base64.b64encode(value.encode()).decode()}?="


def _complaint(answer: HttpResponse) -> str:
    """What was wrong with a form, in the codes of the answer's problem document."""
    try:
        problem = json.loads(answer.body)
    except ValueError:
        return str(answer.status)
    errors: Sequence[Mapping[str, Any]] = problem.get("errors") or ()
    named = [f"{str(each.get('pointer', '')).removeprefix('#/')} {each.get('code', '')}".strip() for each in errors]
    return ", ".join([str(answer.status), *(named or [str(problem.get("title") or problem.get("message") or "")])])
