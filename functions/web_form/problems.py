"""Why a form was not taken, as RFC 9457 has it: one problem document for every refusal, naming each field that is wrong.

``type`` identifies the kind of problem for programs, ``title`` and ``detail`` are for people, in their language. Nothing a
customer typed is repeated but the names of fields we do not know.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from casework.errors import KeyReused, RequestInFlight, Unavailable, UnreadableMessage
from functions.web_form.idempotency import MAX_KEY
from functions.web_form.json_body import MAX_BODY
from functions.web_form.wording import ENGLISH, say

MAX_ERRORS = 20
"""Complaints in one document: whoever has more is no customer."""
MAX_NAME = 64
"""Characters of an unknown field's name that are repeated."""
RETRY_AFTER = 5
"""Seconds, for a customer who was told to come back."""
IN_FLIGHT = 2
"""Seconds after which the first of two equal requests has long been answered."""
DOCUMENTED = {"Link": '</openapi.json>; rel="service-desc"; type="application/openapi+json"'}
"""Where the use of an Idempotency-Key is written down, as the IETF's draft wants it said."""

Refusal = UnreadableMessage | ValidationError | KeyReused | Unavailable
REFUSALS = (UnreadableMessage, ValidationError, KeyReused, Unavailable)
"""Everything that is answered with a problem document. What else goes wrong is ours and must look like it."""

STATUS = {
    "unreadable-body": 400,
    "invalid-fields": 400,
    "idempotency-key-missing": 400,
    "invalid-idempotency-key": 400,
    "proof-of-work": 400,
    "not-found": 404,
    "request-in-flight": 409,
    "body-too-large": 413,
    "unsupported-media-type": 415,
    "idempotency-key-reused": 422,
    "unusable-attachments": 422,
    "unavailable": 503,
}
KIND = {
    "too_large": "body-too-large",
    "unsupported_media_type": "unsupported-media-type",
    "missing_key": "idempotency-key-missing",
    "invalid_key": "invalid-idempotency-key",
    "invalid_fields": "invalid-fields",
    "key_reused": "idempotency-key-reused",
    "in_flight": "request-in-flight",
    "proof_missing": "proof-of-work",
    "proof_invalid": "proof-of-work",
    "proof_expired": "proof-of-work",
    "proof_used": "proof-of-work",
    "upload_unknown": "unusable-attachments",
    "upload_expired": "unusable-attachments",
    "upload_repeated": "unusable-attachments",
    "upload_missing": "unusable-attachments",
    "not_found": "not-found",
    "unavailable": "unavailable",
}
"""What kind of problem a cause is; every other cause is an unreadable body."""
HEADERS = {
    "unavailable": {"Retry-After": str(RETRY_AFTER)},
    "unsupported-media-type": {"Accept": "application/json"},
    "idempotency-key-missing": DOCUMENTED,
    "invalid-idempotency-key": DOCUMENTED,
    "idempotency-key-reused": DOCUMENTED,
    "request-in-flight": {"Retry-After": str(IN_FLIGHT), **DOCUMENTED},
}
LIMITS = {"too_large": MAX_BODY, "invalid_key": MAX_KEY}
CODES = {
    "missing": "required",
    "string_too_short": "required",
    "string_too_long": "too_long",
    "string_type": "not_text",
    "too_long": "too_many",
    "too_short": "required",
    "extra_forbidden": "unknown_field",
}
"""What pydantic calls it, and what we do. The rest is a value its field does not take: ``invalid_<field>``."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with one field. ``path`` leads there: names of fields, positions in lists."""

    path: tuple[str | int, ...]
    code: str
    values: Mapping[str, object] = field(default_factory=dict)

    def written(self, language: str) -> dict[str, str]:
        """For the document: ``pointer`` is the field's JSON pointer as a URI fragment (RFC 6901, section 6)."""
        pointer = "".join(f"/{_escaped(part)}" for part in self.path)
        specific, general = f"field.{self.code}.{self.path[0]}", f"field.{self.code}"
        sentence = next((key for key in (specific, general) if key in ENGLISH), "field.invalid")
        return {"pointer": f"#{pointer}", "code": self.code, "message": say(language, sentence, **self.values)}


def _escaped(part: str | int) -> str:
    return quote(str(part).replace("~", "~0").replace("/", "~1"))


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal."""

    cause: str
    complaints: tuple[Complaint, ...] = ()

    @property
    def kind(self) -> str:
        """The last part of its ``type``."""
        return KIND.get(self.cause, "unreadable-body")

    @property
    def status(self) -> int:
        """Of the answer."""
        return STATUS[self.kind]

    @property
    def headers(self) -> Mapping[str, str]:
        """What else the answer must say."""
        return HEADERS.get(self.kind, {})

    def document(self, language: str, request_id: str) -> str:
        """Write the problem document. ``instance`` lets a customer's complaint be found in the log."""
        document: dict[str, object] = {
            "type": f"urn:casework:problem:{self.kind}",
            "title": say(language, f"{self.kind}.title"),
            "status": self.status,
            "detail": say(language, f"{self.kind}.{self.cause}", limit=LIMITS.get(self.cause)),
            "instance": f"urn:casework:request:{quote(request_id, safe='')}",
        }
        if self.complaints:
            document["errors"] = [complaint.written(language) for complaint in self.complaints]
        return json.dumps(document, ensure_ascii=False)


def about(refusal: Refusal) -> Problem:
    """Tell which problem an error is to the customer."""
    if isinstance(refusal, ValidationError):
        errors = refusal.errors(include_url=False, include_input=False)
        return Problem("invalid_fields", tuple(_complaints(errors))[:MAX_ERRORS])
    if isinstance(refusal, UnreadableMessage):
        return Problem(refusal.cause, tuple(_named(refusal)))
    if isinstance(refusal, KeyReused):
        return Problem("key_reused")
    return Problem("in_flight" if isinstance(refusal, RequestInFlight) else "unavailable")


def _named(refusal: UnreadableMessage) -> Iterator[Complaint]:
    """The one field that a refusal is about, where it is about one."""
    if refusal.cause == "duplicate_field":
        yield Complaint((refusal.detail[:MAX_NAME],), refusal.cause)
    elif refusal.cause.startswith("upload_"):
        yield Complaint(("attachments", int(refusal.detail)), refusal.cause)
    elif refusal.cause.startswith("proof_"):
        yield Complaint(("altcha",), refusal.cause)


def _complaints(errors: list[ErrorDetails]) -> Iterator[Complaint]:
    for error in errors:
        path = tuple(part if isinstance(part, int) else part[:MAX_NAME] for part in error["loc"])
        name = next(part for part in reversed(path) if isinstance(part, str))
        yield Complaint(path, CODES.get(error["type"], f"invalid_{name}"), error.get("ctx", {}))
