"""What a customer sends: ``POST /cases`` with a JSON object, read strictly and turned into a ``Message``.

The only room of the functions that pays for pydantic. It says no to what it does not know, and names the field.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime
from typing import Annotated, Any, Literal, NoReturn

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticKnownError

from casework.contact_details import account_number, email_address, phone_number, public_reference
from casework.errors import UnreadableMessage
from casework.message import Channel, Decoding, Identity, IdentityKind, Message, Source, Trust

MAX_DESCRIPTION = 20_000
"""Characters: about ten pages, or 60,000 bytes of Japanese, which fits the body's limit."""
LOST = "\ufffd"
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Control characters, and halves of surrogate pairs, which no UTF-8 can hold; a cut emoji must not cost a customer their form."""
BREAKS = re.compile(r"[\t\n\r\x85\u2028\u2029]+")


def _legible(value: object) -> object:
    """Text without what cannot be stored, each such character replaced by U+FFFD, and without blanks around it."""
    return UNWRITABLE.sub(LOST, value).strip() if isinstance(value, str) else value


def _filled(value: object) -> object:
    """Treat an optional field that was left empty as one that was left out."""
    return _legible(value) or None if isinstance(value, str) else value


def _one_line(value: object) -> object:
    return BREAKS.sub(" ", value) if isinstance(value, str) else value


Line = BeforeValidator(lambda value: _one_line(_filled(value)))
Blank = BeforeValidator(_filled)


class Form(BaseModel):
    """A valid form: every text legible, every contact detail in normal form, whatever was left empty ``None``."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)

    description: Annotated[str, Field(min_length=1, max_length=MAX_DESCRIPTION), BeforeValidator(_legible)]
    subject: Annotated[Annotated[str, Field(max_length=200)] | None, Line] = None
    name: Annotated[Annotated[str, Field(max_length=100)] | None, Line] = None
    account: Annotated[Annotated[str, AfterValidator(account_number)] | None, Blank] = None
    email: Annotated[Annotated[str, AfterValidator(email_address)] | None, Blank] = Field(default=None, validate_default=True)
    phone: Annotated[Annotated[str, AfterValidator(phone_number)] | None, Blank] = None
    category: Annotated[Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")] | None, Blank] = None
    language: Annotated[Literal["en", "ja"] | None, Blank] = None
    reference: Annotated[Annotated[str, AfterValidator(public_reference)] | None, Blank] = None

    @field_validator("email")
    @classmethod
    def _we_can_answer(cls, email: str | None, info: ValidationInfo) -> str | None:
        """Ask for an address unless an account tells us one. A wrong ``account`` has its own complaint, which suffices."""
        account = info.data.get("account", "complained about already")
        if email or account or (info.context or {}).get("account"):
            return email
        raise PydanticKnownError("missing")


def read(content: bytes, account: str) -> Form:
    """Read the form in a body; ``account`` is the customer who is signed in, or empty.

    Raises ``UnreadableMessage`` (``not_utf8``, ``not_json``, ``not_an_object``, or ``duplicate_field`` with the field as its
    detail) or pydantic's ``ValidationError``, which names every field that is wrong.
    """
    document = _document(content)
    if not isinstance(document, dict):
        raise UnreadableMessage("not_an_object")
    return Form.model_validate(document, context={"account": account})


def _document(content: bytes) -> Any:
    """JSON as RFC 8259 has it: no ``NaN``, no name twice, no nesting beyond reason."""
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_unambiguous, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise UnreadableMessage("not_utf8") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableMessage("not_json") from error


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for written, value in pairs:
        name = UNWRITABLE.sub(LOST, written)
        if name in document:
            raise UnreadableMessage("duplicate_field", name)
        document[name] = value
    return document


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


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
    )


def _digest(form: Form, account: str) -> str:
    """Of the payload in canonical form and of who sent it: one customer's key and text never stand for another's."""
    payload = [account, form.model_dump(exclude_none=True)]
    canonical = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _identities(form: Form, account: str) -> tuple[Identity, ...]:
    vouched = (Identity(IdentityKind.ACCOUNT, account, Trust.AUTHENTICATED),) if account else ()
    typed = ((IdentityKind.EMAIL, form.email), (IdentityKind.PHONE, form.phone), (IdentityKind.ACCOUNT, form.account))
    return vouched + tuple(Identity(kind, value, Trust.CLAIMED) for kind, value in typed if value and value != account)
