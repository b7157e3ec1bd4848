"""A compact fingerprint of a text: how alike two texts are can be told from 128 bytes of each.

One-permutation hashing over character 5-grams of the normalised text (Li, Owen, Zhang 2012): every 5-gram is hashed once
and falls into one of 64 bins, each bin keeps its least value. It needs no tokenizer, so that it serves English and Japanese.
"""

from __future__ import annotations

import base64
import re
import struct
import unicodedata
import zlib

from casework.text.patterns import compiled

BINS = 64
GRAM = 5
EMPTY = 0xFFFF
MAX_CHARACTERS = 10_000
"""Of a text; what follows hardly changes the fingerprint and would cost time."""

_PACKED = struct.Struct(f">{BINS}H")
_NOTHING = 0xFFFFFFFF
_OCTETS = 2 * GRAM
_UNSETTLED = r"(?s).?[^\x00-\x7f\u3001-\u3020\u3041-\u3096\u30a1-\u30fc\u4e00-\u9fff]+"
"""What NFKC may change, with the character before it, which a mark may join: a small part of Japanese, in a fifth of the time."""


def normalised(text: str) -> str:
    """The text without what two tellings of one thing differ in by accident: width, case, white space."""
    plain = text[:MAX_CHARACTERS]
    if not unicodedata.is_normalized("NFKC", plain):
        plain = compiled(_UNSETTLED).sub(_settled, plain)
    return "".join(plain.casefold().split())


def _settled(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match[0])


def fingerprint(text: str) -> str:
    """128 bytes in base64, or empty for a text shorter than one 5-gram."""
    least = least_by_bin(normalised(text), BINS)
    if not least:
        return ""
    return base64.b64encode(_PACKED.pack(*(least.get(place, _NOTHING) >> 16 for place in range(BINS)))).decode()


def least_by_bin(plain: str, bins: int) -> dict[int, int]:
    """The least hash (CRC-32) of a normalised text's 5-grams in each bin that has any; a hash's bin is its remainder."""
    least = [_NOTHING] * bins
    for value in map(zlib.crc32, _grams(plain)):
        if value < least[value % bins]:
            least[value % bins] = value
    return {place: value for place, value in enumerate(least) if value != _NOTHING}


def _grams(plain: str) -> list[bytes]:
    """Every 5-gram as bytes. Nearly every character of UTF-16 has two, so that no place has to be looked for."""
    data = plain.encode("utf-16-le", "surrogatepass")
    return [data[start : start + _OCTETS] for start in range(0, len(data) - _OCTETS + 1, 2)]


def similarity(one: str, other: str) -> float:
    """An estimate of the Jaccard similarity of two texts' 5-grams, 0 to 1; 0 when either has no fingerprint."""
    if not one or not other:
        return 0.0
    pairs = list(zip(_PACKED.unpack(base64.b64decode(one)), _PACKED.unpack(base64.b64decode(other)), strict=True))
    filled = sum(1 for a, b in pairs if a != EMPTY or b != EMPTY)
    return sum(1 for a, b in pairs if a == b != EMPTY) / filled if filled else 0.0
