"""The counter an analyst comes to with a link: shows what it is about, and acknowledges only when a form is sent.

Mail scanners and previews follow links. They may ask as often as they like: only ``POST`` changes anything.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import parse_qs

from casework import gateway, links
from casework.case import Escalation
from casework.errors import InvalidLink, Unavailable, UnreadableMessage
from casework.gateway import Reply, Request
from casework.links import AcknowledgeLink
from functions.acknowledge import page

MAX_BODY = 4096
"""Bytes of the form: a name of 80 characters, each of four bytes in percent encoding, takes under a thousand."""
FORM = "application/x-www-form-urlencoded"
METHODS = ("GET", "HEAD", "POST")
STATUS = {
    "open": 200,
    "acknowledged": 200,
    "already": 409,
    "malformed": 400,
    "unreadable": 400,
    "forged": 403,
    "unknown": 404,
    "method": 405,
    "expired": 410,
    "unavailable": 503,
}
EXTRA = {"method": {"Allow": ", ".join(METHODS)}, "unavailable": {"Retry-After": "5"}}


class Escalations(Protocol):
    """What this counter needs of ``casework.escalation.Escalations``."""

    def find(self, case_id: str, escalation_id: str) -> Escalation | None:
        """Find the escalation as stored, or ``None``."""

    def acknowledge(self, case_id: str, escalation_id: str, *, by: str, at: datetime) -> tuple[Escalation, bool]:
        """Acknowledge; the flag says whether this very call did it."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a request came to: a page, and for the log which state and which link led to it."""

    state: str
    html: str
    link: AcknowledgeLink | None = None


@dataclass(frozen=True, slots=True)
class Counter:
    """``key`` signs the links; ``now`` is the clock; ``note`` logs a named event with fields."""

    escalations: Escalations
    key: bytes
    now: Callable[[], datetime]
    note: Callable[..., None]

    def answer(self, event: object) -> Reply:
        """Answer an HTTP API event with a page, whatever is wrong with its link. Raises ``NotOurEvent`` for other events."""
        request = gateway.read(event)
        answered = self._answered(request)
        link = answered.link
        named = {"case": link.case_id, "escalation": link.escalation_id, "team": link.team.value} if link else {}
        self.note("acknowledge_answered", state=answered.state, method=request.method, request=request.request_id, **named)
        status = 200 if answered.state == "already" and request.method != "POST" else STATUS[answered.state]
        html = "" if request.method == "HEAD" else answered.html
        return gateway.reply(status, html, {**page.HEADERS, **EXTRA.get(answered.state, {})})

    def _answered(self, request: Request) -> Answered:
        if request.method not in METHODS:
            return Answered("method", page.notice("method"))
        try:
            link = links.read(request.query.get("token", ""), self.key, self.now())
        except InvalidLink as refused:
            return Answered(refused.cause, page.notice(refused.cause))
        try:
            state, html = self._served(request, link)
        except Unavailable:
            state, html = "unavailable", page.notice("unavailable")
        except UnreadableMessage:
            state, html = "unreadable", page.notice("unreadable")
        return Answered(state, html, link)

    def _served(self, request: Request, link: AcknowledgeLink) -> tuple[str, str]:
        escalation = self.escalations.find(link.case_id, link.escalation_id)
        if escalation is None or escalation.team is not link.team:
            return "unknown", page.notice("unknown")
        if escalation.acknowledged_at is not None:
            return "already", page.outcome("already", escalation)
        if request.method != "POST":
            return "open", page.confirmation(escalation)
        return self._acknowledged(link, name_in(request))

    def _acknowledged(self, link: AcknowledgeLink, name: str) -> tuple[str, str]:
        by = name or f"{link.team} team"
        escalation, ours = self.escalations.acknowledge(link.case_id, link.escalation_id, by=by, at=self.now())
        state = "acknowledged" if ours else "already"
        return state, page.outcome(state, escalation)


def name_in(request: Request) -> str:
    """Read the name somebody typed, on one line, without invisible characters, cut to ``page.MAX_NAME``; or empty.

    A form without a body is a form without a name. Raises ``UnreadableMessage`` for a body that is no form.
    """
    content = request.content(MAX_BODY)
    if content and request.media_type[0] != FORM:
        raise UnreadableMessage("not_a_form")
    try:
        fields = parse_qs(content.decode(), max_num_fields=16)
    except ValueError as error:
        raise UnreadableMessage("not_a_form") from error
    name = " ".join(fields.get("name", [""])[0].split())
    return "".join(each for each in name if unicodedata.category(each)[0] != "C")[: page.MAX_NAME].strip()
