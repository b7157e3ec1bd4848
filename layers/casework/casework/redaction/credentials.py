"""Passwords, one-time codes, authenticator secrets, API keys, tokens and cookies of a session.

Most are given away by the words before them only; some services' keys begin in a way of their own.

What follows "my password is" is a password when it has digits or symbols, so that "my password is wrong" stays readable; a
password made of plain words is therefore missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from casework.redaction.labels import Rule, alphanumeric, find_labelled
from casework.text.finding import Finding
from casework.text.patterns import compiled

_IS = r"(?:\s{1,3}(?:is|was)|\s{0,3}[=:はが])[\s:=、,]{0,3}"
_QUOTE = "[\"'`「『“‘]?"
_MAYBE_IS = rf"[\"']?(?:{_IS}|\s{{1,3}}){_QUOTE}"


_NO_PASSWORDS = ("password", "forgot", "incorrect", "invalid", "expired", "required", "change password", "passwort")
"""What stands in quotation marks after the word when somebody cites a page."""

_LONG_STRING = "[a-z0-9+/=_-]{16,128}+"
_TYPED = "[!-~]{6,128}?(?=[.,;:)>\\]\"'`]{0,3}(?![!-~]))"
_BASE32 = "(?:[a-z2-7]{4}[ -]?){4,15}[a-z2-7]{0,4}(?![0-9a-z])"
_CODE = "(?:[0-9]{3}[ -]?[0-9]{3}|[0-9]{4,8})(?![0-9a-z])"


def _mixed(value: str) -> bool:
    """Letters with digits or symbols, or digits alone, and neither a link nor an address."""
    mixed = re.search("[A-Za-z]", value) is not None and re.search("[0-9!#$%&*+=?@^_~]", value) is not None
    return (mixed or value.isdigit()) and re.match(r"https?:|[\w.+-]{1,64}@[\w-]{1,64}\.", value) is None


def _token(value: str) -> bool:
    """What a session is known by; a UUID is what it is called."""
    return alphanumeric(value) and re.fullmatch("[0-9A-Za-z]{8}(?:-[0-9A-Za-z]{4}){3}-[0-9A-Za-z]{12}", value) is None


_RULES = (
    Rule("authenticator_secret", ("otpauth",), r"(?P<value>otpauth(?:-migration)?://[!-~]{8,2048})"),
    Rule(
        "authenticator_secret",
        ("secret", "key", "seed", "キー", "シークレット"),
        rf"(?:secret|key|seed|キー|シークレット){_MAYBE_IS}(?P<value>{_BASE32})",
        before=r"(?:2fa|totp|otp|authenticator|two[- ]factor|set-?up|セットアップ|認証アプリ|段階認証)[ の\w]{0,16}\Z",
        convinces=lambda value: value.isupper() or alphanumeric(value),
    ),
    Rule(
        "one_time_code",
        ("code",),
        rf"code(?: (?:i|they|you|we|he|she|it)\b[a-z' ]{{2,24}}?)?{_MAYBE_IS}(?P<value>{_CODE})",
        before=r"(?:verification|authenticat(?:ion|or)|security|one[- ]?time|2fa|two[- ]factor|mfa|sms|log-?in|sign-?in|otp)"
        r"[ -]?(?:pass)?\Z",
    ),
    Rule(
        "one_time_code",
        ("otp", "time pass", "sms pass"),
        rf"(?:otp(?<![a-z]otp)|one[- ]time pass(?:word|code)|sms pass(?:word|code)){_MAYBE_IS}(?P<value>{_CODE})",
    ),
    Rule(
        "one_time_code",
        ("コード", "番号", "パス"),
        rf"(?:確認|認証|ワンタイム|セキュリティ|要素|sms)(?:用|の)?(?:コード|番号|パスワード|パス)[はが:=、\s「『]{{0,4}}(?P<value>{_CODE})",
    ),
    Rule(
        "password",
        ("pass", "パスワード", "パスコード", "パスフレーズ"),
        rf"(?:pass ?(?:word|code|phrase)|passwd|パス(?:ワード|コード|フレーズ)){_IS}{_QUOTE}(?P<value>{_TYPED})",
        convinces=_mixed,
    ),
    Rule(
        "password",
        ("pass", "パスワード", "パスコード", "パスフレーズ"),
        rf"(?:pass ?(?:word|code|phrase)|passwd|パス(?:ワード|コード|フレーズ)){_IS}(?:(?P<quote>[\"'`])|[「『“‘])"
        r"(?P<value>[!-~]{6,64}?)(?:(?P=quote)|[」』”’])",
        convinces=lambda value: value.lower() not in _NO_PASSWORDS,
    ),
    Rule(
        "password",
        ("pw",),
        rf"pwd?{_IS}{_QUOTE}(?P<value>{_TYPED})",
        before=r"(?<![0-9a-z/+])\Z",
        convinces=_mixed,
    ),
    Rule(
        "password",
        ("pin", "暗証番号"),
        rf"(?:pin(?<![a-z]pin)(?: code| number)?|暗証番号){_IS}{_QUOTE}(?P<value>[0-9]{{4,8}}(?![0-9a-z]))",
    ),
    Rule(
        "api_credential",
        ("key", "token", "キー"),
        rf"(?:key|token|キー){_MAYBE_IS}(?P<value>{_LONG_STRING})",
        before=r"(?:api|client|consumer|access|secret|シークレット)[ _・の-]?(?:secret|access)?[ _-]?\Z",
        convinces=alphanumeric,
    ),
    Rule(
        "api_credential",
        ("secret", "bearer", "シークレット"),
        rf"(?:secret|bearer|シークレット){_MAYBE_IS}(?P<value>{_LONG_STRING})",
        convinces=alphanumeric,
    ),
    Rule(
        "api_credential",
        ("cookie", "クッキー"),
        r"(?:(?<![a-z])(?:set-)?cookie:[ \t]*|クッキー[はが:]\s{0,2})"
        r"(?P<value>[!-~]{1,200}?=[!-~]{6,4096}(?: [!-~]{1,200}?=[!-~]{1,4096}){0,40})",
    ),
    Rule(
        "api_credential",
        ("sess", "phpsid", "auth", "access", "refresh"),
        r"(?<![a-z])(?:session|sess|php|jsession|phpsess|auth|access|refresh)[ _-]?(?:id|sid|token|key|cookie)[\"']?\s{0,2}"
        r"(?:is|was|[=:はが])[\s\"'「]{0,3}(?P<value>[0-9a-z%._+/=-]{16,1024})",
        convinces=_token,
    ),
)

_OWN_WAY = (
    r"(?<![0-9A-Za-z_-])(?:"
    r"(?:AKIA|ASIA)[0-9A-Z]{16}"  # AWS
    r"|[sr]k_(?:live|test)_[0-9A-Za-z]{16,255}|whsec_[0-9A-Za-z+/=]{24,64}"  # Stripe
    r"|sk-[0-9A-Za-z_-]{32,200}"  # OpenAI, Anthropic
    r"|gh[opsur]_[0-9A-Za-z]{36,255}|github_pat_[0-9A-Za-z_]{22,255}|glpat-[0-9A-Za-z_-]{20,64}"  # GitHub, GitLab
    r"|xox[abeoprs]-[0-9A-Za-z-]{10,255}"  # Slack
    r"|AIza[0-9A-Za-z_-]{35}|ya29\.[0-9A-Za-z_-]{20,1024}"  # Google
    r"|SG\.[0-9A-Za-z_-]{16,32}\.[0-9A-Za-z_-]{32,64}"  # SendGrid
    r"|[0-9]{8,10}:AA[0-9A-Za-z_-]{33}"  # Telegram
    r"|eyJ[0-9A-Za-z_-]{8,4096}\.eyJ[0-9A-Za-z_-]{4,8192}\.[0-9A-Za-z_-]{0,1024}"  # JSON Web Token (RFC 7519)
    r")(?![0-9A-Za-z_-])"
)
_BEGINNINGS = (
    "AKIA", "ASIA", "k_live_", "k_test_", "whsec_", "sk-", "gho_", "ghp_", "ghs_", "ghu_", "ghr_", "github_pat_", "glpat-", "xox",
    "AIza", "ya29.", "SG.", ":AA", "eyJ",
)  # fmt: skip


def find(text: str) -> Iterator[Finding]:
    """Find what the words of a folded text call a secret, and keys that are known by their beginning."""
    yield from find_labelled(text, _RULES)
    if any(map(text.__contains__, _BEGINNINGS)):
        yield from (Finding("api_credential", match[0], *match.span()) for match in compiled(_OWN_WAY).finditer(text))
