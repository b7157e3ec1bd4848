"""Telephone numbers in a text, in E.164: with a country code, Japanese ones without, North American ones in their usual form.

A number that begins with 0 is Japanese. Where nothing else in the text is, a landline must look it as well: other countries
write theirs with spaces. A British text's mobile numbers are British.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from casework.case import Entity
from casework.text.patterns import compiled

_INTERNATIONAL = r"\+(?<![0-9A-Za-z+]\+)[1-9][0-9]{0,14}(?:[ .()\-ー/]{1,3}[0-9]{1,14}){0,6}"
_JAPANESE = (
    r"(?:\((?<![0-9A-Za-z+]\()0|0(?<![0-9A-Za-z+.,#_(-]0))[1-9][0-9]{0,3}"
    r"(?:[ )(\-ー.の]|(?: - )){0,2}[0-9]{1,6}(?:[ )\-ー.の]{1,3}[0-9]{3,4})?(?![0-9A-Za-z_])(?!-[0-9])"
)
_AMERICAN = r"[2-9][0-9]{2}(?:\) ?|[-. ])[2-9][0-9]{2}[-. ][0-9]{4}(?!(?!x[0-9])[0-9A-Za-z_-])"
_BEFORE_AMERICAN = r"(?<![0-9A-Za-z+.,#_-])(?:1[-. ])?\(?\Z"

_MOBILE = "0[5789]0[1-9][0-9]{7}|0120[0-9]{6}|0800[0-9]{7}|0570[0-9]{6}"
_LANDLINE = "0(?![5789]0)[1-9][0-9]{8}"
_LABEL = r"(?i)(?:tel|phone|call|mobile|電話|携帯|連絡先|℡|☎)[^0-9]{0,12}\Z"

_JAPAN = "[ぁ-ヺ一-鿿]|(?i:japan|tokyo|osaka|[.]jp(?![a-z]))|[+]81"
_BRITAIN = r"\bU\.?K\b|United Kingdom|England|London|Scotland|Wales|[+]44"
_BRITISH = r"07[0-9](?<![0-9A-Za-z+.,#_(-]...)[0-9]{2}[ -]?[0-9]{3}[ -]?[0-9]{3}(?![0-9A-Za-z_-])"
_NOT_AMERICAN = ("400", "211", "311", "411", "511", "611", "711", "811", "911")
"""Services, and the prefix of Chinese ones."""

_SHORTEST = 8
_ABROAD = "81[1-9][0-9]{8,9}|1[2-9][0-9]{9}|(?!81|1)[0-9]{8,13}"
"""Japanese and North American numbers have fixed lengths. E.164 allows 15 digits elsewhere, but then the next number joins in."""


def find(text: str) -> Iterator[Entity]:
    """Find the telephone numbers of a folded text.

    A number without a country code is Japanese when it begins with 0, and North American when it is written 212-555-0123.
    """
    if "+" in text:
        for match in compiled(_INTERNATIONAL).finditer(text):
            if len(match[0]) > _SHORTEST:
                yield from _international(match)
    british = "07" in text and compiled(_BRITAIN).search(text) is not None
    if british:
        for match in compiled(_BRITISH).finditer(text):
            yield Entity("phone", "+44" + _digits(match[0])[1:], *match.span())
    for match in compiled(_JAPANESE).finditer(text):
        if not (british and match[0].startswith("07")) and (number := _japanese(text, match)):
            yield Entity("phone", number, *match.span())
    yield from _american(text)


def _american(text: str) -> Iterator[Entity]:
    for match in compiled(_AMERICAN).finditer(text):
        before = compiled(_BEFORE_AMERICAN).search(text[max(0, match.start() - 6) : match.start()])
        if before and not match[0].startswith(_NOT_AMERICAN):
            yield Entity("phone", "+1" + _digits(match[0]), match.start() - len(before[0]), match.end())


def _international(match: re.Match[str]) -> Iterator[Entity]:
    """Yield the longest part of a chain of digits that is a number; what follows in the chain is something else."""
    ends = [group.end() for group in compiled("[0-9]+").finditer(match[0])]
    for end in reversed(ends):
        digits = re.sub("^810", "81", _digits(match[0][:end].replace("(0)", "")))
        if compiled(_ABROAD).fullmatch(digits):
            yield Entity("phone", f"+{digits}", match.start(), match.start() + end)
            return


def _japanese(text: str, match: re.Match[str]) -> str:
    """A landline's digits alone could be any number: they must be grouped, or called a telephone number."""
    digits = _digits(match[0])
    if compiled(_MOBILE).fullmatch(digits):
        return f"+81{digits[1:]}"
    called = (
        len(compiled("[0-9]+").findall(match[0])) > 2
        or compiled(_LABEL).search(text[max(0, match.start() - 24) : match.start()]) is not None
    )
    if not called or not compiled(_LANDLINE).fullmatch(digits):
        return ""
    here = " " not in match[0].strip(" ").replace(") ", ")") or compiled(_JAPAN).search(text) is not None
    return f"+81{digits[1:]}" if here else ""


def _digits(written: str) -> str:
    return compiled("[^0-9]").sub("", written)
