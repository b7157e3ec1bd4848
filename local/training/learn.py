"""Learning: a linear classifier for every answer, all of them at once, the mean of two that err differently.

One is a support vector machine, by dual coordinate descent (Hsieh et al., ICML 2008) for the squared hinge loss: it makes the
most of the words that decide. The other never sees more than a part of any text (Wager, Wang and Liang, NIPS 2013), by stochastic
gradients of the same loss with steps of their own for every weight (AdaGrad; Duchi et al., JMLR 2011): it must do with whatever
words are left. The mean of two linear classifiers is one. Only element-wise arithmetic in double precision, in an order that a
seed fixes: the same examples give the same numbers on every machine.
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
LEAST = 21
"""Examples that must have a bucket, if it is to say anything: what few have is chance, and takes room."""
COST = 4.0
EPOCHS = 12
SEED = 20261122
LEFT_OUT = 0.8
"""The share of a text's features that the second classifier does not see, others each time."""
ROUNDS = 20
PACE = 0.05
STRETCH = 8.0
"""What vectors are multiplied by, that weights need not grow large for short ones."""
SHARE = 0.4
"""Of the second classifier in the mean."""
_LITTLE = 1e-8
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
    weights, biases = _by_what_decides(examples, vectors, targets, cost, epochs)
    others, other_biases = _by_what_is_left(examples, vectors, targets)
    weights = (1 - SHARE) * weights + SHARE * others
    return Learned(weights, rare, (1 - SHARE) * biases + SHARE * other_biases)


def _by_what_decides(
    examples: Sequence[Places], vectors: Sequence[Floats], targets: Floats, cost: float, epochs: int
) -> tuple[Floats, Floats]:
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
    return weights, biases


def _by_what_is_left(examples: Sequence[Places], vectors: Sequence[Floats], targets: Floats) -> tuple[Floats, Floats]:
    weights = np.zeros((BUCKETS, targets.shape[1]))
    biases = np.zeros(targets.shape[1])
    squares, bias_squares = np.full_like(weights, _LITTLE), np.full_like(biases, _LITTLE)
    chance = np.random.Generator(np.random.PCG64(SEED))
    for pace in (PACE * (1 - each / ROUNDS) for each in range(ROUNDS)):
        for at in chance.permutation(len(examples)):
            left = chance.random(len(examples[at])) >= LEFT_OUT
            places, vector = examples[at][left], vectors[at][left] * (STRETCH / (1 - LEFT_OUT))
            margins = (vector[:, None] * weights[places]).sum(0) + biases
            wrong = np.maximum(1 - targets[at] * margins, 0) * targets[at]
            step = vector[:, None] * wrong
            grown = squares[places] + step**2
            squares[places] = grown
            weights[places] += pace * step / np.sqrt(grown)
            bias_squares += wrong**2
            biases += pace * wrong / np.sqrt(bias_squares)
    return weights * STRETCH, biases


def opinions(learned: Learned, places: Places) -> Floats:
    """What was learned says of a text, for each answer; 0 is the border between for and against."""
    said: Floats = (_vector(learned.rarities, places)[:, None] * learned.weights[places]).sum(0) + BIAS * learned.biases
    return said


def _vector(rare: Floats, places: Places) -> Floats:
    """A text's weights, of a length below 1: the shorter the text, the shorter."""
    vector = rare[places]
    scaled: Floats = vector / np.sqrt((vector**2).sum() + SHORT)
    return scaled
