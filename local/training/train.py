"""``python -m local train``: from labelled examples to the file of weights that ships."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from casework.case import Secret
from casework.classifier import ZERO, Model
from casework.classifier.meanings import Meanings
from casework.message import Channel, Message, Source
from casework.policy import Policy
from casework.policy.facets import FACETS
from casework.triage import FOLLOW_UP, OTHER
from casework.triage.evidence import Features, features
from local.training.examples import Example
from local.training.learn import BUCKETS, SEED, Floats, Learned, Places, learn
from local.training.meanings import load as load_meanings

STEPS = 127
RARITY_STEPS = 255
FAINT = 3
"""Steps that a weight must exceed: what is fainter says next to nothing, and many equal bytes pack well."""
LENGTHY = 400
"""Long texts that are made for each language, each of ``SHORTEST`` to ``LONGEST`` short ones."""
SHORTEST, LONGEST = 4, 10
OPENERS = 32
"""One in so many labelled examples is learned from as what opens a matter, which nearly all of them do."""
_PLACEHOLDER = re.compile(r"\[([a-z]+(?: [a-z]+)*) [0-9]+\]")
_RECEIVED = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shown:
    """An example, and everything that was found in it."""

    example: Example
    found: Features


def shown(examples: Iterable[Example], policy: Policy) -> list[Shown]:
    """Find everything in every example, the meanings that are written down among it."""
    return [Shown(example, features(*message(example), policy)) for example in examples]


def taught(policy: Policy) -> Policy:
    """Return the policy with a model that knows the meanings as they are written down now."""
    return replace(policy, model=replace(policy.model, meanings=load_meanings()))


def train(examples: Sequence[Example], policy: Policy) -> Model:
    """Train on every example given: the caller has held out what must be. The same examples give the same model."""
    policy = taught(policy)
    return train_on(shown(examples, policy), policy)


def train_on(examples: Sequence[Shown], policy: Policy) -> Model:
    """Train on examples that were shown already, with a policy that was taught."""
    alone = [each.example for each in examples]
    everything = [*examples, *shown(lengthy(alone), policy)]
    answers = answers_of(alone, policy)
    targets = np.array([[_target(answer, each.example) for answer in answers] for each in everything])
    learned = learn([places(each.found.seen) for each in everything], targets)
    meanings = policy.model.meanings
    model = quantised(learned, answers)
    return replace(model, version=_version(alone, meanings, model.rows), meanings=meanings)


def lengthy(examples: Sequence[Example]) -> Iterator[Example]:
    """Long texts about nothing that concerns a team, made of short ones: people write few of them, and mail is full of them."""
    shuffler = random.Random(SEED)
    for language in ("en", "ja"):
        calm = [each for each in examples if each.lang == language and each.labels[:1] == (OTHER,) and not each.escalates]
        for _ in range(LENGTHY if len(calm) >= LONGEST else 0):
            parts = shuffler.sample(calm, shuffler.randint(SHORTEST, LONGEST))
            yield replace(parts[0], text="\n".join(part.text for part in parts), labels=(OTHER,), loss="none", role=OTHER)


def answers_of(examples: Iterable[Example], policy: Policy) -> list[str]:
    """Name every answer that the examples can teach, in the taxonomy's order."""
    known = {label for example in examples for label in example.labels[:1]}
    categories = [f"category:{name}" for name in policy.categories if name in known]
    facets = [f"{facet}:{value}" for facet in ("loss", "role") for value in FACETS[facet]]
    return [*categories, *facets, "escalates:yes", FOLLOW_UP]


def message(example: Example) -> tuple[Message, tuple[Secret, ...]]:
    """Return an example as the triage gets it: redacted, with the secrets that its placeholders stand for."""
    secrets = (Secret(found[1].replace(" ", "_"), found[0]) for found in _PLACEHOLDER.finditer(example.text))
    source = Source(Channel.WEB_FORM, example.text, "0" * 64)
    return Message(source=source, received_at=_RECEIVED, text=example.text), tuple(dict.fromkeys(secrets))


def places(grams: Iterable[int]) -> Places:
    """Return the rows that grams stand for."""
    return np.array(sorted({gram % BUCKETS for gram in grams}), dtype=np.int64)


def _target(answer: str, example: Example) -> float:
    """+1 for what is so, -1 for what is not, 0 for a second label, which may be said and need not, and where nothing is known."""
    kind, _, name = answer.partition(":")
    if kind == "follow_up":
        return _goes_on(example)
    if example.follow_up is not None:
        return 0.0
    if kind == "category":
        return 1.0 if name == example.labels[0] else 0.0 if name in example.labels else -1.0
    if kind == "escalates":
        return 1.0 if example.escalates else -1.0
    return 1.0 if name == getattr(example, kind) else -1.0


def _goes_on(example: Example) -> float:
    if example.follow_up is not None:
        return 1.0 if example.follow_up else -1.0
    return -1.0 if hashlib.sha256(f"opens {example.text}".encode()).digest()[0] % OPENERS == 0 else 0.0


def quantised(learned: Learned, answers: Sequence[str], version: str = "") -> Model:
    """Round to bytes: every answer has a scale of its own, and a row is multiplied by its rarity beforehand."""
    weights = learned.weights * learned.rarities[:, None]
    scales = np.abs(weights).max(0) / STEPS
    steps = np.rint(weights / np.where(scales > 0, scales, 1))
    steps[np.abs(steps) <= FAINT] = 0
    squares = learned.rarities**2
    rarity = float(squares.max()) / RARITY_STEPS
    columns = (np.rint(squares / rarity)[:, None], steps + ZERO)
    rows = np.hstack(columns).astype(np.uint8).tobytes()
    return Model(version, list(answers), _rounded(scales), _rounded(learned.biases), round(rarity, 9), rows)


def _rounded(numbers: Floats) -> list[float]:
    return [round(float(number), 9) for number in numbers]


def _version(examples: Iterable[Example], meanings: Meanings, rows: bytes) -> str:
    """The digest of what was learned from, and of what was learned: other rules are other features of the same examples."""
    total = hashlib.sha256(repr(meanings).encode())
    for example in examples:
        total.update(repr(example).encode())
    total.update(rows)
    return total.hexdigest()[:12]
