"""When a message counts as one more telling of a matter that is known: windows, weights, and how much is enough."""

from __future__ import annotations

from dataclasses import dataclass

from casework.policy.document import Document, Section

_WEIGHTS = {
    "same_event": (0, 1),
    "same_place": (0, 1),
    "amount": (0, 1),
    "same_category": (0, 1),
    "same_routine": (0, 1),
    "same_family": (0, 1),
    "similarity": (0, 1),
    "same_meaning": (0, 1),
    "recent_day": (0, 1),
    "same_subject": (0, 1),
    "quotation": (0, 1),
    "waiting": (0, 1),
    "told_before": (0, 1),
    "same_number": (0, 1),
    "follow_up": (0, 5),
    "follow_up_last": (0, 5),
    "follow_up_kind": (0, 5),
    "same_figure": (0, 1),
    "opens": (-1, 0),
    "other_detail": (-1, 0),
    "other_numbers": (-1, 0),
    "other_matter": (-1, 0),
    "other_quotation": (-1, 0),
    "other_amount": (-1, 0),
    "other_category": (-1, 0),
    "conflicting_entity": (-1, 0),
}
"""Each weight and its range: what speaks for one matter is never negative, what speaks against it never positive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateWeights:
    """What each sign is worth; they add up."""

    same_event: float
    same_place: float
    amount: float
    same_category: float
    same_routine: float
    same_family: float
    other_category: float
    similarity: float
    same_meaning: float
    recent_day: float
    same_subject: float
    quotation: float
    waiting: float
    told_before: float
    same_number: float
    follow_up: float
    follow_up_last: float
    follow_up_kind: float
    same_figure: float
    opens: float
    other_detail: float
    other_numbers: float
    other_matter: float
    other_quotation: float
    other_amount: float
    conflicting_entity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateRules:
    """Which cases are looked at, and from which sum on a message belongs to one."""

    window_days: int
    reopen_grace_days: int
    recent_cases: int
    threshold: float
    weights: DuplicateWeights


def duplicate_rules(document: Document) -> DuplicateRules:
    """Read ``duplicates.toml``."""
    top = Section(
        "duplicates.toml",
        "",
        document,
        {"version", "window_days", "reopen_grace_days", "recent_cases", "threshold", "weights"},
    )
    weights = top.section("weights", _WEIGHTS)
    return DuplicateRules(
        window_days=top.whole("window_days", 1, 365),
        reopen_grace_days=top.whole("reopen_grace_days", 0, 365),
        recent_cases=top.whole("recent_cases", 1, 50),
        threshold=top.number("threshold", 0.01, 2),
        weights=DuplicateWeights(**{name: weights.number(name, low, high) for name, (low, high) in _WEIGHTS.items()}),
    )
