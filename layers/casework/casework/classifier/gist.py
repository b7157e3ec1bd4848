"""What a text is about: the meanings it has, which are the same in English and in Japanese and whatever the words.

A gist keeps the rarest of them, each as the end of the hash that the model knows it by, so that the model says what one is
worth. It is small enough to travel with a case; two of them are compared without either text.
"""

from __future__ import annotations

import base64
from collections.abc import Collection
from functools import lru_cache
from math import sqrt

from casework.classifier import Model
from casework.classifier.grams import cue
from casework.text.reading import normalise

MAX_MEANINGS = 32
"""Of a text: what is kept takes three bytes each."""
_OCTETS = 3
_LITTLE = 20.0
"""Added to what two texts could have in common, about one rare meaning: two that say little are never quite near."""
_BY_CHANCE = 0.35
"""How near two texts about one kind of matter are without being one matter: of pairs of our own longer examples of one category,
one in each language, 98 in 100 are less near."""


def gist(text: str, model: Model) -> str:
    """The meanings of a text in base64, at most 128 characters; empty for a text, or a model, that has none."""
    found = {cue(f"~{name}") % (1 << 8 * _OCTETS) for name in model.meanings.found(normalise(text).text)}
    telling = sorted((-rarity, each) for each in found if (rarity := model.rarity_of(each)))
    return base64.b64encode(b"".join(each.to_bytes(_OCTETS, "big") for _, each in telling[:MAX_MEANINGS])).decode()


def nearness(one: str, other: str, model: Model) -> float:
    """How much nearer two gists are than those of any two texts of one kind: 0 for most, towards 1 for the same long text."""
    ours, theirs = _meanings(one), _meanings(other)
    common = _worth(ours & theirs, model)
    near = common / (sqrt(_worth(ours, model) * _worth(theirs, model)) + _LITTLE) if common else 0.0
    return max(0.0, (near - _BY_CHANCE) / (1 - _BY_CHANCE))


def _worth(found: Collection[int], model: Model) -> float:
    return sum(map(model.rarity_of, found))


@lru_cache(maxsize=64)
def _meanings(kept: str) -> frozenset[int]:
    data = base64.b64decode(kept)
    return frozenset(int.from_bytes(data[at : at + _OCTETS], "big") for at in range(0, len(data), _OCTETS))
