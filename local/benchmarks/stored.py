"""A case table with many cases in it, quickly: the items that the desk writes, with other names in each copy.

The real desk opens a few dozen cases, in both languages and through every door, and what it writes is kept. Each stored case
is one of these with ids of its own, as if it were another customer's. Nothing else tells them apart: the table's size is what
is wanted, and no key of one is a key of another.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from samtranslator.yaml_helper import yaml_parse

from casework.aws.table import to_wire
from casework.desk import Desk
from casework.identity import Pseudonyms
from casework.message import Channel, Identity, IdentityKind, Message, Source, Trust
from casework.policy import Policy
from casework.table import Item, Key, Put, Write
from local.aws.template import PROJECT
from local.progress import Progress

SECRET = b"a key of the benchmarks, 32 bytes or more"
AT = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
WRITERS = 8
"""Connections to the engine; more are no faster on two cores."""
AT_ONCE = 25
"""Items that BatchWriteItem takes."""
CHUNK = 400
"""Cases that a writer stores before it says so."""

TEXTS = (
    "How do I download my tax report for last year? I looked under Account and under History and cannot find the button.",
    "My withdrawal of 0.25 BTC from Tuesday is still pending. The confirmation code came and I entered it at once.",
    "Someone logged in to my account from another country and changed my password. Please lock it before they take anything!",
    "I got a mail that says my account will be closed unless I confirm my data on kujira-check.example. Is it from you?",
    "昨年分の年間取引報告書をダウンロードしたいのですが、ボタンが見つかりません。どこにありますか。",
    "日曜日に申請した出金がまだ「処理中」のままです。確認コードは入力済みです。ご確認をお願いいたします。",
    "身に覚えのない出金が行われています。すぐに口座を凍結してください。",
    "二段階認証の端末を機種変更したためログインできません。再設定の方法を教えてください。",
)
_IDS = re.compile(r"[0-9a-f]{32}|\b[0-9a-f]{20}\b|\b[0-9a-f]{16}\b")
_PLACE = "\0"
"""Eight hexadecimal digits go here; in JSON it is no character."""


def created(client: Any, name: str) -> None:
    """Make a table with the keys and indexes of the one that is deployed."""
    template = yaml_parse((PROJECT / "template.yaml").read_text(encoding="utf-8"))
    described = template["Resources"]["CaseTable"]["Properties"]
    wanted = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    client.create_table(TableName=name, **{key: described[key] for key in wanted})


@dataclass(slots=True)
class _Kept:
    """A table in which nothing is ever found, and that keeps what is written."""

    items: list[Item] = field(default_factory=list)

    def read(self, _keys: Sequence[Key]) -> dict[Key, Item]:
        return {}

    def write(self, writes: Sequence[Write]) -> None:
        self.items += [write.item for write in writes if isinstance(write, Put)]

    def overdue(self, _now: datetime) -> Iterator[Item]:
        return iter(())


class Copies:
    """What the desk writes of some cases, to be had with other ids."""

    def __init__(self, policy: Policy) -> None:
        self.items = [_opened(policy, text, channel) for text in TEXTS for channel in Channel]
        self._texts = [[_nameless(item) for item in items] for items in self.items]

    def of(self, number: int) -> list[str]:
        """The items of one more case, as requests of BatchWriteItem in JSON. The same number gives the same."""
        return [text.replace(_PLACE, f"{number:08x}") for text in self._texts[number % len(self._texts)]]


def _opened(policy: Policy, text: str, channel: Channel) -> list[Item]:
    kept = _Kept()
    digest = hashlib.sha256(text.encode()).hexdigest()
    message = Message(
        source=Source(channel, f"<stored@{channel}.example>", digest, f"s3://originals/{digest}"),
        received_at=AT,
        identities=(Identity(IdentityKind.EMAIL, "stored@customer.example", Trust.AUTHENTICATED),),
        subject=text[:40] if channel is Channel.EMAIL else "",
        text=text,
        thread_name="<stored@customer.example>" if channel is Channel.EMAIL else "",
    )
    Desk(kept, policy, Pseudonyms(SECRET)).receive(message)
    return kept.items


def _nameless(item: Item) -> str:
    """The item as JSON, with a place for a number at the beginning of each id."""
    text = json.dumps({"PutRequest": {"Item": to_wire(item)}}, ensure_ascii=False)
    return _IDS.sub(lambda found: _PLACE + found.group()[8:], text)


def fill(endpoint: str, table: str, count: int, copies: Copies) -> None:
    """Store so many cases. Raises ``RuntimeError`` when the engine does not take them."""
    chunks = [range(at, min(at + CHUNK, count)) for at in range(0, count, CHUNK)]
    with Progress(f"storing {count:,} cases, in hundreds", count // 100) as progress, ThreadPoolExecutor(WRITERS) as writers:
        for stored in writers.map(lambda numbers: _stored(endpoint, table, numbers, copies), chunks):
            for _ in range(stored // 100):
                progress.done()
            progress.begin(table)


def _stored(endpoint: str, table: str, numbers: range, copies: Copies) -> int:
    """Through plain HTTP: of what boto3 does with a request, most of the time goes into making its items."""
    connection = http.client.HTTPConnection(urlsplit(endpoint).netloc)
    requests = (request for number in numbers for request in copies.of(number))
    while batch := list(islice(requests, AT_ONCE)):
        body = f'{{"RequestItems":{{"{table}":[{",".join(batch)}]}}}}'
        connection.request("POST", "/", body.encode(), _HEADERS)
        answer = connection.getresponse()
        told = answer.read()
        if answer.status != http.client.OK or json.loads(told).get("UnprocessedItems"):
            raise RuntimeError(f"the engine did not store a batch: {answer.status} {told[:200]!r}")
    connection.close()
    return len(numbers)


_SIGNED = "AWS4-HMAC-SHA256 Credential=local/20260501/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0"
"""The engine looks at the form of a signature, and at nothing else of it."""
_HEADERS = {
    "X-Amz-Target": "DynamoDB_20120810.BatchWriteItem",
    "Content-Type": "application/x-amz-json-1.0",
    "Authorization": _SIGNED,
}
