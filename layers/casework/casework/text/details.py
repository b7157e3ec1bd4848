"""Details that two messages of one form differ in, and in nothing else: which coin, which month, whose account, which address.

Of an e-mail address or a telephone number two bytes of a digest are kept: enough to tell two apart, too little to say whose.

Only what no entity is: an address that its writer has shortened compares with nothing but another that was.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

from casework.entities import phones
from casework.entities.amounts import ASSET_NAMES, asset
from casework.text.patterns import compiled

MAX_DETAILS = 16
"""Of a text, and of a case."""
MAX_CHARACTERS = 4_000

_MONTHS = "January February March April May June July August September October November December"
_PLATFORMS = {
    "instagram": "instagram", "インスタ": "instagram", "facebook": "facebook", "telegram": "telegram", "テレグラム": "telegram",
    "whatsapp": "whatsapp", "discord": "discord", "twitter": "twitter", "ツイッター": "twitter", "tiktok": "tiktok",
    "youtube": "youtube", "linkedin": "linkedin", "snapchat": "snapchat",
}  # fmt: skip
WHO = frozenset({"app", "handle", "mail", "phone"})
"""Kinds that name who did it, or with what."""
HOST = "host"
_MAIL = r"(?P<mail>(?<![\w.%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5})"
_APP = r"(?P<app>(?<![\w.@/-])(?:com|io|org|net|jp|app)(?:\.[a-z][a-z0-9_]{1,30}){2,5}(?![\w-]))"
_HOST = r"(?P<host>(?<![\w@.-])[A-Za-z0-9][A-Za-z0-9-]{1,62}(?:\.[A-Za-z0-9-]{2,63}){1,4}\.[A-Za-z]{2,24}(?![\w@-]))"
"""One below another: strangers share the host of a site builder."""
_HANDLE = r"(?<![\w.@/-])@(?P<handle>[A-Za-z0-9_][A-Za-z0-9_.]{2,29})"
_SHORT = r"(?<![\w.])(?P<short>[A-Za-z0-9]{2,12}\.{2,3}[A-Za-z0-9]{2,12}|0x[0-9A-Fa-f]{6,38})(?!\w)"
"""What is left of an address or a hash where only its ends are shown, or its beginning."""
_MONTH = r"(?<![0-9])(?P<month>1[0-2]|[1-9])月(?!曜)"
_FIGURE = r"[0-9](?:[0-9.,]*[0-9])?"
_LEAST_FIGURE = 3
"""Digits of a number that is not met by accident."""


def details(text: str) -> tuple[str, ...]:
    """``kind:value`` of each, without repeats, in order. Phones come first, and what is beyond ``MAX_DETAILS`` is left out."""
    beginning = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS].replace("…", "..."))
    found = dict.fromkeys(f"{kind}:{value}" for kind, value in _found(beginning))
    return tuple(found)[:MAX_DETAILS]


def _found(text: str) -> Iterator[tuple[str, str]]:
    yield from (("phone", _digest(phone.value)) for phone in phones.find(text))
    for match in _pattern().finditer(text):
        kind, word = str(match.lastgroup), match[0]
        if kind == "handle":
            yield kind, match[kind].rstrip(".").lower()
        elif kind == "mail":
            yield kind, _digest(word.lower())
        elif kind == "short":
            if any(map(str.isdigit, word)) and any(map(str.isalpha, word)):
                yield kind, word.lower()
        elif kind in {"app", "month"}:
            yield kind, match[kind]
        elif kind == "host":
            yield kind, word.lower().removeprefix("www.")
        else:
            yield from _named(word)


def _digest(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()[:4]


def _named(word: str) -> Iterator[tuple[str, str]]:
    if word in _months():
        yield "month", _months()[word]
    elif word.lower() in _PLATFORMS:
        yield "platform", _PLATFORMS[word.lower()]
    elif asset(word):
        yield "asset", asset(word)


@cache
def _pattern() -> re.Pattern[str]:
    names = "|".join(map(re.escape, sorted((*ASSET_NAMES, *(name for name in _PLATFORMS if name > "ぁ")), key=len, reverse=True)))
    word = rf"(?P<word>(?<![A-Za-z0-9])[A-Za-z]{{3,12}}(?![A-Za-z0-9])|{names})"
    return compiled("|".join((_MAIL, _APP, _HOST, _HANDLE, _SHORT, _MONTH, word)))


@cache
def _months() -> dict[str, str]:
    return {name: str(number) for number, month in enumerate(_MONTHS.split(), 1) for name in (month, month[:3]) if name != "May"}


def differ(ours: Iterable[str], theirs: Iterable[str]) -> tuple[str, ...]:
    """The kinds of which each names some and none in common."""
    mine, others = _by_kind(ours), _by_kind(theirs)
    return tuple(kind for kind in mine if kind in others and not mine[kind] & others[kind])


def depart(ours: Iterable[str], theirs: Iterable[str]) -> tuple[str, ...]:
    """The kinds of which each names some that the other does not, whatever they share."""
    mine, others = _by_kind(ours), _by_kind(theirs)
    return tuple(kind for kind in mine if kind in others and mine[kind] - others[kind] and others[kind] - mine[kind])


def _by_kind(found: Iterable[str]) -> dict[str, set[str]]:
    kinds: dict[str, set[str]] = {}
    for each in found:
        kind, _, value = each.partition(":")
        kinds.setdefault(kind, set()).add(value)
    return kinds


def figures(text: str) -> frozenset[str]:
    """The digits of each number in a text that has enough of them."""
    plain = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS])
    found = (number.replace(",", "").replace(".", "") for number in compiled(_FIGURE).findall(plain))
    return frozenset(number for number in found if len(number) >= _LEAST_FIGURE)
