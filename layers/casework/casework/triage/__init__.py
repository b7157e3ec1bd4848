"""What a message is about, how bad it is, whose it is, and why we think so.

Three steps with a seam between each: ``evidence`` finds what speaks for anything, ``weighing`` makes of it how likely each
category is, and here the decision is made out of that. Nothing ever forces a decision or a confidence: more evidence means
another decision, made anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log

from casework.case import Assessment, Secret, Severity, Suspicion, Team
from casework.message import Message
from casework.policy import Policy
from casework.policy.taxonomy import Category
from casework.triage.evidence import NO_SPAN, Features, features
from casework.triage.facets import facets
from casework.triage.language import Language
from casework.triage.reasons import reasons
from casework.triage.weighing import logistic, scores

__all__ = ["NO_SPAN", "assess", "decide", "features", "scores"]

MAX_ALSO = 5
_SUREST = 0.999
"""Nobody is surer, however clear it is."""
OTHER = "other"
FOLLOW_UP = "follow_up:yes"
"""The model's answer whether a message goes on with what its sender has told before."""
_NOTHING_SAID = 0.5
BY_A_LIST = "mailing_list"
"""The signal of a mail that went to many at once: hardly ever somebody's cry for help."""
_SENT_BY_NOBODY = frozenset({BY_A_LIST, "auto_reply", "out_of_office"})
"""Signals of what nobody has written to us."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One category, with the facets, severity and owner that the message would have if it were about that."""

    category: Category
    score: float
    facets: Mapping[str, str]
    severity: Severity
    team: Team
    escalates: bool


def assess(message: Message, secrets: tuple[Secret, ...], policy: Policy) -> Assessment:
    """Assess a message that was redacted already. Pure: the same message and policy always give the same answer."""
    found = features(message, secrets, policy)
    return decide(found, scores(found, policy), message, policy)


def decide(found: Features, likely: Mapping[str, float], message: Message, policy: Policy) -> Assessment:
    """The decision, made whole from the scores: category, severity, team and confidence always belong together."""
    ranked = sorted(likely, key=lambda name: (-likely[name], name))
    able = _matters(ranked, likely, found, message, policy) if found.seen or found.evidence else []
    matters = _unexplained(able)
    lead = min(matters, key=_precedence, default=None)
    symptoms = {each.category.name for each in able if each not in matters}
    rivals = {name: score for name, score in likely.items() if name not in symptoms}
    confidence = _confidence(lead.category if lead else policy.category(ranked[0]), rivals, found.language, policy)
    feared = None if lead and lead.escalates else _feared(ranked, likely, found, message, policy)
    suspicion = Suspicion(feared.category.name, feared.team, feared.severity) if feared else None
    if lead is None or confidence < policy.triage.abstain_below:
        return _abstained(ranked, confidence, suspicion, found, message, policy)
    return Assessment(
        language=found.language.code,
        category=lead.category.name,
        severity=min((each.severity for each in matters), key=lambda severity: severity.rank),
        team=lead.team,
        confidence=confidence,
        escalates=lead.escalates or bool(feared),
        also=_also(ranked, likely, lead.category.name, policy),
        facets=dict(lead.facets),
        reasons=reasons(found, (feared or lead).category, message, policy),
        policy_version=policy.version,
        model_version=policy.model.version,
        suspicion=suspicion,
        follow_up=_follow_up(found, policy),
    )


def _follow_up(found: Features, policy: Policy) -> float:
    """How likely it is, by its words alone, that a message goes on with what was told before."""
    opinion = found.opinion.get(FOLLOW_UP)
    by = policy.triage.follow_up
    return _NOTHING_SAID if opinion is None else round(logistic(by.bias + by.model * opinion), 3)


def _feared(ranked: list[str], likely: Mapping[str, float], found: Features, message: Message, policy: Policy) -> Matter | None:
    """The likeliest category that interrupts people, where it is likely enough that one of them is right.

    To miss it costs somebody their money, to ask in vain costs somebody a minute: see ``[suspicion]`` of ``triage.toml``.
    """
    by = policy.triage.suspicion
    urgent = next((name for name in ranked if policy.category(name).escalates), None)
    calm = next((name for name in ranked if not policy.category(name).escalates), None)
    if urgent is None or calm is None or likely[urgent] < by.floor or not _may_be_suspected(urgent, found, message, policy):
        return None
    likelihood = logistic(by.bias + by.urgent * _log_odds(likely[urgent]) - by.calm * _log_odds(likely[calm]))
    least = by.least_other if calm == OTHER else by.least
    alone = 0.0 if _is_spoken(policy.category(urgent), found, policy) else by.unspoken
    if likelihood * _share(found.language, policy) < least + alone:
        return None
    matter = _matter(policy.category(urgent), likely[urgent], found, policy)
    return matter if matter.escalates else None


def _may_be_suspected(name: str, found: Features, message: Message, policy: Policy) -> bool:
    """Who says that nothing of the kind happened is believed, and what no rule knows a word of is hardly meant for us."""
    is_denied = policy.family(name) in {policy.family(each) for each in found.denied}
    return not is_denied and _SENT_BY_NOBODY.isdisjoint(message.signals) and any(each.weight > 0 for each in found.evidence)


