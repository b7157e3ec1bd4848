"""What the numbers of ``triage.toml`` should be: fitted on examples the model of their fold never saw.

``[confidence]``, ``[suspicion]`` and ``[follow_up]`` by logistic regression, by Newton's method, which ends where the likelihood
does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from casework.case import Assessment
from casework.policy import Policy
from casework.triage import FOLLOW_UP, assess, decide, features, scores
from casework.triage.evidence import Features
from local.training.examples import Example
from local.training.learn import Floats
from local.training.train import message, shown, taught, train_on

FOLDS = 3
STEPS = 30
RIDGE = 1e-3


@dataclass(frozen=True, slots=True)
class Seen:
    """An example as a model saw it that was not trained on it."""

    example: Example
    policy: Policy
    found: Features

    @property
    def assessment(self) -> Assessment:
        """What the triage makes of it, with the policy's numbers as they are."""
        return decide(self.found, scores(self.found, self.policy), message(self.example)[0], self.policy)


def judge(example: Example, policy: Policy) -> Assessment:
    """Assess an example."""
    return assess(*message(example), policy)


def cross_validated(examples: Sequence[Example], policy: Policy, folds: int = FOLDS) -> Iterator[Seen]:
    """Yield every example, seen by a model that was trained on the other folds."""
    policy = taught(policy)
    everything = shown(examples, policy)
    for fold in range(folds):
        model = train_on([each for at, each in enumerate(everything) if at % folds != fold], policy)
        unseen = replace(policy, model=model)
        for each in everything[fold::folds]:
            yield Seen(each.example, unseen, replace(each.found, opinion=model.scores(each.found.seen)))


def confidence(seen: Sequence[Seen]) -> dict[str, float]:
    """Fit ``[confidence]``: how often the likeliest category is acceptable, by its log-odds and its rival's."""
    rows, wanted = [], []
    for each in seen:
        likely = scores(each.found, each.policy)
        lead, rival = sorted(likely, key=lambda name: -likely[name])[:2]
        rows.append((1.0, _log_odds(likely[lead]), -_log_odds(likely[rival])))
        wanted.append(float(lead in each.example.labels))
    fitted, loss = logistic_regression(np.array(rows), np.array(wanted))
    return {"loss": loss, **dict(zip(("bias", "lead", "rival"), map(float, fitted), strict=True))}


def suspicion(seen: Sequence[Seen]) -> dict[str, float]:
    """Fit ``[suspicion]``: how often a team must be told, by the log-odds of the likeliest that interrupts, and that does not."""
    rows, wanted = [], []
    for each in seen:
        likely, categories = scores(each.found, each.policy), each.policy.categories
        urgent, calm = (max(likely[name] for name in likely if categories[name].escalates is is_one) for is_one in (True, False))
        rows.append((1.0, _log_odds(urgent), -_log_odds(calm)))
        wanted.append(float(each.example.escalates))
    fitted, loss = logistic_regression(np.array(rows), np.array(wanted))
    return {"loss": loss, **dict(zip(("bias", "urgent", "calm"), map(float, fitted), strict=True))}


def follow_up(texts: Sequence[tuple[str, bool]], policy: Policy) -> dict[str, float]:
    """Fit ``[follow_up]``: how often a text goes on with what was told before, by the model's opinion of its words."""
    alone = [message(Example(text, "", (), escalates=False, loss="none", role="other")) for text, _ in texts]
    rows = np.array([(1.0, features(*each, policy).opinion.get(FOLLOW_UP, 0.0)) for each in alone])
    fitted, loss = logistic_regression(rows, np.array([float(goes_on) for _, goes_on in texts]))
    return {"loss": loss, **dict(zip(("bias", "model"), map(float, fitted), strict=True))}


def logistic_regression(rows: Floats, wanted: Floats) -> tuple[Floats, float]:
    """Return the weights of the most likely logistic model, and its mean log-loss."""
    weights = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        likely = _logistic(rows, weights)
        slope = rows.T @ (likely - wanted) + RIDGE * weights
        curve = (rows * (likely * (1 - likely))[:, None]).T @ rows + RIDGE * np.eye(len(weights))
        weights = weights - np.linalg.solve(curve, slope)
    likely = np.clip(_logistic(rows, weights), 1e-9, 1 - 1e-9)
    return weights, float(-(wanted * np.log(likely) + (1 - wanted) * np.log(1 - likely)).mean())


def _logistic(rows: Floats, weights: Floats) -> Floats:
    likely: Floats = 1 / (1 + np.exp(-np.clip(rows @ weights, -40, 40)))
    return likely


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, 1e-9), 1 - 1e-9)
    return float(np.log(bounded / (1 - bounded)))
