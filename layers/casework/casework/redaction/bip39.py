"""The word lists of BIP 39, and the checksum that a mnemonic carries."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec

LENGTHS = (24, 21, 18, 15, 12)
"""The numbers of words a phrase may have, longest first."""


@cache
def places(language: str) -> dict[str, int]:
    """The 2048 words of a list (``english``, ``japanese``), composed, with their places.

    They are read from the package ``mnemonic``, which is not imported; without it this raises ``ModuleNotFoundError``.
    """
    from pathlib import Path  # dear to import, and most texts need no list

    package = find_spec("mnemonic")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("the word lists of the package mnemonic are missing", name="mnemonic")
    words = (Path(package.origin).parent / "wordlist" / f"{language}.txt").read_text("utf-8").split()
    return {unicodedata.normalize("NFC", word): place for place, word in enumerate(words)}


@cache
def by_first_letters() -> dict[str, str]:
    """The English words by their first four letters, which no two share and which are all that a steel backup holds."""
    return {word[:4]: word for word in places("english") if len(word) > 3}


@cache
def by_first_kana() -> dict[str, tuple[str, ...]]:
    """The Japanese words by their first three kana. None is the beginning of another, so that words need no gap between them."""
    grouped: dict[str, tuple[str, ...]] = {}
    for word in places("japanese"):
        grouped[word[:3]] = (*grouped.get(word[:3], ()), word)
    return grouped


def checksum_holds(words: Sequence[str], language: str) -> bool:
    """Whether the last bits, one for every 32, begin the SHA-256 of the others: 1 in 16 of twelve words passes by chance."""
    listed = places(language)
    if len(words) not in LENGTHS or any(word not in listed for word in words):
        return False
    number = 0
    for word in words:
        number = number << 11 | listed[word]
    bits = len(words) // 3
    entropy = (number >> bits).to_bytes(4 * bits, "big")
    return hashlib.sha256(entropy).digest()[0] >> (8 - bits) == number & ((1 << bits) - 1)
