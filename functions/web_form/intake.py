"""The form's counter: takes a request, hands a message to the desk, and says the same thing whatever became of it.

An answer never tells whether there was a case, whether one was opened, or how urgent anybody thought it: whoever fills in
the form may be anybody.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from casework import gateway
from casework.case import Outcome, Receipt
from casework.errors import UnreadableMessage
from casework.gateway import Reply, Request
from casework.message import Message
from casework.times import stamp
from functions.web_form import form, problems
from functions.web_form.language import preferred
from functions.web_form.problems import MAX_BODY, MAX_KEY, REFUSALS, Problem
from functions.web_form.wording import say

SAFETY = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
KEY = re.compile(rf"[\x21-\x7e]{{1,{MAX_KEY}}}")
OUR_TYPES = (("application/json", ""), ("application/json", "utf-8"))


@dataclass(frozen=True, slots=True)
class Intake:
    """``receive`` is the desk's; ``record`` logs what became of a message; ``note`` logs a named event with fields."""

    receive: Callable[[Message], Receipt]
    record: Callable[[Message, Receipt], None]
    note: Callable[..., None]

    def answer(self, event: object) -> Reply:
        """Of an HTTP API event. Raises ``NotOurEvent`` for any other event, and what is wrong on our side."""
        request = gateway.read(event)
        language = preferred(request.header("accept-language"))
        try:
            message = read(request)
            receipt = self.receive(message)
        except REFUSALS as refusal:
            return self._refused(request, problems.about(refusal), language)
        self.record(message, receipt)
        return _received(receipt, message.language_hint or language)

    def _refused(self, request: Request, problem: Problem, language: str) -> Reply:
        codes = [complaint.code for complaint in problem.complaints]
        self.note("form_refused", status=problem.status, cause=problem.cause, codes=codes, request=request.request_id)
        headers = {"Content-Type": "application/problem+json", "Content-Language": language, **SAFETY, **problem.headers}
        return gateway.reply(problem.status, problem.document(language, request.request_id), headers)


def read(request: Request) -> Message:
    """Read the message in a request. Raises ``UnreadableMessage`` or ``ValidationError``."""
    name = _source_name(request)
    if request.media_type not in OUR_TYPES or request.header("content-encoding") not in ("", "identity"):
        raise UnreadableMessage("unsupported_media_type")
    account = signed_in(request)
    filled = form.read(request.content(MAX_BODY), account)
    return form.message(filled, name=name, account=account, received_at=request.received_at)


def signed_in(request: Request) -> str:
    """Name the account an authorizer vouches for: the subject of a valid JWT, or empty. The gateway checked the token."""
    subject = request.claims.get("sub")
    return subject.strip() if isinstance(subject, str) else ""


def _source_name(request: Request) -> str:
    """Name the delivery, so that a retry is recognised; the prefixes keep a customer's keys apart from the gateway's ids."""
    if "idempotency-key" not in request.headers:
        return f"request:{request.request_id}"
    key = request.header("idempotency-key")
    if not KEY.fullmatch(key):
        raise UnreadableMessage("invalid_key")
    return f"key:{key}"


def _received(receipt: Receipt, language: str) -> Reply:
    """Thank the customer: a replay in the very words of the first answer."""
    body = {
        "reference": receipt.reference,
        "received_at": stamp(receipt.received_at),
        "message": say(language, "received", reference=receipt.reference),
    }
    headers = {"Content-Type": "application/json", "Content-Language": language, **SAFETY}
    status = 200 if receipt.outcome is Outcome.REPLAYED else 201
    return gateway.reply(status, json.dumps(body, ensure_ascii=False), headers)
