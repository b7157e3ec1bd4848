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

from casework.errors import KeyReused, Unavailable, UnreadableMessage
from functions.web_form.wording import ENGLISH, say

MAX_BODY = 64 * 1024
"""Bytes of a request's body."""
MAX_KEY = 255
"""Characters of an Idempotency-Key."""
MAX_ERRORS = 20
"""Complaints in one document: whoever has more is no customer."""
MAX_NAME = 64
"""Characters of an unknown field's name that are repeated."""
RETRY_AFTER = 5
"""Seconds, for a customer who was told to come back."""

Refusal = UnreadableMessage | ValidationError | KeyReused | Unavailable
REFUSALS = (UnreadableMessage, ValidationError, KeyReused, Unavailable)
"""Everything that is answered with a problem document. What else goes wrong is ours and must look like it."""

STATUS = {
    "unreadable-body": 400,
    "invalid-fields": 400,
    "invalid-idempotency-key": 400,
    "body-too-large": 413,
    "unsupported-media-type": 415,
    "idempotency-key-reused": 422,
    "unavailable": 503,
}
KIND = {
    "too_large": "body-too-large",
    "unsupported_media_type": "unsupported-media-type",
    "invalid_key": "invalid-idempotency-key",
    "invalid_fields": "invalid-fields",
    "key_reused": "idempotency-key-reused",
    "unavailable": "unavailable",
}
"""What kind of problem a cause is; every other cause is an unreadable body."""
HEADERS = {503: {"Retry-After": str(RETRY_AFTER)}, 415: {"Accept": "application/json"}}
LIMITS = {"too_large": MAX_BODY, "invalid_key": MAX_KEY}
CODES = {
    "missing": "required",
    "string_too_short": "required",
    "string_too_long": "too_long",
    "string_type": "not_text",
    "extra_forbidden": "unknown_field",
}
"""What pydantic calls it, and what we do. The rest is a value its field does not take: ``invalid_<field>``."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with one field."""

    name: str
    code: str
    values: Mapping[str, object] = field(default_factory=dict)

    def written(self, language: str) -> dict[str, str]:
        """For the document: ``pointer`` is the field's JSON pointer as a URI fragment (RFC 6901, section 6)."""
        pointer = quote(self.name.replace("~", "~0").replace("/", "~1"))
        specific, general = f"field.{self.code}.{self.name}", f"field.{self.code}"
        sentence = next((key for key in (specific, general) if key in ENGLISH), "field.invalid")
        return {"pointer": f"#/{pointer}", "code": self.code, "message": say(language, sentence, **self.values)}


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
        return HEADERS.get(self.status, {})

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
        repeated = (Complaint(refusal.detail[:MAX_NAME], refusal.cause),) if refusal.cause == "duplicate_field" else ()
        return Problem(refusal.cause, repeated)
    return Problem("key_reused" if isinstance(refusal, KeyReused) else "unavailable")


def _complaints(errors: list[ErrorDetails]) -> Iterator[Complaint]:
    for error in errors:
        name = str(error["loc"][0])[:MAX_NAME]
        yield Complaint(name, CODES.get(error["type"], f"invalid_{name}"), error.get("ctx", {}))
