"""Numbers that name a person or an account to an authority, a bank or an insurer.

They are taken out because nobody needs them to work a case, and interrupt nobody: what they open is not a wallet. Nearly all
look like any other number, and are found by the label beside them only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from casework.redaction.labels import Rule, compact, find_labelled
from casework.text.finding import Finding
from casework.text.patterns import compiled

_NAME = (
    r"(?:'s)?(?:\s?(?:の?番号|ナンバー|number|numbers|no\b|num\b|nr\b|id\b|code|#))?\.?(?:\s?[(（][^()（）0-9\x00]{0,24}[)）])?"
)
_IS = r"[^\w\x00]{0,6}(?:(?:is|was|are)\b|(?:です)?[はが]|です)?[^\w\x00]{0,6}"
_FOURS = r"[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9a-z])"
_END = "(?![0-9a-z])"

_BANK = (
    r"bank|routing|\baba\b|\bwire|sort code|swift|\bbic\b|checking|savings|beneficiary|iban"
    r"|銀行|信金|信用金庫|支店|ゆうちょ|振込|振り込み|普通|当座|預金"
)
"""What must stand somewhere near an account number, or it may be the customer's account with us."""

_IBAN = r"(?<![0-9a-z])[a-z]{2}[0-9]{2}(?:[ -]?[0-9a-z]){11,30}"
_IBAN_LENGTHS = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18"
    " FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21"
    " LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27"
    " ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20"
)
"""The SWIFT registry's lengths, by country."""


def _individual_number(value: str) -> bool:
    """Whether the check digit of a My Number holds (the ordinance's formula, modulo 11)."""
    digits = [int(digit) for digit in value if digit.isdigit()]
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    remainder = sum(digit * weight for digit, weight in zip(digits, weights, strict=False)) % 11
    return digits[-1] == (0 if remainder < 2 else 11 - remainder)


def _routing_number(value: str) -> bool:
    """Whether the check digit of an ABA routing number holds: weights 3, 7, 1."""
    digits = [int(digit) for digit in value]
    return sum(digit * weight for digit, weight in zip(digits, (3, 7, 1) * 3, strict=False)) % 10 == 0


def _digits(least: int) -> re.Pattern[str]:
    return compiled(f"(?:[^0-9]*[0-9]){{{least}}}")


def _document(value: str) -> bool:
    """A number of a document: hardly letters alone, nor a year."""
    return _digits(5).match(value) is not None


