"""Learning: a linear support vector machine for every answer, all of them at once.

Dual coordinate descent (Hsieh et al., ICML 2008) for the squared hinge loss. Only element-wise arithmetic in double
precision, in an order that a seed fixes: the same examples give the same numbers on every machine.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casework.classifier import SHORT

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

BUCKETS = 1 << 17
LEAST = 4
"""Examples that must have a bucket, if it is to say anything: what one alone has is chance, and takes room."""
COST = 4.0
EPOCHS = 12
SEED = 20261122
BIAS = 1.0
"""The value of a feature that every example has."""


@dataclass(frozen=True, slots=True)
class Learned:
    """``weights``: a row for each bucket, a column for each answer; ``rarities``: of each bucket; ``biases``: of each answer."""

    weights: Floats
    rarities: Floats
    biases: Floats


def rarities(examples: Sequence[Places]) -> Floats:
    """Inverse document frequency, smoothed; nothing for a bucket that fewer than ``LEAST`` examples have."""
    counts = np.zeros(BUCKETS)
    for places in examples:
        counts[places] += 1
    rare: Floats = np.log((1 + len(examples)) / (1 + counts)) + 1
    rare[counts < LEAST] = 0
    return rare


def learn(examples: Sequence[Places], targets: Floats, *, cost: float = COST, epochs: int = EPOCHS) -> Learned:
    """Learn from buckets and ``targets``: +1 for, -1 against, 0 for what an example says nothing of."""
    rare = rarities(examples)
    vectors = [_vector(rare, places) for places in examples]
    weights = np.zeros((BUCKETS, targets.shape[1]))
    biases = np.zeros(targets.shape[1])
    alphas = np.zeros_like(targets)
    slack = 1 / (2 * cost)
    order = list(range(len(examples)))
    shuffler = random.Random(SEED)
    for _ in range(epochs):
        shuffler.shuffle(order)
        for at in order:
            places, vector, target, alpha = examples[at], vectors[at], targets[at], alphas[at]
            margins = (vector[:, None] * weights[places]).sum(0) + BIAS * biases
            gradient = target * margins - 1 + slack * alpha
            after = np.maximum(alpha - gradient / ((vector**2).sum() + BIAS * BIAS + slack), 0) * (target != 0)
            step = (after - alpha) * target
            alphas[at] = after
            weights[places] += vector[:, None] * step
            biases += BIAS * step
    return Learned(weights, rare, biases)


def opinions(learned: Learned, places: Places) -> Floats:
    """What was learned says of a text, for each answer; 0 is the border between for and against."""
    said: Floats = (_vector(learned.rarities, places)[:, None] * learned.weights[places]).sum(0) + BIAS * learned.biases
    return said


def _vector(rare: Floats, places: Places) -> Floats:
    """A text's weights, of a length below 1: the shorter the text, the shorter."""
    vector = rare[places]
    scaled: Floats = vector / np.sqrt((vector**2).sum() + SHORT)
    return scaled
