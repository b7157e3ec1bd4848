"""How evidence becomes a decision: what counts, what is enough, and when the triage says that it does not know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casework.policy.document import Document, Section
from casework.policy.facets import FACETS

_KEYS = {
    "version",
    "matter",
    "facets",
    "secrets",
    "funds",
    "weighing",
    "confidence",
    "suspicion",
    "follow_up",
    "repeat",
    "max_cues",
    "foreign",
    "hint",
}
_FACTORS = {"bias", "rules", "mass", "model", "unseen", "alone", "urgency", "denied", "facets"}
_LIMITS = {"least_score", "least_urgent_score", "least_unspoken_score", "least_listed_score", "abstain_below", "unlikely_loss"}


@dataclass(frozen=True, slots=True)
class Weighing:
    """How rules and model add up to log-odds."""

    bias: float
    rules: float
    mass: float
    model: float
    unseen: float
    alone: float
    """The two that count for a category that the model has never seen."""
    urgency: float
    denied: float
    facets: float


@dataclass(frozen=True, slots=True)
class Clearness:
    """How the likeliest category and its rival make a confidence."""

    bias: float
    lead: float
    rival: float


@dataclass(frozen=True, slots=True)
class Suspecting:
    """When a team is told of what is not the likeliest."""

    least: float
    """The least probability that is worth a team's minute."""
    least_other: float
    """The same where the likeliest that interrupts nobody is ``other``."""
    unspoken: float
    """What is added to either where no rule spoke for anything of its family."""
    floor: float
    """The least likelihood of the category itself, however little else is likely."""
    bias: float
    urgent: float
    calm: float


@dataclass(frozen=True, slots=True)
class GoingOn:
    """How the model's opinion makes the probability that a message goes on with what was told before."""

    bias: float
    model: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The numbers of the decision; ``triage.toml`` says what each means."""

    repeat: float
    max_cues: int
    weighing: Weighing
    confidence: Clearness
    suspicion: Suspecting
    follow_up: GoingOn
    abstain_below: float
    least_score: float
    least_urgent_score: float
    least_unspoken_score: float
    least_listed_score: float
    foreign: float
    hint: float
    unlikely_loss: float
    matter_score: float
    matter_apart: float
    facets: Mapping[str, float]
    """Facet -> the sum from which its value is believed."""
    secrets: Mapping[str, float]
    other_secret: float
    funds: Mapping[str, str]
    """State of the loss -> where the money then is."""


def thresholds(document: Document) -> Thresholds:
    """Read ``triage.toml``."""
    top = Section("triage.toml", "", document, _KEYS | _LIMITS)
    matter = top.section("matter", {"score", "apart"})
    facets = top.section("facets", FACETS)
    secrets = top.section("secrets")
    return Thresholds(
        repeat=top.number("repeat", 0, 1),
        max_cues=top.whole("max_cues", 1, 10),
        weighing=_weighing(top.section("weighing", _FACTORS)),
        confidence=_clearness(top.section("confidence", {"bias", "lead", "rival"})),
        suspicion=_suspecting(top.section("suspicion", {"least", "least_other", "unspoken", "floor", "bias", "urgent", "calm"})),
        follow_up=_going_on(top.section("follow_up", {"bias", "model"})),
        abstain_below=top.number("abstain_below", 0, 1),
        least_score=top.number("least_score", 0, 1),
        least_urgent_score=top.number("least_urgent_score", 0, 1),
        least_unspoken_score=top.number("least_unspoken_score", 0, 1),
        least_listed_score=top.number("least_listed_score", 0, 1),
        foreign=top.number("foreign", 0, 1),
        hint=top.number("hint", 0, 3),
        unlikely_loss=top.number("unlikely_loss", 0, 10),
        matter_score=matter.number("score", 0, 1),
        matter_apart=matter.number("apart", 0, 10),
        facets={name: facets.number(name, 0, 10) for name in FACETS},
        secrets={name: secrets.number(name, 0, 10) for name in secrets if name != "other"},
        other_secret=secrets.number("other", 0, 10),
        funds=_funds(top.section("funds", FACETS["loss"])),
    )


def _weighing(section: Section) -> Weighing:
    return Weighing(
        bias=section.number("bias", -10, 10),
        rules=section.number("rules", 0, 20),
        mass=section.number("mass", 0.1, 20),
        model=section.number("model", 0, 20),
        unseen=section.number("unseen", -10, 10),
        alone=section.number("alone", 0, 20),
        urgency=section.number("urgency", 0, 20),
        denied=section.number("denied", 0, 20),
        facets=section.number("facets", 0, 10),
    )


def _clearness(section: Section) -> Clearness:
    return Clearness(
        bias=section.number("bias", -10, 10), lead=section.number("lead", 0, 10), rival=section.number("rival", 0, 10)
    )


def _suspecting(section: Section) -> Suspecting:
    return Suspecting(
        least=section.number("least", 0, 1),
        least_other=section.number("least_other", 0, 1),
        unspoken=section.number("unspoken", 0, 1),
        floor=section.number("floor", 0, 1),
        bias=section.number("bias", -10, 10),
        urgent=section.number("urgent", 0, 10),
        calm=section.number("calm", 0, 10),
    )


def _going_on(section: Section) -> GoingOn:
    return GoingOn(bias=section.number("bias", -10, 10), model=section.number("model", 0, 20))


def _funds(section: Section) -> dict[str, str]:
    return {loss: section.one_of(loss, FACETS["funds"]) for loss in FACETS["loss"]}