_RULES = (
    Rule(
        "individual_number",
        ("マイナンバー", "個人番号", "my number", "mynumber", "individual number"),
        rf"(?:マイナンバー|個人番号|my ?number|individual number)[^0-9\x00]{{0,16}}(?P<value>{_FOURS})",
        verified=_individual_number,
        normal=compact,
    ),
    Rule(
        "individual_number",
        ("マイナンバー", "個人番号", "my number"),
        rf"(?<![0-9a-z])(?P<value>{_FOURS})\s?(?:が|\(|は|is )\s?(?:(?:私|わたし|自分|本人)の|my )?"
        r"(?:マイナンバー|個人番号|my number)",
        verified=_individual_number,
        normal=compact,
    ),
    Rule(
        "residence_card",
        ("在留", "residence card", "zairyu", "永住者証明"),
        rf"(?<![0-9a-z])(?P<value>[a-z]{{2}}[ -]?[0-9]{{8}}[ -]?[a-z]{{2}}){_END}",
        normal=compact,
    ),
    Rule(
        "passport",
        ("passport", "パスポート", "旅券"),
        rf"(?:passport|パスポート|旅券){_NAME}{_IS}"
        rf"(?P<value>(?:[a-z][ -]?){{0,2}}[0-9]{{6,9}}[a-z]?|[a-z][0-9][0-9a-z]{{6,7}}){_END}",
        convinces=_document,
        normal=compact,
    ),
    Rule(
        "passport",
        ("passport", "パスポート", "旅券"),
        rf"(?<![0-9a-z])(?P<value>[a-z]{{2}}[0-9]{{7}}){_END}[^0-9a-z\x00]{{0,4}}(?:is |was |が|は)?(?:(?:私|わたし)の|my |the )?"
        r"(?:passport|パスポート|旅券)",
        normal=compact,
    ),
    Rule(
        "driving_licence",
        ("licence", "license", "免許"),
        rf"(?:driv(?:er'?s?|ers'|ing) licen[cs]e|運転免許証?|免許証|免許){_NAME}{_IS}"
        rf"(?P<value>[a-z]{{5}}[0-9]{{6}}[0-9a-z]{{5}}|{_FOURS}"
        rf"|[a-z]{{0,3}}[ -]?[0-9]{{2,14}}(?:[ -][0-9]{{2,6}}){{0,3}}[a-z]?){_END}",
        convinces=lambda value: _digits(6).match(value) is not None,
        normal=compact,
    ),
    Rule(
        "social_security_number",
        ("ssn", "social security", "ソーシャルセキュリティ", "社会保障番号"),
        rf"(?<![0-9a-z])(?P<value>[0-9]{{3}}([ -])[0-9]{{2}}\2[0-9]{{4}}){_END}",
        normal=compact,
    ),
    Rule(
        "social_security_number",
        ("ssn", "social security", "ソーシャルセキュリティ", "社会保障番号"),
        rf"(?:\bssn\b|social security|ソーシャルセキュリティ|社会保障){_NAME}{_IS}(?P<value>[0-9]{{9}}){_END}",
    ),
    Rule(
        "health_insurance_number",
        ("保険", "insurance", "medicare", "nhs"),
        r"(?:被?保険者(?:証|番号|等)*|健康保険証?|保険証)(?:の?(?:記号|番号)[・･]?)*[^0-9a-z\x00]{0,8}"
        rf"(?P<value>[0-9]{{2,8}}(?:[ ,・-]{{1,2}}(?:番号)?[ :]?[0-9]{{1,8}}){{0,2}}){_END}",
        convinces=lambda value: _digits(6).match(value) is not None,
        normal=compact,
    ),
    Rule(
        "health_insurance_number",
        ("insurance", "medicare", "nhs"),
        rf"(?:health insurance|insurance (?:card|member|policy)|medicare|\bnhs)(?: card)?{_NAME}{_IS}"
        rf"(?P<value>[a-z]{{0,3}}[0-9](?:[ -]?[0-9a-z]){{6,14}}){_END}",
        convinces=lambda value: _digits(6).match(value) is not None,
        normal=compact,
    ),
    Rule(
        "bank_account",
        ("普通", "当座", "貯蓄", "口座"),
        rf"(?:普通|当座|貯蓄|口座)(?:預金|口座|番号|の|[ (（)）]){{0,4}}{_IS}"
        rf"(?P<value>[0-9]{{7}}|[0-9]{{3}}[ -][0-9]{{4}}){_END}",
        normal=compact,
    ),
    Rule(
        "bank_account",
        ("記号",),
        rf"記号{_IS}(?P<value>1[0-9]{{4}}(?:[ -][0-9])?[^0-9a-z\x00]{{1,8}}(?:番号)?[^0-9a-z\x00]{{0,4}}[0-9]{{2,8}}){_END}",
        normal=compact,
    ),
    Rule(
        "bank_account",
        ("routing", "aba"),
        rf"(?:routing(?: (?:and|&) transit)?|\baba){_NAME}{_IS}(?P<value>[0-9]{{9}}){_END}",
        convinces=_routing_number,
        verified=_routing_number,
    ),
    Rule(
        "bank_account",
        ("sort code",),
        rf"sort code{_NAME}{_IS}(?P<value>[0-9]{{2}}[ -]?[0-9]{{2}}[ -]?[0-9]{{2}}){_END}",
        normal=compact,
    ),
)
_ACCOUNT = rf"(?:account|acct|a/c){_NAME}{_IS}(?P<value>[0-9](?:[ -]?[0-9]){{5,16}}){_END}"
_NEAR = 100
"""Characters on either side of an account number in which a bank is looked for."""


def find(text: str) -> Iterator[Finding]:
    """Find the personal numbers of a folded text."""
    yield from find_labelled(text, _RULES)
    lowered = text.replace("İ", "I").lower()
    if "acc" in lowered or "a/c" in lowered:
        yield from _accounts(text, lowered)
    yield from _ibans(text, lowered)


def _accounts(text: str, lowered: str) -> Iterator[Finding]:
    for match in compiled(_ACCOUNT).finditer(lowered):
        near = lowered[max(0, match.start() - _NEAR) : match.end() + _NEAR]
        if compiled(_BANK).search(near):
            start, end = match.span("value")
            yield Finding("bank_account", compact(text[start:end]), start, end, echo=text[start:end])


def _ibans(text: str, lowered: str) -> Iterator[Finding]:
    """By length and remainder, or by the label when it is mistyped."""
    for match in compiled(_IBAN).finditer(lowered):
        end = _end_of(lowered, match.start(), _length(match[0][:2]))
        if end is None:
            continue
        value = compact(text[match.start() : end])
        holds = _remainder(value) == 1
        if holds or "iban" in lowered[max(0, match.start() - 20) : match.start()]:
            yield Finding("bank_account", value, match.start(), end, holds)


def _length(country: str) -> int:
    place = _IBAN_LENGTHS.find(country.upper())
    return int(_IBAN_LENGTHS[place + 2 : place + 4]) if place >= 0 and place % 5 == 0 else 0


def _end_of(text: str, start: int, length: int) -> int | None:
    """Where so many letters and digits end, if nothing follows at once."""
    match = re.compile(rf"(?:[ -]?[0-9a-z]){{{length}}}{_END}").match(text, start) if length else None
    return match.end() if match else None


def _remainder(value: str) -> int:
    """ISO 7064 modulo 97: it is 1 for an IBAN that is right."""
    return int("".join(str(int(each, 36)) for each in value[4:] + value[:4])) % 97
