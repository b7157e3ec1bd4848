"""What a message is about, how bad it is, whose it is, and why we think so.

Three steps with a seam between each: ``features`` finds evidence, ``scores`` weighs it into a number for each category,
``decide`` makes the decision out of the numbers. A trained classifier would add to what ``scores`` gives and touch
neither neighbour. Nothing ever forces a decision or a confidence: more evidence means another decision, made anew.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from casework.case import Assessment, Reason, Secret, Severity, Team
from casework.message import Message, Turn
from casework.policy import Policy
from casework.policy.facets import FACETS, YES_NO
from casework.policy.taxonomy import Category
from casework.text.reading import read
from casework.triage.language import Language, language
from casework.triage.matching import Found, find

MAX_CHARACTERS = 20_000
"""Of a message that is read: what a customer has to say comes before that, and time is bounded."""
MAX_REASONS = 32
MAX_ALSO = 5

OTHER = "other"
NO_SPAN = (0, 0)
"""Of evidence that is not in the text: what the customer chose in a form, a secret found elsewhere in the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing that speaks for a category, or for a facet's value, or for both."""

    rule: str
    weight: float
    category: str = ""
    facets: Mapping[str, str] = field(default_factory=dict)
    within: Sequence[str] = ()
    """If named, the facets say something only of these categories or families."""
    spans: tuple[tuple[int, int], ...] = (NO_SPAN,)
    """Character offsets into what was read: ``subject``, a newline, ``text``."""


@dataclass(frozen=True, slots=True)
class Features:
    """Everything found in a message, before anything is weighed."""

    language: Language
    evidence: tuple[Evidence, ...]
    secrets: tuple[str, ...]


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
    return decide(found, scores(found.evidence, policy), message, policy)


def features(message: Message, secrets: tuple[Secret, ...], policy: Policy) -> Features:
    """Find evidence: phrases of the policy, secrets that were taken out, and what the customer chose in a form."""
    subject, text = message.subject, message.text[:MAX_CHARACTERS]
    book = policy.phrases
    phrases = find(read(subject, text, spelling=book.spelling, fillers=book.fillers), book)
    evidence = (*_weighed(phrases, policy), *_secrets("\n".join((subject, text)), secrets, policy), *_hint(message, policy))
    kinds = tuple(dict.fromkeys(secret.kind for secret in secrets))
    return Features(language("\n".join((subject, text)), message.language_hint), evidence, kinds)


def scores(evidence: Iterable[Evidence], policy: Policy) -> dict[str, float]:
    """The sum of what speaks for each category; only categories that something speaks for, never below 0."""
    totals: defaultdict[str, float] = defaultdict(float)
    for each in evidence:
        if each.category in policy.categories:
            totals[each.category] += each.weight
    return {category: total for category, total in totals.items() if total > 0}


def decide(found: Features, totals: Mapping[str, float], message: Message, policy: Policy) -> Assessment:
    """The decision, made whole from the scores: category, severity, team and confidence always belong together."""
    ranked = sorted(totals, key=lambda name: (-totals[name], name))
    matters = _unexplained(_matters(ranked, totals, found, policy))
    lead = min(matters, key=_precedence, default=None)
    confidence = _confidence(lead, totals, found.language, policy) if lead else 0.0
    if lead is None or confidence < policy.triage.abstain_below:
        return _abstained(ranked, confidence, found, message, policy)
    return Assessment(
        language=found.language.code,
        category=lead.category.name,
        severity=min((each.severity for each in matters), key=lambda severity: severity.rank),
        team=lead.team,
        confidence=confidence,
        escalates=lead.escalates,
        also=_also(ranked, totals, lead.category.name, policy),
        facets=dict(lead.facets),
        reasons=_reasons(found.evidence, lead.category, message, policy),
        policy_version=policy.version,
    )


def _precedence(matter: Matter) -> tuple[bool, int, float]:
    """What interrupts people comes first, the worst of it foremost; among everyday matters the one most is said of."""
    return not matter.escalates, matter.severity.rank if matter.escalates else 0, -matter.score


def _abstained(ranked: list[str], confidence: float, found: Features, message: Message, policy: Policy) -> Assessment:
    """Not sure enough: a person reads it, with our guesses beside it."""
    facets = _facets(policy.category(OTHER), found, policy)
    return Assessment(
        language=found.language.code,
        category=OTHER,
        severity=policy.severity(OTHER, facets),
        team=policy.team(OTHER, facets),
        confidence=confidence,
        escalates=False,
        abstained=True,
        also=tuple(ranked[:MAX_ALSO]),
        facets=facets,
        reasons=_reasons(found.evidence, policy.category(ranked[0] if ranked else OTHER), message, policy),
        policy_version=policy.version,
    )


def _also(ranked: list[str], totals: Mapping[str, float], lead: str, policy: Policy) -> tuple[str, ...]:
    return tuple(name for name in ranked if name != lead and totals[name] >= policy.triage.least_score)[:MAX_ALSO]


def _matters(ranked: list[str], totals: Mapping[str, float], found: Features, policy: Policy) -> list[Matter]:
    """The best category, and every other that is strong enough to be a matter of its own."""
    able = [name for name in ranked if totals[name] >= _least(policy.category(name), policy)]
    if not able:
        return []
    others = [name for name in able[1:] if _is_matter(policy.category(name), totals, policy)]
    return [_matter(policy.category(name), totals[name], found, policy) for name in (able[0], *others)]


