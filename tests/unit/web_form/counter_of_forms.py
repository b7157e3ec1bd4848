"""A form counter with a desk that remembers what it was given, and requests that say only what matters."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from casework.case import Outcome, Receipt
from casework.errors import KeyReused, Unavailable
from casework.message import Message
from functions.web_form.intake import Intake

RECEIVED_AT = 1_777_770_720_000
"""2026-05-03T01:12:00Z."""
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
    recorded: list[tuple[Message, Receipt]] = field(default_factory=list)
    noted: list[dict[str, object]] = field(default_factory=list)

    def answer(self, event: object) -> Answer:
        intake = Intake(
            receive=self.desk.receive,
            record=lambda message, receipt: self.recorded.append((message, receipt)),
            note=lambda name, **fields: self.noted.append({"event": name, **fields}),
        )
        reply = intake.answer(event)
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
) -> dict[str, Any]:
    """Such as an HTTP API sends it."""
    authorizer = {"authorizer": {"jwt": {"claims": claims, "scopes": None}}} if claims is not None else {}
    return {
        "version": "2.0",
        "headers": {"Content-Type": "application/json", **(headers or {})},
        "requestContext": {"http": {"method": "POST"}, "requestId": request_id, "timeEpoch": received_at, **authorizer},
        "isBase64Encoded": base64,
        **({} if body is None else {"body": body}),
    }
