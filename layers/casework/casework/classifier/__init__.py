"""The trained half of the triage: one table of small numbers that says how much each gram speaks for each answer.

A row for each hash of a gram, a column of one byte for each answer (a category, whether a team is interrupted, what became
of the money, who writes), and one column for how rare the row is. A text's score for an answer is the sum of its rows'
bytes over the length of its rarities, times the answer's scale, plus its bias: what a linear classifier on a tf-idf vector
computes. Many rows are added as one whole number of many lanes, which costs less in Python than adding bytes one by one.

The file is written by ``python -m local train``: a line of JSON, then the rows, compressed as one.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from casework.classifier.grams import Placed, placed
from casework.classifier.meanings import Meanings, listed

NO_MEANINGS = Meanings({})
ZERO = 128
"""The byte that says nothing: smaller speaks against, greater for."""
SHORT = 6000.0
"""What is added to the square of every text's length: a few words are no proof of anything, however telling."""
_LANES = 255
"""So many bytes can be added in a lane of two before it flows over into the next."""


@dataclass(frozen=True, slots=True)
class Model:
    """One trained state. ``version`` names it in every assessment it took part in."""

    version: str
    answers: Sequence[str]
    """``kind:name`` of each column but the first, which is rarity: ``category:…``, ``loss:…``, ``role:…``, ``escalates:yes``."""
    scales: Sequence[float]
    biases: Sequence[float]
    rarity: float
    """What one step of the column of rarities is worth, as a square."""
    rows: bytes
    meanings: Meanings = NO_MEANINGS

    def placed(self, text: str) -> Iterator[Placed]:
        """What the model sees of a normalised text itself, and the characters that each of it stands for."""
        yield from placed(text)
        yield from self.meanings.placed(text)

    def rarity_of(self, gram: int) -> float:
        """How rare a gram is among the examples, as a square: nothing for one that hardly any of them has."""
        width = len(self.answers) + 1
        return self.rows[gram % (len(self.rows) // width) * width] * self.rarity

    def scores(self, grams: Collection[int]) -> dict[str, float]:
        """How much a text speaks for each answer; 0 is the border between for and against."""
        squared, *sums = self._sums(grams)
        length = self._length(squared)
        return {
            answer: bias + scale * (total - ZERO * len(grams)) / length
            for answer, scale, bias, total in zip(self.answers, self.scales, self.biases, sums, strict=True)
        }

    def weights(self, answer: str, grams: Collection[int]) -> dict[int, float]:
        """How much each gram of a text adds to its score for an answer, of those that add anything."""
        rows, width = self.rows, len(self.answers) + 1
        count, column = len(rows) // width, self.answers.index(answer) + 1
        places = [gram % count * width for gram in grams]
        scale = self.scales[column - 1] / self._length(sum([rows[place] for place in places]))
        steps = zip(grams, [rows[place + column] for place in places], strict=True)
        return {gram: scale * (step - ZERO) for gram, step in steps if step != ZERO}

    def _length(self, squared: int) -> float:
        return sqrt(squared * self.rarity + SHORT)

    def _sums(self, grams: Collection[int]) -> list[int]:
        """The sum of each column over the grams' rows."""
        width = len(self.answers) + 1
        rows, count = self.rows, len(self.rows) // width
        totals = [0] * width
        places = [gram % count * width for gram in grams]
        for start in range(0, len(places), _LANES):
            _add(totals, [rows[place : place + width] for place in places[start : start + _LANES]])
        return totals


def _add(totals: list[int], rows: Sequence[bytes]) -> None:
    """Add rows of bytes, ``_LANES`` at most. They are one number, of which one half is added to the other until a row is left."""
    width = len(totals) + len(totals) % 2
    size = 1 << (len(rows) - 1).bit_length()
    number = int.from_bytes((b"\0" * (width - len(totals))).join(rows), "little")
    mask = int.from_bytes(b"\xff\x00" * (width * size // 2), "little")
    for first, lanes in enumerate((number & mask, number >> 8 & mask)):
        data = _folded(lanes, size, 8 * width).to_bytes(width, "little")
        for column in range(first, len(totals), 2):
            at = column - first
            totals[column] += data[at] + (data[at + 1] << 8)


def _folded(number: int, size: int, bits: int) -> int:
    """The sum of so many parts of a number, a power of two, of so many bits each."""
    while size > 1:
        size //= 2
        number = (number >> size * bits) + (number & (1 << size * bits) - 1)
    return number


def read(content: bytes) -> Model:
    """Read what ``written`` gave. Raises ``ValueError`` when it is anything else."""
    try:
        head, _, rows = zlib.decompress(content).partition(b"\n")
        fields = json.loads(head)
        meanings = listed(fields.pop("meanings", {}))
        return _checked(Model(rows=rows, meanings=meanings, **fields))
    except (zlib.error, AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"not a model, or a damaged one: {error}") from error


def written(model: Model) -> bytes:
    """Write a model; the same model gives the same bytes."""
    head = {name: getattr(model, name) for name in ("version", "answers", "scales", "biases", "rarity")}
    head["meanings"] = model.meanings.lists()
    return zlib.compress(json.dumps(head, ensure_ascii=False).encode() + b"\n" + model.rows, 9)


def _checked(model: Model) -> Model:
    if not model.rows or len(model.rows) % (len(model.answers) + 1):
        raise ValueError("its rows are cut short")
    return model
