"""The word lists of BIP 39, and the checksum that a mnemonic carries."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from functools import cache

LENGTHS = (24, 21, 18, 15, 12)
"""The numbers of words a phrase may have, longest first."""


@cache
def places(language: str) -> dict[str, int]:
    """The 2048 words of a list (``english``, ``japanese``), composed, with their places.

    They are read from the package ``mnemonic``, which is not imported; without it this raises ``ModuleNotFoundError``.
    """
    from importlib.util import find_spec  # both are dear to import, and most texts need no list
    from pathlib import Path

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
def known_spellings() -> frozenset[str]:
    """The English words, in full and by their first four letters."""
    return frozenset((*places("english"), *by_first_letters()))


@cache
def by_prefix(language: str) -> dict[str, tuple[str, ...]]:
    """The words by their first three letters. No Japanese one is the beginning of another."""
    grouped: dict[str, tuple[str, ...]] = {}
    for word in places(language):
        grouped[word[:3]] = (*grouped.get(word[:3], ()), word)
    return grouped


@cache
def with_one_letter_less(language: str) -> frozenset[str]:
    """The words, their first four letters, and all with one letter less: what a misspelled word has in common with its own."""
    written = {*places(language), *(word[:4] for word in places(language) if len(word) > 3)}
    return frozenset((*written, *(word[:at] + word[at + 1 :] for word in written for at in range(len(word)))))


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
