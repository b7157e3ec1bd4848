"""One contact of one customer, whatever the channel: what every door makes and the desk takes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

MAX_REFERENCES = 20
"""References become table look-ups: more than this many are an attack or noise, and the newest are kept."""


class Channel(StrEnum):
    """A way in."""

    EMAIL = "email"
    VOICE = "voice"
    WEB_FORM = "web_form"


class Trust(StrEnum):
    """How much a sender's identity may be believed."""

    AUTHENTICATED = "authenticated"
    """A third party vouches: DMARC passed, the telephony record says so, or the customer is signed in."""
    CLAIMED = "claimed"
    """Somebody typed it. It may find a matter, and may change nothing about a customer."""


class IdentityKind(StrEnum):
    """What sort of name an identity is."""

    ACCOUNT = "account"
    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a sender is, or claims to be.

    ``value`` is in normal form: an e-mail address in lower case with an IDNA domain, a phone number in E.164,
    an account number as issued. It is personal data; the table only ever sees a keyed hash of it.
    """

    kind: IdentityKind
    value: str
    trust: Trust


@dataclass(frozen=True, slots=True)
class Source:
    """What makes a delivery the same delivery.

    ``name`` is what the channel calls the message (mail: Message-ID and content digest, because the id is the sender's
    to choose; call: contact id; form: Idempotency-Key or request id). Equal ``(channel, name)`` is a replay.
    ``digest`` is the SHA-256 of the content in hex, so that one name with two contents is noticed.
    ``locator`` says where the original lies (``s3://bucket/key?versionId=…``), or is empty.
    """

    channel: Channel
    name: str
    digest: str
    locator: str = ""

    @property
    def message_id(self) -> str:
        """The id of the message made from this source: the same for every delivery of it."""
        return hashlib.sha256(f"{self.channel}\n{self.name}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Turn:
    """One utterance of a call. Offsets are milliseconds from the start of the call; ``None`` when the service gives none."""

    role: str
    """``customer``, ``agent`` or ``unknown``."""
    text: str
    start_ms: int | None = None
    end_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came along. Nothing is run, unpacked or fetched.

    ``media_type`` is what the sender declared, ``detected`` what the first bytes say (empty when they say nothing).
    ``size`` is in bytes, ``digest`` the SHA-256 in hex. ``text`` is the beginning of what a text-like file says, redacted
    like the rest of the message. ``flags`` names what an analyst must know before touching it: ``executable``,
    ``archive``, ``macros``, ``type_differs``.
    """

    name: str
    media_type: str
    size: int
    digest: str = ""
    detected: str = ""
    text: str = ""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decoding:
    """How the characters were read: what was declared, what was used, how many characters were lost (U+FFFD)."""

    declared: str
    used: str
    replaced: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One contact, as its door read it: nothing decided yet, nothing redacted yet.

    ``text`` is what the customer says now (mail: subject excluded, call: every turn but the agent's, joined by newlines).
    ``history`` is what came along but was said before (quoted mail). ``signals`` are named facts about the delivery,
    such as ``spam_fail``, ``virus_fail``, ``auto_reply``, ``bounce``, ``reply_to_differs``; the desk decides what follows.
    """

    source: Source
    received_at: datetime
    """When our side had it, aware UTC: every deadline counts from here."""
    identities: tuple[Identity, ...] = ()
    subject: str = ""
    text: str = ""
    history: str = ""
    sent_at: datetime | None = None
    """What the sender's clock said, aware UTC; never used for a deadline."""
    language_hint: str = ""
    """``en``, ``ja`` or empty: what the channel says of the language (transcript's locale, form's choice)."""
    category_hint: str = ""
    """What the customer chose in a form; a hint, never a decision."""
    turns: tuple[Turn, ...] = ()
    sender: str = ""
    """How the sender wrote their own name and address; personal data, for display only."""
    recipients: tuple[str, ...] = ()
    thread_name: str = ""
    """The name replies will refer to (mail: Message-ID without brackets), or empty."""
    references: tuple[str, ...] = ()
    """Names this message answers, nearest first, at most ``MAX_REFERENCES``."""
    attachments: tuple[Attachment, ...] = ()
    decodings: tuple[Decoding, ...] = ()
    signals: tuple[str, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)
    """What the channel's service says about the contact (duration, sentiment, verdicts), as short strings."""

    @property
    def message_id(self) -> str:
        """The id of this message: derived from its source, so that a retry writes the same thing."""
        return self.source.message_id

    @property
    def redacted(self) -> bool:
        """Whether the channel's service took personal data out before we had it. Of one contact that rendition is preferred."""
        return self.facts.get("redacted") == "yes"
