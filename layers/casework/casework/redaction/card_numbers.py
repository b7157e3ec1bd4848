"""Payment card numbers: an issuer owns the range and the check digit holds, or the words around them call them a card's.

A number is found with the gaps that people put into it, and left alone inside a longer number or a hash.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from casework.checksums import luhn
from casework.text.finding import Finding
from casework.text.patterns import compiled

_CHAIN = r"[0-9](?<![0-9A-Za-z_][0-9])[0-9]*+(?:[ \-.,/ー\t\r\n]{1,3}+[0-9]++)*+"
_DIGIT = "[0-9]"
_LETTER = "[0-9A-Za-z_]"
_SHORTEST, _LONGEST = 12, 19
"""The number of digits that ISO/IEC 7812-1 and the issuers allow; twelve for Maestro, where the words say so."""

_ISSUERS = (
    r"4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})"  # Visa
    r"|(?:5[1-5][0-9]{2}|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12}"  # Mastercard
    r"|3[47][0-9]{13}"  # American Express
    r"|3(?:0[0-59]|[689][0-9])[0-9]{11,16}"  # Diners Club
    r"|35(?:2[89]|[3-8][0-9])[0-9]{12,15}|(?:2131|1800)[0-9]{11}"  # JCB
    r"|(?:6011|64[4-9][0-9]|65[0-9]{2})[0-9]{12,15}"  # Discover
    r"|(?:62|81)[0-9]{14,17}"  # UnionPay
    r"|(?:5018|5020|5038|5893|6304|6759|676[1-3])[0-9]{9,15}"  # Maestro
)
_SHAPES = (
    r"(?:4 ){2,4}[1-4]"  # in fours, as embossed
    r"|4 6 [45]"  # American Express, Diners Club
    r"|(?:1 ){12,18}1"  # digit by digit
    r"|1[3-9]"  # in one piece
)
_LABEL = (
    r"(?i)(?:card|カード|クレカ|クレジット|デビット|visa|master ?card|amex|jcb)"
    r"[ \w]{0,12}?(?:の?番号|number|no\.?|num|#)?\s{0,3}(?:is|は|が|[:=「#])?\s{0,3}\Z"
)


_LABEL_AFTER = (
    r"(?i)\s{0,3}\(?(?:(?:this |that |it )?(?:is|was) |が(?:わたし|私)の|が)?"
    r"(?:my |the |our )?(?:old |new )?(?:credit |debit )?(?:card|カード|クレジット)"
)
LENGTHS = (16, 15, 14, 19, 18, 17, 13, 12)
"""The commonest first: an expiry date or a security code may follow and must not be taken for the end of the number."""


class _Group(NamedTuple):
    start: int
    end: int
    digits: str


class _Number(NamedTuple):
    groups: list[_Group]
    digits: str


def find(text: str) -> Iterator[Finding]:
    """Find the card numbers of a folded text."""
    for chain in compiled(_CHAIN).finditer(text):
        if chain.end() - chain.start() >= _SHORTEST and len(compiled(_DIGIT).findall(chain[0])) >= _SHORTEST:
            yield from _in_chain(text, chain)


def _in_chain(text: str, chain: re.Match[str]) -> Iterator[Finding]:
    groups = [_Group(*group.span(), group[0]) for group in compiled("[0-9]+").finditer(text, *chain.span())]
    proven = list(_proven_in(text, groups))
    for number in proven or _labelled(text, groups):
        yield _finding(number)


def _proven_in(text: str, groups: list[_Group]) -> Iterator[_Number]:
    at = 0
    while at < len(groups):
        number = _proven(text, groups, at)
        if number:
            yield number
        at += len(number.groups) if number else 1


def _finding(number: _Number) -> Finding:
    verified = is_issued(number.digits)
    return Finding("card_number", number.digits, number.groups[0].start, number.groups[-1].end, verified)


def _proven(text: str, groups: list[_Group], at: int) -> _Number | None:
    """The number that begins with a group and proves itself by its shape, its issuer and its check digit."""
    if not _may_begin(text, groups, at):
        return None
    numbers = {len(number.digits): number for number in _numbers(text, groups, at)}
    return next((numbers[length] for length in LENGTHS if length in numbers and _proves(numbers[length])), None)


def _proves(number: _Number) -> bool:
    """By the check digit, or by the four fours of a mistyped number; anything else has neither shape."""
    if not compiled(_ISSUERS).fullmatch(number.digits):
        return False
    shape = " ".join(str(len(group.digits)) for group in number.groups)
    return shape == "4 4 4 4" or (luhn(number.digits) and compiled(_SHAPES).fullmatch(shape) is not None)


def _may_begin(text: str, groups: list[_Group], at: int) -> bool:
    """Whether a group can be a number's first: neither decimals nor in the middle of single digits."""
    start, _, digits = groups[at]
    if len(digits) >= _SHORTEST:
        return re.search(r"[0-9][.,]\Z", text[max(0, start - 2) : start]) is None
    return len(digits) == 4 or (len(digits) == 1 and (at == 0 or len(groups[at - 1].digits) > 1))


def _numbers(text: str, groups: list[_Group], at: int) -> Iterator[_Number]:
    """Yield what the next groups make, as long as it is not too long for a card."""
    digits = ""
    for until in range(at, min(len(groups), at + _LONGEST)):
        digits += groups[until].digits
        if len(digits) > _LONGEST:
            return
        end = groups[until].end
        if len(digits) >= _SHORTEST and not compiled(_LETTER).match(text, end):
            yield _Number(groups[at : until + 1], digits)


def _labelled(text: str, groups: list[_Group]) -> Iterator[_Number]:
    """Yield what the words before or after a chain call a card number, mistyped as it may be."""
    start, end = groups[0].start, groups[-1].end
    if compiled(_LABEL).search(text[max(0, start - 40) : start]):
        numbers = _numbers(text, groups, 0)
    elif compiled(_LABEL_AFTER).match(text[end : end + 40]):
        last = groups[-_LONGEST:]
        numbers = (number for at in range(len(last)) for number in _numbers(text, last, at) if number.groups[-1] == last[-1])
    else:
        return
    sized = {len(number.digits): number for number in numbers if len(number.digits) > _SHORTEST or number.digits[0] in "56"}
    yield from [sized[length] for length in LENGTHS if length in sized][:1]


def is_issued(digits: str) -> bool:
    """Whether the digits lie in an issuer's range and the last of them is right."""
    return compiled(_ISSUERS).fullmatch(digits) is not None and luhn(digits)
