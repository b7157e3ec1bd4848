"""Passwords, one-time codes, authenticator secrets, API secrets, My Number: things that only the words before them give away.

What follows "my password is" is a password when it has digits or symbols, so that "my password is wrong" stays readable; a
password made of plain words is therefore missed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from casework.text.finding import Finding
from casework.text.patterns import compiled

_IS = r"(?:\s{1,3}(?:is|was)|\s{0,3}[=:はが])[\s:=]{0,3}"
_QUOTE = "[\"'`「『“‘]?"
_MAYBE_IS = rf"[\"']?(?:{_IS}|\s{{1,3}}){_QUOTE}"


_LONG_STRING = "[a-z0-9+/=_-]{16,128}+"
_TYPED = "[!-~]{6,128}?(?=[.,;:)>\\]\"'`]{0,3}(?![!-~]))"
_BASE32 = "(?:[a-z2-7]{4}[ -]?){4,15}[a-z2-7]{0,4}(?![0-9a-z])"
_CODE = "(?:[0-9]{3}[ -]?[0-9]{3}|[0-9]{4,8})(?![0-9a-z])"


class _Rule(NamedTuple):
    kind: str
    words: tuple[str, ...]
    """One of these is in every text that the pattern matches, and is cheaper to look for."""
    pattern: str
    """With a group ``value``. It is matched on the text in lower case."""
    before: str = ""
    """What must stand right before the pattern, within 24 characters; empty for anything."""
    convinces: Callable[[str], bool] = bool
    verified: Callable[[str], bool] | None = None


def _mixed(value: str) -> bool:
    """Letters with digits or symbols, or digits alone, and neither a link nor an address."""
    mixed = re.search("[A-Za-z]", value) is not None and re.search("[0-9!#$%&*+=?@^_~]", value) is not None
    return (mixed or value.isdigit()) and re.match(r"https?:|[\w.+-]{1,64}@[\w-]{1,64}\.", value) is None


def _alphanumeric(value: str) -> bool:
    return re.search("[A-Za-z]", value) is not None and re.search("[0-9]", value) is not None


def _individual_number(value: str) -> bool:
    """Whether the check digit of a My Number holds (the ordinance's formula, modulo 11)."""
    digits = [int(digit) for digit in value if digit.isdigit()]
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    remainder = sum(digit * weight for digit, weight in zip(digits, weights, strict=False)) % 11
    return digits[-1] == (0 if remainder < 2 else 11 - remainder)


# Of two rules for one place the first names it.
_RULES = (
    _Rule("authenticator_secret", ("otpauth:",), r"(?P<value>otpauth://[!-~]{8,512})"),
    _Rule(
        "authenticator_secret",
        ("secret", "key", "seed", "キー", "シークレット"),
        rf"(?:secret|key|seed|キー|シークレット){_MAYBE_IS}(?P<value>{_BASE32})",
        before=r"(?:2fa|totp|otp|authenticator|two[- ]factor|set-?up|セットアップ|認証アプリ|段階認証)[ の\w]{0,16}\Z",
        convinces=lambda value: value.isupper() or _alphanumeric(value),
    ),
    _Rule(
        "one_time_code",
        ("code",),
        rf"code{_MAYBE_IS}(?P<value>{_CODE})",
        before=r"(?:verification|authenticat(?:ion|or)|security|one[- ]?time|2fa|two[- ]factor|mfa|sms|log-?in|sign-?in|otp)"
        r"[ -]?(?:pass)?\Z",
    ),
    _Rule(
        "one_time_code",
        ("otp", "time pass", "sms pass"),
        rf"(?:otp(?<![a-z]otp)|one[- ]time pass(?:word|code)|sms pass(?:word|code)){_MAYBE_IS}(?P<value>{_CODE})",
    ),
    _Rule(
        "one_time_code",
        ("コード", "番号", "パス"),
        rf"(?:確認|認証|ワンタイム|セキュリティ|要素|sms)(?:用|の)?(?:コード|番号|パスワード|パス)[はが:=\s「『]{{0,4}}(?P<value>{_CODE})",
    ),
    _Rule(
        "password",
        ("pass", "パスワード", "パスコード", "パスフレーズ"),
        rf"(?:pass ?(?:word|code|phrase)|passwd|パス(?:ワード|コード|フレーズ)){_IS}{_QUOTE}(?P<value>{_TYPED})",
        convinces=_mixed,
    ),
    _Rule(
        "password",
        ("pw",),
        rf"pwd?{_IS}{_QUOTE}(?P<value>{_TYPED})",
        before=r"(?<![0-9a-z/+])\Z",
        convinces=_mixed,
    ),
    _Rule(
        "password",
        ("pin", "暗証番号"),
        rf"(?:pin(?<![a-z]pin)(?: code| number)?|暗証番号){_IS}{_QUOTE}(?P<value>[0-9]{{4,8}}(?![0-9a-z]))",
    ),
    _Rule(
        "api_credential",
        ("key", "token", "キー"),
        rf"(?:key|token|キー){_MAYBE_IS}(?P<value>{_LONG_STRING})",
        before=r"(?:api|client|consumer|access|secret|シークレット)[ _・の-]?(?:secret|access)?[ _-]?\Z",
        convinces=_alphanumeric,
    ),
    _Rule(
        "api_credential",
        ("secret", "bearer", "シークレット"),
        rf"(?:secret|bearer|シークレット){_MAYBE_IS}(?P<value>{_LONG_STRING})",
        convinces=_alphanumeric,
    ),
    _Rule(
        "individual_number",
        ("マイナンバー", "個人番号", "my number", "individual number"),
        r"(?:マイナンバー|個人番号|my number|individual number)[^0-9\x00]{0,12}"
        r"(?P<value>[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4})(?![0-9a-z])",
        verified=_individual_number,
    ),
)


def find(text: str) -> Iterator[Finding]:
    """Find what the words of a folded text call a secret."""
    lowered = text.replace("İ", "I").lower()
    for rule in _RULES:
        if any(word in lowered for word in rule.words):
            yield from _following(rule, text, lowered)


def _following(rule: _Rule, text: str, lowered: str) -> Iterator[Finding]:
    for match in compiled(rule.pattern).finditer(lowered):
        start, end = match.span("value")
        value = text[start:end]
        if rule.convinces(value) and compiled(rule.before).search(lowered[max(0, match.start() - 24) : match.start()]):
            verified = rule.verified(value) if rule.verified else None
            yield Finding(rule.kind, value, start, end, verified, echo=value if len(value) > 5 else "")