def _is_matter(category: Category, totals: Mapping[str, float], policy: Policy) -> bool:
    """Whether it stands beside the rest, its own symptoms not counted: many words about logging in do not hide a break-in."""
    rest = max((total for name, total in totals.items() if name not in category.explains), default=0.0)
    score = totals[category.name]
    return score >= policy.triage.matter_score and score >= policy.triage.matter_share * rest


def _least(category: Category, policy: Policy) -> float:
    """What a category needs to be believed at all; one that interrupts people needs more."""
    return policy.triage.least_urgent_score if category.escalates else policy.triage.least_score


def _unexplained(matters: list[Matter]) -> list[Matter]:
    """Without the symptoms of what is at least as strong: who was hacked cannot log in, and that is not the matter."""
    return [each for each in matters if not any(_explains(other, each) for other in matters)]


def _explains(cause: Matter, matter: Matter) -> bool:
    """Whether one is all there is to the other. What an advert speaks of is never what its message is about."""
    if _is_advert(matter) and not _advertises(matter.category) and _advertises(cause.category):
        return True
    return cause.score >= matter.score and matter.category.name in cause.category.explains


def _is_advert(matter: Matter) -> bool:
    return matter.facets["role"] == "advert"


def _advertises(category: Category) -> bool:
    return category.presumes.get("role") == "advert"


def _matter(category: Category, score: float, found: Features, policy: Policy) -> Matter:
    facets = _facets(category, found, policy)
    severity, team = policy.severity(category.name, facets), policy.team(category.name, facets)
    return Matter(category, score, facets, severity, team, policy.escalates(category.name, facets, severity, team))


def _confidence(lead: Matter, totals: Mapping[str, float], spoken: Language, policy: Policy) -> float:
    """``(1 - exp(-score / mass)) * score / (score + rival)``, less in a foreign language; see ``triage.toml``."""
    alike, symptoms = lead.category.family, lead.category.explains
    rivals = (total for name, total in totals.items() if policy.family(name) != alike and name not in symptoms)
    mass = 1 - math.exp(-lead.score / policy.triage.mass)
    margin = lead.score / (lead.score + max(rivals, default=0.0))
    return round(mass * margin * (policy.triage.foreign if spoken.foreign else 1.0), 3)


# --- evidence -----------------------------------------------------------------------------------------------------------


def _weighed(found: Iterable[Found], policy: Policy) -> Iterator[Evidence]:
    """A rule's further matches say less and less: ten times "stolen" is not ten thefts. Cues count alike, but not without end."""
    times: defaultdict[str, int] = defaultdict(int)
    for each in found:
        rule, count = each.rule, times[each.rule.id]
        times[rule.id] += 1
        share = float(count < policy.triage.max_cues) if rule.each else policy.triage.repeat**count
        yield Evidence(
            rule=rule.id,
            weight=rule.weight * each.factor * share,
            category=rule.category,
            facets=rule.facets,
            within=rule.within,
            spans=each.spans,
        )


def _secrets(text: str, secrets: Iterable[Secret], policy: Policy) -> Iterator[Evidence]:
    for kind, placeholder in {secret.kind: secret.placeholder for secret in secrets}.items():
        weight = policy.triage.secrets.get(kind, policy.triage.other_secret)
        if weight:
            start = text.find(placeholder)
            span = (start, start + len(placeholder)) if placeholder and start >= 0 else NO_SPAN
            yield Evidence(rule=f"secret.{kind}", weight=weight, category="secret_exposed", spans=(span,))


def _hint(message: Message, policy: Policy) -> Iterator[Evidence]:
    if message.category_hint in policy.categories and policy.triage.hint:
        yield Evidence(rule="form.category", weight=policy.triage.hint, category=message.category_hint)


# --- facets -------------------------------------------------------------------------------------------------------------


def _facets(category: Category, found: Features, policy: Policy) -> dict[str, str]:
    """Every facet, for the case that the message is about this category."""
    sums = _sums(each for each in found.evidence if _concerns(each, category, policy))
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


def _concerns(evidence: Evidence, category: Category, policy: Policy) -> bool:
    """Whether what it says of facets is said of this category: what makes one a victim of theft does not make one of phishing."""
    if evidence.within:
        return category.name in evidence.within or category.family in evidence.within
    return not evidence.category or policy.family(evidence.category) == category.family


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


# --- reasons ------------------------------------------------------------------------------------------------------------


def _reasons(evidence: Iterable[Evidence], category: Category, message: Message, policy: Policy) -> tuple[Reason, ...]:
    """What spoke for the category first, then the rest, each the heaviest first; parts of one match share its weight."""
    telling = (each for each in evidence if each.category or _concerns(each, category, policy))
    ordered = sorted(telling, key=lambda each: (each.category != category.name, -abs(each.weight)))
    reasons = (_reason(each, span, message) for each in ordered for span in each.spans)
    return tuple(reason for _, reason in zip(range(MAX_REASONS), reasons, strict=False))


def _reason(evidence: Evidence, span: tuple[int, int], message: Message) -> Reason:
    weight = round(evidence.weight / len(evidence.spans), 3)
    at_ms = _at_ms(message, span[0]) if span != NO_SPAN and message.turns else None
    return Reason(evidence.rule, *span, weight, at_ms)


def _at_ms(message: Message, offset: int) -> int | None:
    """When it was said: the text is the customer's turns, a line each."""
    place = offset - len(message.subject) - 1
    if place < 0:
        return None
    line = message.text.count("\n", 0, place)
    spoken = _spoken(message.turns)
    return spoken[line].start_ms if line < len(spoken) else None


def _spoken(turns: Iterable[Turn]) -> list[Turn]:
    """The turns that the text consists of: every one that is not known to be the agent's."""
    return [turn for turn in turns if turn.role != "agent"]