def _precedence(matter: Matter) -> tuple[bool, float]:
    """What interrupts people comes first, whatever else is said beside it; the likelier foremost."""
    return not matter.escalates, -matter.score


def _abstained(
    ranked: list[str], confidence: float, suspicion: Suspicion | None, found: Features, message: Message, policy: Policy
) -> Assessment:
    """Not sure enough: a person reads it, with our guesses beside it."""
    by_category = facets(policy.category(OTHER), found, policy)
    return Assessment(
        language=found.language.code,
        category=OTHER,
        severity=policy.severity(OTHER, by_category),
        team=policy.team(OTHER, by_category),
        confidence=confidence,
        escalates=bool(suspicion),
        abstained=True,
        also=tuple(ranked[:MAX_ALSO]),
        facets=by_category,
        reasons=reasons(found, policy.category(suspicion.category if suspicion else ranked[0]), message, policy),
        policy_version=policy.version,
        model_version=policy.model.version,
        suspicion=suspicion,
        follow_up=_follow_up(found, policy),
    )


def _also(ranked: list[str], likely: Mapping[str, float], lead: str, policy: Policy) -> tuple[str, ...]:
    return tuple(name for name in ranked if name != lead and likely[name] >= policy.triage.least_score)[:MAX_ALSO]


def _matters(ranked: list[str], likely: Mapping[str, float], found: Features, message: Message, policy: Policy) -> list[Matter]:
    """The best category, and every other that is strong enough to be a matter of its own."""
    able = [name for name in ranked if likely[name] >= _least(policy.category(name), found, message, policy)]
    others = [name for name in able[1:] if _is_matter(policy.category(name), likely, policy)]
    return [_matter(policy.category(name), likely[name], found, policy) for name in (*able[:1], *others)]


def _is_matter(category: Category, likely: Mapping[str, float], policy: Policy) -> bool:
    """Whether it stands beside the rest, its own symptoms not counted: many words about logging in do not hide a break-in."""
    rest = max((score for name, score in likely.items() if name not in category.explains), default=0.0)
    score = likely[category.name]
    return score >= policy.triage.matter_score and _log_odds(score) >= _log_odds(rest) - policy.triage.matter_apart


def _least(category: Category, found: Features, message: Message, policy: Policy) -> float:
    """What a category needs to be believed at all.

    One that interrupts people needs more: more still when no rule spoke for its family, most when the mail went to a list.
    """
    by = policy.triage
    if not category.escalates:
        return by.least_score
    if BY_A_LIST in message.signals:
        return by.least_listed_score
    return by.least_urgent_score if _is_spoken(category, found, policy) else by.least_unspoken_score


def _is_spoken(category: Category, found: Features, policy: Policy) -> bool:
    """Whether a rule spoke for it, or for anything of its family: else the model alone thinks so."""
    return any(each.weight > 0 and policy.family(each.category) == category.family for each in found.evidence)


def _unexplained(matters: list[Matter]) -> list[Matter]:
    """Without the symptoms of what is at least as strong: who was hacked cannot log in, and that is not the matter."""
    return [each for each in matters if not any(_explains(other, each) for other in matters)]


def _explains(cause: Matter, matter: Matter) -> bool:
    """Whether one is all there is to the other. What an advert speaks of is never what its message is about.

    Bait looks like an advert, too: where that is the likelier, it is no advert.
    """
    if _is_advert(matter) and not _advertises(matter.category) and _advertises(cause.category):
        return matter.category.escalates or cause.score >= matter.score
    return cause.score >= matter.score and matter.category.name in cause.category.explains


def _is_advert(matter: Matter) -> bool:
    return matter.facets["role"] == "advert"


def _advertises(category: Category) -> bool:
    return category.presumes.get("role") == "advert"


def _matter(category: Category, score: float, found: Features, policy: Policy) -> Matter:
    values = facets(category, found, policy)
    severity, team = policy.severity(category.name, values), policy.team(category.name, values)
    return Matter(category, score, values, severity, team, policy.escalates(category.name, values, severity, team))


def _confidence(lead: Category, likely: Mapping[str, float], spoken: Language, policy: Policy) -> float:
    """How often a decision as clear as this one is right: see ``triage.toml`` for the numbers and where they come from."""
    by = policy.triage.confidence
    rival = max((score for name, score in likely.items() if name != lead.name), default=0.0)
    clear = logistic(by.bias + by.lead * _log_odds(likely[lead.name]) - by.rival * _log_odds(rival))
    return round(min(clear, _SUREST) * _share(spoken, policy), 3)


def _share(spoken: Language, policy: Policy) -> float:
    """What a message keeps of its probabilities: in neither language we know little of it."""
    return policy.triage.foreign if spoken.foreign else 1.0


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, 1e-9), 1 - 1e-9)
    return log(bounded / (1 - bounded))
