"""How a customer can be reached, in the normal form every door uses, so that one person is recognised on all of them."""

from __future__ import annotations

import re
import unicodedata

MAX_ADDRESS = 254
"""Octets of an e-mail address (RFC 5321 with erratum 1690)."""
MAX_LOCAL_PART = 64
LOCAL_PART = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+")
"""RFC 5322's atoms, with dots anywhere: Japanese carriers used to hand out ``taro..@`` and ``taro.@``."""
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
TOP_LEVEL = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]+")
ACCOUNT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}")
REFERENCE = re.compile(r"CW((?:-[0-9A-HJKMNP-TV-Z]{4}){3})")
"""A public reference in Crockford's alphabet, which has no I, L, O or U."""
MISREAD = str.maketrans("ILO", "110")
"""What Crockford's base32 says to read for the letters it does not have."""
DASHES = re.compile("[\u2010-\u2015\u2212\u30fc\uff70]")
"""Hyphens, dashes, the minus and the long-vowel marks that Japanese keyboards give for one."""
PUNCTUATION = re.compile(r"[\s().\-/]")
INTERNATIONAL = re.compile(r"(?:\+|00|010(?=\d{9}))([1-9]\d{7,14})")
"""An E.164 number behind its ``+``, or behind what is dialled for one in Europe and in Japan."""
DOMESTIC = re.compile(r"0[1-9]\d{8,9}")
"""A Japanese number with its trunk prefix: 10 digits, 11 for mobile and IP telephones."""
JAPANESE = re.compile(r"810?([1-9]\d{8,9})")
"""A Japanese number behind its ``+``, with a trunk prefix or without."""


def email_address(text: str) -> str:
    """Lower case, domain in IDNA. Raises ``ValueError`` for what no mail server would take."""
    local, _, domain = _narrow(text).lower().rpartition("@")
    address = f"{local}@{_domain(domain)}"
    if not LOCAL_PART.fullmatch(local) or len(local) > MAX_LOCAL_PART or len(address) > MAX_ADDRESS:
        raise ValueError("not an e-mail address")
    return address


def _domain(name: str) -> str:
    if len(name) > MAX_ADDRESS:
        raise ValueError("too long for a domain")
    domain = (name if name.isascii() else name.encode("idna").decode("ascii")).lower()
    labels = domain.split(".")
    if len(labels) < 2 or not all(LABEL.fullmatch(label) for label in labels) or not TOP_LEVEL.fullmatch(labels[-1]):
        raise ValueError("not a domain")
    return domain


def phone_number(text: str) -> str:
    """E.164. A number without a country code is read as Japanese. Raises ``ValueError`` when it cannot be one."""
    written = DASHES.sub("-", _narrow(text)).replace("(0)", "")
    dialled = PUNCTUATION.sub("", written)
    if DOMESTIC.fullmatch(dialled):
        return f"+81{dialled[1:]}"
    international = INTERNATIONAL.fullmatch(dialled)
    if international is None:
        raise ValueError("not a telephone number")
    return f"+{international[1]}" if not international[1].startswith("81") else f"+81{_japanese(international[1])}"


def _japanese(number: str) -> str:
    subscriber = JAPANESE.fullmatch(number)
    if subscriber is None:
        raise ValueError("not a Japanese telephone number")
    return subscriber[1]


def account_number(text: str) -> str:
    """As issued, in half-width characters. Raises ``ValueError`` for what we would never issue."""
    number = _narrow(text)
    if not ACCOUNT.fullmatch(number):
        raise ValueError("not an account number")
    return number


def public_reference(text: str) -> str:
    """``CW-XXXX-XXXX-XXXX`` as it was given out, however it was copied. Raises ``ValueError`` for anything else."""
    prefix, dash, rest = DASHES.sub("-", _narrow(text)).upper().partition("-")
    reference = prefix + dash + rest.translate(MISREAD)
    if not REFERENCE.fullmatch(reference):
        raise ValueError("not a reference")
    return reference


def _narrow(text: str) -> str:
    """Half-width: people type addresses and numbers with whatever their keyboard is set to."""
    return unicodedata.normalize("NFKC", text).strip()
