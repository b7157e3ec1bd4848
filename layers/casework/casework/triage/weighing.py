"""From what was found to how likely each category is: rules and model in one sum, so that neither ever has the last word.

For each category ``bias + rules x said + model x opinion + urgency x alarm - denied``, taken as log-odds, with ``said = 1 -
exp(-score / mass)``. ``score`` is the sum of its rules' weights, ``opinion`` the model's for the category, and ``alarm`` the
model's opinion that a team must be interrupted, which speaks for categories that interrupt and against those that do not.
``denied`` counts where the customer says that the very thing did not happen, and nothing else says that it did. A category
the model has never seen is judged by its rules: ``unseen + alone x said`` in place of the first three terms. Facts, such as
a secret that was found or what the customer chose in a form, are added to the log-odds as they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import copysign, exp

from casework.policy import Policy
from casework.policy.taxonomy import Category
from casework.triage.evidence import Evidence, Features

ALARM = "escalates:yes"


def scores(found: Features, policy: Policy) -> dict[str, float]:
    """How likely it is, from 0 to 1, that a message is about each category; they need not add up to 1."""
    said = _totals(each for each in found.evidence if not each.is_fact)
    known = _totals(each for each in found.evidence if each.is_fact)
    return {
        name: logistic(_log_odds(category, said.get(name, 0.0), found, policy) + known.get(name, 0.0))
        for name, category in policy.categories.items()
    }


def _totals(evidence: Iterable[Evidence]) -> Mapping[str, float]:
    sums: defaultdict[str, float] = defaultdict(float)
    for each in evidence:
        sums[each.category] += each.weight
    return sums


def _log_odds(category: Category, ruled: float, found: Features, policy: Policy) -> float:
    by = policy.triage.weighing
    said = copysign(1 - exp(-abs(ruled) / by.mass), ruled)
    opinion = found.opinion.get(f"category:{category.name}")
    words = by.unseen + by.alone * said if opinion is None else by.bias + by.rules * said + by.model * opinion
    alarm = by.urgency * found.opinion.get(ALARM, 0.0)
    denied = by.denied if category.name in found.denied and said <= 0 else 0.0
    return words + (alarm if category.escalates else -alarm) - denied


def logistic(log_odds: float) -> float:
    """A probability from its log-odds; ends that no double can tell from 0 or 1 are cut."""
    return 1 / (1 + exp(-max(-40.0, min(40.0, log_odds))))
