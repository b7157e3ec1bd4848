"""What a message shows: phrases of the policy, secrets that were taken out, the customer's own choice, the model's opinion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from casework.case import Secret
from casework.classifier.grams import Placed, cue
from casework.message import Message
from casework.policy import Policy
from casework.text.quoting import unquoted
from casework.text.reading import Copy, read
from casework.triage.language import Language, language
from casework.triage.matching import Findings, Found, find

MAX_CHARACTERS = 20_000
"""Of a message that is read: what a customer has to say comes before that, and time is bounded."""

_STEPS = (0.5, 1.5)
"""Of what rules weigh for a category: something, and much."""

NO_SPAN = (0, 0)
"""Of evidence that is not in the text: what the customer chose in a form, a secret found elsewhere in the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing that speaks for a category, or for a facet's value, or for both."""

    rule: str
    weight: float
    category: str = ""
    is_fact: bool = False
    """Whether it is known otherwise than by words: its weight counts in full, as log-odds."""
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
    copy: Copy
    """The text as the model read it."""
    placed: Sequence[Placed]
    """What the model sees of it, and where."""
    denied: frozenset[str]
    """Categories whose rules would have spoken, had the customer not denied it."""
    seen: frozenset[int]
    """What the model was shown: the text's grams and meanings, and a cue for each thing that the rules found."""
    opinion: Mapping[str, float]
    """What the model says of each of its answers; 0 is the border between for and against. Empty when there is no text."""


def features(message: Message, secrets: tuple[Secret, ...], policy: Policy) -> Features:
    """Find everything that speaks for anything."""
    subject, text = message.subject, unquoted(message.text[:MAX_CHARACTERS])
    whole, book = "\n".join((subject, text)), policy.phrases
    reading = read(subject, text, spelling=book.spelling, fillers=book.fillers)
    findings = find(reading, book)
    evidence = (*_weighed(findings.rules, policy), *_secrets(whole, secrets, policy))
    placed = list(policy.model.placed(reading.copy.text))
    seen = cues(evidence).union(_said(findings), *[hashes for hashes, _, _ in placed])
    return Features(
        language=language(whole, message.language_hint),
        evidence=(*evidence, *_hint(message, policy)),
        secrets=tuple(dict.fromkeys(secret.kind for secret in secrets)),
        copy=reading.copy,
        placed=placed,
        denied=findings.denied,
        seen=frozenset(seen),
        opinion=policy.model.scores(seen) if seen else {},
    )


def cues(evidence: Iterable[Evidence]) -> set[int]:
    """What rules found, as the model sees it: each rule, each value of a facet, each category and whether much speaks for it."""
    sums: defaultdict[str, float] = defaultdict(float)
    found: set[int] = set()
    for each in evidence:
        sums[each.category] += each.weight
        found.add(cue(each.rule))
        found.update(cue(f"{facet}={value}") for facet, value in each.facets.items())
    for category, total in sums.items():
        found.update(cue(f"{category}>{step}") for step in _STEPS if category and total > step)
    return found


def _said(findings: Findings) -> Iterator[int]:
    """Each concept, and every two that one sentence names: whoever is said to have done what. And what is denied."""
    yield from (cue(f"not {category}") for category in findings.denied)
    for names in findings.concepts:
        yield from map(cue, names)
        yield from (cue("+".join(pair)) for pair in combinations(sorted(names), 2))


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
            yield Evidence(rule=f"secret.{kind}", weight=weight, category="secret_exposed", is_fact=True, spans=(span,))


def _hint(message: Message, policy: Policy) -> Iterator[Evidence]:
    if message.category_hint in policy.categories and policy.triage.hint:
        yield Evidence(rule="form.category", weight=policy.triage.hint, category=message.category_hint, is_fact=True)
