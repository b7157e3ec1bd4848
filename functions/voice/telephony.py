"""What the call centre's exporter says of a call: the user metadata of the S3 object, from its telephony record.

Identities from here are authenticated: the exchange's own telephone system vouches for them. For the same reason a value
that could be read in two ways is refused: a wrong identity joins two customers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from casework.contact_details import account_number, email_address, phone_number
from casework.message import Identity, IdentityKind, Trust
from functions.voice.call import language_of

PLACEHOLDERS = frozenset({"", "-", "--", "n/a", "na", "none", "null", "nil", "undefined", "unknown", "不明", "なし", "未登録"})
"""What exporters write for nothing. Taken at its word, ``unknown`` would be one customer who calls all day."""

WITHHELD = ("anonymous", "restricted", "private", "blocked", "withheld", "unavailable", "unknown")
"""What carriers send in place of a number; some send the word spelt on the keypad (+266696687)."""

MAX_VALUE = 2048
"""Characters of one value: S3 allows 2 KB of user metadata in all."""

_WITHHELD_JAPANESE = ("非通知", "通知不可", "表示圏外", "公衆電話")
_KEYPAD = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
_SPELT = frozenset(word.translate(_KEYPAD) for word in WITHHELD)

_CONTACT = re.compile(r"[!-~]{1,256}")
_SEPARATORS = re.compile(r"[\s().\-/\u2010-\u2015\u2212\u30fc]")


class _Withheld(ValueError):
    """The caller's number was withheld."""


@dataclass(frozen=True, slots=True)
class Record:
    """What the telephony record says, as far as it can be read."""

    contact_id: str
    identities: tuple[Identity, ...]
    language: str
    signals: tuple[str, ...]


def read(metadata: Mapping[str, object]) -> Record:
    """Read the keys that are known; what is malformed is left out and signalled, never raised."""
    signals: list[str] = []
    found = {key: _value(metadata.get(key, ""), reader, signals) for key, reader in _READERS.items()}
    identities = (Identity(kind, found[key], Trust.AUTHENTICATED) for key, kind in _IDENTITIES.items() if found[key])
    return Record(found["contact-id"], tuple(identities), found["language"], tuple(dict.fromkeys(signals)))


def _value(raw: object, reader: Callable[[str], str], signals: list[str]) -> str:
    try:
        value = decoded(raw)
        return "" if value.casefold() in PLACEHOLDERS else reader(value)
    except _Withheld:
        signals.append("caller_withheld")
    except ValueError:
        signals.append("metadata_malformed")
    return ""


def decoded(raw: object) -> str:
    """Return a metadata value as text: S3 hands non-ASCII values back as RFC 2047 words. Raises ``ValueError`` for garbage."""
    written = raw if isinstance(raw, str) and len(raw) <= MAX_VALUE else "\ufffd"
    value = unicodedata.normalize("NFKC", _rfc2047(written) if "=?" in written else written).strip()
    if not value.isprintable() or "\ufffd" in value:
        raise ValueError("not text")
    return value


def _rfc2047(raw: str) -> str:
    # Few values need it, and every cold start would pay for it.
    from email.errors import MessageError
    from email.header import decode_header, make_header

    try:
        return str(make_header(decode_header(raw)))
    except (MessageError, LookupError) as error:
        raise ValueError("not RFC 2047") from error


def contact(value: str) -> str:
    """Return a contact id as the telephone system wrote it."""
    return _matching(_CONTACT, value)


def phone(value: str) -> str:
    """Return a number in E.164; a national number with its leading 0 is Japanese.

    Raises ``ValueError`` for a number that is withheld, that lacks its country, or that is none.
    """
    dialled = _dialled(value)
    if _is_withheld(dialled):
        raise _Withheld
    return phone_number(dialled)


def _dialled(value: str) -> str:
    """Take the number out of ``tel:`` and ``sip:`` addresses, and the trunk zero out of ``+81 (0)90``."""
    address = re.search(r"<([^>]*)>", value)
    bare = re.sub(r"^(?:tel|sips?):", "", (address[1] if address else value).strip().casefold())
    number = re.split("[@;]", bare, maxsplit=1)[0]
    return number.replace("(0)", "", 1) if number.startswith("+") else number


def _is_withheld(dialled: str) -> bool:
    words = dialled.strip('" ')
    spelt = _SEPARATORS.sub("", dialled).removeprefix("+")
    return words.startswith((*WITHHELD, *_WITHHELD_JAPANESE)) or spelt in _SPELT or not spelt.strip("0")


def _matching(pattern: re.Pattern[str], value: str) -> str:
    if not pattern.fullmatch(value):
        raise ValueError("not of the expected form")
    return value


_READERS: Mapping[str, Callable[[str], str]] = {
    "contact-id": contact,
    "customer-account": account_number,
    "caller-number": phone,
    "customer-email": email_address,
    "language": language_of,
}
_IDENTITIES = {
    "customer-account": IdentityKind.ACCOUNT,
    "caller-number": IdentityKind.PHONE,
    "customer-email": IdentityKind.EMAIL,
}
