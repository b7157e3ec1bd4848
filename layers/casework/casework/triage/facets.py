"""The facets of a message: what became of the money, who writes, whom it is about, and the flags that change everything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from casework.policy import Policy
from casework.policy.facets import FACETS, YES_NO
from casework.policy.taxonomy import Category
from casework.triage.evidence import Evidence, Features
from casework.triage.weighing import logistic

_LEARNED = ("loss", "role")
"""The facets that the model has an opinion of."""
_BORDER = -0.25
"""From which opinion on a value is worth a thought: one of a facet's values always holds, however doubtful each is."""
_DOUBTED = ("role", "advert")
"""The value that an opinion speaks against, too: of an advert nobody is told, and who was robbed may speak of one."""


def facets(category: Category, found: Features, policy: Policy) -> dict[str, str]:
    """Every facet, for the case that the message is about this category."""
    sums = _sums((*(each for each in found.evidence if concerns(each, category, policy)), *_opinions(found, policy)))
    advert = sums["role"].get("advert", 0.0) >= policy.triage.facets["role"]
    loss = "none" if advert else _loss(category, sums["loss"], policy)
    return {
        "loss": loss,
        "party": _party(category, sums["party"], policy),
        "funds": _funds(category, sums["funds"], loss, policy),
        "role": _role(category, sums["role"], loss, policy),
        **{name: _flag(sums[name], policy.triage.facets[name]) for name in FACETS if FACETS[name] == YES_NO},
        "secrets": ",".join(found.secrets) or "none",
        "language": "other" if found.language.foreign else found.language.code,
    }


def concerns(evidence: Evidence, category: Category, policy: Policy) -> bool:
    """Whether what it says of facets is said of this category: what makes one a victim of theft does not make one of phishing."""
    if evidence.within:
        return category.name in evidence.within or category.family in evidence.within
    return not evidence.category or policy.family(evidence.category) == category.family


def _opinions(found: Features, policy: Policy) -> Iterator[Evidence]:
    """What the model thinks of a facet, as one more piece of evidence."""
    by = policy.triage.weighing
    for answer, opinion in found.opinion.items():
        facet, _, value = answer.partition(":")
        if facet in _LEARNED and (opinion > _BORDER or (facet, value) == _DOUBTED):
            sure = 2 * logistic(by.model * (opinion - _BORDER)) - 1
            yield Evidence(rule="model", weight=by.facets * sure, facets={facet: value})


def _sums(evidence: Iterable[Evidence]) -> defaultdict[str, dict[str, float]]:
    sums: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for each in evidence:
        for facet, value in each.facets.items():
            sums[facet][value] = sums[facet].get(value, 0.0) + each.weight
    return sums


def _flag(sums: Mapping[str, float], threshold: float) -> str:
    return "yes" if sums.get("yes", 0.0) - sums.get("no", 0.0) >= threshold else "no"


def _loss(category: Category, sums: Mapping[str, float], policy: Policy) -> str:
    """In progress beats everything; otherwise the better founded, and of equals the worse."""
    if not category.incident:
        return "none"
    presumed = category.presumes.get("loss", "none")
    threshold = policy.triage.unlikely_loss if presumed == "none" else policy.triage.facets["loss"]
    if sums.get("in_progress", 0.0) >= threshold:
        return "in_progress"
    said = _best("loss", sums, threshold)
    if said == "none":
        return "attempted" if presumed == "completed" else presumed
    return said or presumed


def _role(category: Category, sums: Mapping[str, float], loss: str, policy: Policy) -> str:
    presumed, threshold = category.presumes.get("role", ""), policy.triage.facets["role"]
    if sums.get("advert", 0.0) >= threshold:
        return "advert"
    if not category.incident:
        return presumed or "other"
    stricken = "victim" if loss in {"completed", "in_progress"} else ""
    return _best("role", sums, threshold) or stricken or presumed or "reporter"


def _party(category: Category, sums: Mapping[str, float], policy: Policy) -> str:
    if not category.incident:
        return "unknown"
    return _best("party", sums, policy.triage.facets["party"]) or category.presumes.get("party", "unknown")


def _funds(category: Category, sums: Mapping[str, float], loss: str, policy: Policy) -> str:
    said = _best("funds", sums, policy.triage.facets["funds"])
    return said or category.presumes.get("funds") or (policy.triage.funds[loss] if category.incident else "unknown")


def _best(facet: str, sums: Mapping[str, float], threshold: float) -> str:
    """The value with the most for it, or empty; of equals the later in the facet's list, which is the graver."""
    values = FACETS[facet]
    best = max(sums, key=lambda value: (sums[value], values.index(value)), default="")
    return best if best and sums[best] >= threshold else ""
