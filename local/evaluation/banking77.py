"""Kind ``text/banking77``: what the same features and learner make of a bank's customers, each fold by a model of the others."""

from __future__ import annotations

import csv
import random
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from casework.text.reading import normalise
from local.evaluation.row import Row, macro_f1, score
from local.evaluation.trial import shipped
from local.training.learn import Learned, Places, learn, opinions
from local.training.train import places

FOLDS = 5
EPOCHS = 6
TABLE = Path(__file__).parents[1] / "training" / "banking77.toml"


def rows(kind: str, folder: Path) -> Iterator[Row]:
    """Learn the data set's own intents, and count them as ours, by the table."""
    ours = {intent: name for name, intents in tomllib.loads(TABLE.read_text(encoding="utf-8")).items() for intent in intents}
    with (folder / "train.csv").open(encoding="utf-8", newline="") as file:
        queries = [(row["text"], row["category"]) for row in csv.DictReader(file)]
    random.Random(0).shuffle(queries)
    texts, intents = [_seen(text) for text, _ in queries], [intent for _, intent in queries]
    pairs = [(ours[intent], ours[found]) for intent, found in zip(intents, _found(texts, intents), strict=True)]
    yield score(kind, "our categories, macro-F1", macro_f1(pairs), len(pairs), f"{FOLDS} folds, 77 intents mapped to ours")


def _seen(text: str) -> Places:
    """What the model sees of a text itself."""
    return places(each for hashes, _, _ in shipped().model.placed(normalise(text).text) for each in hashes)


def _found(texts: Sequence[Places], intents: Sequence[str]) -> list[str]:
    names = sorted(set(intents))
    found = [""] * len(texts)
    for fold in range(FOLDS):
        learned = _without(fold, texts, intents, names)
        for at in range(fold, len(texts), FOLDS):
            found[at] = names[int(opinions(learned, texts[at]).argmax())]
    return found


def _without(fold: int, texts: Sequence[Places], intents: Sequence[str], names: Sequence[str]) -> Learned:
    rest = [at for at in range(len(texts)) if at % FOLDS != fold]
    targets = np.array([[1.0 if intents[at] == name else -1.0 for name in names] for at in rest])
    return learn([texts[at] for at in rest], targets, epochs=EPOCHS)
