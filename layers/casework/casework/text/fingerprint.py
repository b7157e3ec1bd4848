"""A compact fingerprint of a text: how alike two texts are can be told from 128 bytes of each.

One-permutation hashing over character 5-grams of the normalised text (Li, Owen, Zhang 2012): every 5-gram is hashed once
and falls into one of 64 bins, each bin keeps its least value. It needs no tokenizer, so that it serves English and Japanese.
"""

from __future__ import annotations

import base64
import struct
import unicodedata
import zlib

BINS = 64
GRAM = 5
EMPTY = 0xFFFF
MAX_CHARACTERS = 10_000
"""Of a text; what follows hardly changes the fingerprint and would cost time."""

_PACKED = struct.Struct(f">{BINS}H")


def normalised(text: str) -> str:
    """The text without what two tellings of one thing differ in by accident: width, case, white space."""
    return "".join(unicodedata.normalize("NFKC", text[:MAX_CHARACTERS]).casefold().split())


def fingerprint(text: str) -> str:
    """128 bytes in base64, or empty for a text shorter than one 5-gram."""
    plain = normalised(text)
    if len(plain) < GRAM:
        return ""
    bins = [EMPTY] * BINS
    for start in range(len(plain) - GRAM + 1):
        value = zlib.crc32(plain[start : start + GRAM].encode("utf-8", "surrogatepass"))
        slot, rest = value % BINS, (value >> 8) & 0xFFFF
        if rest < bins[slot]:
            bins[slot] = rest
    return base64.b64encode(_PACKED.pack(*bins)).decode()


def similarity(one: str, other: str) -> float:
    """An estimate of the Jaccard similarity of two texts' 5-grams, 0 to 1; 0 when either has no fingerprint."""
    if not one or not other:
        return 0.0
    pairs = list(zip(_PACKED.unpack(base64.b64decode(one)), _PACKED.unpack(base64.b64decode(other)), strict=True))
    filled = sum(1 for a, b in pairs if a != EMPTY or b != EMPTY)
    return sum(1 for a, b in pairs if a == b != EMPTY) / filled if filled else 0.0
