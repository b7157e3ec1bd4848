"""A form counter with a desk that remembers what it was given, and requests that say only what matters."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from casework.case import Outcome, Receipt
from casework.errors import KeyReused, Unavailable
from casework.message import Message
from casework.records import source_item
from casework.table import Put
from functions.web_form.door import Door
from functions.web_form.idempotency import Flights
from functions.web_form.intake import Intake
from functions.web_form.proof_of_work import ProofOfWork
from functions.web_form.uploads import Uploads
from tests.memory_table import MemoryTable

RECEIVED_AT = 1_777_770_720_000
"""2026-05-03T01:12:00Z."""
SECRET = b"a secret of the tests, long enough to be one"
FORM = {"description": "My withdrawal is stuck.", "email": "alice@example.com"}


@dataclass
class FakeDesk:
    """Recognises replays by their source alone, as the real one does first of all."""

    outcome: Outcome = Outcome.OPENED
    error: Unavailable | None = None
    messages: list[Message] = field(default_factory=list)

    def receive(self, message: Message) -> Receipt:
        if self.error:
            raise self.error
        before = [known for known in self.messages if known.message_id == message.message_id]
        if before and before[0].source.digest != message.source.digest:
            raise KeyReused("this Idempotency-Key was used for another payload")
        self.messages.append(message)
        outcome = Outcome.REPLAYED if before else self.outcome
        reference = f"CW-{message.message_id[:4].upper()}-0000-0000"
        return Receipt(
            message_id=message.message_id,
            outcome=outcome,
            reference=reference,
            received_at=(before[0] if before else message).received_at,
            case_id="secret-case",
            escalations=("secret-escalation",),
            unverified=True,
        )

    @property
    def message(self) -> Message:
        assert len(self.messages) == 1
        return self.messages[0]


@dataclass
class FakeBucket:
    """Keeps what a test puts in it; ``offers`` is what clients were offered."""

    offers: list[dict[str, Any]] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)
    error: Unavailable | None = None

    def offer(self, key: str, media_type: str, size: int, lifetime: timedelta) -> dict[str, Any]:
        self.offers.append({"key": key, "type": media_type, "size": size, "lifetime": lifetime})
        return {"url": "https://uploads.example.com/", "fields": {"key": key}}

    def take(self, key: str, limit: int) -> tuple[bytes, str] | None:
        if self.error:
            raise self.error
        content = self.contents.get(key)
        return None if content is None or len(content) > limit else (content, f"s3://uploads/{key}?versionId=1")


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def body(self) -> dict[str, Any]:
        document = json.loads(self.text)
        assert isinstance(document, dict)
        return document

    @property
    def complaints(self) -> dict[str, str]:
        """Pointer and code of every field that is wrong."""
        return {error["pointer"]: error["code"] for error in self.body.get("errors", [])}


@dataclass
class Counter:
    """The intake as a customer meets it, and its log."""

    desk: FakeDesk = field(default_factory=FakeDesk)
    table: MemoryTable = field(default_factory=MemoryTable)
    bucket: FakeBucket = field(default_factory=FakeBucket)
    asks_for_work: bool = False
    key_required: bool = False
    recorded: list[tuple[Message, Receipt]] = field(default_factory=list)
    noted: list[dict[str, object]] = field(default_factory=list)
    warned: list[dict[str, object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        numbers = count(1)
        self.proof = ProofOfWork(lambda: SECRET, 1, self.table)
        uploads = Uploads(
            lambda: self.bucket, lambda: SECRET, ("image/png", "text/plain", "text/csv"), lambda: f"uploads/{next(numbers)}"
        )
        intake = Intake(
            receive=self._receive,
            record=lambda message, receipt: self.recorded.append((message, receipt)),
            flights=Flights(self.table),
            uploads=uploads,
            proof=self.proof if self.asks_for_work else None,
            key_required=self.key_required,
        )
        self.door = Door(
            intake,
            note=lambda name, **fields: self.noted.append({"event": name, **fields}),
            warn=lambda name, **fields: self.warned.append({"event": name, **fields}),
        )

    def _receive(self, message: Message) -> Receipt:
        """As the desk does: whoever has a receipt finds the message recorded."""
        receipt = self.desk.receive(message)
        self.table.write([Put(source_item(message, receipt))])
        return receipt

    def answer(self, event: object) -> Answer:
        reply = self.door.answer(event)
        json.dumps(reply, ensure_ascii=False).encode()  # what the runtime does with it
        return Answer(reply["statusCode"], reply["headers"], reply["body"])

    def post(self, document: object = FORM, **request: Any) -> Answer:
        """Send a document as a browser writes JSON; ``request`` is what ``event`` takes."""
        return self.answer(event(json.dumps(document, ensure_ascii=False), **request))

    def post_escaped(self, document: object) -> Answer:
        """Send a document in ASCII, halves of surrogate pairs and all."""
        return self.answer(event(json.dumps(document)))

    def send(self, **fields: object) -> Answer:
        """Send a valid form with these fields changed."""
        return self.post({**FORM, **fields})


def event(
    body: str | None,
    headers: dict[str, str] | None = None,
    *,
    request_id: str = "request-1",
    received_at: int = RECEIVED_AT,
    base64: bool = False,
    claims: dict[str, object] | None = None,
    route: str = "POST /cases",
) -> dict[str, Any]:
    """Such as an HTTP API sends it."""
    authorizer = {"authorizer": {"jwt": {"claims": claims, "scopes": None}}} if claims is not None else {}
    return {
        "version": "2.0",
        "routeKey": route,
        "headers": {"Content-Type": "application/json", **(headers or {})},
        "requestContext": {"http": {"method": "POST"}, "requestId": request_id, "timeEpoch": received_at, **authorizer},
        "isBase64Encoded": base64,
        **({} if body is None else {"body": body}),
    }
