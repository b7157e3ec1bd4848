"""Who is named in an address header. The structure is read first and names are decoded last.

The other way round, ``=?utf-8?q?<victim@example.com>?= <thief@example.com>`` would be a mail from the victim.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from casework import charsets
from casework.redaction.cuts import cut
from functions.email import headers

MAX_VALUE = 8_192
"""More of an address header than this is not read, in characters."""
MAX_NAME = 255
MAX_ADDRESS = 254
"""RFC 5321's longest address."""

_TOKEN = re.compile(
    r"""(?P<quoted>"(?:[^"\\]|\\.)*+")
      | (?P<encoded>=\?[^?\s]{1,80}\?[bBqQ]\?[^?]*\?=)
      | (?P<angle><[^<>]*>)
      | (?P<comment>\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*+\))*+\))
      | (?P<end>[,;])
      | (?P<group>:)
      | (?P<word>[^"<(,;:=]+|.)""",
    re.VERBOSE | re.DOTALL,
)
_PLAIN = re.compile(
    r"(?P<name>[A-Za-z0-9 -]{0,200})<(?P<address>[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,190})>"
    r"|(?P<bare>[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,190})",
)
"""What nearly every client writes for one person; read as by the rest of this module, in a tenth of the time."""
_UNAMBIGUOUS = re.compile(
    r"""\s*(?:(?:[^<>@",;:()\\]++|"(?:[^"\\]|\\.)*+"|\([^()<>@\\]*+\))*+<[^\s<>@",;:()]++@[^\s<>@",;:()]++>
      | [^\s<>@",;:()]++@[^\s<>@",;:()]++\s*+(?:\([^()<>@\\]*+\))?)\s*""",
    re.VERBOSE | re.DOTALL,
)
_BARE = re.compile(r"[^\s<>(),;:\"\[\]]+@[^\s<>(),;:\"]+")
_LOCAL = re.compile(r"[A-Za-z0-9._+-]+")
_DAEMONS = ("mailer-daemon", "postmaster", "root")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_NOT_IN_ADDRESS = re.compile(r"[\s<>\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
"""What no address contains; among it the characters that nobody sees, by which two addresses would look alike."""
_ROUTE = re.compile(r"^@[^:]*:")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address with the name beside it. ``address`` is as written; it may lack a domain, but is never empty."""

    name: str
    address: str
    certain: bool = True
    """Whether every reader of this header must come to the same address."""
    normal: str = field(init=False)
    """The address in normal form, or an empty string when it is none: lower case, IDNA domain, no final dot."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "normal", normal_form(self.address))

    def __str__(self) -> str:
        return charsets.clean(f"{self.name} <{self.address}>" if self.name else self.address)


def parse(value: str) -> list[Mailbox]:
    """Read the mailboxes of a raw address header. Never fails: what has no address is left out."""
    if not value:
        return []
    if plain := _PLAIN.fullmatch(value):
        return [Mailbox((plain["name"] or "").strip(), plain["address"] or plain["bare"])]
    certain = _is_unambiguous(value)
    mailboxes = []
    entry = _Entry()
    for token in _TOKEN.finditer(headers.unencoded(value[:MAX_VALUE])):
        if entry.takes(token):
            continue
        if mailbox := entry.mailbox(certain):
            mailboxes.append(mailbox)
        if mailbox or entry.angle is not None:
            entry = _Entry()
        else:
            entry.words.append(token[0])
    if len(value) <= MAX_VALUE and (mailbox := entry.mailbox(certain)):
        mailboxes.append(mailbox)
    return mailboxes


def _is_unambiguous(value: str) -> bool:
    """Whether a header names one address in a way that every reader reads alike: ``Name <address>`` or ``address (name)``."""
    try:
        headers.octets(value).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return bool(_UNAMBIGUOUS.fullmatch(value))


class _Entry:
    """What was read of one mailbox so far. A comma without an address before it belongs to a name: ``Smith, J <j@x.org>``."""

    __slots__ = ("angle", "comments", "words")

    def __init__(self) -> None:
        self.words: list[str] = []
        self.comments: list[str] = []
        self.angle: str | None = None

    def takes(self, token: re.Match[str]) -> bool:
        """Add a token; false for one that ends the mailbox."""
        kind, value = token.lastgroup, token[0]
        if kind == "end":
            return False
        if kind == "angle":
            self.angle = self.angle or _ROUTE.sub("", "".join(value[1:-1].split()))
        elif kind == "comment":
            self.comments.append(_ESCAPED.sub(r"\1", value[1:-1]))
        elif kind == "group" and not any("@" in word for word in self.words):
            self.words.clear()
        else:
            self.words.append(_ESCAPED.sub(r"\1", value[1:-1]) if kind == "quoted" else value)
        return True

    def mailbox(self, certain: bool) -> Mailbox | None:
        phrase = "".join(self.words).strip()
        if self.angle:
            return Mailbox(_name(phrase or _joined(self.comments)), _without_scheme(self.angle), certain)
        bare = _BARE.search(phrase)
        if bare:
            name = (phrase[: bare.start()] + phrase[bare.end() :]).strip() or _joined(self.comments)
            return Mailbox(_name(name), _without_scheme(bare[0].strip("'")), certain)
        if self.angle is None and _LOCAL.fullmatch(phrase) and (self.comments or phrase.lower() in _DAEMONS):
            return Mailbox(_name(_joined(self.comments)), phrase, certain=False)
        return None


def _joined(comments: list[str]) -> str:
    return " ".join(comments)


def _name(phrase: str) -> str:
    return cut(headers.text(phrase).strip().strip("'\"").strip(), MAX_NAME)


def _without_scheme(address: str) -> str:
    return address[7:] if address[:7].lower() == "mailto:" else address


def normal_form(address: str) -> str:
    """Write an address in lower case with an IDNA domain, or give an empty string when it cannot be one.

    The local part is never folded further: look-alikes of another person's address stay different from it.
    """
    local, at, domain = address.strip().rpartition("@")
    domain = _ascii_domain(domain.strip().rstrip(".").lower())
    normal = f"{local.strip().lower()}@{domain}"
    is_address = at and local.strip() and domain and not _NOT_IN_ADDRESS.search(normal)
    return normal if is_address and len(normal) <= MAX_ADDRESS else ""


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return domain


def domain_of(normal: str) -> str:
    """The part after the last ``@``."""
    return normal.rpartition("@")[2]
