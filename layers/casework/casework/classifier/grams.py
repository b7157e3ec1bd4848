"""What the model sees of a text: words and the letters within them, each hashed to one of its rows.

Words of the Latin script give the word, how it begins, the pair with the word before it, and every run of 4 characters of
it with its borders. Anything else, Japanese above all, is written without spaces and gives every run of 1 to 3 characters,
katakana read as hiragana: whoever shouts in the one means the other. Numbers are all alike: an amount says that there is
one. The hash is CRC-32, the same on every machine.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from zlib import crc32

MAX_CHARACTERS = 6_000
"""Of a normalised text that are read: whoever has said so much has said what they want."""

_PIECE = re.compile(r"[a-z0-9']+|[^\W\x00-\x7f]+")
_DIGITS = re.compile("[0-9]+")
_BEGINNING = 5
_SIZE_IN_WORDS = 4
_SIZES_IN_RUNS = (1, 2, 3)
_MAX_WORD = 24
_CACHED_WORDS = 8_192
_HIRAGANA = {katakana: katakana - 0x60 for katakana in range(0x30A1, 0x30F7)}

Placed = tuple[Collection[int], int, int]
"""Hashes, and the characters of the normalised text that they stand for."""


def grams(text: str) -> set[int]:
    """The hashes of a normalised text, each once."""
    found: set[int] = set()
    previous = ""
    for match in _PIECE.finditer(text.translate(_HIRAGANA), 0, MAX_CHARACTERS):
        piece = match.group()
        if piece.isascii():
            piece = _levelled(piece)
            found |= _of_word(piece)
            found.add(_of_pair(previous, piece))
            previous = piece
        else:
            found.update(gram for gram, _, _ in _of_run(piece))
            previous = ""
    return found


def pieces(text: str) -> list[tuple[str, int]]:
    """A normalised text's words of the Latin script and its runs of anything else, katakana as hiragana, with their starts."""
    found = _PIECE.finditer(text.translate(_HIRAGANA), 0, MAX_CHARACTERS)
    return [(match.group(), match.start()) for match in found]


def cue(name: str) -> int:
    """The hash of something that was found otherwise than by reading letters; no text can write it."""
    return crc32(f"\0{name}".encode())


def placed(text: str) -> Iterator[Placed]:
    """The same with their places: what stands for a piece of a normalised text; a word's letters stand for the whole word."""
    previous, start_of_previous = "", 0
    for match in _PIECE.finditer(text.translate(_HIRAGANA), 0, MAX_CHARACTERS):
        piece, (start, end) = match.group(), match.span()
        if piece.isascii():
            piece = _levelled(piece)
            yield _of_word(piece), start, end
            yield (_of_pair(previous, piece),), start_of_previous if previous else start, end
            previous, start_of_previous = piece, start
        else:
            yield from (((gram,), start + at, start + at + size) for gram, at, size in _of_run(piece))
            previous = ""


def _levelled(word: str) -> str:
    return _DIGITS.sub("0", word)[:_MAX_WORD]


@lru_cache(maxsize=_CACHED_WORDS)
def _of_word(word: str) -> frozenset[int]:
    bordered = f" {word} ".encode()
    runs = {bordered[at : at + _SIZE_IN_WORDS] for at in range(len(bordered) - _SIZE_IN_WORDS + 1)}
    beginning = word[:_BEGINNING].encode()
    return frozenset((crc32(b"w" + word.encode()), crc32(b"p" + beginning), *map(crc32, runs)))


def _of_pair(first: str, second: str) -> int:
    return crc32(f"{first}\t{second}".encode())


def _of_run(run: str) -> Iterator[tuple[int, int, int]]:
    """A gram, and where in the run it is: its start and its size."""
    for size in _SIZES_IN_RUNS:
        yield from ((crc32(run[at : at + size].encode()), at, size) for at in range(len(run) - size + 1))
