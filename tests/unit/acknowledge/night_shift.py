"""One escalation, somebody with a link to it, and a page that can be looked at."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

from casework.case import Escalation, Severity, Team
from casework.errors import Unavailable
from casework.links import AcknowledgeLink, sign
from functions.acknowledge.counter import FORM, Counter

KEY = b"the samples are signed with this"
RAISED_AT = datetime(2026, 5, 3, 1, 12, tzinfo=UTC)
NOW = RAISED_AT + timedelta(minutes=3)
ESCALATION = Escalation(
    escalation_id="9b74c9897bac770ffc02",
    case_id="5d41402abc4b2a76",
    message_id="message",
    team=Team.FRAUD,
    severity=Severity.CRITICAL,
    category="unauthorized_withdrawal",
    language="en",
    raised_at=RAISED_AT,
    due_at=RAISED_AT + timedelta(minutes=15),
    cause="opened",
)
LINK = AcknowledgeLink(ESCALATION.case_id, ESCALATION.escalation_id, Team.FRAUD, RAISED_AT + timedelta(days=1))
TOKEN = sign(LINK, KEY)


@dataclass
class FakeEscalations:
    """Remembers what was done to it."""

    stored: Escalation | None = ESCALATION
    acknowledged: list[tuple[str, datetime]] = field(default_factory=list)
    error: Unavailable | None = None

    def find(self, case_id: str, escalation_id: str) -> Escalation | None:
        if self.error:
            raise self.error
        found = self.stored
        return found if found and (found.case_id, found.escalation_id) == (case_id, escalation_id) else None

    def acknowledge(self, case_id: str, escalation_id: str, *, by: str, at: datetime) -> tuple[Escalation, bool]:
        stored = self.find(case_id, escalation_id)
        assert stored is not None
        if stored.acknowledged_at is not None:
            return stored, False
        self.acknowledged.append((by, at))
        self.stored = replace(stored, acknowledged_at=at, acknowledged_by=by)
        return self.stored, True


class Page(HTMLParser):
    """What a browser would make of the answer: text, elements and their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in {"meta", "input"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.text += data

    @property
    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    html: str

    @property
    def page(self) -> Page:
        return Page(self.html)


@dataclass
class Door:
    """The counter as a browser or a mail scanner meets it, and its log."""

    escalations: FakeEscalations = field(default_factory=FakeEscalations)
    now: datetime = NOW
    noted: list[dict[str, object]] = field(default_factory=list)

    def answer(self, event: object) -> Answer:
        counter = Counter(
            self.escalations, KEY, lambda: self.now, lambda name, **fields: self.noted.append({"event": name, **fields})
        )
        reply = counter.answer(event)
        return Answer(reply["statusCode"], reply["headers"], reply["body"])

    def ask(self, method: str, token: str | None = TOKEN, body: str | None = None, **event: Any) -> Answer:
        return self.answer(
            {
                "version": "2.0",
                "headers": {"Content-Type": FORM} if body is not None else {},
                "requestContext": {"http": {"method": method}, "requestId": "request-1", "timeEpoch": 1_777_770_900_000},
                "queryStringParameters": None if token is None else {"token": token},
                "body": body,
                "isBase64Encoded": False,
                **event,
            }
        )

    def look(self, token: str | None = TOKEN) -> Answer:
        return self.ask("GET", token)

    def press(self, body: str | None = "name=", token: str | None = TOKEN) -> Answer:
        return self.ask("POST", token, body)
