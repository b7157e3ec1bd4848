"""The trained half of the triage: one table of small numbers that says how much each gram speaks for each answer.

A row for each hash of a gram, a column of one byte for each answer (a category, whether a team is interrupted, what became
of the money, who writes), and one column for how rare the row is. A text's score for an answer is the sum of its rows'
bytes over the length of its rarities, times the answer's scale, plus its bias: what a linear classifier on a tf-idf vector
computes. Rows are added as whole numbers of many lanes, which costs less in Python than adding bytes one by one.

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
        """How much each gram of a text adds to its score for an answer."""
        rows, width = self.rows, len(self.answers) + 1
        count, column = len(rows) // width, self.answers.index(answer) + 1
        places = {gram: gram % count * width for gram in grams}
        scale = self.scales[column - 1] / self._length(sum(rows[place] for place in places.values()))
        return {gram: scale * (rows[place + column] - ZERO) for gram, place in places.items()}

    def _length(self, squared: int) -> float:
        return sqrt(squared * self.rarity + SHORT)

    def _sums(self, grams: Collection[int]) -> list[int]:
        width = len(self.answers) + 1
        rows, count = self.rows, len(self.rows) // width
        totals = [0] * width
        mask = int.from_bytes(b"\xff\x00" * (width // 2 + 1), "little")
        for part in _parts([gram % count * width for gram in grams]):
            even = odd = 0
            for place in part:
                row = int.from_bytes(rows[place : place + width], "little")
                even += row & mask
                odd += row >> 8 & mask
            _add(totals, even, odd)
        return totals


def _parts(places: Sequence[int]) -> Iterator[Sequence[int]]:
    return (places[start : start + _LANES] for start in range(0, len(places), _LANES))


def _add(totals: list[int], even: int, odd: int) -> None:
    for first, lanes in enumerate((even, odd)):
        data = lanes.to_bytes(len(totals) + 2, "little")
        for column in range(first, len(totals), 2):
            at = column - first
            totals[column] += data[at] + (data[at + 1] << 8)


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
