"""What a customer sends: the form as a JSON object, validated and turned into a ``Message``.

With ``upload_request`` the only room of the functions that pays for pydantic. It says no to what it does not know, and names
the field. Its model is published: ``GET /cases/schema.json``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticKnownError

from casework.contact_details import account_number, email_address, phone_number, public_reference
from casework.message import Channel, Decoding, Identity, IdentityKind, Message, Source, Trust
from functions.web_form.json_body import LOST, UNWRITABLE

MAX_DESCRIPTION = 20_000
"""Characters: about ten pages, or 60,000 bytes of Japanese, which fits the body's limit."""
MAX_ATTACHMENTS = 5
MAX_PROOF = 4096
"""Characters of a solved challenge, several times what the widget sends."""
MAX_UPLOAD_ID = 2048
"""Characters of an upload's id, which carries the file's name."""
HONEYPOT = "honeypot"
"""The signal of a form whose hidden field was filled in."""
BREAKS = re.compile(r"[\t\n\r\x85\u2028\u2029]+")


def _legible(value: object) -> object:
    """Text without what cannot be stored, each such character replaced by U+FFFD, and without blanks around it."""
    return UNWRITABLE.sub(LOST, value).strip() if isinstance(value, str) else value


def _filled(value: object) -> object:
    """Treat an optional field that was left empty as one that was left out."""
    return _legible(value) or None if isinstance(value, str) else value


def one_line(value: object) -> object:
    """Text on a single line, as a title or a name has to be."""
    return BREAKS.sub(" ", value) if isinstance(value, str) else value


Line = BeforeValidator(lambda value: one_line(_filled(value)))
Blank = BeforeValidator(_filled)


def _says(description: str) -> Any:
    return Field(default=None, description=description)


class Form(BaseModel):
    """A customer's message. Fields that are empty or null count as left out."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)

    description: Annotated[
        str,
        Field(min_length=1, max_length=MAX_DESCRIPTION, description="What happened, in the customer's words."),
        BeforeValidator(_legible),
    ]
    subject: Annotated[Annotated[str, Field(max_length=200)] | None, Line] = _says("A title, on one line.")
    name: Annotated[Annotated[str, Field(max_length=100)] | None, Line] = _says("What the customer likes to be called.")
    account: Annotated[Annotated[str, AfterValidator(account_number)] | None, Blank] = _says("The account number. A claim.")
    email: Annotated[Annotated[str, AfterValidator(email_address)] | None, Blank] = Field(
        default=None, validate_default=True, description="Where to answer; required without an account number. A claim."
    )
    phone: Annotated[Annotated[str, AfterValidator(phone_number)] | None, Blank] = _says("With its country code. A claim.")
    category: Annotated[Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")] | None, Blank] = _says("What it is about. A hint.")
    language: Annotated[Literal["en", "ja"] | None, Blank] = _says("The language to answer in.")
    reference: Annotated[Annotated[str, AfterValidator(public_reference)] | None, Blank] = _says(
        "The reference of an earlier message, such as CW-7K3M-Q0XV-2B9D."
    )
    attachments: Annotated[list[Annotated[str, Field(max_length=MAX_UPLOAD_ID)]], Field(max_length=MAX_ATTACHMENTS)] | None = (
        _says("Ids of uploads that POST /uploads gave out.")
    )
    altcha: Annotated[Annotated[str, Field(max_length=MAX_PROOF)] | None, Blank] = _says(
        "The solved challenge of GET /challenge, where proof of work is required."
    )
    website: Annotated[str | None, Line] = _says("Leave empty.")

    @field_validator("email")
    @classmethod
    def _we_can_answer(cls, email: str | None, info: ValidationInfo) -> str | None:
        """Ask for an address unless an account tells us one. A wrong ``account`` has its own complaint, which suffices."""
        account = info.data.get("account", "complained about already")
        if email or account or (info.context or {}).get("account"):
            return email
        raise PydanticKnownError("missing")


def read(document: Mapping[str, Any], account: str) -> Form:
    """Read the form in an object; ``account`` is the customer who is signed in, or empty.

    Raises pydantic's ``ValidationError``, which names every field that is wrong.
    """
    return Form.model_validate(document, context={"account": account})


def message(form: Form, *, name: str, account: str, received_at: datetime) -> Message:
    """Make a message of the form. ``name`` is what makes its delivery the same delivery, ``account`` who is signed in.

    What somebody typed is a claim; only the account they are signed in with is vouched for.
    """
    texts = (form.description, form.subject or "", form.name or "")
    return Message(
        source=Source(Channel.WEB_FORM, name, _digest(form, account)),
        received_at=received_at,
        identities=_identities(form, account),
        subject=form.subject or "",
        text=form.description,
        language_hint=form.language or "",
        category_hint=form.category or "",
        sender=" ".join(part for part in (form.name, form.email and f"<{form.email}>") if part),
        references=(form.reference,) if form.reference else (),
        decodings=(Decoding("utf-8", "utf-8", sum(text.count(LOST) for text in texts)),),
        signals=(HONEYPOT,) if form.website else (),
    )


def _digest(form: Form, account: str) -> str:
    """Of the payload in canonical form and of who sent it: one customer's key and text never stand for another's.

    The solved challenge is no part of it: whoever comes back with the same message may have had to solve another one.
    """
    payload = [account, form.model_dump(exclude_none=True, exclude={"altcha"})]
    canonical = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _identities(form: Form, account: str) -> tuple[Identity, ...]:
    vouched = (Identity(IdentityKind.ACCOUNT, account, Trust.AUTHENTICATED),) if account else ()
    typed = ((IdentityKind.EMAIL, form.email), (IdentityKind.PHONE, form.phone), (IdentityKind.ACCOUNT, form.account))
    return vouched + tuple(Identity(kind, value, Trust.CLAIMED) for kind, value in typed if value and value != account)
