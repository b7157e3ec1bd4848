"""Telephone numbers in a text, in E.164: with a country code, Japanese ones without, North American ones in their usual form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casework.case import Entity
from casework.text.patterns import compiled

_INTERNATIONAL = r"\+(?<![0-9A-Za-z+]\+)[1-9][0-9]{0,14}(?:[ .()\-ー/]{1,3}[0-9]{1,14}){0,6}"
_JAPANESE = (
    r"(?:\((?<![0-9A-Za-z+]\()0|0(?<![0-9A-Za-z+.,#_(-]0))[1-9][0-9]{0,3}"
    r"[ )(\-ー.]{0,2}[0-9]{1,6}(?:[ )\-ー.]{1,2}[0-9]{3,4})?(?![0-9A-Za-z_])(?!-[0-9])"
)
_AMERICAN = r"[2-9][0-9]{2}(?:\) ?|[-. ])[2-9][0-9]{2}[-. ][0-9]{4}(?![0-9A-Za-z_-])"
_BEFORE_AMERICAN = r"(?<![0-9A-Za-z+.,#_-])(?:1[-. ])?\(?\Z"

_MOBILE = "0[5789]0[1-9][0-9]{7}|0120[0-9]{6}|0800[0-9]{7}|0570[0-9]{6}"
_LANDLINE = "0(?![5789]0)[1-9][0-9]{8}"
_LABEL = r"(?i)(?:tel|phone|call|mobile|電話|携帯|連絡先|℡|☎)[^0-9]{0,12}\Z"

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
    for match in compiled(_JAPANESE).finditer(text):
        if number := _japanese(text, match):
            yield Entity("phone", number, *match.span())
    for match in compiled(_AMERICAN).finditer(text):
        if before := compiled(_BEFORE_AMERICAN).search(text[max(0, match.start() - 6) : match.start()]):
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
    called = (
        len(compiled("[0-9]+").findall(match[0])) > 2
        or compiled(_LABEL).search(text[max(0, match.start() - 24) : match.start()]) is not None
    )
    return f"+81{digits[1:]}" if compiled(_MOBILE).fullmatch(digits) or (called and compiled(_LANDLINE).fullmatch(digits)) else ""


def _digits(written: str) -> str:
    return compiled("[^0-9]").sub("", written)
