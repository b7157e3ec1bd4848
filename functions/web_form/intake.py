"""The form's counter: takes a form, hands a message to the desk, and says the same thing whatever became of it.

An answer never tells whether there was a case, whether one was opened, or how urgent anybody thought it: whoever fills in
the form may be anybody. For the same reason nothing is ever sent to an address that was typed here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from casework import gateway
from casework.case import Outcome, Receipt
from casework.gateway import Reply, Request
from casework.message import Message
from casework.times import stamp
from functions.web_form import form, idempotency, json_body
from functions.web_form.form import Form
from functions.web_form.idempotency import Flights
from functions.web_form.proof_of_work import ProofOfWork
from functions.web_form.uploads import Uploads
from functions.web_form.wording import say

SAFETY = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True, slots=True)
class Intake:
    """``receive`` is the desk's; ``record`` logs what became of a message.

    ``proof`` asks anonymous senders for work; ``None``: nobody is asked. ``key_required``: as the Idempotency-Key is.
    """

    receive: Callable[[Message], Receipt]
    record: Callable[[Message, Receipt], None]
    flights: Flights
    uploads: Uploads
    proof: ProofOfWork | None = None
    key_required: bool = False

    def take(self, request: Request, language: str) -> Reply:
        """Thank for the message in a request. Raises any of ``problems.REFUSALS``."""
        name = idempotency.source_name(request, required=self.key_required)
        account = signed_in(request)
        filled = form.read(json_body.of(request), account)
        if self.proof and not account:
            self.proof.redeem(filled.altcha, name, request.received_at)
        message = form.message(filled, name=name, account=account, received_at=request.received_at)
        with self._alone(message, request):
            message, receipt = self._received(message, filled, account)
        self.record(message, receipt)
        return _thanks(receipt, message.language_hint or language)

    def _received(self, message: Message, filled: Form, account: str) -> tuple[Message, Receipt]:
        message = self.uploads.attached(message, filled.attachments or (), account)
        return message, self.receive(message)

    @contextmanager
    def _alone(self, message: Message, request: Request) -> Iterator[None]:
        """Keep a second request with the same key out, for whoever sent a key."""
        if "idempotency-key" not in request.headers:
            yield
            return
        with self.flights.during(message, request):
            yield


def signed_in(request: Request) -> str:
    """Name the account an authorizer vouches for: the subject of a valid JWT, or empty. The gateway checked the token."""
    subject = request.claims.get("sub")
    return subject.strip() if isinstance(subject, str) else ""


def _thanks(receipt: Receipt, language: str) -> Reply:
    """Thank the customer: a replay in the very words of the first answer."""
    body = {
        "reference": receipt.reference,
        "received_at": stamp(receipt.received_at),
        "message": say(language, "received", reference=receipt.reference),
    }
    status = 200 if receipt.outcome is Outcome.REPLAYED else 201
    return answer(status, body, {"Content-Language": language})


def answer(status: int, body: object, headers: dict[str, str]) -> Reply:
    """Answer with JSON that nobody keeps."""
    return gateway.reply(status, json.dumps(body, ensure_ascii=False), {"Content-Type": "application/json", **headers, **SAFETY})
