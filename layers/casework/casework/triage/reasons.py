"""Why: the rules that spoke, with their places in the text, and the words that moved the model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from casework.case import Reason
from casework.message import Message, Turn
from casework.policy import Policy
from casework.policy.taxonomy import Category
from casework.triage.evidence import NO_SPAN, Evidence, Features
from casework.triage.facets import concerns

Span = tuple[int, int]

MAX_REASONS = 32
MODEL = "model"
"""The name of the rule that stands for what the model learned."""
MAX_WORDS = 12
"""Of the words that moved the model, those that moved it most."""
_DIGITS = 9
"""To which weights are compared: sums of the same numbers in another order are equal."""


def reasons(found: Features, category: Category, message: Message, policy: Policy) -> tuple[Reason, ...]:
    """What spoke for the category first, then the rest, each the heaviest first; parts of one match share its weight."""
    telling = [each for each in found.evidence if each.category or concerns(each, category, policy)]
    evidence = [*telling, *_learned(found, category, policy)]
    ordered = sorted(evidence, key=lambda each: (each.category != category.name, -round(abs(each.weight), _DIGITS)))
    return tuple(islice((_reason(each, span, message) for each in ordered for span in each.spans), MAX_REASONS))


def _learned(found: Features, category: Category, policy: Policy) -> Iterator[Evidence]:
    """The words that moved the model towards the category, as far as they did; what follows a word in its run joins it."""
    answer = f"category:{category.name}"
    if answer not in found.opinion:
        return
    moved = sorted(_moved(found, answer, policy).items(), key=lambda item: (-round(item[1], _DIGITS), item[0]))
    for (start, end), weight in _joined(sorted(span for span, weight in moved[:MAX_WORDS] if weight > 0), dict(moved)):
        spans = ((found.copy.starts[start], found.copy.ends[end - 1]),)
        yield Evidence(rule=MODEL, weight=policy.triage.weighing.model * weight, category=category.name, spans=spans)


def _moved(found: Features, answer: str, policy: Policy) -> Mapping[Span, float]:
    """How much each word moved the model's opinion. A gram counts where it stands first, as it does in the score."""
    left = policy.model.weights(answer, found.seen)
    moved: defaultdict[Span, float] = defaultdict(float)
    for hashes, start, end in found.placed:
        for each in hashes:
            if each in left:
                moved[start, end] += left.pop(each)
    return moved


def _joined(spans: Iterable[Span], weights: Mapping[Span, float]) -> Iterator[tuple[Span, float]]:
    """Neighbouring and overlapping spans as one, with the sum of their weights."""
    last, total = (0, 0), 0.0
    for start, end in spans:
        if start <= last[1] + 1 and total:
            last, total = (last[0], max(last[1], end)), total + weights[start, end]
            continue
        if total:
            yield last, total
        last, total = (start, end), weights[start, end]
    if total:
        yield last, total


def _reason(evidence: Evidence, span: Span, message: Message) -> Reason:
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
