"""Signatures below a mail: after ``-- ``, or in a box of ruled lines with a company, an address and a telephone number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

_MARKED_LINES = 40
"""Lines a signature may have after the mark that RFC 3676 gives it, ``-- ``."""
_LOOKED_AT = 4 * _MARKED_LINES
"""Lines in which so many are likely to be, the empty ones counted."""
_LINES = 15
"""Lines after a mark that may as well be a divider."""
_UNDERLINED_LINES = 6
_MAX_LINE = 120
_MIN_RULE = 3
_MIN_ORNAMENTED = 10

_MARKS = frozenset({"--", "––", "——", "—", "-–", "__"})
_STROKES = frozenset("-_=*#~+─━═＝－—–‐‑―￣＿∞≡■□◆◇●○◎★☆▼▽▲△♪◈※＊＋▬┏┓┗┛┣┫┌┐└┘├┤╋┃│|〓＊❖✦✧♦◢◣")
_ORNAMENTS = frozenset(".:;・‥…｡。゜゚°'`´,˚")
_TRACKERS = frozenset("ᐧ·\u200b\u200c\u200d\u2060\ufeff\xad\xa0 \t\u3000")
"""What extensions that watch for opening leave at the end, and what cannot be seen."""


@cache
def _contact() -> re.Pattern[str]:
    return re.compile(
        r"[\w.+-]@[\w-]|https?://|www\.|〒|\b(?:tel|fax|phone|mobile|mobil|cell|tél|telefon|e-?mail|mail|url|web)\b\.?\s*[:：+(/]|電話|携帯|住所"
        r"|☎|℡|📞|\+\d[\d\s().-]{7,}\d|\b0\d{1,4}[-(]\d{1,4}[-)]\d{3,4}\b|会社|㈱|㈲|\((?:株|有)\)|（(?:株|有)）|法人|事務所"
        r"|\b(?:gmbh|ltd|inc|llc|s\.?a\.?r\.?l|s\.?p\.?a|b\.?v|corp)\b|mailing list|公司|주식회사|전화",
        re.IGNORECASE,
    )


_LINES_PER_CONTACT = 5
_MAX_NAMES = 2


@cache
def _name() -> re.Pattern[str]:
    return re.compile(r"\s*(?:[A-ZÀ-Þ][a-zß-ÿ'’]+\.?[ \t-]*){2,4}")


@cache
def _matter() -> re.Pattern[str]:
    """What a box has that is no signature but a filled-in form, or prose."""
    return re.compile(
        r"[0-9a-f]{20,}|0x[0-9a-f]|bc1|\b(?:btc|eth|xrp|usdt|usdc|jpy|usd|eur|txid|uid|hash)\b|withdraw|deposit|transfer|transaction|amount"
        r"|出金|入金|送金|不正|詐欺|残高|円|口座|取引|ユーザー|お客様番号|会員|金額|日時|問い合わせ|ください|下さい|です|ます|[?？。！]"
        r"|^\s*(?:(?:first |last |full |user ?)?name|vorname|nachname|nom|prénom|nombre|cognome|お?名前|ご?氏名)\s?[:：]"
        r"|^(?=.{50})(?:\S+\s+){6}|，.{8}",
        re.IGNORECASE,
    )


def is_bare(line: str) -> bool:
    """Whether a line only rules off, or shows nothing."""
    if line[:1].isalnum() and line[0] not in _TRACKERS:
        return False
    return is_rule(line) or not set(line) - _TRACKERS


def is_rule(line: str) -> bool:
    """Whether a line is drawn, with strokes; many ornaments only make a long one."""
    if line[:1].isalnum():
        return False
    drawn = "".join(line.split())
    if not drawn or drawn[0].isalnum():
        return False
    strokes = sum(character in _STROKES for character in drawn)
    ornaments = sum(character in _ORNAMENTS for character in drawn)
    if strokes + ornaments < len(drawn) or (strokes < ornaments and (strokes < 2 or len(drawn) < _MIN_ORNAMENTED)):
        return False
    return len(drawn) >= _MIN_RULE or drawn in _MARKS


def start(lines: Sequence[str], low: int, end: int) -> int:
    """Find where the signature that ends before ``end`` starts, not before ``low``; ``end`` if there is none.

    What would leave another signature at the end is none: there, somebody divides a text.
    """
    found = _farthest(lines, low, end)
    above = found
    while above > low and not lines[above - 1].strip():
        above -= 1
    return end if found < end and _farthest(lines, low, above) < above else found


def _farthest(lines: Sequence[str], low: int, end: int) -> int:
    """Find the farthest line that may start a signature: they have dividers of their own."""
    if _is_all_prose(lines[max(low, end - _LOOKED_AT) : end], end - low):
        return end
    found, own = end, 0
    for at in range(end - 1, low - 1, -1):
        line = lines[at]
        if not line or line.isspace():
            continue
        if own > _MARKED_LINES:
            break
        if not line[0].isalnum() and is_rule(line) and _starts(lines, at, end, own):
            found = at
        own += 1
    return found


def _is_all_prose(block: Sequence[str], size: int) -> bool:
    """Whether no line that counts, of ``size`` that ``block`` is the end of, may be a divider: most mails need no closer look."""
    heads = "".join([line[:1] for line in block])
    return heads.isalnum() and (len(block) == size or len(heads) > _MARKED_LINES)


def _starts(lines: Sequence[str], at: int, end: int, own: int) -> bool:
    """Whether a signature of ``own`` lines starts with the rule at ``at``."""
    line = lines[at]
    if line.strip() in _MARKS:
        return own <= (_MARKED_LINES if line.startswith("-- ") else _LINES)
    block = [each for each in lines[at + 1 : end] if each.strip()]
    if own > _LINES or any(len(each) > _MAX_LINE or _matter().search(each) for each in block):
        return False
    contacts = sum(1 for each in block if _contact().search(each))
    return _is_underlined(line, own) or contacts * _LINES_PER_CONTACT >= max(own, 1) or _is_named(block)


def _is_named(block: list[str]) -> bool:
    """Whether there is nothing but names, in Latin letters: in others they cannot be told from words."""
    return 0 < len(block) <= _MAX_NAMES and all(map(_name().fullmatch, block))


def _is_underlined(line: str, own: int) -> bool:
    """Whether it is the line of underscores that clients and mailing lists set above what they add."""
    return own <= _UNDERLINED_LINES and len(line.strip()) >= 5 and not line.strip().strip("_")
