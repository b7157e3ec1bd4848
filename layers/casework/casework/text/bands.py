"""Finding near-identical texts among many: banded fingerprints propose, an exact comparison decides.

Two texts meet when one of their bands is equal. A band is three rows of a one-permutation hash over the text's 5-grams, so
that ten bands are ten keys of a table, and no search. What meets is a candidate and no more: ``likeness`` compares all
5-grams, and is exact.
"""

from __future__ import annotations

from casework.text.fingerprint import GRAM, least_by_bin

BANDS = 10
ROWS = 3
"""Texts of likeness s share a band with probability 1 - (1 - s**3)**10: 0.91 at 0.6, 0.98 at 0.7, and 0.01 at 0.1."""

_BINS = BANDS * ROWS


def bands(plain: str) -> tuple[str, ...]:
    """The bands of a normalised text, each with its number in front; none for a text shorter than one 5-gram."""
    least = least_by_bin(plain, _BINS)
    if not least:
        return ()
    rows = [_row(least, place) for place in range(_BINS)]
    return tuple(f"{band}.{'.'.join(rows[band * ROWS : (band + 1) * ROWS])}" for band in range(BANDS))


def _row(least: dict[int, int], place: int) -> str:
    """The bin's least value; an empty bin borrows from the next that is not (Shrivastava, Li 2014), and says from how far."""
    away = next(away for away in range(_BINS) if (place + away) % _BINS in least)
    return f"{least[(place + away) % _BINS]:x}" + (f"+{away}" if away else "")


def shingles(plain: str) -> frozenset[str]:
    """The 5-grams of a normalised text."""
    return frozenset(plain[start : start + GRAM] for start in range(len(plain) - GRAM + 1))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The Jaccard similarity of two sets of 5-grams, 0 to 1; two empty ones have nothing in common."""
    either = len(one | other)
    return len(one & other) / either if either else 0.0
